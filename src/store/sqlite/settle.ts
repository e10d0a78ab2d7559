import { toldRuns } from '../ledger-rows.ts'
import type { Settlement } from '../settlement.ts'
import { addAttempt } from './attempts.ts'
import { type Context, needShop, type ShopRow } from './context.ts'
import { cutLane, dropFinishedLanes } from './lanes.ts'
import { writeOutcomes } from './ledger.ts'
import { headOf } from './log.ts'
import { park } from './parked.ts'
import { keepJoined } from './parts.ts'
import { dropPoll, savePoll } from './polls.ts'
import { addRollup } from './rollups.ts'
import { addProgress } from './tasks.ts'

export const settleOperations = (context: Context) => ({
  /** One transaction: whatever throws in here leaves everything as it was. */
  settle(settlement: Settlement): void {
    const { db } = context
    db.transaction(() => {
      const shop = needShop(context, settlement.shop)
      const known = db.sql('SELECT 1 FROM connections WHERE shop = ? AND id = ?').get(shop.id, settlement.connection)
      if (known) settleIn(context, shop, settlement)
    })
  },
})

const settleIn = (context: Context, shop: ShopRow, settlement: Settlement): void => {
  const { db } = context
  const { connection, stretch, lane } = settlement
  if (stretch) {
    const to = stretch.from + stretch.outcomes.length - 1
    if (to > headOf(db, shop)) throw new Error(`A settlement of ${stretch.from}..${to} goes beyond the log's head.`)
    // The position is compared in the update itself: two owners of one shop cannot both pass.
    const { changes } = db
      .sql(
        `UPDATE lanes SET position = ?1, settled_at = CAST(unixepoch('subsec') * 1000 AS INTEGER)
         WHERE shop = ?2 AND connection = ?3 AND lane = ?4 AND position = ?5
         AND (last IS NULL OR last >= ?1)`,
      )
      .run(to, shop.id, connection, stretch.lane, stretch.from - 1)
    if (Number(changes) !== 1)
      throw new Error(`A settlement of ${stretch.from}..${to} does not continue lane ${stretch.lane}.`)
    for (const run of toldRuns(stretch.from, stretch.outcomes))
      writeOutcomes(db, shop, connection, run.from, run.outcomes)
    addProgress(db, shop, connection, stretch, settlement.picked ?? 0)
  }
  if (lane)
    db.sql(
      `UPDATE lanes SET due = ?, tries = ?, unsure_since = ?, unsure_until = ?
       WHERE shop = ? AND connection = ? AND lane = ?`,
    ).run(lane.due, lane.tries, lane.unsureSince ?? null, lane.unsureUntil ?? null, shop.id, connection, lane.lane)
  if (settlement.cut) cutLane(db, shop, connection, settlement.cut.lane, headOf(db, shop))
  if (stretch) dropFinishedLanes(db, shop, connection)
  for (const { seq, outcome } of settlement.overwrite) {
    db.sql('DELETE FROM parked WHERE shop = ? AND connection = ? AND seq = ?').run(shop.id, connection, seq)
    writeOutcomes(db, shop, connection, seq, Uint8Array.of(outcome))
  }
  for (const parked of settlement.park) park(context, shop, connection, parked)
  for (const attempt of settlement.attempts) addAttempt(db, shop, connection, attempt)
  for (const delta of settlement.rollups) addRollup(db, shop, connection, delta)
  for (const joined of settlement.joined) keepJoined(context, shop, joined)
  for (const job of settlement.polled ?? []) dropPoll(db, shop, connection, job)
  for (const poll of settlement.polls ?? []) savePoll(db, shop, connection, poll)
}
