import { MINUTE, SECOND } from '../lib/duration.ts'

/** A platform is judged as a whole by what became of so many of its connections … */
const ENOUGH = 20
/** … of which this share fails … */
const SHARE = 0.6
/** … within this time. With fewer, each connection's own breaker has to do. */
const WINDOW = 2 * MINUTE

/** While it is down, one connection asks for all of them, this often. */
export const PROBE_EVERY = 15 * SECOND
/** Probes that have to go well, one after the other, before all may go again. */
const PROBES = 3

/** Of those who come back and of those who try again, this share goes within a second. */
const PER_SECOND = 0.01
/** Where some requests of a platform fail and others do not, this share of its first attempts may be tried again. */
const RETRIES = 0.1

/** Judges a platform as a whole. A connection is named by a text of its own; instants are ms since 1970. */
export interface PlatformBreaker {
  isOpen(): boolean
  /** ms until it makes sense to ask; 0: now. Claims nothing. */
  rest(connection: string, now: number, random: number): number
  /** The connection wants to send, for the first time or again: it may, it may for a probe, or it waits so many ms. */
  ask(connection: string, retry: boolean, now: number, random: number): 'go' | 'probe' | number
  /** What became of a request; whether it opened or closed. */
  tell(connection: string, well: boolean, probe: boolean, now: number): 'opened' | 'closed' | undefined
  /** Something else holds all connections up, from now on … */
  hold(): void
  /** … to now: they come back one after the other. */
  comeBack(now: number): void
}

/** Those who want the same at once go one after the other: each has a moment of its own, in the order of asking. */
const createSpread = () => {
  const moments = new Map<string, number>()
  let next = 0
  return {
    /** ms until the moment of who has one. */
    rest: (who: string, now: number): number => Math.max(0, (moments.get(who) ?? 0) - now),
    /** The same for anybody; a moment that has come is used up. */
    ask: (who: string, perSecond: number, now: number): number => {
      if (next + WINDOW < now) moments.clear()
      const moment = moments.get(who) ?? Math.max(next, now)
      if (!moments.has(who)) next = moment + SECOND / perSecond
      if (moment > now) moments.set(who, moment)
      else moments.delete(who)
      return Math.max(0, moment - now)
    },
    /** Whether nobody has had to wait for a while. */
    isOver: (now: number): boolean => next + WINDOW < now,
    begin: (now: number) => {
      moments.clear()
      next = now
    },
  }
}

/** Of the connections that were asked lately, how many there are and how many of them failed when last asked. */
const createWindow = () => {
  const latest = new Map<string, { readonly at: number; readonly well: boolean }>()
  let failing = 0
  const forget = (connection: string) => {
    if (latest.get(connection)?.well === false) failing--
    latest.delete(connection)
  }
  return {
    tell: (connection: string, well: boolean, now: number) => {
      // Whoever was told of last stands last, so that the oldest are found at the front.
      forget(connection)
      latest.set(connection, { at: now, well })
      if (!well) failing++
    },
    counts: (now: number): { readonly seen: number; readonly failing: number } => {
      for (const [connection, { at }] of latest) {
        if (at >= now - WINDOW) break
        forget(connection)
      }
      return { seen: latest.size, failing }
    },
    clear: () => {
      latest.clear()
      failing = 0
    },
  }
}

export const createPlatformBreaker = (): PlatformBreaker => {
  const window = createWindow()
  const spread = createSpread()
  let open: { readonly nextProbe: number; readonly passed: number } | undefined
  /** After an outage: how many had been there, and who is back already. */
  let comingBack: { readonly of: number; readonly back: Set<string> } | undefined
  /** Those who want to send while nobody may; they are the ones to come back. */
  let held: Set<string> | undefined
  /** First attempts of this minute and of the one before. */
  let firsts = { from: 0, now: 0, before: 0 }

  const countFirst = (now: number) => {
    const from = now - (now % MINUTE)
    if (from !== firsts.from) firsts = { from, now: 0, before: from === firsts.from + MINUTE ? firsts.now : 0 }
    firsts.now++
  }
  const perSecond = (now: number): number => {
    const { seen, failing } = window.counts(now)
    const all = Math.max(1, PER_SECOND * Math.max(seen, comingBack?.of ?? 0))
    const isMixed = failing > 0 && failing < seen
    const budget = (RETRIES * Math.max(firsts.now, firsts.before)) / 60
    return isMixed ? Math.min(all, Math.max(budget, SECOND / PROBE_EVERY)) : all
  }
  /** Those who come back while others may go: anything from one to four probes later. */
  const later = (random: number): number => Math.round(PROBE_EVERY * (1 + 3 * random))
  const comeBack = (now: number) => {
    const of = held?.size ?? 0
    comingBack = of < ENOUGH ? undefined : { of, back: new Set() }
    open = undefined
    held = undefined
    window.clear()
    spread.begin(now)
  }

  return {
    isOpen: () => open !== undefined,
    rest(connection, now, random) {
      held?.add(connection)
      if (open) return now >= open.nextProbe ? 0 : later(random)
      return spread.rest(connection, now)
    },
    ask(connection, retry, now, random) {
      held?.add(connection)
      if (open) {
        if (now < open.nextProbe) return later(random)
        open = { ...open, nextProbe: now + PROBE_EVERY }
        return 'probe'
      }
      if (comingBack && spread.isOver(now)) comingBack = undefined
      const comesBack = comingBack !== undefined && !comingBack.back.has(connection)
      if (comesBack || (retry && window.counts(now).seen >= ENOUGH)) {
        const wait = spread.ask(connection, perSecond(now), now)
        if (wait > 0) return wait
        comingBack?.back.add(connection)
      }
      if (!retry) countFirst(now)
      return 'go'
    },
    tell(connection, well, probe, now) {
      window.tell(connection, well, now)
      if (open) {
        if (!probe) return undefined
        if (!well) open = { ...open, passed: 0 }
        else if (open.passed + 1 < PROBES) open = { nextProbe: now, passed: open.passed + 1 }
        else {
          comeBack(now)
          return 'closed'
        }
        return undefined
      }
      const { seen, failing } = window.counts(now)
      if (seen < ENOUGH || failing < SHARE * seen) return undefined
      open = { nextProbe: now + PROBE_EVERY, passed: 0 }
      held = new Set()
      return 'opened'
    },
    hold: () => {
      held ??= new Set()
    },
    comeBack,
  }
}
