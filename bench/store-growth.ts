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
 * agency's day; at the speed of the run itself all ids would fall into a few minutes, which is kinder than life.
 * `--rows N` makes it shorter.
 */
export const growth = (rows: number): Bench => ({
  name: 'store-growth',
  async run(report) {
    await withStore(SHOPS, async (store) => {
      const next = arrivals({ shops: SHOPS, repeats: 0.05, perSecond: 2000 })
      await drive(store, next, WINDOW / 2, IN_FLIGHT)
      const reference = Math.round(await drive(store, next, WINDOW, IN_FLIGHT))
      await drive(store, next, Math.max(0, rows - 2.5 * WINDOW), IN_FLIGHT)
      const value = Math.round(await drive(store, next, WINDOW, IN_FLIGHT))
      const ratio = Math.round((value / reference) * 100) / 100
      report({
        value,
        unit: 'events/s',
        reference,
        ratio,
        goal: `>= ${GOAL} of the rate at 100k rows`,
        ok: ratio >= GOAL,
      })
    })
  },
})

export const bench: Bench = growth(Number(/--rows[= ](\d+)/.exec(process.argv.join(' '))?.[1] ?? 5_000_000))
