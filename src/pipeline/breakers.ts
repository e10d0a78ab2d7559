import { HOUR, MINUTE } from '../lib/duration.ts'
import type { HttpResponse } from '../lib/http.ts'
import type { ConnectionId } from '../store/store.ts'
import { asked, type Breaker, CLOSED, failed, isProbing, passed, restOf, shareOf } from './breaker.ts'
import { createLocalFault } from './local-fault.ts'
import { neverBack } from './never-back.ts'
import type { Outlet } from './outlet.ts'
import { createPlatformBreaker, type PlatformBreaker } from './platform-breaker.ts'
import type { Runtime } from './runtime.ts'

/** Whom a request's failure is about: its connection, the platform as a whole, or our own network. */
export type Blame = 'connection' | 'platform' | 'network'

/**
 * Says when a connection may be asked at all, by how it, its platform and our own network have fared. In memory only:
 * lanes keep their own time and tries, and wait beside it.
 */
export interface Breakers {
  /** ms until this connection may be asked; 0: now. Looks only. */
  rest(outlet: Asking): number
  /** The connection is about to send; `retry`: what failed before. */
  enter(outlet: Asking, retry: boolean): Pass
  /** Whether a connection that cannot be reached has been so for long enough to be told of. */
  isLasting(outlet: Asking): boolean
  /** Whether a platform has said that the interface we speak has ended; until it takes something again. */
  isRetired(slug: string): boolean
  /** For people and metrics: only what is not as it should be. */
  states(): BreakerStates
}

type Asking = Pick<Outlet, 'shop' | 'connection' | 'destination'>

/** Leave to send a round of requests. */
export interface Pass {
  /** ms until it may send; 0: now. */
  readonly wait: number
  /** One small request only, for the platform's sake. */
  readonly probe: boolean
  /** The share of its rate that it may use. */
  readonly share: number
  /** What became of a request; undefined where it says nothing about whether the platform works. Tells who is to blame. */
  tell(fared: Fared | undefined): Blame
}

/** well: answered. failed: no answer, or one that says that the platform is in trouble. unreached: never left us.
 *  retired: the interface has ended. */
export type Fared = 'well' | 'failed' | 'unreached' | 'retired'

export interface BreakerStates {
  /** Since when nothing gets out, ms since 1970. */
  readonly noNetworkSince?: number
  /** Slugs of platforms that are down for all connections. */
  readonly platforms: readonly string[]
  /** Slugs of platforms that have ended the interface we speak. */
  readonly retired: readonly string[]
  readonly connections: readonly StrainedConnection[]
}

export interface StrainedConnection {
  readonly shop: string
  readonly connection: ConnectionId
  readonly destination: string
  readonly state: 'open' | 'probing' | 'growing'
  /** When it may be asked again, ms since 1970. */
  readonly until?: number
}

/** Nothing left us, so nobody can have taken anything: refused, unresolved, no valid certificate, no token to be had. */
export const isUnreached = ({ status, ambiguous }: Pick<HttpResponse, 'status' | 'ambiguous'>): boolean =>
  status === 0 && ambiguous !== true

/** A connection that cannot be reached is told of after this: until then it may be our own network. */
const LASTING = MINUTE
/** What nobody asked for in so long is forgotten: the connection was removed, or has nothing to send. */
const FORGOTTEN = HOUR
/** How often it is looked for such ones: what is counted of them is counted until then. */
const LOOK = MINUTE

interface Known {
  readonly shop: string
  readonly connection: ConnectionId
  readonly destination: string
  readonly settingsVersion: number
  breaker: Breaker
  at: number
}

export const createBreakers = ({ clock, log, meter }: Pick<Runtime, 'clock' | 'log' | 'meter'>): Breakers => {
  const clockNow = neverBack(clock)
  const connections = new Map<string, Known>()
  const platforms = new Map<string, PlatformBreaker>()
  const local = createLocalFault()
  const retired = new Set<string>()
  let lookedAt = clockNow()

  const keyOf = ({ shop, connection }: Asking): string => `${shop.shop} ${connection.id}`
  const breakerOf = (outlet: Asking): Breaker => {
    const known = connections.get(keyOf(outlet))
    // With new settings it is another matter: who mends an address sees it work at once.
    return known?.settingsVersion === outlet.connection.settingsVersion ? known.breaker : CLOSED
  }
  const keep = (outlet: Asking, breaker: Breaker) => {
    const { shop, connection, destination } = outlet
    const before = connections.get(keyOf(outlet))?.breaker ?? CLOSED
    if (clockNow() - lookedAt >= LOOK) forgetIdle()
    connections.set(keyOf(outlet), {
      shop: shop.shop,
      connection: connection.id,
      destination: destination.slug,
      settingsVersion: connection.settingsVersion,
      breaker,
      at: clockNow(),
    })
    if (before.state !== breaker.state) meter.breaker(destination.slug, 'connection', before.state, breaker.state)
  }
  const forget = (isForgotten: (known: Known) => boolean) => {
    for (const [key, known] of connections) {
      if (!isForgotten(known)) continue
      const { destination, breaker } = known
      if (breaker.state !== 'closed') meter.breaker(destination, 'connection', breaker.state, 'closed')
      connections.delete(key)
    }
  }
  const forgetIdle = () => {
    const now = clockNow()
    lookedAt = now
    forget(({ at, breaker }) => Math.max(at, breaker.until) < now - FORGOTTEN)
  }
  /** A server of the merchant's own is a platform for itself: it says nothing about others. */
  const platformOf = ({ slug, hosts }: Asking['destination']): PlatformBreaker | undefined => {
    if (hosts === 'public') return undefined
    const known = platforms.get(slug) ?? createPlatformBreaker()
    platforms.set(slug, known)
    return known
  }

  const netFails = () => {
    log.warn('no platform can be reached: events wait, and nobody is blamed')
    meter.breaker('all', 'network', 'closed', 'open')
    // What they did was our own network's doing.
    forget(() => true)
    for (const platform of platforms.values()) platform.hold()
  }
  const netWorks = (now: number) => {
    log.info('platforms can be reached again')
    meter.breaker('all', 'network', 'open', 'closed')
    for (const [slug, platform] of platforms) {
      if (platform.isOpen()) meter.breaker(slug, 'platform', 'open', 'closed')
      platform.comeBack(now)
    }
  }

  const tell = (outlet: Asking, fared: Fared | undefined, probe: boolean): Blame => {
    const { destination } = outlet
    const now = clockNow()
    const platform = platformOf(destination)
    if (fared !== 'unreached') {
      if (local.left(destination.slug, now)) netWorks(now)
    } else if (platform && local.unreached(destination.slug, now)) netFails()
    if (local.since() !== undefined) return 'network'
    if (fared === 'retired') {
      if (!retired.has(destination.slug))
        log.error('platform has ended its interface: update', { destination: destination.slug })
      retired.add(destination.slug)
    }
    if (fared === undefined || fared === 'retired') return 'connection'
    if (fared === 'well') retired.delete(destination.slug)
    const wasOpen = platform?.isOpen() === true
    const changed = platform?.tell(keyOf(outlet), fared === 'well', probe, now)
    if (changed === 'opened') {
      log.warn('platform does not work: one connection asks for all', { destination: destination.slug })
      meter.breaker(destination.slug, 'platform', 'closed', 'open')
    } else if (changed === 'closed') {
      log.info('platform works again', { destination: destination.slug })
      meter.breaker(destination.slug, 'platform', 'open', 'closed')
    }
    // While a platform is down as a whole, its failures are no connection's.
    if (!wasOpen || fared === 'well') {
      const breaker = breakerOf(outlet)
      keep(outlet, fared === 'well' ? passed(breaker, now) : failed(breaker, now, clock.random()))
    }
    return platform?.isOpen() ? 'platform' : 'connection'
  }

  return {
    rest(outlet) {
      const now = clockNow()
      return Math.max(
        local.rest(now, clock.random()),
        platformOf(outlet.destination)?.rest(keyOf(outlet), now, clock.random()) ?? 0,
        restOf(breakerOf(outlet), now),
      )
    },

    enter(outlet, retry) {
      const now = clockNow()
      const stay = (wait: number): Pass => ({ wait, probe: false, share: 1, tell: () => 'connection' })
      // Its own rest first: whoever may not be asked takes nobody's turn as the one who asks for all.
      const own = restOf(breakerOf(outlet), now)
      if (own > 0) return stay(own)
      const out = local.ask(now, clock.random())
      if (typeof out === 'number') return stay(out)
      const breaker = asked(breakerOf(outlet), now)
      // A probe of its own is no retry among many: its breaker makes sure that there are few.
      const again = retry && !isProbing(breaker)
      const platform = out === 'go' ? platformOf(outlet.destination) : undefined
      const there = platform?.ask(keyOf(outlet), again, now, clock.random()) ?? 'go'
      if (typeof there === 'number') return stay(there)
      if (breaker !== breakerOf(outlet)) keep(outlet, breaker)
      return {
        wait: 0,
        probe: out === 'probe' || there === 'probe' || isProbing(breaker),
        share: shareOf(breaker, now),
        tell: (fared) => tell(outlet, fared, there === 'probe'),
      }
    },

    isLasting(outlet) {
      const { failingSince } = breakerOf(outlet)
      return failingSince !== undefined && clockNow() - failingSince >= LASTING
    },

    isRetired: (slug) => retired.has(slug),

    states() {
      const now = clockNow()
      forgetIdle()
      const since = local.since()
      return {
        ...(since === undefined ? {} : { noNetworkSince: since }),
        platforms: [...platforms].flatMap(([slug, platform]) => (platform.isOpen() ? [slug] : [])),
        retired: [...retired],
        connections: [...connections.values()].flatMap(
          ({ breaker, shop, connection, destination }): StrainedConnection[] => {
            const of = { shop, connection, destination }
            if (breaker.state === 'open') return [{ ...of, state: 'open', until: breaker.until }]
            if (breaker.state === 'probing') return [{ ...of, state: 'probing' }]
            return shareOf(breaker, now) < 1 ? [{ ...of, state: 'growing' }] : []
          },
        ),
      }
    },
  }
}
