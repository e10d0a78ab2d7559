import { toldRuns } from '../ledger-rows.ts'
import type { Settlement } from '../settlement.ts'
import { type ConnectionId, Fenced, StoreFault } from '../store.ts'
import { addAttempts } from './attempts.ts'
import { type Context, needShop, type ShopRow } from './context.ts'
import { NOW, type Sql } from './database.ts'
import { type Joinable, joinable } from './joined.ts'
import { cutLane, dropFinishedLanes } from './lanes.ts'
import { writeOutcomes } from './ledger.ts'
import { keepOwner } from './locks.ts'
import { park } from './parked.ts'
import { keepJoined } from './parts.ts'
import { dropPolls, savePolls } from './polls.ts'
import { addRollups } from './rollups.ts'
import { addProgress } from './tasks.ts'

export const settleOperations = (context: Context) => {
  /**
   * Settlements whose COMMIT may have been lost on its way or on its way back, with their transaction's number. When one
   * is told again, the server knows what became of it, so that nothing is counted twice.
   */
  const unknown = new WeakMap<Settlement, string>()

  const isWritten = async (settlement: Settlement): Promise<boolean> => {
    const transaction = unknown.get(settlement)
    if (transaction === undefined) return false
    const row = await context.db
      .sql<{ status: string | null }>('SELECT pg_xact_status($1::xid8) AS status')
      .get(transaction)
    if (row?.status === 'in progress') throw new StoreFault('busy', 'PostgreSQL is still writing it.')
    unknown.delete(settlement)
    return row?.status === 'committed'
  }

  return {
    /** One transaction: whatever throws in here leaves everything as it was. */
    async settle(settlement: Settlement): Promise<void> {
      if (await isWritten(settlement)) return
      const shop = await needShop(context, settlement.shop)
      let transaction: string | undefined
      try {
        await context.db.transaction(async (tx) => {
          if (settlement.fence !== undefined) await checkFence(tx, shop, settlement.fence)
          const joined = await joinable(tx, shop, settlement.joined)
          const held = await holdForSettling(tx, shop, settlement.connection)
          transaction = held?.transaction
          if (held) await settleIn(tx, shop, settlement, held.head, joined)
        })
      } catch (error) {
        if (transaction !== undefined && error instanceof StoreFault) unknown.set(settlement, transaction)
        throw error
      }
    },
  }
}

/** Settlements of one connection go one after the other: they read what they change. Undefined when it is gone. */
const holdForSettling = (tx: Sql, shop: ShopRow, connection: ConnectionId) =>
  tx
    .sql<{ head: number; transaction: string }>(
      `SELECT h.head, pg_current_xact_id()::text AS transaction FROM connections c JOIN heads h ON h.shop = c.shop
       WHERE c.shop = $1 AND c.id = $2 FOR NO KEY UPDATE OF c`,
    )
    .get(shop.id, connection)

/** Refuses what an earlier owner decided, and keeps the shop with the one who asks until the transaction ends. */
export const checkFence = async (tx: Sql, shop: ShopRow, fence: number): Promise<void> => {
  await keepOwner(tx, shop.id)
  const lease = await tx.sql<{ epoch: number }>('SELECT epoch FROM leases WHERE shop = $1').get(shop.id)
  if (lease?.epoch !== fence) throw new Fenced(shop.shop)
}

const settleIn = async (
  tx: Sql,
  shop: ShopRow,
  settlement: Settlement,
  head: number,
  joined: readonly Joinable[],
): Promise<void> => {
  const { connection, stretch, lane, overwrite } = settlement
  if (stretch) await moveLane(tx, shop, settlement, stretch, head)
  await writeOutcomes(tx, shop, connection, [
    ...(stretch ? toldRuns(stretch.from, stretch.outcomes) : []),
    ...overwrite.map(({ seq, outcome }) => ({ from: seq, outcomes: Uint8Array.of(outcome) })),
  ])
  if (lane)
    await tx
      .sql(
        `UPDATE lanes SET due = $4, tries = $5, unsure_since = $6, unsure_until = $7
         WHERE shop = $1 AND connection = $2 AND lane = $3`,
      )
      .run(shop.id, connection, lane.lane, lane.due, lane.tries, lane.unsureSince ?? null, lane.unsureUntil ?? null)
  if (settlement.cut) await cutLane(tx, shop, connection, settlement.cut.lane, head)
  if (stretch) await dropFinishedLanes(tx, shop, connection)
  if (overwrite.length > 0)
    await tx.sql('DELETE FROM parked WHERE shop = $1 AND connection = $2 AND seq = ANY($3)').run(
      shop.id,
      connection,
      overwrite.map(({ seq }) => seq),
    )
  await park(tx, shop, connection, settlement.park)
  await addAttempts(tx, shop, connection, settlement.attempts)
  await addRollups(
    tx,
    settlement.rollups.map((delta) => ({ shop, connection, delta })),
  )
  await keepJoined(tx, shop, joined)
  await dropPolls(tx, shop, connection, settlement.polled ?? [])
  await savePolls(tx, shop, connection, settlement.polls ?? [])
}

const moveLane = async (
  tx: Sql,
  shop: ShopRow,
  { connection, picked }: Settlement,
  stretch: NonNullable<Settlement['stretch']>,
  head: number,
): Promise<void> => {
  const to = stretch.from + stretch.outcomes.length - 1
  if (to > head) throw new Error(`A settlement of ${stretch.from}..${to} goes beyond the log's head.`)
  // The position is compared in the update itself: two owners of one shop cannot both pass.
  const moved = await tx
    .sql<{ task: number | null }>(
      `UPDATE lanes SET position = $4, settled_at = ${NOW}
       WHERE shop = $1 AND connection = $2 AND lane = $3 AND position = $5 AND (last IS NULL OR last >= $4)
       RETURNING task`,
    )
    .get(shop.id, connection, stretch.lane, to, stretch.from - 1)
  if (!moved) throw new Error(`A settlement of ${stretch.from}..${to} does not continue lane ${stretch.lane}.`)
  if (moved.task !== null) await addProgress(tx, shop, moved.task, stretch.outcomes.length, picked ?? 0)
}
