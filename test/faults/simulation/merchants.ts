import type { Shop } from '../../../src/event/event.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/lib/duration.ts'
import type { Random } from '../../../src/sandbox/random.ts'
import type { ConnectionId, Store } from '../../../src/store/store.ts'
import type { Network } from './network.ts'
import { MODELS } from './platforms.ts'
import type { Server } from './server.ts'
import type { Visitor } from './shoppers.ts'
import type { VirtualTime } from './virtual-time.ts'

/** A connection, as the run knows the truth about it. */
export interface Connected {
  readonly shop: Shop
  readonly slug: string
  readonly account: string
  readonly id: ConnectionId
  /** The log's head when it was made: later events are its own. */
  readonly after: number
  readonly prefersCompleteness: boolean
  /** When it is known to have been paused and to be active again. */
  readonly pauses: { readonly from: number; to: number }[]
  removedAt?: number
  /** When it was told to try again at once: new settings, or switched on again. */
  readonly mended: number[]
}

export interface Merchants {
  readonly connections: readonly Connected[]
  connect(shop: Shop, slug: string): Promise<void>
  /** A person sees which connections wait for one, and enters their secrets again. */
  mend(): Promise<void>
  /** Draws what owners, merchants and the operator do within a day. */
  live(day: { readonly shops: readonly Shop[]; readonly begin: number; readonly end: number }): void
}

export const createMerchants = (
  time: VirtualTime,
  random: Random,
  server: Server,
  network: Network,
  visitors: () => readonly Visitor[],
  fired: (kind: string) => void,
  /** Looks at what a killed process left. */
  left: () => Promise<void>,
): Merchants => {
  const connections: Connected[] = []
  let made = 0

  const secretFor = (slug: string, account: string): string => {
    const word = random.hex(24)
    switch (slug) {
      case 'klaviyo':
        return `pk_${account}_${word}`
      case 'webhook':
        return `whsec_${Buffer.from(word).toString('base64')}`
      default:
        return `secret${word}`
    }
  }

  const settingsFor = (slug: string, account: string, prefersCompleteness: boolean): object => {
    const model = MODELS.get(slug)
    if (!model) throw new Error(`no model of ${slug}`)
    const secret = secretFor(slug, account)
    network.allow(slug, account, secret)
    const prefer = prefersCompleteness ? 'completeness' : 'noDuplicates'
    const settings = { ...model.settings(account, secret), prefer }
    const running = server.running()?.runtime.destinations.get(slug)
    return (running?.settings.parse(settings) ?? settings) as object
  }

  const connect = async (shop: Shop, slug: string): Promise<void> => {
    const runtime = server.running()?.runtime
    if (!runtime) return
    const account = String(1_000_000_000 + ++made)
    const prefersCompleteness = slug === 'criteo' && random.chance(0.2)
    const { id } = await runtime.store.addConnection({
      shop,
      destination: slug,
      settings: settingsFor(slug, account, prefersCompleteness),
      createdAt: runtime.clock.now(),
    })
    const lane = (await runtime.store.lanes(shop)).find(({ connection }) => connection === id)
    connections.push({
      shop,
      slug,
      account,
      id,
      after: (lane?.from ?? 1) - 1,
      prefersCompleteness,
      pauses: [],
      mended: [],
    })
  }

  const living = (): Connected[] => connections.filter(({ removedAt }) => removedAt === undefined)
  const anyone = (): Connected | undefined => {
    const [first, ...others] = living()
    return first && random.pick([first, ...others])
  }

  /** What a merchant does in the dashboard; where nobody serves it, nothing happens. */
  const change = async (work: (store: Store, one: Connected) => Promise<void>): Promise<void> => {
    const one = anyone()
    const runtime = server.running()?.runtime
    if (runtime && one) await work(runtime.store, one)
  }
  const wakeUp = ({ shop }: Connected): void => server.running()?.runtime.wake.arrived(shop)

  const pause = (): Promise<void> =>
    change(async (store, one) => {
      await store.updateConnection(one.shop, one.id, { state: 'paused' })
      fired('connection paused')
      one.pauses.push({ from: time.now(), to: Number.POSITIVE_INFINITY })
      await time.wait(random.between(MINUTE, 3 * HOUR))
      await insist(async (again) => {
        one.mended.push(time.now())
        await again.updateConnection(one.shop, one.id, { state: 'active' })
        // Somebody else may have paused it too: switched on is switched on.
        for (const open of one.pauses) open.to = Math.min(open.to, time.now())
        wakeUp(one)
        fired('connection resumed')
      })
    })

  /** Until somebody serves it. */
  const insist = async (work: (store: Store) => Promise<void>): Promise<void> => {
    for (;;) {
      const runtime = server.running()?.runtime
      if (runtime) {
        const done = work(runtime.store).then(
          () => true,
          () => false,
        )
        if (await Promise.race([done, time.wait(5 * SECOND).then(() => false)])) return
      }
      await time.wait(20 * SECOND)
    }
  }

  const remove = (): Promise<void> =>
    change(async (store, one) => {
      await store.removeConnection(one.shop, one.id)
      one.removedAt = time.now()
      fired('connection removed')
    })

  /** A new secret at the platform; the merchant enters it here some time later. */
  const renewSecret = (): Promise<void> =>
    change(async (_, one) => {
      const settings = settingsFor(one.slug, one.account, one.prefersCompleteness)
      fired('secret replaced at the platform')
      await time.wait(random.between(0, HOUR))
      await insist(async (store) => {
        one.mended.push(time.now())
        // Whoever enters new settings switches it on again.
        for (const paused of one.pauses) paused.to = Math.min(paused.to, time.now())
        await store.updateConnection(one.shop, one.id, { settings, state: 'active' })
        wakeUp(one)
        fired('settings changed')
      })
    })

  const erase = async (): Promise<void> => {
    const living = visitors().filter(({ erasedAt, begins }) => erasedAt === undefined && begins < time.now())
    // Best of those of whom something may still be on its way.
    const recent = living.filter(({ begins }) => begins > time.now() - HOUR)
    const known = recent.length > 0 ? recent : living
    const [first, ...others] = known
    const projector = server.running()?.projector
    if (!first || !projector) return
    const visitor = random.pick([first, ...others])
    try {
      await projector.forget(visitor.shop, [visitor.clientId])
      visitor.erasedAt = time.now()
      fired('shopper erased')
    } catch {
      fired('erasing put off')
    }
  }

  const restart = async (): Promise<void> => {
    if (!server.running()) return
    await server.stop()
    fired('stopped and started')
    await time.wait(random.between(SECOND, MINUTE))
    await server.start()
  }

  const kill = async (): Promise<void> => {
    // The worst moments are while something is on its way, when somebody has just been told that it was taken, and when
    // it was just written down that something has to wait.
    if (random.chance(0.5)) await network.nextSending().then(() => time.wait(random.between(0, 400)))
    else if (random.chance(0.6)) await server.nextAnswer().then(() => time.wait(random.between(0, 4)))
    else if (random.chance(0.7)) await server.nextParking().then(() => time.wait(random.between(0, 4)))
    if (!server.running()) return
    server.kill()
    fired('killed')
    await left()
    await time.wait(random.between(100, 2 * MINUTE))
    await server.start()
  }

  const jump = async (by: number, kind: string): Promise<void> => {
    time.setClock(time.skew + by)
    fired(kind)
    await time.wait(random.between(5 * MINUTE, 3 * HOUR))
    time.setClock(time.skew - by)
  }

  return {
    connections,
    connect,
    mend: async () => {
      const store = server.running()?.runtime.store
      for (const one of living()) {
        const found = (await store?.connections(one.shop))?.find(({ id }) => id === one.id)
        if (!store || found?.state !== 'needs_auth') continue
        fired('reconnected by the merchant')
        one.mended.push(time.now())
        const settings = settingsFor(one.slug, one.account, one.prefersCompleteness)
        await store.updateConnection(one.shop, one.id, { settings, state: 'active' })
        wakeUp(one)
      }
    },
    live: ({ shops, begin, end }) => {
      const sometime = (least: number, most: number, work: () => Promise<void>): void => {
        for (let times = random.between(least, most); times > 0; times--)
          time.at(begin + Math.floor(random.next() * (end - begin)), () => void work())
      }
      sometime(0, 3, pause)
      sometime(0, 1, remove)
      sometime(0, 1, () =>
        connect(random.pick(shops as [Shop, ...Shop[]]), random.pick([...MODELS.keys()] as [string])),
      )
      sometime(0, 2, renewSecret)
      sometime(0, 3, erase)
      sometime(0, 2, restart)
      sometime(0, 3, kill)
      // Set right again before the day is over.
      const early = { begin, end: end - 4 * HOUR }
      const once = (work: () => Promise<void>): void =>
        time.at(early.begin + Math.floor(random.next() * (early.end - early.begin)), () => void work())
      if (random.chance(0.25)) once(() => jump(-HOUR, 'clock set back an hour'))
      if (random.chance(0.25)) once(() => jump(DAY, 'clock set forward a day'))
    },
  }
}
