import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { destinations } from '../src/destinations/all.ts'
import { anyEvent } from '../src/destinations/any-event.ts'
import type { Destination } from '../src/destinations/destination.ts'
import { mapEvent, planRequests } from '../src/destinations/plan.ts'
import { DEFAULT_POLICY } from '../src/event/consent.ts'
import type { Event } from '../src/event/event.ts'
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

  /** Every item that would be sent, and how many events were skipped with a reason. */
  const mapped = (destination: Destination, settings: ReturnType<Destination['settings']['parse']>) => {
    const entries: { index: number; items: readonly unknown[]; event: Event }[] = []
    let skipped = 0
    for (const [index, invented] of fc.sample(anyEvent, { numRuns: EVENTS, seed: 20261122 }).entries()) {
      // Nobody refuses so often: of two events one is of somebody who was not asked, which is enough in the US.
      const { consent, ...unasked } = invented
      const event = index % 2 === 0 && consent ? unasked : invented
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

  it.each(Object.keys(accounts).map((slug) => [slug] as const))(
    'none is refused by %s, and what is not sent has a reason',
    async (slug) => {
      const destination = destinations.get(slug) ?? expect.fail(`no destination ${slug}`)
      const settings = destination.settings.parse(accounts[slug])
      const { entries, skipped } = mapped(destination, settings)
      expect(entries.length + skipped).toBe(EVENTS)
      expect(entries.length).toBeGreaterThan(0)
      const token = await freshToken({ send: sender.send, clock }, destination, settings)
      if (token !== undefined && token.outcome !== 'granted') expect.fail(token.message)
      const packing = { singly: true, test: false, now: NOW }
      // What a sheet leaves open is refused, so that it is seen here.
      await fetch(`${sandbox.url}/control/${slug}/settings`, { method: 'POST', body: '{"uncertain":"refuse"}' })
      const refused: unknown[] = []
      for (const { request, items, owners } of planRequests(destination, settings, entries, packing)) {
        const response = await sender.send(token === undefined ? request : withToken(request, token.token))
        for (const verdict of destination.readResponse(response, items))
          if (verdict.outcome !== 'accepted') refused.push({ verdict, name: owners[0]?.event.name, body: request.body })
      }
      expect(refused.slice(0, 3)).toEqual([])
      // Some platforms answer alike whatever they think of an event: the sandbox says what it would have dropped.
      const answer = await fetch(`${sandbox.url}/control/${slug}/refusals`)
      expect(((await answer.json()) as unknown[]).slice(0, 3)).toEqual([])
    },
    60_000,
  )
})

const clock = { now: () => NOW.getTime(), random: Math.random, sleep: () => Promise.resolve() }
