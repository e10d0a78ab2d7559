import type { Bench } from './bench.ts'
import { arrivals, drive, withStore } from './store-load.ts'

const SHOPS = 1000
const IN_FLIGHT = 1024
/** Rows over which one rate is taken. */
const WINDOW = 100_000
const GOAL = 0.75

/**
 * Whether the log keeps its speed as it grows: the rate of the last 100,000 rows of 5 million against that of the second
 * 100,000, with 1,000 shops, events out of order and 5% repeats. Event time passes at 2,000 events a second, a busy
 * agency's day; at the speed of the run itself all ids would fall into a few minutes, which is kinder than life. The
 * second figure counts processor time instead of the clock, so it also says something on a machine that others use.
 */
export const bench: Bench = {
  name: 'store-growth',
  async run(report, { short }) {
    const rows = short ? 500_000 : 5_000_000
    await withStore(SHOPS, async (store) => {
      const next = arrivals({ shops: SHOPS, repeats: 0.05, perSecond: 2000 })
      await drive(store, next, WINDOW / 2, IN_FLIGHT)
      const first = await drive(store, next, WINDOW, IN_FLIGHT)
      await drive(store, next, rows - 2.5 * WINDOW, IN_FLIGHT)
      const last = await drive(store, next, WINDOW, IN_FLIGHT)
      const compare = (of: string, unit: string, value: number, reference: number) => {
        const ratio = Math.round((value / reference) * 100) / 100
        const goal = `ratio >= ${GOAL} at ${rows} rows`
        report({ of, value: Math.round(value), unit, reference: Math.round(reference), ratio, goal, ok: ratio >= GOAL })
      }
      compare('by the clock', 'events/s', last.perSecond, first.perSecond)
      compare('by processor time', 'events/s of one core', last.perCoreSecond, first.perCoreSecond)
    })
  },
}
