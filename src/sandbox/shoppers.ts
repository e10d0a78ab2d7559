import { Agent, request } from 'undici'
import { SECOND } from '../lib/duration.ts'
import { DEFAULT_ACCOUNT } from './pinterest/accounts.ts'
import type { Books } from './shopify/admin/books.ts'
import { type Journey, journeyOf, type Step } from './shopper/journey.ts'

export interface ShoppersOptions {
  readonly count: number
  /** The same seed gives the same journeys and ids. */
  readonly seed: number
  readonly shop: string
  readonly beaconUrl: string
  readonly webhookUrl: string
  readonly webhookSecret: string
  /** The storefront as events name it. */
  readonly storeUrl: string
  /** The platforms' sandbox: gets tag hits, and learns who the buyers are. */
  readonly sandboxUrl: string
  /** Shopify's, in which their orders are entered. */
  readonly books?: Pick<Books, 'sell'> | undefined
  /** Shoppers at a time; 8 unless told. */
  readonly concurrency?: number
  /** ms since 1970; Date.now unless told. */
  readonly now?: () => number
  readonly onProgress?: (done: number, count: number) => void
}

/** What was sent and what should come out. */
export interface ShopperSummary {
  readonly shoppers: number
  readonly sent: {
    readonly beacons: number
    readonly pixelEvents: number
    readonly webhooks: number
    /** Of the webhooks: second deliveries under a webhook id already used. */
    readonly duplicates: number
    readonly tagHits: number
  }
  /** Requests that were not answered with a 2xx. */
  readonly failed: { readonly beacons: number; readonly webhooks: number; readonly tagHits: number }
  readonly purchases: number
  readonly expected: {
    /** Purchases that a destination needing marketing consent should get, limited ones included. */
    readonly purchases: number
    readonly limited: number
    readonly suppressed: number
    /** Of the purchases that should come out: by what the shopper's blocker let through. */
    readonly byBlocker: Readonly<Record<'none' | 'tag' | 'all', number>>
    /** Their order ids. */
    readonly orderIds: readonly string[]
  }
}

const DEADLINE = 30 * SECOND

/** Sends simulated shoppers: beacons as our pixel's, signed webhooks as Shopify's, and hits of the browser tag. */
export const driveShoppers = async (options: ShoppersOptions): Promise<ShopperSummary> => {
  const concurrency = Math.max(1, options.concurrency ?? 8)
  const agent = new Agent({ connections: concurrency })
  const counts = { beacons: 0, pixelEvents: 0, webhooks: 0, duplicates: 0, tagHits: 0 }
  const failed = { beacons: 0, webhooks: 0, tagHits: 0 }
  const expected = { purchases: 0, limited: 0, suppressed: 0 }
  const byBlocker = { none: 0, tag: 0, all: 0 }
  const orderIds: string[] = []
  let purchases = 0

  const post = async (url: string, headers: Readonly<Record<string, string>>, body: string): Promise<boolean> => {
    try {
      const answer = await request(url, {
        method: 'POST',
        headers,
        body,
        dispatcher: agent,
        signal: AbortSignal.timeout(DEADLINE),
      })
      await answer.body.dump()
      return answer.statusCode >= 200 && answer.statusCode < 300
    } catch {
      return false
    }
  }

  const take = async (step: Step): Promise<void> => {
    if (step.kind === 'webhook') {
      counts.webhooks++
      if (!(await post(options.webhookUrl, step.webhook.headers, step.webhook.body))) failed.webhooks++
      return
    }
    const { browser, referrer, cookies } = step.visitor
    const headers = { 'user-agent': browser.userAgent, 'x-forwarded-for': browser.ip }
    if (step.kind === 'beacon') {
      counts.beacons++
      counts.pixelEvents += step.beacon.events.length
      const beaconHeaders = { ...headers, 'content-type': 'text/plain;charset=UTF-8' }
      if (!(await post(options.beaconUrl, beaconHeaders, JSON.stringify(step.beacon)))) failed.beacons++
      return
    }
    counts.tagHits++
    const form = new URLSearchParams({
      tid: DEFAULT_ACCOUNT.tagId,
      event: step.event,
      ed: JSON.stringify(step.data),
      pd: JSON.stringify({ epik: cookies._epik }),
    })
    const tagHeaders = {
      ...headers,
      ...(referrer ? { referer: referrer } : {}),
      'content-type': 'application/x-www-form-urlencoded',
    }
    if (!(await post(`${options.sandboxUrl}/ct.pinterest.com/v3/`, tagHeaders, form.toString()))) failed.tagHits++
  }

  const walk = async (journey: Journey): Promise<void> => {
    if (journey.buyers.length > 0) {
      const people = journey.buyers.map(({ email, phone }) => ({ email, phone }))
      await post(`${options.sandboxUrl}/control/people`, {}, JSON.stringify({ people }))
    }
    for (const step of journey.steps) await take(step)
    const ids = journey.steps.flatMap((step) => (step.kind === 'webhook' ? [step.webhook.webhookId] : []))
    counts.duplicates += ids.length - new Set(ids).size
    for (const { order, visitor, expected: outcome } of journey.purchases) {
      purchases++
      // Shopify's search shows an order after its webhooks.
      options.books?.sell(order)
      if (outcome === 'suppressed') {
        expected.suppressed++
        continue
      }
      expected.purchases++
      if (outcome === 'limited') expected.limited++
      byBlocker[visitor.blocker]++
      orderIds.push(order.id)
    }
  }

  let next = 0
  let done = 0
  const now = options.now ?? Date.now
  const worker = async (): Promise<void> => {
    while (next < options.count) {
      const number = next++
      await walk(journeyOf(options.seed, number, { ...options, now: now() }))
      done++
      options.onProgress?.(done, options.count)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, options.count) }, worker))
  } finally {
    await agent.close()
  }
  return {
    shoppers: options.count,
    sent: counts,
    failed,
    purchases,
    expected: { ...expected, byBlocker, orderIds: orderIds.toSorted() },
  }
}
