import type { Consent } from '../event/consent.ts'
import type { Shop } from '../event/event.ts'
import type { ClientId } from '../event/identity.ts'
import { HOUR, MINUTE } from '../lib/duration.ts'
import { compact } from '../lib/json.ts'
import { whatFailed } from '../lib/log.ts'
import type { ShopErasure } from '../store/erasure.ts'
import type { IdentityKey, IdentityRecord } from '../store/store.ts'
import { type Appearance, AT_ONCE, startLearning } from './learning.ts'
import { newer } from './project.ts'
import type { Runtime } from './runtime.ts'

export interface Projector {
  /** Takes what was appended; resolves at once. Delivery is woken when it is written. */
  take(appearances: readonly Appearance[]): void
  /** A browser's choice of consent that came by itself. It is kept when this resolves: nothing repeats a choice. */
  choose(shop: Shop, clientId: ClientId, consent: Consent, at: number): Promise<void>
  /**
   * Changes one record and resolves when that is written, in step with what else is learned about it. The same record
   * given back is not written again.
   */
  update(shop: Shop, key: IdentityKey, change: (known: IdentityRecord | undefined) => IdentityRecord): Promise<void>
  /**
   * Erases people of a shop: this is how the job of requests calls store.erase, and nothing else may. What was learned
   * is written first, the store erases, and no record of the shop is believed that was read before: one that is still in
   * memory, or on its way here, would be written back under a new key. Resolves with the number of salts that went;
   * rejects when the store fails, and is to be called again.
   */
  forget(shop: Shop, names: readonly string[]): Promise<number>
  /** The same for a whole shop. */
  forgetShop(shop: Shop, erasure: ShopErasure): Promise<void>
  /** Too much is waiting to be written: capture should ask senders to come back. */
  readonly behind: boolean
  /** Writes what is waiting. */
  stop(): Promise<void>
}

/** Writes share one transaction for this long; capture does not wait for them, delivery does. */
const GATHER = 50
/** Counts of arrivals and the watermark are written this often when nothing else is. */
const COUNTS_EVERY = 1000
/** With nothing left to write it sleeps until something is taken. */
const IDLE = HOUR
const MOST_WAITING = 50_000

/**
 * Parts have no number, so no watermark tells which were learned from. What arrives together is learned from together,
 * or nearly: groups that commit at the same time may swap, and a part of this long before the watermark's event may
 * wait behind it.
 */
const PARTS_MARGIN = MINUTE
/** Parts that are learned from again at a start; capture takes no more in when this many wait. */
const MOST_PARTS = MOST_WAITING

/**
 * Keeps `identities` and the counts of arrivals behind the log, after the acknowledgement. What a crash leaves
 * unprojected is learned at the next start: events from the log, behind a watermark that moves in the transaction that
 * writes what they taught; and all parts since that watermark, because learning from a part twice changes nothing.
 */
export const startProjector = async (runtime: Runtime): Promise<Projector> => {
  const learning = startLearning(runtime.store)
  let waiting: Appearance[] = []
  let wake = new AbortController()
  const stopping = new AbortController()

  // Learning, changes on purpose and erasing take turns: each reads records, then writes what follows from them.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  // Parts first: the events move the watermark, and a crash in between must find the parts again.
  const parts = await runtime.store.unprojectedParts(PARTS_MARGIN, MOST_PARTS)
  for (let from = 0; from < parts.length; from += AT_ONCE) {
    const batch = parts
      .slice(from, from + AT_ONCE)
      .map(({ shop, part: { event, receivedAt } }) => ({ shop, event, at: receivedAt }))
    await learning.load(batch)
    learning.learn(batch)
    await learning.write(true)
  }

  for (;;) {
    const left = await runtime.store.unprojected(1000)
    if (left.length === 0) break
    const batch = left.flatMap(({ shop, event: { seq, event, receivedAt } }) =>
      event ? [{ shop, event, at: receivedAt, seq }] : [],
    )
    // A body that is gone teaches nothing, but its number must be passed.
    for (const { shop, event } of left) learning.pass(shop, { seq: event.seq })
    await learning.load(batch)
    learning.learn(batch)
    await learning.write(true)
  }

  /** Learns from the next of what waits and writes it; what could not be looked at is waiting again. */
  const step = async (countsToo: boolean): Promise<{ readonly fault?: unknown; readonly shops: ReadonlySet<Shop> }> => {
    const batch = waiting.slice(0, AT_ONCE)
    waiting = waiting.slice(AT_ONCE)
    const shops = new Set(batch.map((one) => one.shop))
    let loaded = false
    try {
      await learning.load(batch)
      loaded = true
      learning.learn(batch)
      await learning.write(countsToo)
    } catch (fault) {
      // It is tried again, and what the end of the process leaves is learned at the next start.
      runtime.log.error('projection failed', { fault: whatFailed(fault) })
      if (!loaded) waiting = [...batch, ...waiting]
      return { fault, shops }
    }
    return { shops }
  }

  /** What waits was sealed for the living person and would otherwise be learned of the erased one. */
  const learnWaiting = async (): Promise<void> => {
    for (let steps = Math.max(1, Math.ceil(waiting.length / AT_ONCE)); steps > 0; steps--) {
      const { fault, shops } = await step(true)
      for (const one of shops) runtime.wake.arrived(one)
      if (fault) throw fault
    }
  }

  let countedAt = runtime.clock.now()
  const run = async () => {
    for (;;) {
      const last = stopping.signal.aborted
      const now = runtime.clock.now()
      // Either way: the clock may have been set back.
      const countsToo = last || Math.abs(now - countedAt) >= COUNTS_EVERY
      if (countsToo) countedAt = now
      const { fault, shops } = await inTurn(() => step(countsToo))
      const failed = fault !== undefined
      // Delivery goes on, if need be with what was known before.
      for (const shop of shops) runtime.wake.arrived(shop)
      if (last && (failed || waiting.length === 0)) return
      if (waiting.length === 0 || failed) {
        wake = new AbortController()
        const wait = failed || learning.unwritten ? COUNTS_EVERY : IDLE
        await runtime.clock.sleep(wait, AbortSignal.any([wake.signal, stopping.signal]))
      }
      await runtime.clock.sleep(GATHER, stopping.signal)
    }
  }
  const running = run()

  return {
    take(appearances) {
      if (appearances.length === 0) return
      // Only the first has somebody to wake.
      if (waiting.length === 0) wake.abort()
      for (const one of appearances) waiting.push(one)
    },
    choose: (shop, clientId, consent, at) =>
      inTurn(() => learning.change(shop, `client:${clientId}`, (browser) => chose(browser, clientId, consent, at))),
    update: (shop, key, change) => inTurn(() => learning.change(shop, key, change)),
    forget: (shop, names) =>
      inTurn(async () => {
        await learnWaiting()
        const people = await runtime.store.linked(shop, names)
        const gone = await runtime.store.erase(shop, names)
        learning.forget(shop, people, runtime.clock.now())
        return gone
      }),
    forgetShop: (shop, erasure) =>
      inTurn(async () => {
        await learnWaiting()
        await runtime.store.eraseShop(shop, erasure)
        learning.forget(shop, 'everybody', runtime.clock.now())
      }),
    get behind() {
      return waiting.length > MOST_WAITING
    },
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/**
 * A choice as it counts beside the one that is known. One that takes something back counts from when it came, whatever its
 * moment says: the browser's clock or ours may have been set back since, and what was allowed before would stand for ever.
 */
const asCame = (known: Consent | undefined, choice: Consent): Consent => {
  if (known?.at === undefined || (choice.at ?? '') > known.at || !takesBack(known, choice)) return choice
  return { ...choice, at: new Date(Date.parse(known.at) + 1).toISOString() }
}

const PURPOSES = ['marketing', 'analytics', 'preferences', 'saleOfData'] as const

const takesBack = (known: Consent, choice: Consent): boolean =>
  PURPOSES.some((purpose) => choice[purpose] === false && known[purpose] !== false) ||
  (choice.gpc === true && known.gpc !== true)

/** A browser with its newest choice; the same record when that was known. */
const chose = (
  browser: IdentityRecord | undefined,
  clientId: ClientId,
  consent: Consent,
  seenAt: number,
): IdentityRecord => {
  const counts = newer(browser?.consent, asCame(browser?.consent, consent))
  if (browser && (counts === undefined || counts === browser.consent)) return browser
  return compact<IdentityRecord>({ ...browser, clientId, consent: counts, seenAt })
}
