import type { Limits } from '../destinations/destination.ts'
import { type QuotaTold, quotaFromHeaders } from '../destinations/quota.ts'
import { HOUR, MINUTE, SECOND } from '../lib/duration.ts'
import type { HttpResponse } from '../lib/http.ts'
import { dueAt, LONGEST_LANE_WAIT, LONGEST_STATED } from './backoff.ts'
import { createLine, type Line } from './line.ts'
import { neverBack } from './never-back.ts'
import type { Outlet } from './outlet.ts'
import { answered, FIRST_PACE, type Pace, rateAt, told } from './pace.ts'
import type { Clock } from './runtime.ts'

/** Whose requests count together, and how many of them the platform takes. */
export interface Quota {
  readonly key: string
  /** As the platform documents it; how much of that is used is the limiter's business. */
  readonly perSecond: number
  /** The connection that was told to wait. */
  readonly own: string
  /** Shared with every other quota that the platform's word about this one is about. */
  readonly pauses: string
  /** On whose behalf: those who share a quota take turns. */
  readonly who: string
}

/** The quota that a connection's requests fall under: its own, that of its account, or that of all of us. */
export const quotaOf = (
  { destination, settings, shop, connection }: Pick<Outlet, 'destination' | 'settings' | 'shop' | 'connection'>,
  { perSecond, scope }: Limits['rate'],
): Quota => {
  const own = `${destination.slug} connection ${shop.shop} ${connection.id}`
  const key =
    scope === 'connection'
      ? own
      : scope === 'account'
        ? `${destination.slug} account ${destination.account(settings)}`
        : `${destination.slug} app`
  // An interface for backlogs has a rate of its own. A platform that tells one merchant to wait does not mean all of them.
  return { key: `${key} ${perSecond}`, perSecond, own, pauses: scope === 'app' ? own : key, who: shop.shop }
}

/** A share of a quota, for one connection that comes back after failures. */
export const partOf = ({ perSecond, own, pauses, who }: Quota, share: number): Quota => ({
  key: `${own} ${perSecond} ${share}`,
  perSecond: perSecond * share,
  own,
  pauses,
  who,
})

/**
 * Tells the limiter of a wait that a lane was asked for before this process knew of it: it was asked of the whole
 * connection, whichever lane was told.
 */
export const recallWait = (
  outlet: Pick<Outlet, 'runtime' | 'destination' | 'settings' | 'shop' | 'connection' | 'lanes'>,
): void => {
  const { runtime, destination, lanes } = outlet
  const now = runtime.clock.now()
  const asked = Math.max(0, ...lanes.map(({ due, tries }) => (tries > 0 ? dueAt(due, now) : 0)))
  if (asked <= now + LONGEST_LANE_WAIT) return
  const quota = quotaOf(outlet, destination.limits.rate)
  runtime.limiter.pause({ ...quota, pauses: quota.own }, asked - now)
}

/** Tells the limiter what an answer says of its quota; whether it said that there were too many requests. */
export const hearQuota = (
  { runtime, destination }: Pick<Outlet, 'runtime' | 'destination'>,
  quota: Quota,
  response: HttpResponse,
): boolean => {
  if (response.status === 0) return false
  const said = destination.readQuota?.(response) ?? quotaFromHeaders(response)
  const isTooMany = response.status === 429 || said?.usedUp === true
  runtime.limiter.answered(quota, isTooMany, said)
  return isTooMany
}

/** Keeps quotas before the platforms have to. */
export interface Limiter {
  /**
   * Waits for a request's turn, at most 2 s, and answers 0; or answers at once when to come again, in ms, when it is
   * longer: then there are better things to do meanwhile, and the place in the line is kept.
   */
  turn(quota: Quota): Promise<number>
  /**
   * The platform said that nobody of this quota shall come back before so many ms. The connection that was told waits all
   * of it, whatever it has to send; the others ask again after 15 min.
   */
  pause(quota: Quota, ms: number): void
  /** An answer came. `refused`: it said that there were too many requests; `said`: what it told of the quota. */
  answered(quota: Quota, refused: boolean, said: QuotaTold | undefined): void
  /** For people and metrics: the quotas that are used at the moment. */
  states(): readonly QuotaState[]
}

/** A quota, its documented rate, the rate that is used, and until when nobody may ask (ms since 1970). */
export interface QuotaState {
  readonly key: string
  readonly perSecond: number
  readonly used: number
  readonly pausedUntil?: number
}

/** Requests that may go at once after a pause: what a quota allows in this time. */
const BURST = SECOND
/** A platform's word about others is believed this long; then somebody asks again. */
const LONGEST_PAUSE = 15 * MINUTE
/** Nobody waits in line longer than this. */
const LONGEST = 2 * SECOND
/** Who was told to come again comes a moment before the turn, so that none goes unused … */
const EARLY = SECOND
/** … and keeps the place this long after it. */
const LATE = 5 * SECOND
/** With more quotas than this, those that nobody uses are forgotten. */
const REMEMBERED = 10_000

interface Known {
  readonly quota: Quota
  readonly line: Line
  /** When the next request would go if all went evenly. */
  next: number
  pace: Pace
  isCalling: boolean
}

/**
 * Every quota is one number: when its next request would go if all went evenly (a leaky bucket, GCRA). Those who share
 * it and have to wait stand in one line and take turns.
 */
export const createLimiter = (clock: Pick<Clock, 'now' | 'sleep'>): Limiter => {
  const clockNow = neverBack(clock)
  const quotas = new Map<string, Known>()
  const pausedUntil = new Map<string, number>()

  const knownOf = (quota: Quota): Known => {
    const known = quotas.get(quota.key)
    if (known) return known
    if (quotas.size >= REMEMBERED) forgetIdle()
    const made = { quota, line: createLine(), next: 0, pace: FIRST_PACE, isCalling: false }
    quotas.set(quota.key, made)
    return made
  }
  const forgetIdle = () => {
    const now = clockNow()
    for (const [key, { next, isCalling }] of quotas) if (next < now - HOUR && !isCalling) quotas.delete(key)
    for (const [key, until] of pausedUntil) if (until < now) pausedUntil.delete(key)
  }
  /** ms that pass between two requests; a quota that the platform says is used up is asked for once a minute. */
  const gapOf = ({ pace, quota }: Known, now: number): number =>
    SECOND / Math.max(rateAt(pace, quota.perSecond, now), 1 / 60)
  const pauseOf = ({ quota }: Known): number => pausedUntil.get(quota.pauses) ?? 0
  const take = (known: Known, now: number) => {
    known.next = Math.max(known.next, now) + gapOf(known, now)
  }

  /** Calls those who wait, one by one, as their time comes. */
  const callAll = async (known: Known): Promise<void> => {
    if (known.isCalling) return
    known.isCalling = true
    for (let first = known.line.first(); first; first = known.line.first()) {
      const now = clockNow()
      const at = Math.max(known.next - BURST, pauseOf(known))
      if (at - now > LONGEST) for (const { call } of known.line.dismiss()) call?.(Math.ceil(at - now))
      else if (at > now) await clock.sleep(at - now)
      else {
        take(known, now)
        known.line.served(first)
        first.call?.(0)
      }
    }
    known.isCalling = false
  }

  const pause = ({ own, pauses }: Quota, ms: number): void => {
    const now = clockNow()
    const until = (name: string, most: number) =>
      pausedUntil.set(name, Math.max(pausedUntil.get(name) ?? 0, now + Math.min(ms, most)))
    until(pauses, LONGEST_PAUSE)
    until(own, LONGEST_STATED)
  }

  return {
    async turn(quota) {
      const known = knownOf(quota)
      const now = clockNow()
      const paused = Math.max(pausedUntil.get(quota.own) ?? 0, pauseOf(known)) - now
      if (paused > LONGEST) return Math.ceil(paused)
      const place = known.line.place(quota.who, now)
      const ahead = known.line.ahead(place)
      const at = Math.max(now, known.next - BURST, now + paused) + ahead * gapOf(known, now)
      if (at - now > LONGEST) {
        known.line.leave(place, at + LATE)
        return Math.ceil(at - now - EARLY)
      }
      if (at <= now && !known.line.first()) {
        take(known, now)
        known.line.served(place)
        return 0
      }
      return new Promise((resolve) => {
        known.line.wait(place, resolve)
        void callAll(known)
      })
    },

    pause,

    answered(quota, refused, said) {
      const known = knownOf(quota)
      const now = clockNow()
      known.pace = answered(known.pace, refused, now)
      if (said === undefined) return
      known.pace = told(known.pace, said, quota.perSecond, now)
      const wait = said.pause ?? (said.remaining === 0 ? said.resetAfter : undefined)
      if (wait !== undefined) pause(quota, wait)
    },

    states() {
      const now = clockNow()
      return [...quotas.values()].flatMap((known) => {
        const { quota, pace, next } = known
        const until = pauseOf(known)
        if (next < now && until < now) return []
        const state = { key: quota.key, perSecond: quota.perSecond, used: rateAt(pace, quota.perSecond, now) }
        return [until > now ? { ...state, pausedUntil: until } : state]
      })
    },
  }
}
