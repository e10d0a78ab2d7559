import type { Bench, Figure } from './bench.ts'
import { type Measured, measure, sleep, withSeed, withSite } from './site.ts'

const SHOPS = 200
const EVENTS_GOAL = 2000
const ITEMS_GOAL = 14_000

/**
 * Three processes on the machine's cores: the embedded engine, the platforms, the shoppers. Each shop has eight
 * connections, with accounts of its own.
 */
export const bench: Bench = {
  name: 'end-to-end',
  async run(report, { short }) {
    const [warm, long] = short ? [5, 10] : [15, 40]
    for (const mode of ['strict', 'answers'] as const)
      await withSeed({ shops: SHOPS, events: 0, settled: true }, (seeded) =>
        withSite({ seeded, mode, walks: short ? 4000 : 14_000 }, async (site) => {
          const full = await measure(site, { warm, long })
          for (const figure of figuresOf(full, mode)) report(figure)
          await site.load.ask({ pace: full.requests / 2 })
          await sleep(3000)
          const end = performance.now() + long * 500
          while (performance.now() < end) {
            site.watch.sample()
            await sleep(100)
          }
          const lags = site.watch.lags()
          for (const [share, most] of [
            [0.5, 2000],
            [0.95, 5000],
          ] as const) {
            const value = lags[Math.floor(lags.length * share)] ?? Number.NaN
            const of = `${mode}: lag at half the rate, p${share * 100}`
            report({ of, value, unit: 'ms', goal: `<= ${most}`, ok: value <= most })
          }
        }),
      )
  },
}

const figuresOf = ({ events, sent, skipped, dead, perEvent, cores, peak }: Measured, mode: string): Figure[] => {
  const figure = (of: string, value: number, unit: string, goal: string, ok: boolean): Figure => ({
    of: `${mode}: ${of}`,
    value,
    unit,
    goal,
    ok,
  })
  return [
    figure('accepted and settled at all eight', events, 'events/s', `>= ${EVENTS_GOAL}`, events >= EVENTS_GOAL),
    figure('sent', sent, 'items/s', `>= ${ITEMS_GOAL}`, sent >= ITEMS_GOAL),
    figure('skipped', skipped, 'items/s', 'apart', true),
    figure('dead', dead, 'items/s', '0', dead === 0),
    figure('server', perEvent * 1000, 'µs of processor per event', 'stated', true),
    figure('server', cores.server, 'cores', 'stated', true),
    figure('platforms', cores.platforms, 'cores', 'stated', true),
    figure('load', cores.load, 'cores', 'stated', true),
    figure('server, memory at most', peak, 'MiB', '<= 512', peak <= 512),
  ]
}
