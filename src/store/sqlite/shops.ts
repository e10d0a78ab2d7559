import { DEFAULT_POLICY } from '../../event/consent.ts'
import type { Shop } from '../../event/event.ts'
import { connectionRecord, type StoredConnection, type StoredShop, sealSettings, shopRecord } from '../shop-rows.ts'
import type { Connection, ConnectionChange, ConnectionId, NewConnection, NewShop, ShopRecord } from '../store.ts'
import { type Context, findShop, needShop, type ShopRow } from './context.ts'
import { headOf } from './log.ts'

const SHOPS = `SELECT s.domain, s.facts, s.policy, s.installed_at, h.head FROM shops s JOIN heads h ON h.shop = s.id`

const CONNECTION = `SELECT id, destination, sealed, settings_version, state, trouble, refused_since, created_at FROM connections`

/** A shop of its own, with a new key and an empty log. */
export const insertShop = (
  { db, keys }: Pick<Context, 'db' | 'keys'>,
  { shop, facts, policy = DEFAULT_POLICY, installedAt }: NewShop,
): void => {
  const { lastInsertRowid } = db
    .sql('INSERT INTO shops (domain, facts, policy, installed_at) VALUES (?, ?, ?, ?)')
    .run(shop, JSON.stringify(facts), JSON.stringify(policy), installedAt)
  db.sql('INSERT INTO heads (shop) VALUES (?)').run(lastInsertRowid)
  db.sql('INSERT INTO shop_keys (shop, wrapped) VALUES (?, ?)').run(lastInsertRowid, keys.create(shop))
}

export const shopOperations = (context: Context) => {
  const { db } = context
  const shop = (domain: Shop): ShopRecord | undefined => {
    const row = db.sql<StoredShop>(`${SHOPS} WHERE s.domain = ?`).get(domain)
    return row && shopRecord(row)
  }
  const connection = (row: ShopRow, id: ConnectionId): Connection | undefined => {
    const stored = db.sql<StoredConnection>(`${CONNECTION} WHERE shop = ? AND id = ?`).get(row.id, id)
    return stored && connectionRecord(row, stored)
  }

  return {
    saveShop({ shop: domain, facts, policy, installedAt }: NewShop): ShopRecord {
      return db.transaction(() => {
        const known = shop(domain)
        if (known && installedAt === 0) return known
        const kept = policy ?? known?.policy ?? DEFAULT_POLICY
        const since = known?.installedAt || installedAt
        if (known)
          db.sql('UPDATE shops SET facts = ?, policy = ?, installed_at = ? WHERE domain = ?').run(
            JSON.stringify(facts),
            JSON.stringify(kept),
            since,
            domain,
          )
        else insertShop(context, { shop: domain, facts, policy: kept, installedAt: since })
        return { shop: domain, facts, policy: kept, installedAt: since, head: known?.head ?? 0 }
      })
    },

    shop,

    shops: (): readonly ShopRecord[] => db.sql<StoredShop>(`${SHOPS} ORDER BY s.id`).all().map(shopRecord),

    addConnection(added: NewConnection): Connection {
      return db.transaction(() => {
        const row = needShop(context, added.shop)
        const { lastInsertRowid } = db
          .sql(
            `INSERT INTO connections (shop, destination, sealed, settings_version, state, created_at)
             VALUES (?, ?, x'', 1, 'active', ?)`,
          )
          .run(row.id, added.destination, added.createdAt)
        // Its id is part of what the envelope is bound to, so the settings follow once the id is known.
        const id = Number(lastInsertRowid) as ConnectionId
        db.sql('UPDATE connections SET sealed = ? WHERE id = ?').run(sealSettings(row, id, added.settings), id)
        const head = headOf(db, row)
        db.sql(`INSERT INTO lanes (shop, connection, lane, kind, first, position) VALUES (?, ?, 1, 'live', ?, ?)`).run(
          row.id,
          id,
          head + 1,
          head,
        )
        return { ...added, id, state: 'active', settingsVersion: 1 }
      })
    },

    updateConnection(domain: Shop, id: ConnectionId, change: ConnectionChange): Connection | undefined {
      return db.transaction(() => {
        const row = findShop(context, domain)
        const known = row && connection(row, id)
        if (!known) return undefined
        if (change.settings !== undefined)
          db.sql('UPDATE connections SET sealed = ?, settings_version = settings_version + 1 WHERE id = ?').run(
            sealSettings(row, id, change.settings),
            id,
          )
        if (change.state !== undefined) db.sql('UPDATE connections SET state = ? WHERE id = ?').run(change.state, id)
        if (change.settings !== undefined || change.state === 'active') {
          db.sql('UPDATE lanes SET due = 0 WHERE shop = ? AND connection = ?').run(row.id, id)
          db.sql('UPDATE connections SET refused_since = NULL WHERE id = ?').run(id)
        }
        if (change.trouble !== undefined)
          db.sql('UPDATE connections SET trouble = ? WHERE id = ?').run(change.trouble, id)
        if (change.refusedSince !== undefined)
          db.sql('UPDATE connections SET refused_since = ? WHERE id = ?').run(change.refusedSince, id)
        return connection(row, id)
      })
    },

    removeConnection(domain: Shop, id: ConnectionId): boolean {
      return db.transaction(() => {
        const row = findShop(context, domain)
        if (!row) return false
        const { changes } = db.sql('DELETE FROM connections WHERE shop = ? AND id = ?').run(row.id, id)
        for (const table of ['lanes', 'parked', 'polls', 'tokens', 'tasks'])
          db.sql(`DELETE FROM ${table} WHERE shop = ? AND connection = ?`).run(row.id, id)
        return Number(changes) === 1
      })
    },

    connections(domain: Shop): readonly Connection[] {
      const row = findShop(context, domain)
      if (!row) return []
      return db
        .sql<StoredConnection>(`${CONNECTION} WHERE shop = ? ORDER BY id`)
        .all(row.id)
        .map((stored) => connectionRecord(row, stored))
    },
  }
}
