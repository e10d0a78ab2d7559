import { SECOND } from '../../lib/duration.ts'
import { type Database, NOW } from './database.ts'

/** Turns that were reserved: the first comes in `wait` ms, each of the others `1000 / perSecond` ms after the one before. */
export interface Reserved {
  readonly turns: number
  /** ms from now. With no turns: how long the first one would have to wait. */
  readonly wait: number
}

/** Quotas that all processes count together, such as those that a platform gives to the app and not to a merchant. */
export interface Quotas {
  /**
   * Reserves `turns` turns of a quota, in the order of asking over all processes; none when the first would have to wait
   * longer than `longest` ms. A turn that is reserved and not used is lost, so ask for what will be used within a second.
   * Rejects with a StoreFault when the database cannot do it now: then nothing may be sent.
   */
  reserve(key: string, perSecond: number, turns: number, longest: number): Promise<Reserved>
}

/** Requests that may go at once after a pause: what a quota allows in this time. As the limiter of one process. */
const BURST = SECOND

/** When the next turn is, seen from the quota's row: a leaky bucket (GCRA) is one number. */
const WAIT = `greatest(q.next - ${NOW} - ${BURST}, 0)`

export const quotasIn = (db: Database): Quotas => ({
  async reserve(key, perSecond, turns, longest) {
    const taken = await db
      .sql<{ wait: number }>(
        `INSERT INTO quotas AS q (key, next) VALUES ($1, ${NOW} + $2::float8)
         ON CONFLICT (key) DO UPDATE SET next = greatest(q.next, ${NOW}) + $2::float8 WHERE ${WAIT} <= $3::float8
         RETURNING greatest(q.next - $2::float8 - ${NOW} - ${BURST}, 0)::float8 AS wait`,
      )
      .get(key, (turns * SECOND) / perSecond, longest)
    if (taken) return { turns, wait: taken.wait }
    const full = await db
      .sql<{ wait: number }>(`SELECT (${WAIT})::float8 AS wait FROM quotas q WHERE key = $1`)
      .get(key)
    return { turns: 0, wait: full?.wait ?? 0 }
  },
})
