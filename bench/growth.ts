import { type Bench, median } from './bench.ts'
import { type Measured, measure, withSeed, withSite } from './site.ts'

const SHOPS = 200
const SMALL = 100_000
const GOAL = 1.25

/**
 * What an event costs from capture to its last settlement in a store that holds much, against one that holds little:
 * both are filled first, then loaded in turns with the same journeys. Platforms accept everything unread.
 */
export const bench: Bench = {
  name: 'growth',
  async run(report, { short }) {
    const [warm, long] = short ? [8, 10] : [15, 30]
    await withSeed({ shops: SHOPS, events: SMALL, settled: true }, (small) =>
      withSeed({ shops: SHOPS, events: short ? 1_000_000 : 10_000_000, settled: true }, async (large) => {
        const figures = { small: [] as Measured[], large: [] as Measured[] }
        for (const [round, which] of (['small', 'large', 'large', 'small'] as const).entries()) {
          const seeded = which === 'small' ? small : large
          await withSite({ seeded, mode: 'answers', walks: (warm + long) * 300, seed: 100 + round }, async (site) => {
            figures[which].push(await measure(site, { warm, long }))
          })
        }
        const compare = (of: string, unit: string, cost: (measured: Measured) => number) => {
          const value = median(figures.large.map(cost))
          const reference = median(figures.small.map(cost))
          const ratio = value / reference
          const goal = `ratio <= ${GOAL} at ${large.events} events stored, of ${small.events}`
          report({ of, value, unit, reference, ratio, goal, ok: ratio <= GOAL })
        }
        compare('processor time per event', 'µs', ({ perEvent }) => perEvent * 1000)
        compare('time per event', 'µs', ({ events }) => 1_000_000 / events)
      }),
    )
  },
}
