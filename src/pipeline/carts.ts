import type { Commerce, Event, LineItem, Shop } from '../event/event.ts'
import { cartAddId } from '../event/event-ids.ts'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { compact } from '../lib/json.ts'
import { whatFailed } from '../lib/log.ts'
import { times } from '../lib/money.ts'
import { type IdentityRecord, StoreFault } from '../store/store.ts'
import type { Appearance } from './learning.ts'
import type { Projector } from './projector.ts'
import type { Runtime } from './runtime.ts'
import { subjectOf } from './subject.ts'

/** How far back a start looks for carts whose time had not come when the process ended. */
const LOOK_BACK = 10 * MINUTE
const LOOK_BACK_EVENTS = 2000
const LOOK_BACK_STEP = 100
/** Beyond this many, carts are compared before their hold is over. */
const MOST_WAITING = 50_000
/** A store that failed for one cart fails for all: comparing goes on after this. */
const AFTER_FAULT = 5 * SECOND
/** Sightings of the browser this long before Shopify's own time of the cart still belong to it. */
const SLACK = MINUTE

/**
 * What a cart gained over the remembered one without the pixel seeing it (blocked, or a theme that adds by itself):
 * one product_added for every variant that grew. Pure; the ids make a repeat harmless.
 */
export const addedUnseen = (
  state: Event,
  cart: IdentityRecord | undefined,
  client: IdentityRecord | undefined,
): Event[] => {
  const { cartToken, updatedAt, currency } = state.commerce ?? {}
  if (!cartToken || !updatedAt) return []
  const at = Date.parse(updatedAt)
  return (state.commerce?.items ?? []).flatMap((item): Event[] => {
    const { variantId, quantity = 0 } = item
    if (!variantId) return []
    const grown = quantity - (cart?.lines?.[variantId] ?? 0)
    if (grown <= 0 || sawAdding(client, variantId, at)) return []
    const total = item.price === undefined ? undefined : times(item.price, grown, currency)
    const line = compact<LineItem>({ ...item, quantity: grown, total })
    return [
      compact<Event>({
        schema: 1,
        id: cartAddId(cartToken, variantId, updatedAt),
        shop: state.shop,
        name: 'product_added',
        occurredAt: updatedAt,
        receivedAt: state.receivedAt,
        origin: state.origin,
        seenBy: state.seenBy,
        flags: ['from_cart'],
        store: state.store,
        commerce: compact<Commerce>({ currency, value: total, cartToken, items: [line], numItems: grown }),
      }),
    ]
  })
}

const sawAdding = (client: IdentityRecord | undefined, variantId: string, at: number): boolean =>
  (client?.added ?? []).some((seen) => {
    const [variant, moment] = seen.split(' ')
    return variant === variantId && Number(moment) >= at - SLACK
  })

/** The cart as it now is, for the next comparison. */
const remembered = (state: Event, cart: IdentityRecord | undefined, now: number): IdentityRecord => ({
  ...cart,
  lines: Object.fromEntries(
    (state.commerce?.items ?? []).flatMap((item) => (item.variantId ? [[item.variantId, item.quantity ?? 0]] : [])),
  ),
  linesAt: Date.parse(state.commerce?.updatedAt ?? '') || 0,
  seenAt: now,
})

export interface Carts {
  /** Takes what was appended and keeps the carts among it until their hold is over. */
  take(appearances: readonly Appearance[]): void
  stop(): Promise<void>
}

/**
 * Looks at every cart state once its hold is over, when the pixel has had its time to tell of the same addition. The
 * log is what is trusted: carts that were waiting when the process ended are found in its newest events at the start.
 */
export const startCarts = (runtime: Runtime, projector: Pick<Projector, 'take' | 'update'>): Carts => {
  const { store, clock, options, ownership } = runtime
  const stopping = new AbortController()
  const waiting: Appearance[] = []
  let nap = new AbortController()
  let comparing: { readonly shop: Shop; readonly over: Promise<void> } | undefined

  const compare = async ({ shop, event, seq }: Appearance) => {
    const token = event.commerce?.cartToken
    if (!token || !ownership.of(shop)) return
    // Of somebody who was erased meanwhile nothing is told any more.
    if (seq !== undefined && (await store.readSeqs(shop, [seq]))[0]?.gone === 'redacted') return
    const key = `cart:${token}` as const
    const cart = (await store.identities(shop, [key])).get(key)
    if ((cart?.linesAt ?? 0) >= (Date.parse(event.commerce?.updatedAt ?? '') || 0)) return
    const clientKey = cart?.clientId === undefined ? undefined : (`client:${cart.clientId}` as const)
    const client = clientKey && (await store.identities(shop, [clientKey])).get(clientKey)
    const now = clock.now()
    const added = addedUnseen(event, cart, client)
    if (added.length > 0) {
      const events = added.map((one) => ({ event: one, subject: subjectOf(one), receivedAt: now }))
      const appended = await store.append({ shop, events, parts: [], orders: [] })
      projector.take(
        added.flatMap((one, index) => {
          const placed = appended.events[index]
          return placed?.fresh ? [{ shop, event: one, at: now, seq: placed.seq }] : []
        }),
      )
    }
    await projector.update(shop, key, (known) => remembered(event, known, now))
  }

  /** Those of a shop that were waiting when its process ended, or its owner changed. */
  const lookBack = async (shop: Shop) => {
    const since = clock.now() - LOOK_BACK
    let below: number | undefined
    // Step by step, because at a start others wait for the store as well.
    for (let looked = 0; looked < LOOK_BACK_EVENTS; looked += LOOK_BACK_STEP) {
      const newest = await store.newest(shop, LOOK_BACK_STEP, below)
      for (const { event, receivedAt, seq } of newest)
        if (event?.name === 'cart_updated' && receivedAt >= since) waiting.push({ shop, event, at: receivedAt, seq })
      const oldest = newest.at(-1)
      if (oldest === undefined || oldest.receivedAt < since) break
      below = oldest.seq
    }
    waiting.sort((a, b) => a.at - b.at)
    nap.abort()
  }
  const notLookedBack = (fault: unknown) =>
    runtime.log.error('carts of the last minutes could not be read', {
      fault: whatFailed(fault),
    })
  const leave = ownership.join({
    gained: (shop) => void lookBack(shop).catch(notLookedBack),
    leave: async (shop) => {
      for (let at = waiting.length - 1; at >= 0; at--) if (waiting[at]?.shop === shop) waiting.splice(at, 1)
      if (comparing?.shop === shop) await comparing.over
    },
  })

  const run = async () => {
    try {
      for (const { shop } of await store.shops()) if (ownership.of(shop)) await lookBack(shop)
    } catch (fault) {
      notLookedBack(fault)
    }
    while (!stopping.signal.aborted) {
      nap = new AbortController()
      const first = waiting[0]
      const age = clock.now() - (first?.at ?? 0)
      // One from the future came by a clock that was set back since, and would hold up all the others.
      const due = first === undefined ? MINUTE : age < 0 ? 0 : options.hold - age
      if (due > 0 && waiting.length < MOST_WAITING) {
        await clock.sleep(due, AbortSignal.any([nap.signal, stopping.signal]))
        continue
      }
      waiting.shift()
      try {
        if (first) {
          const going = compare(first)
          comparing = { shop: first.shop, over: going.catch(() => {}) }
          await going
        }
      } catch (fault) {
        runtime.log.error('comparing a cart failed', { fault: whatFailed(fault) })
        if (!first || !(fault instanceof StoreFault)) continue
        // To the end, so that one cart does not hold up the others; a newer state of it that comes first covers it.
        waiting.push(first)
        await clock.sleep(AFTER_FAULT, stopping.signal)
      }
    }
  }
  const running = run()
  return {
    take(appearances) {
      const empty = waiting.length === 0
      for (const one of appearances) if (one.event.name === 'cart_updated') waiting.push(one)
      if (empty && waiting.length > 0) nap.abort()
    },
    stop: async () => {
      stopping.abort()
      await running
      leave()
    },
  }
}
