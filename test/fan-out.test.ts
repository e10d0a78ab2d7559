import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { destinations } from '../src/destinations/all.ts'
import { outcomeOf, stateOf } from '../src/destinations/outcomes.ts'
import { DAY, MINUTE } from '../src/lib/duration.ts'
import type { Log } from '../src/lib/log.ts'
import type { Clock } from '../src/pipeline/runtime.ts'
import { systemClock } from '../src/runtimes/clock.ts'
import { demoAccounts } from '../src/runtimes/demo-accounts.ts'
import { sandboxServiceAccount } from '../src/sandbox/google/credentials.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'
import { PHONE, sample, startWorld, until, type World } from './harness.ts'

// One order, told once by Shopify, at all nine platforms at once.

const ORDER = '6120000000001'
const ID = `pur_${ORDER}`
const VALUE = 176.74
/** What the sample refund gives back. */
const REFUNDED = 52.09

/** The system's clock, and how far it was turned on. */
const turnedClock = (): Clock & { turn(ms: number): void } => {
  let ahead = 0
  return {
    ...systemClock,
    now: () => Date.now() + ahead,
    turn: (ms) => {
      ahead += ms
    },
  }
}

const everyId = {
  _epik: 'epik-of-the-phone',
  _fbp: 'fb.1.1795255200000.1098115397',
  _fbc: 'fb.1.1795341500000.IwAR2ExampleFbclid_aB-cD9',
  _ttp: '2ExampleTtpOfThePhone',
  _scid: '3ff2a6f1-0000-4000-8000-0000000000aa',
  _rdt_uuid: '1795170000000.7c73e5ee-c0ac-4eca-a8bc-84c2d1ad5d2b',
  _ga: 'GA1.1.1234567890.1763800000',
  _ga_TEST123456: 'GS2.1.s1763812345$o7$g1$t1763812999$j60$l0$h0',
  crto_mapped_user_id: 'k-EXAMPLEgumid_01',
}

/** The tag's own copy of the purchase, at the address and in the words of each platform's tag. */
const TWINS: Readonly<Record<string, { readonly url: string; readonly body?: string }>> = {
  pinterest: {
    url: `ct.pinterest.com/v3/?tid=2612345678901&event=checkout&ed=${encodeURIComponent(JSON.stringify({ event_id: ID, value: VALUE, currency: 'USD' }))}`,
  },
  meta: { url: `www.facebook.com/tr?id=1234567890123456&ev=Purchase&eid=${ID}&cd[value]=${VALUE}&cd[currency]=USD` },
  tiktok: {
    url: 'analytics.tiktok.com/api/v2/pixel',
    body: JSON.stringify({
      event: 'Purchase',
      event_id: ID,
      context: { pixel: { code: 'C4A1B2C3D4E5F6G7H8I9' } },
      properties: { value: VALUE, currency: 'USD' },
    }),
  },
  snapchat: {
    url: `tr.snapchat.com/p?pid=3ff2a6f1-1111-4000-8000-000000000001&ev=PURCHASE&cdid=${ID}&e_pr=${VALUE}&e_cur=USD`,
  },
  reddit: {
    url: `alb.reddit.com/rp.gif?id=a2_sandboxpixel&event=Purchase&m.conversionId=${ID}&m.valueDecimal=${VALUE}&m.currency=USD`,
  },
  'google-ads': {
    url: `www.googleadservices.com/pagead/conversion/987654321/?label=sandbox_purchase&value=${VALUE}&currency_code=USD&oid=${ORDER}`,
  },
  ga4: {
    url: `www.google-analytics.com/g/collect?v=2&tid=G-TEST123456&cid=1234567890.1763800000&en=purchase&ep.transaction_id=${ORDER}&epn.value=${VALUE}&cu=USD`,
  },
}

/** What the buyer of the sample order is known by. */
const CANARIES = ['maya.okafor', '5035550142', 'okafor', 'larkspur']

interface Counted {
  readonly name: string
  readonly eventId?: string
  readonly orderId?: string
  readonly value?: string
  readonly merged: boolean
  readonly sources: { readonly tag: number; readonly server: number }
}

describe('one order at all nine platforms', () => {
  let world: World
  let sandbox: Sandbox
  let clock: ReturnType<typeof turnedClock>
  const logged: unknown[] = []
  const tell = (...said: readonly unknown[]) => void logged.push(...said)
  const log: Log = { error: tell, warn: tell, info: tell }
  const accounts = demoAccounts(sandboxServiceAccount())
  beforeEach(async () => {
    clock = turnedClock()
    sandbox = await startSandbox({ port: 0, now: clock.now })
    const { pinterest: _, ...others } = accounts
    logged.length = 0
    world = await startWorld({ sandbox, clock, log, others, hold: 3000 })
  })
  afterEach(async () => {
    await world.stop()
    await sandbox.close()
  })

  const at = () => new Date(clock.now()).toISOString()
  const placed = () => {
    const now = at()
    return { ...sample('order_create'), created_at: now, processed_at: now, updated_at: now, note_attributes: [] }
  }
  const visit = () => {
    const pixel = sample('pixel_checkout_completed')
    const data = pixel.data as { checkout: object }
    return {
      consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
      cookies: everyId,
      landing: {
        url: 'https://northfern.example/?rdt_cid=3184234567890123456&gclid=Cj0KCQiA_TEST_gclid-123',
        at: at(),
      },
      events: [
        {
          ...pixel,
          clientId: 'client-phone-1',
          timestamp: at(),
          data: { checkout: { ...data.checkout, attributes: [] } },
        },
      ],
    }
  }
  const counted = async (slug: string): Promise<readonly Counted[]> => {
    const answer = await fetch(`${sandbox.url}/control/${slug}/events`)
    return (await answer.json()) as readonly Counted[]
  }
  const named = async (slug: string, event: 'order_placed' | 'order_refunded') => {
    const name = destinations.get(slug)?.accepts[event]?.toLowerCase()
    return (await counted(slug)).filter((one) => one.name.toLowerCase() === name)
  }
  const final = (events: number) =>
    until(
      `${events} final events everywhere`,
      async () => {
        const { store } = world.engine.runtime
        if ((await store.head(world.shop)) < events) return false
        const connections = await store.connections(world.shop)
        const ledgers = await Promise.all(connections.map(({ id }) => store.ledger(world.shop, id, 1, events)))
        const outcomes = ledgers.map((bytes) => [...bytes].map((byte) => outcomeOf(byte)))
        const open = outcomes.flat().some((outcome) => outcome === undefined || stateOf(outcome) === 'waiting')
        if (open) return false
        return new Map(connections.map(({ destination }, place) => [destination, outcomes[place] ?? []]))
      },
      30_000,
    )
  const refusals = async () =>
    Promise.all(
      Object.keys(accounts).map(async (slug) => (await fetch(`${sandbox.url}/control/${slug}/refusals`)).json()),
    )

  /** No raw e-mail, phone or name in what goes to platforms that want hashes, nor in any log. */
  const noCanaries = async () => {
    const said = JSON.stringify(logged).toLowerCase()
    for (const canary of CANARIES) expect(said).not.toContain(canary)
    for (const slug of Object.keys(accounts)) {
      if (slug === 'klaviyo') continue
      const answer = await fetch(`${sandbox.url}/control/${slug}/requests`)
      const sent = (await answer.text()).toLowerCase()
      expect(sent, slug).not.toBe('[]')
      for (const canary of CANARIES) expect(sent, `${slug}: ${canary}`).not.toContain(canary)
    }
  }

  it('is one purchase at each, hashed, merged with the tag’s where the platform merges; a refund follows twelve days later', async () => {
    for (const { url, body } of Object.values(TWINS))
      await fetch(`${sandbox.url}/${url}`, {
        headers: { 'user-agent': PHONE, 'x-forwarded-for': '203.0.113.77' },
        ...(body === undefined ? {} : { method: 'POST', body }),
      })
    expect((await world.beacon(visit())).status).toBe(204)
    expect((await world.webhook('orders/create', placed())).status).toBe(200)
    const outcomes = await final(1)
    expect(Object.fromEntries(outcomes)).toEqual({
      pinterest: ['delivered'],
      meta: ['delivered'],
      'google-ads': ['sent'],
      ga4: ['sent'],
      tiktok: ['delivered'],
      snapchat: ['delivered'],
      reddit: ['delivered'],
      klaviyo: ['delivered'],
      criteo: ['sent'],
    })
    for (const slug of Object.keys(accounts)) {
      const [purchase, ...others] = await named(slug, 'order_placed')
      expect(others, slug).toEqual([])
      const merges = slug in TWINS
      expect(purchase, slug).toMatchObject({ merged: merges, sources: { tag: merges ? 1 : 0, server: 1 } })
    }
    await noCanaries()
    // Klaviyo is told of each line as well.
    expect((await counted('klaviyo')).map(({ eventId }) => eventId)).toContain(ID)
    expect(await refusals()).toEqual(Object.keys(accounts).map(() => []))

    // Google is asked half an hour later what became of it.
    clock.turn(31 * MINUTE)
    world.engine.runtime.wake.arrived(world.shop)
    await until('Google’s answer', async () => {
      const { store } = world.engine.runtime
      const google = (await store.connections(world.shop)).find(({ destination }) => destination === 'google-ads')
      const bytes = google && (await store.ledger(world.shop, google.id, 1, 1))
      return outcomeOf(bytes?.[0] ?? 0) === 'delivered'
    })

    clock.turn(12 * DAY)
    const refund = { ...sample('refund_create'), order_id: Number(ORDER), created_at: at(), processed_at: at() }
    expect((await world.webhook('refunds/create', refund)).status).toBe(200)
    const later = await final(2)
    expect(later.get('google-ads')?.[1]).toBe('sent')
    expect(later.get('ga4')?.[1]).toBe('sent')
    expect(later.get('klaviyo')?.[1]).toBe('delivered')
    for (const slug of ['pinterest', 'meta', 'tiktok', 'snapchat', 'reddit', 'criteo'])
      expect(later.get(slug)?.[1], slug).toBe('not_accepted')
    // Google Ads knows one value for the order, and it is what remains now.
    const [restated, ...more] = await named('google-ads', 'order_placed')
    expect(more).toEqual([])
    expect(Number(restated?.value)).toBeCloseTo(VALUE - REFUNDED, 2)
    expect(await named('ga4', 'order_refunded')).toHaveLength(1)
    expect(await named('klaviyo', 'order_refunded')).toHaveLength(1)
    await noCanaries()
    expect(await refusals()).toEqual(Object.keys(accounts).map(() => []))
  }, 60_000)

  it('goes to the others at once while one of them fails', async () => {
    await fetch(`${sandbox.url}/control/faults`, {
      method: 'POST',
      body: JSON.stringify({ platform: 'meta', mode: '503' }),
    })
    await world.beacon(visit())
    await world.webhook('orders/create', placed())
    await until('the others', async () => {
      // Google Ads collects for ten seconds.
      const slugs = Object.keys(accounts).filter((slug) => slug !== 'meta' && slug !== 'google-ads')
      const all = await Promise.all(slugs.map((slug) => named(slug, 'order_placed')))
      return all.every((purchases) => purchases.length === 1)
    })
    expect(await named('meta', 'order_placed')).toEqual([])
  }, 40_000)
})
