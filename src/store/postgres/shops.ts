import { DEFAULT_POLICY } from '../../event/consent.ts'
import type { Shop } from '../../event/event.ts'
import { connectionRecord, type StoredConnection, type StoredShop, sealSettings, shopRecord } from '../shop-rows.ts'
import type { Connection, ConnectionChange, ConnectionId, NewConnection, NewShop, ShopRecord } from '../store.ts'
import { type Context, findShop, needShop, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'

const SHOPS = `SELECT s.domain, s.facts, s.policy, s.installed_at, h.head FROM shops s JOIN heads h ON h.shop = s.id`

const CONNECTION = `SELECT id, destination, sealed, settings_version, state, trouble, refused_since, created_at FROM connections`

const shopOf = async (sql: Sql, domain: Shop): Promise<ShopRecord | undefined> => {
  const row = await sql.sql<StoredShop>(`${SHOPS} WHERE s.domain = $1`).get(domain)
  return row && shopRecord(row)
}

const needRecord = async (sql: Sql, domain: Shop): Promise<ShopRecord> => {
  const record = await shopOf(sql, domain)
  if (!record) throw new Error(`The shop ${domain} was saved and is not there.`)
  return record
}

/** The connection, which nobody else changes or settles until the transaction ends. */
export const holdConnection = async (tx: Sql, row: ShopRow, id: ConnectionId): Promise<Connection | undefined> => {
  const stored = await tx
    .sql<StoredConnection>(`${CONNECTION} WHERE shop = $1 AND id = $2 FOR NO KEY UPDATE`)
    .get(row.id, id)
  return stored && connectionRecord(row, stored)
}

const nextNumber = async (tx: Sql, sequence: 'shop_numbers' | 'connection_numbers'): Promise<number> => {
  const next = await tx.sql<{ id: number }>(`SELECT nextval('${sequence}')::int AS id`).get()
  if (!next) throw new Error(`The sequence ${sequence} gave no number.`)
  return next.id
}

/** A shop of its own that was only heard of, with a new key and an empty log; undefined when another was faster. */
const addShop = async ({ keys }: Pick<Context, 'keys'>, tx: Sql, shop: Shop): Promise<ShopRow | undefined> => {
  const id = await nextNumber(tx, 'shop_numbers')
  const added = await tx
    .sql(
      `INSERT INTO shops (id, domain, facts, policy, installed_at) VALUES ($1, $2, '{}', $3, 0)
       ON CONFLICT (domain) DO NOTHING`,
    )
    .run(id, shop, JSON.stringify(DEFAULT_POLICY))
  if (added === 0) return undefined
  const wrapped = keys.create(shop)
  await tx.sql('INSERT INTO heads (shop) VALUES ($1)').run(id)
  await tx.sql('INSERT INTO leases (shop) VALUES ($1)').run(id)
  await tx.sql('INSERT INTO shop_keys (shop, wrapped) VALUES ($1, $2)').run(id, wrapped)
  return { id, shop, key: keys.unwrap(shop, wrapped) }
}

/** The same for a name that nobody has at the moment. */
export const insertShop = async (context: Pick<Context, 'keys'>, tx: Sql, shop: Shop): Promise<ShopRow> => {
  const added = await addShop(context, tx, shop)
  if (!added) throw new Error(`The shop ${shop} is there already.`)
  return added
}

export const shopOperations = (context: Context) => {
  const { db } = context
  return {
    async saveShop({ shop: domain, facts, policy, installedAt }: NewShop): Promise<ShopRecord> {
      return db.transaction(async (tx) => {
        const known = await shopOf(tx, domain)
        if (known && installedAt === 0) return known
        if (!known) {
          const fresh = await addShop(context, tx, domain)
          if (!fresh && installedAt === 0) return needRecord(tx, domain)
        }
        // Of two that save a new shop at once, the second changes the first's row here.
        await tx
          .sql(
            `UPDATE shops SET facts = $2, policy = coalesce($3, policy),
               installed_at = CASE WHEN installed_at = 0 THEN $4 ELSE installed_at END WHERE domain = $1`,
          )
          .run(domain, JSON.stringify(facts), policy ? JSON.stringify(policy) : null, installedAt)
        return needRecord(tx, domain)
      })
    },

    shop: (domain: Shop): Promise<ShopRecord | undefined> => shopOf(db, domain),

    async shops(): Promise<readonly ShopRecord[]> {
      return (await db.sql<StoredShop>(`${SHOPS} ORDER BY s.id`).all()).map(shopRecord)
    },

    async addConnection(added: NewConnection): Promise<Connection> {
      return db.transaction(async (tx) => {
        const row = await needShop(context, added.shop, tx)
        const id = (await nextNumber(tx, 'connection_numbers')) as ConnectionId
        await tx
          .sql(
            `INSERT INTO connections (shop, id, destination, sealed, settings_version, state, created_at)
             VALUES ($1, $2, $3, $4, 1, 'active', $5)`,
          )
          .run(row.id, id, added.destination, sealSettings(row, id, added.settings), added.createdAt)
        await tx
          .sql(
            `INSERT INTO lanes (shop, connection, lane, kind, first, position)
             SELECT shop, $2, 1, 'live', head + 1, head FROM heads WHERE shop = $1`,
          )
          .run(row.id, id)
        return { ...added, id, state: 'active', settingsVersion: 1 }
      })
    },

    async updateConnection(domain: Shop, id: ConnectionId, change: ConnectionChange): Promise<Connection | undefined> {
      return db.transaction(async (tx) => {
        const row = await findShop(context, domain, tx)
        if (!row || !(await holdConnection(tx, row, id))) return undefined
        const starts = change.settings !== undefined || change.state === 'active'
        if (change.settings !== undefined)
          await tx
            .sql(
              'UPDATE connections SET sealed = $3, settings_version = settings_version + 1 WHERE shop = $1 AND id = $2',
            )
            .run(row.id, id, sealSettings(row, id, change.settings))
        if (starts) await tx.sql('UPDATE lanes SET due = 0 WHERE shop = $1 AND connection = $2').run(row.id, id)
        await tx
          .sql(
            `UPDATE connections SET state = coalesce($3, state),
               trouble = CASE WHEN $4 THEN $5 ELSE trouble END,
               refused_since = CASE WHEN $6 THEN $7 ELSE refused_since END
             WHERE shop = $1 AND id = $2`,
          )
          .run(
            row.id,
            id,
            change.state ?? null,
            String(change.trouble !== undefined),
            change.trouble ?? null,
            String(starts || change.refusedSince !== undefined),
            change.refusedSince ?? null,
          )
        return holdConnection(tx, row, id)
      })
    },

    async removeConnection(domain: Shop, id: ConnectionId): Promise<boolean> {
      return db.transaction(async (tx) => {
        const row = await findShop(context, domain, tx)
        if (!row) return false
        const gone = await tx.sql('DELETE FROM connections WHERE shop = $1 AND id = $2').run(row.id, id)
        for (const table of ['lanes', 'parked', 'polls', 'tokens', 'tasks'])
          await tx.sql(`DELETE FROM ${table} WHERE shop = $1 AND connection = $2`).run(row.id, id)
        return gone === 1
      })
    },

    async connections(domain: Shop): Promise<readonly Connection[]> {
      const row = await findShop(context, domain)
      if (!row) return []
      return (await db.sql<StoredConnection>(`${CONNECTION} WHERE shop = $1 ORDER BY id`).all(row.id)).map((stored) =>
        connectionRecord(row, stored),
      )
    },
  }
}
