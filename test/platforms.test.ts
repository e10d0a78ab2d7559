import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { destinations } from '../src/destinations/all.ts'
import { anyEvent } from '../src/destinations/any-event.ts'
import type { CommonSettings } from '../src/destinations/common-settings.ts'
import { maxAgeOf } from '../src/destinations/deadline.ts'
import type { Destination, Packing } from '../src/destinations/destination.ts'
import { mapEvent, planRequests } from '../src/destinations/plan.ts'
import { DEFAULT_POLICY } from '../src/event/consent.ts'
import type { Event } from '../src/event/event.ts'
import { pixelId } from '../src/event/event-ids.ts'
import { identityFrom } from '../src/event/identity.ts'
import { EVENT_NAMES, type EventName } from '../src/event/names.ts'
import { DAY } from '../src/lib/duration.ts'
import { freshToken, withToken } from '../src/pipeline/authorize.ts'
import { route } from '../src/pipeline/route.ts'
import { demoAccounts } from '../src/runtimes/demo-accounts.ts'
import { type Sender, startSender } from '../src/runtimes/send.ts'
import { sandboxServiceAccount } from '../src/sandbox/google/credentials.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'

// The definitions and the sandbox were written apart from the same sheets. What the one sends the other has to take.

/** The invented events lie in the week before. */
const NOW = new Date('2026-11-22T10:00:00Z')
const EVENTS = 500
const accounts = demoAccounts(sandboxServiceAccount())

describe('500 invented events, mapped and sent to the sandbox', () => {
  let sandbox: Sandbox
  let sender: Sender
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, now: () => NOW.getTime() })
    sender = startSender(
      destinations.values(),
      (url) => new URL(`${sandbox.url}/${url.hostname}${url.pathname}${url.search}`),
    )
  })
  afterAll(async () => {
    await sender.close()
    await sandbox.close()
  })

  it.each(Object.keys(accounts).map((slug) => [slug] as const))(
    'none is refused by %s, alone or together, and what is not sent has a reason',
    async (slug) => {
      const destination = destinations.get(slug) ?? expect.fail(`no destination ${slug}`)
      const control = (name: string, body = '{}') => fetch(`${sandbox.url}/control/${name}`, { method: 'POST', body })
      const refused: unknown[] = []
      const mapped = new Set<EventName>()
      let counted = 0
      for (const purchaseOn of ['placed', 'paid']) {
        const settings = destination.settings.parse({ ...(accounts[slug] as object), purchaseOn })
        const wanted = acceptedBy(destination, settings)
        const { entries, skipped } = await mappedBy(destination, settings, wanted)
        expect(entries.length + skipped).toBe(EVENTS)
        for (const { event } of entries) mapped.add(event.name)
        counted += entries.length
        const together = { singly: false, test: false, now: NOW }
        const ways: readonly Packing[] = [
          { ...together, singly: true },
          together,
          ...(destination.limits.bulk ? [{ ...together, bulk: true }] : []),
        ]
        for (const packing of ways) {
          // Each time anew: sent twice, an event is a repeat. What a sheet leaves open is refused, so that it is seen.
          await control('reset')
          await control(`${slug}/settings`, '{"uncertain":"refuse"}')
          const token = await freshToken({ send: sender.send, clock }, destination, settings)
          if (token !== undefined && token.outcome !== 'granted') expect.fail(token.message)
          for (const { request, items, owners } of planRequests(destination, settings, entries, packing)) {
            const response = await sender.send(token === undefined ? request : withToken(request, token.token))
            for (const verdict of destination.readResponse(response, items))
              if (verdict.outcome !== 'accepted')
                refused.push({ verdict, name: owners[0]?.event.name, body: request.body })
          }
          // Some platforms answer alike whatever they think of an event: the sandbox says what it would have dropped.
          const answer = await fetch(`${sandbox.url}/control/${slug}/refusals`)
          refused.push(...((await answer.json()) as unknown[]))
        }
        if (purchaseOn === 'paid') continue
        const purchases = entries.filter(({ event }) => event.name === 'order_placed')
        expect(purchases.length, 'purchases').toBeGreaterThan(5)
        // All but the other moment of the purchase.
        for (const name of wanted) if (name !== 'order_paid') expect([...mapped], name).toContain(name)
      }
      expect(refused.slice(0, 3)).toEqual([])
      expect(counted).toBeGreaterThan(EVENTS / 2)
    },
    90_000,
  )
})

/** The names that a connection with these settings sends. */
const acceptedBy = (destination: Destination, settings: CommonSettings): readonly EventName[] => {
  const usual = destination.defaultEvents?.(settings)
  return EVENT_NAMES.filter((name) => destination.accepts[name] !== null && (usual?.includes(name) ?? true))
}

/** Every event that would be sent as its items, and how many were skipped with a reason. */
const mappedBy = async (destination: Destination, settings: CommonSettings, wanted: readonly EventName[]) => {
  const entries: { index: number; items: readonly unknown[]; event: Event }[] = []
  let skipped = 0
  for (const [index, invented] of fc.sample(anyEvent, { numRuns: EVENTS, seed: 20261122 }).entries()) {
    const event = likely(destination, invented, wanted[index % wanted.length] ?? 'page_viewed', index)
    const way = route(event, { destination, settings, policy: DEFAULT_POLICY, now: NOW.getTime() })
    const items =
      'skip' in way
        ? way
        : mapEvent(destination, settings, event, { limited: way.limited, backfill: false, test: false, now: NOW })
    if ('skip' in items) skipped++
    else entries.push({ index, items: items.items, event })
  }
  return { entries, skipped }
}

/** An invented event as most are: fresh, from the web, of somebody known, who mostly did not refuse; the rest stays odd. */
const likely = (destination: Destination, event: Event, name: EventName, index: number): Event => {
  const line = { productId: '7890123456789', variantId: '44112233445566', quantity: 1, price: '12.50', total: '12.50' }
  const { test: _, ...commerce } = event.commerce ?? {}
  const person = identityFrom({ email: `shopper-${index}@example.com`, ip: '203.0.113.9', userAgent: 'Phone/1.0' })
  const oldest = Math.min(DAY, maxAgeOf(destination, { ...event, name }))
  const occurredAt = new Date(NOW.getTime() - Math.round(((index % 1200) / 1500) * oldest)).toISOString()
  const url = 'https://shop.example.com/'
  return {
    ...event,
    // Several events of one id would be repeats.
    id: pixelId(`event-${index}`),
    name,
    occurredAt,
    // The page on which the visit began: some platforms want to know of no other.
    ...(name === 'page_viewed' && index % 2 === 0 ? { page: { url }, landing: { url, at: occurredAt } } : {}),
    ...(index % 4 === 0 ? {} : { identity: { ...person, ...event.identity } }),
    ...(index % 5 === 0 ? {} : { consent: { marketing: true, analytics: true, preferences: index % 2 === 0 } }),
    commerce: {
      currency: 'USD',
      value: '12.50',
      remaining: '4.00',
      ...commerce,
      orderId: String(6_000_000_000_000 + index),
      channel: index % 9 === 0 ? 'pos' : 'web',
      items: commerce.items?.length && index % 3 === 0 ? commerce.items : [line],
      original: { occurredAt: new Date(NOW.getTime() - 86_400_000).toISOString(), value: '20.00' },
    },
    ...(name === 'searched' ? { search: event.search ?? { query: 'lantern' } } : {}),
    ...(name === 'custom' ? { custom: { name: 'quiz_done' } } : {}),
  }
}

const clock = { now: () => NOW.getTime(), random: Math.random, sleep: () => Promise.resolve() }
