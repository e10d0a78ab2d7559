import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { type Outcome, outcomeOf, stateOf } from '../destinations/outcomes.ts'
import { shopFrom } from '../event/event.ts'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { silentLog } from '../lib/log.ts'
import { systemClock } from '../runtimes/clock.ts'
import { DEMO_SHOP, type Demo, startDemo } from '../runtimes/demo.ts'
import type { Connection } from '../store/store.ts'

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
    const proofs = await Promise.all((await settled(demo)).map((connection) => proofOf(demo, connection)))
    const expected = summary.expected.orderIds.length
    const [first] = proofs
    const same = first?.counted === expected && proofs.every(({ delivered, counted }) => delivered === counted)
    if (flags.json) say(JSON.stringify({ ok: same, sent: summary.sent, expected, platforms: proofs }))
    else {
      say(
        `${count} shoppers (seed ${seed}) sent ${summary.sent.pixelEvents} pixel events and ${summary.sent.webhooks} webhooks, ${summary.sent.duplicates} of them twice.`,
      )
      say(`Purchases: ${summary.purchases} made, ${expected} whose shoppers allowed marketing.`)
      say('  platform            delivered  counted there  not sent, with the reason')
      for (const { name, delivered, counted, reasons } of proofs) {
        const why = Object.entries(reasons).map(([reason, number]) => `${number} ${reason}`)
        say(
          `  ${name.padEnd(18)} ${String(delivered).padStart(10)} ${String(counted).padStart(14)}  ${why.join(', ')}`.trimEnd(),
        )
      }
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

/** Waits until every event is final at every connection. */
const settled = async ({ engine: { runtime } }: Demo): Promise<readonly Connection[]> => {
  const shop = shopFrom(DEMO_SHOP)
  if (!shop) return []
  const connections = await runtime.store.connections(shop)
  const end = runtime.clock.now() + 10 * MINUTE
  for (;;) {
    const head = await runtime.store.head(shop)
    const ledgers = await Promise.all(connections.map(({ id }) => runtime.store.ledger(shop, id, 1, head)))
    const open = ledgers.some((bytes) => bytes.some((byte) => isOpen(outcomeOf(byte))))
    if (!open || runtime.clock.now() > end) return connections
    await systemClock.sleep(200)
  }
}

const isOpen = (outcome: Outcome | undefined): boolean => outcome === undefined || stateOf(outcome) === 'waiting'

interface Proof {
  readonly name: string
  /** Purchases that our ledger calls delivered or sent. */
  readonly delivered: number
  /** Purchases that the platform's sandbox has counted from us. */
  readonly counted: number
  /** Why the others were not sent. */
  readonly reasons: Readonly<Record<string, number>>
}

/** What our ledger says of the purchases of a connection, beside what the platform counted. */
const proofOf = async (
  { engine: { runtime }, sandbox }: Demo,
  { shop, id, destination }: Connection,
): Promise<Proof> => {
  const { store } = runtime
  const definition = runtime.destinations.get(destination)
  const reasons: Record<string, number> = {}
  let delivered = 0
  const head = await store.head(shop)
  for (let after = 0; after < head; after += PAGE) {
    const [events, bytes] = await Promise.all([
      store.read(shop, after, PAGE),
      store.ledger(shop, id, after + 1, after + PAGE),
    ])
    for (const { seq, name } of events) {
      if (name !== 'order_placed') continue
      const outcome = outcomeOf(bytes[seq - after - 1] ?? 0) ?? 'waiting'
      if (outcome === 'delivered' || outcome === 'sent') delivered++
      else reasons[outcome] = (reasons[outcome] ?? 0) + 1
    }
  }
  // Where the merchant names the events, the sandbox's account has its own spelling.
  const purchase = definition?.accepts.order_placed?.toLowerCase()
  const platform = sandbox.platforms.find(({ slug }) => slug === destination)
  const counted =
    platform?.conversions().filter((one) => one.name.toLowerCase() === purchase && one.sources.server > 0) ?? []
  return { name: definition?.name ?? destination, delivered, counted: counted.length, reasons }
}

const PAGE = 512
