import type { Bench } from './bench.ts'
import { startChild } from './child.ts'
import { startLoad, walksOf } from './load.ts'
import { sleep, withSeed } from './site.ts'
import { between, watchStore } from './watch.ts'

/** A thousand connections. */
const SHOPS = 125
const NOTHING = new Map()

/**
 * A start with everything still to be sent: how soon a request is acknowledged, how soon something is delivered, both
 * counted from when the process is started, and how much memory it takes to work the backlog down.
 */
export const bench: Bench = {
  name: 'pending',
  async run(report, { short }) {
    await withSeed({ shops: SHOPS, events: short ? 500_000 : 10_000_000, settled: false }, async (seeded) => {
      const { folder, masterKey, events } = seeded
      const platforms = await startChild<{ url: string }>('platforms-process.ts', ['answers', String(SHOPS)])
      const watch = watchStore(folder)
      const began = performance.now()
      const server = await startChild<{ beacon: string }>('engine-process.ts', [
        folder,
        masterKey.toString('hex'),
        platforms.ready.url,
      ])
      try {
        const load = startLoad(Number(new URL(server.ready.beacon).port), walksOf(17, 0, 1, SHOPS), 1)
        while (load.counts.answered === 0) await sleep(5)
        const acknowledged = (performance.now() - began) / 1000
        while (between(NOTHING, watch.outcomes()).sent === 0) await sleep(50)
        const delivered = (performance.now() - began) / 1000
        const before = between(NOTHING, watch.outcomes())
        await sleep(short ? 10_000 : 60_000)
        const after = between(NOTHING, watch.outcomes())
        const { peak } = await server.usage()
        const at = `${events} events pending at ${SHOPS * 8} connections`
        report({
          of: 'first acknowledgement',
          value: acknowledged,
          unit: 's',
          goal: `<= 3, ${at}`,
          ok: acknowledged <= 3,
        })
        report({ of: 'first delivery', value: delivered, unit: 's', goal: `<= 15, ${at}`, ok: delivered <= 15 })
        report({ of: 'memory while it drains', value: peak, unit: 'MiB', goal: '<= 512', ok: peak <= 512 })
        const drained = after.sent + after.skipped - before.sent - before.skipped
        report({ of: 'drained', value: drained / (short ? 10 : 60), unit: 'items/s', goal: 'stated', ok: true })
      } finally {
        await server.kill()
        await platforms.kill()
        watch.close()
      }
    })
  },
}
