import { type Shop, shopFrom } from '../../../src/event/event.ts'
import { DAY, HOUR, MINUTE } from '../../../src/lib/duration.ts'
import { seededRandom } from '../../../src/sandbox/random.ts'
import { newDisk } from '../../../src/store/memory/memory.ts'
import { drawDiskTrouble, type Logged } from './disk.ts'
import { createMerchants } from './merchants.ts'
import { createNetwork } from './network.ts'
import { MODELS } from './platforms.ts'
import { createServer } from './server.ts'
import { type Senders, sendShoppers } from './shoppers.ts'
import { overdue, standingFaults } from './standing.ts'
import type { Violation } from './violation.ts'
import { BEGIN, virtualTime } from './virtual-time.ts'
import { drawWeather } from './weather.ts'

/** Everything that is known at the end of a run, for whoever judges it. */
export type World = Awaited<ReturnType<typeof simulate>>

const MARKETS = [
  { shop: shopFrom('lantern.myshopify.com') as Shop, currency: 'USD', country: 'US' },
  { shop: shopFrom('blanket.myshopify.com') as Shop, currency: 'EUR', country: 'DE' },
  { shop: shopFrom('kettle.myshopify.com') as Shop, currency: 'USD', country: 'US' },
] as const

/** A day is simulated, and afterwards the time in which everything that can be delivered has to be. */
const END = BEGIN + DAY
const SETTLING = 8 * HOUR
/** After so long without any trouble nothing that is due waits any more: a breaker rests for a quarter of an hour at most. */
const HEALTHY = 20 * MINUTE

/** One virtual day of a whole installation, everything in it drawn from the seed. */
export const simulate = async (seed: number, visits = 36) => {
  const time = virtualTime()
  const random = seededRandom(`simulation ${seed}`)
  const counts = new Map<string, number>()
  const timeline: { readonly at: number; readonly what: string }[] = []
  const fired = (kind: string): void => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    timeline.push({ at: time.now(), what: kind })
  }
  const day = { begin: BEGIN, end: END }
  const weather = drawWeather(random, [...MODELS.keys()], day)
  const network = createNetwork(time, random, String(seed), weather, fired)
  const logged: Logged = { of: new Map() }
  const said: string[] = []
  const say = (level: string) => (message: string, fields?: object) =>
    void said.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`)
  const log = { error: say('error'), warn: say('warn'), info: say('info') }
  const disk = newDisk()
  const trouble = drawDiskTrouble(random, BEGIN, END)
  const server = createServer({ time, random, disk, trouble, network, logged, log, fired })
  let senders: Senders | undefined
  const standing: Violation[] = []
  const left = async (): Promise<void> => void standing.push(...(await standingFaults(disk, time.now())))
  const merchants = createMerchants(time, random, server, network, () => senders?.visitors ?? [], fired, left)

  const prepare = async (): Promise<void> => {
    await server.start()
    const store = server.running()?.runtime.store
    for (const { shop, currency, country } of MARKETS) {
      const url = `https://${shop.replace('.myshopify.com', '.example')}`
      await store?.saveShop({ shop, facts: { country, currency, url }, installedAt: BEGIN - 30 * DAY })
      const slugs = [...MODELS.keys()].filter(() => random.chance(0.7))
      for (const slug of slugs) await merchants.connect(shop, slug)
    }
  }
  const prepared = prepare()
  await time.until(BEGIN + MINUTE)
  await prepared
  senders = sendShoppers(time, random, server.door, fired, { markets: MARKETS, visits, ...day })
  merchants.live({ shops: MARKETS.map(({ shop }) => shop), ...day })
  await time.until(END)
  time.at(END + HEALTHY, async () => void standing.push(...(await overdue(disk, time.now()))))
  time.at(END + 4 * HOUR, () => void merchants.mend())
  await time.until(END + SETTLING)
  return {
    seed,
    now: time.now(),
    disk,
    store: server.running()?.runtime.store,
    logged: logged.of,
    said: said as readonly string[],
    seen: network.seen,
    standing: standing as readonly Violation[],
    kills: server.kills,
    clock: time.settings,
    connections: merchants.connections,
    visitors: senders.visitors,
    acknowledged: senders.acknowledged,
    fired: counts as ReadonlyMap<string, number>,
    timeline: timeline as readonly { readonly at: number; readonly what: string }[],
  }
}
