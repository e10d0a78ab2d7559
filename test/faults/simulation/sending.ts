import { destinations } from '../../../src/destinations/all.ts'
import type { Event, Shop } from '../../../src/event/event.ts'
import { takesBack } from '../../../src/event/names.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/lib/duration.ts'
import type { LoggedEvent } from './disk.ts'
import type { Histories } from './histories.ts'
import type { Connected } from './merchants.ts'
import type { Seen } from './network.ts'
import { MODELS, type Told } from './platforms.ts'
import type { Visitor } from './shoppers.ts'
import type { World } from './simulate.ts'
import { iso, type Violation } from './violation.ts'
import { isOfWrongClock } from './wrong-clock.ts'

/** What was decided before a barrier may be on its way: a round takes its requests' 30 s, and now and then a second one. */
const ON_ITS_WAY = 2 * MINUTE

/** What the platforms saw that they should not have seen. */
export const sendingFaults = (world: World, histories: Histories): readonly Violation[] => {
  const accounts = new Map(world.connections.map((one) => [`${one.slug} ${one.account}`, one]))
  const faults: Violation[] = []
  const byAccount = new Map<Connected, Seen[]>()
  for (const seen of world.seen) {
    if (seen.what !== 'events') continue
    const connected = accounts.get(`${seen.slug} ${seen.account}`)
    if (!connected)
      faults.push({ invariant: 'I4', what: `a request to ${seen.slug} ${seen.account}, which is nobody’s` })
    else byAccount.set(connected, [...(byAccount.get(connected) ?? []), seen])
  }
  faults.push(...chanceFaults([...byAccount.values()]))
  for (const [connected, requests] of byAccount) {
    const facts = factsOf(world, connected)
    faults.push(
      ...foreignFaults(connected, requests, facts),
      ...barrierFaults(world, connected, requests, facts),
      ...repeatFaults(world, connected, facts, histories),
      ...rateFaults(connected, requests),
      ...waitFaults(world, connected, requests),
    )
  }
  return faults
}

type Facts = ReadonlyMap<string, readonly LoggedEvent[]>

/** The events that a connection may send, by what its platform calls them. */
const factsOf = ({ logged }: World, { shop, slug, after }: Connected): Facts => {
  const model = MODELS.get(slug)
  const facts = new Map<string, LoggedEvent[]>()
  for (const one of (logged.get(shop) ?? []).slice(after)) {
    const key = model?.keyOf(one.event) ?? ''
    facts.set(key, [...(facts.get(key) ?? []), one])
  }
  return facts
}

/** I4: everything that was sent is of the connection's own shop and time. */
const foreignFaults = ({ slug, account }: Connected, requests: readonly Seen[], facts: Facts): Violation[] =>
  requests.flatMap(({ told, at }) =>
    told.flatMap(({ key }) =>
      facts.has(key)
        ? []
        : [{ invariant: 'I4', what: `${slug} ${account} was told of ${key} at ${iso(at)}, which is not its shop’s` }],
    ),
  )

/** I5: nothing goes after its consent, erasure, connection or age barrier. */
const barrierFaults = (world: World, connected: Connected, requests: readonly Seen[], facts: Facts): Violation[] => {
  const { slug, account, removedAt, pauses } = connected
  const limits = destinations.get(slug)?.limits
  const orderedAt = ordersOf(world, connected.shop)
  const faults: Violation[] = []
  const fault = (what: string, at: number) =>
    faults.push({ invariant: 'I5', what: `${slug} ${account} at ${iso(at)}: ${what}` })
  for (const { at, told } of requests) {
    if (removedAt !== undefined && at > removedAt + ON_ITS_WAY) fault('a request of a removed connection', at)
    for (const { from, to } of pauses)
      if (at > from + ON_ITS_WAY && at < to) fault('a request of a paused connection', at)
    const off = Math.max(0, ...world.clock.filter((one) => one.at <= at).map(({ skew }) => Math.abs(skew)))
    for (const one of told) {
      if (limits && at - one.at > limits.maxAge + MINUTE + off) fault(`${one.key} is older than the platform takes`, at)
      const reasons = (facts.get(one.key) ?? []).flatMap(({ event, cameAt }) => {
        if (cameAt > at || !mayTell(connected, one, event)) return []
        const visitor = world.visitors.find((each) => knownSince(each, event, orderedAt) < at - MINUTE)
        return [{ event, why: visitor && forbidden(visitor, cameAt, at) }]
      })
      // Where several events of an order look alike to the platform, one that may go is reason enough.
      if (reasons.every(({ why }) => why !== undefined))
        for (const { event, why } of reasons) fault(`${event.id} although its shopper ${why}`, at)
    }
  }
  return faults
}

/** Whether that is how a platform is told of an event: a purchase counts when it is placed here, and what takes it back shows. */
const mayTell = ({ slug }: Connected, { changed }: Told, { name }: Event): boolean =>
  name !== 'order_paid' &&
  destinations.get(slug)?.accepts[name] !== null &&
  (changed === undefined || changed === takesBack(name))

/** When the first message of each order was there that names its checkout. */
const ordersOf = ({ logged }: World, shop: Shop): ReadonlyMap<string, number> => {
  const first = new Map<string, number>()
  for (const { event, cameAt } of logged.get(shop) ?? []) {
    const { orderId, checkoutToken } = event.commerce ?? {}
    if (orderId && checkoutToken && !first.has(orderId)) first.set(orderId, cameAt)
  }
  return first
}

/** Since when an event can be known to be this visitor's. Each has one checkout at most, and a refund names only its order. */
const knownSince = (
  { clientId, orders, shownCheckouts }: Visitor,
  { identity, commerce }: Event,
  orderedAt: ReadonlyMap<string, number>,
): number => {
  if (clientId === identity?.clientId) return Number.NEGATIVE_INFINITY
  const orderId = commerce?.orderId ?? ''
  if (!orders.includes(orderId)) return Number.POSITIVE_INFINITY
  const shown = Math.min(...shownCheckouts.values())
  return commerce?.checkoutToken ? shown : Math.max(shown, orderedAt.get(orderId) ?? Number.POSITIVE_INFINITY)
}

const forbidden = (visitor: Visitor, cameAt: number, at: number): string | undefined => {
  const { erasedAt = Number.POSITIVE_INFINITY } = visitor
  // What comes after that is of somebody nobody knows: what they chose went with everything else.
  if (cameAt > erasedAt - MINUTE) return undefined
  if (visitor.allows === false) return 'never consented'
  if (visitor.allows === undefined && visitor.shop === 'blanket.myshopify.com') return 'was never asked'
  if (at > (visitor.withdrawnAt ?? Number.POSITIVE_INFINITY) + ON_ITS_WAY) return 'has withdrawn consent'
  return at > erasedAt + ON_ITS_WAY ? 'was erased' : undefined
}

/** I3: what is repeated is the same, comes while the platform merges it, and not at all where nothing is merged. */
const repeatFaults = (world: World, connected: Connected, facts: Facts, histories: Histories): Violation[] => {
  const { slug, account, prefersCompleteness } = connected
  const destination = destinations.get(slug)
  const faults: Violation[] = []
  for (const [key, events] of facts) {
    const history = histories.of(connected, key)
    const [event] = events
    if (history.length < 2 || !event || !destination || events.some((one) => isOfWrongClock(one.event))) continue
    const merging = destination.dedup(event.event.name)
    const fault = (what: string) => faults.push({ invariant: 'I3', what: `${slug} ${account} ${key}: ${what}` })
    const own = history.flatMap((seen) =>
      seen.told.filter((told) => told.key === key).map((told) => ({ ...told, seen })),
    )
    for (const id of new Set(own.map((told) => told.id))) {
      const same = own.filter((told) => told.id === id)
      if (world.clock.length === 0 && new Set(same.map(({ at }) => at)).size > 1 && events.length === 1)
        fault('told with different times')
      const taken = same.filter(({ seen }) => seen.took.some((told) => told.id === id)).map(({ seen }) => seen.at)
      const first = taken[0] ?? 0
      const counted = 1 + taken.filter((at) => at > first + (merging?.window ?? -1)).length - (merging ? 0 : 1)
      if (counted > 1 && !prefersCompleteness) fault(`counted ${counted} times`)
      const unclear = same.find(({ seen }) => seen.unclear)?.seen.at
      const until = unclear === undefined ? Number.POSITIVE_INFINITY : unclear + (merging ? merging.window - HOUR : 0)
      const late = same.find(({ seen }) => seen.at > until + MINUTE)
      if (late && !prefersCompleteness) fault(`sent again at ${iso(late.seen.at)} when a repeat would not be merged`)
    }
  }
  return faults
}

/** I6: no more at once, and no more in a second, than the platform takes. */
const rateFaults = ({ slug, account }: Connected, requests: readonly Seen[]): Violation[] => {
  const { rate, inFlight, bulk } = destinations.get(slug)?.limits ?? {}
  if (!rate || inFlight === undefined) return []
  const faults: Violation[] = []
  const most = 2 * (rate.perSecond + (bulk?.rate.perSecond ?? 0)) + 1
  let oldest = 0
  for (const [place, { at }] of requests.entries()) {
    while ((requests[oldest]?.at ?? at) <= at - SECOND) oldest++
    if (place - oldest + 1 > most)
      faults.push({ invariant: 'I6', what: `${slug} ${account}: ${most}+ a second at ${iso(at)}` })
  }
  const ends = (one: Seen): number => one.answeredAt ?? one.by.diedAt ?? Number.POSITIVE_INFINITY
  for (const [place, one] of requests.entries()) {
    const others = requests
      .slice(Math.max(0, place - 100), place)
      .filter((other) => other.by === one.by && ends(other) > one.at)
    if (others.length >= Math.max(inFlight, bulk?.inFlight ?? 0))
      faults.push({ invariant: 'I6', what: `${slug} ${account}: ${others.length + 1} at once at ${iso(one.at)}` })
  }
  return faults
}

/** Caps of the waits between failing requests, those of a few seconds left out: chance alone comes near them. */
const CAPS = [8, 16, 32, 64, 128, 256, 512].map((seconds) => seconds * SECOND)
const FEW = 10

/** I6: those that failed together do not come back together, so hardly anybody waits for exactly as long as allowed. */
const chanceFaults = (accounts: readonly (readonly Seen[])[]): Violation[] => {
  const gaps = accounts.flatMap((requests) =>
    requests.flatMap((one, place) => {
      const next = requests[place + 1]
      const failed = one.fault === '500' || one.fault === '503' || one.fault === 'connection refused'
      const gap = next && one.answeredAt && failed && next.by === one.by ? next.at - one.answeredAt : 0
      return gap > 6 * SECOND && gap < 600 * SECOND ? [gap] : []
    }),
  )
  const exact = gaps.filter((gap) => CAPS.some((cap) => gap >= cap && gap < cap + SECOND / 4))
  return exact.length > FEW && exact.length > gaps.length / 2
    ? [{ invariant: 'I6', what: `${exact.length} of ${gaps.length} waits were exactly as long as can be` }]
    : []
}

/** I6: whoever was told to wait does not come before. */
const waitFaults = (world: World, connected: Connected, requests: readonly Seen[]): Violation[] => {
  const { slug, account, mended } = connected
  const faults: Violation[] = []
  for (const one of requests) {
    const { retryAt, answeredAt, by } = one
    if (retryAt === undefined || answeredAt === undefined) continue
    // Its process may have died before it could write that down.
    if (by.diedAt !== undefined && by.diedAt < answeredAt + SECOND) continue
    const early = requests.find(({ at }) => at > answeredAt && at < retryAt - SECOND)
    if (!early) continue
    const excused = (at: number): boolean => at >= one.at && at <= early.at
    if (mended.some(excused) || world.clock.some((set) => excused(set.at))) continue
    faults.push({
      invariant: 'I6',
      what: `${slug} ${account}: asked at ${iso(answeredAt)} (${one.fault}) to wait until ${iso(retryAt)}, came at ${iso(early.at)}`,
    })
  }
  return faults
}
