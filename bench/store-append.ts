import type { Bench } from './bench.ts'
import { arrivals, drive, withStore } from './store-load.ts'

const ROWS = 200_000
const GROUP = 512
const GOAL = 25_000

/** Durable appends of single events of 1 KB, 512 at a time, through the port: packed, indexed, sealed and flushed. */
export const bench: Bench = {
  name: 'store-append',
  async run(report) {
    await withStore(50, async (store) => {
      const next = arrivals({ shops: 50, repeats: 0, perSecond: 2000 })
      await drive(store, next, 20_000, GROUP)
      const value = Math.round(await drive(store, next, ROWS, GROUP))
      report({ value, unit: 'events/s', goal: `>= ${GOAL}`, ok: value >= GOAL })
    })
  },
}
