import type { Bench } from './bench.ts'
import { arrivals, drive, withStore } from './store-load.ts'

/** One group of 512 is being flushed while the next gathers. */
const IN_FLIGHT = 1024
const GOAL = 25_000

/** Durable appends of single events of 1 KB, 512 at a time, through the port: packed, indexed, sealed and flushed. */
export const bench: Bench = {
  name: 'store-append',
  async run(report, { short }) {
    await withStore(50, async (store) => {
      const next = arrivals({ shops: 50, repeats: 0, perSecond: 2000 })
      await drive(store, next, 20_000, IN_FLIGHT)
      const { perSecond } = await drive(store, next, short ? 50_000 : 200_000, IN_FLIGHT)
      const value = Math.round(perSecond)
      report({ value, unit: 'events/s', goal: `>= ${GOAL}`, ok: value >= GOAL })
    })
  },
}
