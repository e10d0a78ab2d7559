import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { outcomeOf, stateOf } from '../destinations/outcomes.ts'
import { shopFrom } from '../event/event.ts'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { silentLog } from '../lib/log.ts'
import { systemClock } from '../runtimes/clock.ts'
import { DEMO_SHOP, type Demo, startDemo } from '../runtimes/demo.ts'

interface Flags {
  readonly shoppers: string
  readonly seed: string
  readonly data?: string
  readonly json?: boolean
}

/**
 * Drives simulated shoppers through a demo of its own and compares what should have come out with what the sandbox has
 * counted. Exit status 1 when they differ.
 */
export const runDemoShoppers = async (flags: Flags, say: (text: string) => void): Promise<number> => {
  const count = Number(flags.shoppers)
  const seed = Number(flags.seed)
  if (!Number.isInteger(count) || count < 1 || count > 100_000 || !Number.isInteger(seed)) {
    process.stderr.write('--shoppers must be a whole number from 1 to 100000, --seed a whole number.\n')
    return 2
  }
  const folder = flags.data ?? mkdtempSync(join(tmpdir(), 'converlay-demo-'))
  const config = readConfig({ data: folder, port: '0' })
  const demo = await startDemo(config, silentLog, { hold: SECOND, attemptSample: 100 })
  try {
    const summary = await demo.driveShoppers({ count, seed })
    const outcomes = await final(demo)
    const purchases = demo.sandbox.pinterest
      .conversions(demo.account)
      .filter((one) => one.name === 'checkout' && one.sources.server > 0)
    const ids = purchases.map((one) => one.eventId?.replace(/^pur_/, '')).toSorted()
    const expected = summary.expected.orderIds.toSorted()
    const same = ids.length === expected.length && ids.every((id, index) => id === expected[index])
    if (flags.json)
      say(
        JSON.stringify({
          ok: same,
          sent: summary.sent,
          purchases: purchases.length,
          expected: expected.length,
          outcomes,
        }),
      )
    else {
      say(
        `${count} shoppers (seed ${seed}) sent ${summary.sent.pixelEvents} pixel events and ${summary.sent.webhooks} webhooks, ${summary.sent.duplicates} of them twice.`,
      )
      for (const [outcome, number] of Object.entries(outcomes)) say(`  ${String(number).padStart(7)}  ${outcome}`)
      say(
        `Purchases: ${summary.purchases} made, ${expected.length} to be counted, ${purchases.length} counted by the sandbox.`,
      )
      say(same ? 'Every order is accounted for.' : 'These differ; please report it with the seed.')
    }
    return same ? 0 : 1
  } finally {
    await demo.stop()
    if (flags.data === undefined) {
      rmSync(folder, { recursive: true, force: true })
      rmSync(`${folder}.key`, { force: true })
    }
  }
}

/** Waits until every event is final; how many ended in which way. */
const final = async ({ engine: { runtime } }: Demo): Promise<Record<string, number>> => {
  const shop = shopFrom(DEMO_SHOP)
  if (!shop) return {}
  const [connection] = await runtime.store.connections(shop)
  if (!connection) return {}
  const end = runtime.clock.now() + 10 * MINUTE
  for (;;) {
    const head = await runtime.store.head(shop)
    const bytes = await runtime.store.ledger(shop, connection.id, 1, head)
    const names = [...bytes].map((byte) => outcomeOf(byte))
    const open = names.some((name) => name === undefined || stateOf(name) === 'waiting')
    if (!open || runtime.clock.now() > end) {
      const counts: Record<string, number> = {}
      for (const name of names) counts[name ?? 'waiting'] = (counts[name ?? 'waiting'] ?? 0) + 1
      return counts
    }
    await systemClock.sleep(200)
  }
}
