import type { Shop } from '../../event/event.ts'
import { DAY, HOUR, SECOND } from '../../lib/duration.ts'
import { withoutAddress } from '../identity-rows.ts'
import { longestSealed, type Retention } from '../keeping-times.ts'
import { JOINED } from '../part-rows.ts'
import { settledUpTo } from '../settled.ts'
import { type Context, findShops, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'
import { openIdentity, saveIdentities } from './identities.ts'
import { lanesOf } from './lanes.ts'
import { takeTurns } from './locks.ts'
import { headOf } from './log.ts'
import { dropSubjects, subjectsOf } from './subjects.ts'

/** A settled mark is written at most this often for a shop. */
const MARK_EVERY = HOUR

/** Rows of a table that go, by the condition of an index that begins with the shop. */
interface Kind {
  readonly table: string
  readonly over: string
  /** What the condition compares with, of the policy and now. */
  before(policy: Retention, now: number): number
}

const kind = (table: string, over: string, before: Kind['before']): Kind => ({ table, over, before })

const day = (at: number): number => Math.floor(at / DAY)

const KINDS: readonly Kind[] = [
  kind('messages', 'received_at < $2', (policy, now) => now - policy.messages),
  kind('parts', `n > ${JOINED} AND received_at < $2`, (policy, now) => now - policy.bodyAtMost),
  // What a refund weeks later is completed from.
  kind('parts', `n = ${JOINED} AND received_at < $2`, (policy, now) => now - policy.orderIdentifiers),
  kind('attempts', 'at < $2', (policy, now) => now - policy.attempts),
  kind('entries', 'until < $2', (_, now) => now),
  kind('tasks', 'ended_at < $2', (policy, now) => now - policy.attempts),
  kind('parked', `kind = 'dead' AND parked_at < $2`, (policy, now) => now - policy.deadLetters),
  kind('ids', 'day < $2', (policy, now) => day(now - policy.sharedIds)),
  kind('recent_ids', 'second < $2', (policy, now) => Math.floor((now - policy.pixelIds) / SECOND)),
  kind('rollups', 'bucket < $2', (policy, now) => now - policy.rollups),
  kind('identities', 'seen_day < $2', (policy, now) => day(now - policy.identities)),
]

/** By their places in the table: a plan that was made for any limit would rather read all rows of the shop. */
const dropRows = (sql: Sql, shop: ShopRow, { table, over }: Kind, before: number, limit: number) =>
  sql
    .sql(
      `DELETE FROM ${table} WHERE shop = $1
       AND ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE shop = $1 AND ${over} LIMIT $3))`,
    )
    .run(shop.id, before, limit)

/** An order goes with the refunds that were counted for it. */
const dropOrders = async (sql: Sql, shop: ShopRow, before: number, limit: number): Promise<number> => {
  const gone = await sql
    .sql<{ order_id: string }>(
      `DELETE FROM orders WHERE shop = $1
       AND order_id = ANY(ARRAY(SELECT order_id FROM orders WHERE shop = $1 AND placed_day < $2 LIMIT $3))
       RETURNING order_id`,
    )
    .all(shop.id, before, limit)
  if (gone.length > 0)
    await sql.sql('DELETE FROM refunds WHERE shop = $1 AND order_id = ANY($2)').run(
      shop.id,
      gone.map(({ order_id }) => order_id),
    )
  return gone.length
}

/** What a shop that was erased leaves behind: unreadable rows, the clear ones first. */
const LEFT_BEHIND = [
  'orders',
  'links',
  'subjects',
  'attempts',
  'messages',
  'parts',
  'identities',
  'refunds',
  'rollups',
  'settled',
  'ledger',
  'ids',
  'recent_ids',
  'events',
] as const

const dropErased = async (sql: Sql, limit: number): Promise<number> => {
  const shop = await sql
    .sql<{ id: number }>('SELECT id FROM shops WHERE id NOT IN (SELECT shop FROM shop_keys) LIMIT 1')
    .get()
  if (!shop) return 0
  for (const table of LEFT_BEHIND) {
    const gone = await sql
      .sql(
        `DELETE FROM ${table} WHERE shop = $1
         AND ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE shop = $1 LIMIT $2))`,
      )
      .run(shop.id, limit)
    if (gone > 0) return gone
  }
  await sql.sql('DELETE FROM shops WHERE id = $1').run(shop.id)
  return limit
}

/** Notes how far a shop is settled now, so that later it can be told how long ago that was. */
const markSettled = async (sql: Sql, shop: ShopRow, now: number): Promise<void> => {
  const last = await sql
    .sql<{ at: number; seq: number }>('SELECT at, seq FROM settled WHERE shop = $1 ORDER BY at DESC LIMIT 1')
    .get(shop.id)
  if (last && now < last.at + MARK_EVERY) return
  const parked = await sql
    .sql<{ seq: number | null }>(`SELECT min(seq) AS seq FROM parked WHERE shop = $1 AND kind <> 'dead'`)
    .get(shop.id)
  const seq = settledUpTo(await lanesOf(sql, shop), parked?.seq ? [parked.seq] : [], await headOf(sql, shop))
  if (seq === undefined || (last && seq <= last.seq)) return
  await sql
    .sql(
      `INSERT INTO settled (shop, at, seq) VALUES ($1, $2, $3)
       ON CONFLICT (shop, at) DO UPDATE SET seq = excluded.seq`,
    )
    .run(shop.id, now, seq)
}

const dropBodies = async (tx: Sql, shop: ShopRow, policy: Retention, now: number, limit: number): Promise<number> => {
  const settled = await tx
    .sql<{ seq: number | null }>('SELECT max(seq) AS seq FROM settled WHERE shop = $1 AND at <= $2')
    .get(shop.id, now - policy.bodyAfterSettled)
  const rows = await tx
    .sql<{ seq: number; received_at: number }>(
      `SELECT seq, received_at FROM events
       WHERE shop = $1 AND seq > (SELECT cleared FROM heads WHERE shop = $1) ORDER BY seq LIMIT $2`,
    )
    .all(shop.id, limit)
  const stays = rows.findIndex((row) => row.seq > (settled?.seq ?? 0) && row.received_at > now - policy.bodyAtMost)
  const due = stays === -1 ? rows : rows.slice(0, stays)
  const [first, last] = [due[0], due.at(-1)]
  if (!first || !last) return 0
  await tx
    .sql('UPDATE events SET sealed = NULL WHERE shop = $1 AND seq BETWEEN $2 AND $3')
    .run(shop.id, first.seq, last.seq)
  await tx.sql('UPDATE heads SET cleared = $2 WHERE shop = $1').run(shop.id, last.seq)
  // One mark at or before the cleared number is enough.
  await tx.sql('DELETE FROM settled WHERE shop = $1 AND seq < $2').run(shop.id, last.seq)
  return due.length
}

/** IP and user agent are sealed inside the record: it is opened, cut and sealed again, while nobody else writes it. */
const dropAddresses = async (tx: Sql, shop: ShopRow, before: number, limit: number): Promise<number> => {
  const rows = await tx
    .sql<{ key: Uint8Array; sealed: Uint8Array; salt: Uint8Array | null; person: string | null }>(
      `SELECT i.key, i.sealed, s.salt, s.subject AS person
       FROM identities i LEFT JOIN subjects s ON s.shop = i.shop AND s.id = i.subject
       WHERE i.shop = $1 AND i.address_day IS NOT NULL AND i.address_day < $2 LIMIT $3`,
    )
    .all(shop.id, before, limit)
  if (rows.length === 0) return 0
  const kept = rows.flatMap(({ person, ...row }) => {
    const record = openIdentity(shop, row)
    return record && person !== null ? [{ shop, key: row.key, person, record: withoutAddress(record) }] : []
  })
  const subjects = await subjectsOf(
    tx,
    kept.map(({ person }) => ({ shop, name: person })),
  )
  await saveIdentities(tx, subjects, kept)
  await subjects.write()
  const saved = new Set(kept.map(({ key }) => key))
  const lost = rows.filter(({ key }) => !saved.has(key)).map(({ key }) => key)
  await tx.sql('DELETE FROM identities WHERE shop = $1 AND key = ANY($2)').run(shop.id, lost)
  return rows.length
}

export const retentionOperations = (context: Context) => {
  const { db } = context

  /** What is personal is dropped in the shop's turn: whoever writes it at the same time does so in turn too. */
  const dropPersonal = (shop: ShopRow, policy: Retention, now: number, limit: number): Promise<number> =>
    db.transaction(async (tx) => {
      const needed = day(now - longestSealed(policy) - DAY)
      const due = await tx
        .sql<{ due: boolean }>(
          `SELECT EXISTS (SELECT 1 FROM identities WHERE shop = $1 AND address_day < $2)
             OR EXISTS (SELECT 1 FROM subjects WHERE shop = $1 AND day < $3) AS due`,
        )
        .get(shop.id, day(now - policy.addresses), needed)
      if (!due?.due) return 0
      await takeTurns(tx, [shop.id])
      const addresses = await dropAddresses(tx, shop, day(now - policy.addresses), limit)
      return addresses + (await dropSubjects(tx, shop.id, needed, limit))
    })

  return {
    /**
     * Shop by shop, in small transactions: a shop's rows may lie on a server of their own, and nobody waits for all. Of
     * each kind at most `limit` rows go in one call, over all shops.
     */
    async retain(policy: Retention, now: number, limit: number): Promise<number> {
      const domains = await db.sql<{ domain: Shop }>('SELECT domain FROM shops').all()
      const shops = await findShops(
        context,
        db,
        domains.map(({ domain }) => domain),
      )
      const gone = new Map<string | Kind, number>()
      const drop = async (name: string | Kind, work: (left: number) => Promise<number>): Promise<void> => {
        const before = gone.get(name) ?? 0
        if (before < limit) gone.set(name, before + (await work(limit - before)))
      }
      await drop('erased', (left) => dropErased(db, left))
      for (const shop of shops) {
        await markSettled(db, shop, now)
        await drop('bodies', (left) => db.transaction((tx) => dropBodies(tx, shop, policy, now, left)))
        for (const one of KINDS) await drop(one, (left) => dropRows(db, shop, one, one.before(policy, now), left))
        await drop('orders', (left) => db.transaction((tx) => dropOrders(tx, shop, day(now - policy.orders), left)))
        await drop('personal', (left) => dropPersonal(shop, policy, now, left))
      }
      return [...gone.values()].reduce((sum, one) => sum + one, 0)
    },
  }
}
