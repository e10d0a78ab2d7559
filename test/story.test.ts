import { afterAll, describe, expect, it } from 'vitest'
import { purchaseId } from '../src/event/event-ids.ts'
import { inspect } from '../src/pipeline/inspect.ts'
import { startPostgres } from '../src/store/postgres/server.fixture.ts'
import { ACCOUNT, conversions, PHONE, sample, settled, startWorld, until, type World } from './harness.ts'

const ORDER = '6120000000001'
const HASHED_EMAIL = 'b64b178a98dfec3c9923bfa5ecacb1789ae82e7032542785a08d0864dd32c7f6'

/** The sample order without what it carries of the visit itself, as if it had been placed a moment ago. */
const order = (change: object = {}) => {
  const now = new Date().toISOString()
  return {
    ...sample('order_create'),
    created_at: now,
    processed_at: now,
    updated_at: now,
    landing_site: null,
    note_attributes: [],
    ...change,
  }
}

const ALLOWED = { analytics: true, marketing: true, preferences: false, saleOfData: true }

/** A beacon of the browser that buys. */
const visit = (name: 'checkout_started' | 'checkout_completed', change: object = {}, clientId = 'client-phone-1') => {
  const pixel = sample('pixel_checkout_completed')
  const data = pixel.data as { checkout: object }
  return {
    consent: ALLOWED,
    cookies: { _epik: 'epik-of-the-phone' },
    events: [
      {
        ...pixel,
        name,
        clientId,
        timestamp: new Date().toISOString(),
        data: {
          checkout: { ...data.checkout, attributes: [], ...(name === 'checkout_started' ? { order: null } : {}) },
        },
      },
    ],
    ...change,
  }
}

const server = await startPostgres()
afterAll(() => server.stop())

/** The same story on every runtime: one process with its own folder, and one of several on PostgreSQL. */
const RUNTIMES: readonly (readonly [name: string, start: typeof startWorld])[] = [
  ['embedded', startWorld],
  ['scale-out', async (options) => startWorld({ ...options, databaseUrl: await server.newDatabase() })],
]

/** Tests that spend their time waiting, each in a world of its own: some at a time. */
const within =
  (start: typeof startWorld, options: Parameters<typeof startWorld>[0] = {}) =>
  (name: string, tell: (world: World) => Promise<void>): void =>
    it.concurrent(name, async () => {
      const world = await start(options)
      try {
        await tell(world)
      } finally {
        await world.stop()
      }
    })

describe.each(RUNTIMES)('%s: the whole path, over real HTTP, from a store to the sandbox', (_, start) => {
  const story = within(start)
  const purchase = (world: World) => until('the purchase', async () => (await conversions(world, 'checkout'))[0])
  const only = async (world: World) => {
    const all = await conversions(world, 'checkout')
    expect(all.map((one) => [one.eventId, one.count])).toEqual([[`pur_${ORDER}`, 1]])
    return all[0]
  }

  story(
    'pixel first, then the webhook: one purchase with the browser’s click id, address and the order’s email',
    async (world) => {
      expect((await world.beacon(visit('checkout_started'))).status).toBe(204)
      expect((await world.beacon(visit('checkout_completed'))).status).toBe(204)
      expect((await world.webhook('orders/create', order())).status).toBe(200)
      await settled(world, 2)
      const bought = await only(world)
      expect(bought).toMatchObject({
        clickId: 'epik-of-the-phone',
        ip: '203.0.113.77',
        userAgent: PHONE,
        em: [HASHED_EMAIL],
        value: '176.74',
      })
      expect(bought?.ph).toHaveLength(1)
      expect(bought?.externalId).toHaveLength(2)
    },
  )

  story(
    'webhook first, the pixel a moment later: the purchase is held for it and goes once, with the click id',
    async (world) => {
      await world.webhook('orders/create', order())
      await until(
        'the hold',
        async () => (await world.engine.runtime.store.parked(world.shop, world.connection.id, 1))[0],
      )
      await world.beacon(visit('checkout_completed'))
      expect(await purchase(world)).toMatchObject({ clickId: 'epik-of-the-phone', ip: '203.0.113.77' })
      await settled(world)
      await only(world)
    },
  )

  story('the pixel never comes: the purchase goes after its hold with what the order itself knows', async (world) => {
    await world.webhook('orders/create', order({ landing_site: '/?epik=epik-of-the-landing' }))
    expect(await purchase(world)).toMatchObject({
      clickId: 'epik-of-the-landing',
      ip: '203.0.113.24',
      em: [HASHED_EMAIL],
    })
  })

  story('the pixel comes after the order was sent: nothing is sent again, the part is kept', async (world) => {
    await world.webhook('orders/create', order())
    await purchase(world)
    await world.beacon(visit('checkout_completed'))
    await world.beacon({
      events: [
        { id: 'sh-LATER-0001', clientId: 'x', name: 'page_viewed', timestamp: new Date().toISOString(), context: {} },
      ],
      consent: ALLOWED,
    })
    await settled(world, 2)
    await only(world)
    const id = purchaseId(ORDER)
    const parts = (await world.engine.runtime.store.parts(world.shop, [id])).get(id) ?? []
    const [late] = parts.filter((part) => !part.joined)
    expect(late?.event).toMatchObject({
      part: true,
      seenBy: ['web-pixel:checkout_completed'],
      ids: { epik: 'epik-of-the-phone' },
      identity: { clientId: 'client-phone-1', ip: '203.0.113.77' },
    })
  })

  story(
    'counted when paid: the purchase goes with the payment, under its own id, with all that the browser told',
    async (world) => {
      const { store } = world.engine.runtime
      const settings = { ...ACCOUNT, purchaseOn: 'paid' }
      await store.updateConnection(world.shop, world.connection.id, { settings })
      await world.beacon(visit('checkout_completed'))
      await world.webhook('orders/create', order({ financial_status: 'pending' }))
      expect(await settled(world)).toEqual(['waits_for_payment'])
      expect(await conversions(world, 'checkout')).toEqual([])
      await world.webhook('orders/paid', order({ financial_status: 'paid' }))
      expect(await settled(world, 2)).toEqual(['waits_for_payment', 'delivered'])
      expect(await only(world)).toMatchObject({
        clickId: 'epik-of-the-phone',
        ip: '203.0.113.77',
        userAgent: PHONE,
        em: [HASHED_EMAIL],
        value: '176.74',
        sources: { tag: 0, server: 1 },
      })
      const [attempt] = await store.attempts(world.shop, { seq: 2, limit: 1 })
      expect(attempt?.carriesOrder).toBe(true)
      const told = await inspect(world.engine.runtime, world.shop, 2)
      expect(JSON.stringify(told?.deliveries[0])).toContain('https://northfernsupply.example/checkouts/')
    },
  )

  story(
    'the same webhook delivered three times, and orders/paid and orders/updated around it: one purchase',
    async (world) => {
      const headers = { 'x-shopify-webhook-id': 'delivery-1' }
      await world.webhook('orders/updated', order())
      await world.webhook('orders/paid', order())
      for (let n = 0; n < 3; n++) expect((await world.webhook('orders/create', order(), headers)).status).toBe(200)
      expect(await settled(world, 2)).toEqual(expect.arrayContaining(['delivered', 'sent_as_placed']))
      await only(world)
    },
  )

  story(
    'two browsers, one customer: the click id of the other browser comes along, its address does not',
    async (world) => {
      // The tablet bought before: a signed order named a checkout token which the tablet had shown.
      const earlier = 'aaaabbbbccccddddeeeeffff00001111'
      await world.beacon(
        visit(
          'checkout_started',
          { cookies: { _epik: 'epik-of-the-tablet' }, events: started(earlier, 'client-tablet') },
          'client-tablet',
        ),
        { 'x-forwarded-for': '198.51.100.9' },
      )
      await world.webhook('orders/create', order({ id: 6120000000009, checkout_token: earlier }))
      await settled(world, 2)
      await world.beacon(visit('checkout_started', { cookies: {} }))
      await world.webhook('orders/create', order())
      await settled(world, 4)
      const bought = (await conversions(world, 'checkout')).find((one) => one.eventId === `pur_${ORDER}`)
      expect(bought).toMatchObject({ clickId: 'epik-of-the-tablet', ip: '203.0.113.77' })
    },
  )

  story('a stranger’s beacon cannot lend its click id to an order by guessing the order’s number', async (world) => {
    await world.beacon({
      consent: ALLOWED,
      cookies: { _epik: 'epik-of-the-thief' },
      events: started('0000111122223333aaaabbbbccccdddd', 'client-thief', 'checkout_completed'),
    })
    await world.webhook('orders/create', order())
    expect((await purchase(world)).clickId).toBeUndefined()
  })

  story('no consent: nothing is sent and the ledger says why', async (world) => {
    await world.beacon(visit('checkout_started', { consent: { ...ALLOWED, marketing: false } }))
    await world.webhook('orders/create', order())
    expect(await settled(world, 2)).toEqual(['no_consent', 'no_consent'])
    expect(await conversions(world)).toEqual([])
  })

  story('a visitor of the US who allowed and withdrew before buying: the order is not sent', async (world) => {
    await world.beacon(visit('checkout_started'))
    expect(await settled(world)).toEqual(['delivered'])
    expect((await world.beacon(withdrawal())).status).toBe(204)
    await world.webhook('orders/create', order())
    expect(await settled(world, 2)).toEqual(['delivered', 'no_consent'])
    expect(await conversions(world, 'checkout')).toEqual([])
  })

  story(
    '… nor when nothing but the cart leads from the order to the browser, because the pixel was gone',
    async (world) => {
      const page = { id: 'sh-PAGE-0001', clientId: 'client-phone-1', name: 'page_viewed', context: {} }
      await world.beacon({
        events: [{ ...page, timestamp: new Date().toISOString() }],
        consent: ALLOWED,
        cart: { token: 'cart-of-the-phone' },
      })
      await world.beacon(withdrawal())
      await world.webhook('orders/create', order({ cart_token: 'cart-of-the-phone' }))
      expect((await settled(world, 2))[1]).toBe('no_consent')
    },
  )

  story(
    'a visitor who refused from the start leaves no trace where the pixel is not loaded: the shop’s policy decides',
    async (world) => {
      // Shopify does not run the pixel for such a visitor, so nobody knows of the refusal; docs/failures.md says so.
      await world.webhook('orders/create', order())
      expect(await settled(world)).toEqual(['delivered'])
      const facts = { country: 'US', currency: 'USD', url: 'https://northfern.example' }
      const policy = { requiredIn: ['US'] }
      await world.engine.runtime.store.saveShop({ shop: world.shop, facts, policy, installedAt: 1 })
      await world.webhook(
        'orders/create',
        order({ id: 6120000000002, checkout_token: 'ffffeeeeddddccccbbbbaaaa99998888' }),
      )
      expect(await settled(world, 2)).toEqual(['delivered', 'consent_unknown'])
    },
  )

  story('an unknown consent fails closed where consent is required, and not elsewhere', async (world) => {
    const german = { ...(sample('order_create').billing_address as object), country_code: 'DE', country: 'Germany' }
    await world.webhook('orders/create', order({ billing_address: german }))
    expect(await settled(world)).toEqual(['consent_unknown'])
  })

  story('an opt-out of sale goes as limited', async (world) => {
    await world.beacon(visit('checkout_started', { consent: { ...ALLOWED, saleOfData: false } }))
    await world.webhook('orders/create', order())
    expect(await purchase(world)).toMatchObject({ limited: true })
  })

  story('point-of-sale, draft, test and renewal orders are not web purchases', async (world) => {
    const fresh = { created_at: new Date().toISOString(), processed_at: new Date().toISOString() }
    await world.webhook('orders/create', { ...sample('order_create_pos_no_browser'), ...fresh })
    await world.webhook('orders/create', { ...sample('order_create_draft_no_browser'), ...fresh })
    await world.webhook('orders/create', order({ id: 1001, test: true }))
    await world.webhook('orders/create', order({ id: 1002, source_name: 'subscription_contract_checkout_one' }))
    expect(await settled(world, 4)).toEqual(['channel_pos', 'channel_draft', 'test_order', 'channel_subscription'])
  })

  story('an id beyond 2^53 arrives with all its digits', async (world) => {
    const text = JSON.stringify(order()).replaceAll('"id":6120000000001,', '"id":9007199254740993123,')
    await world.webhook('orders/create', text)
    expect((await purchase(world)).eventId).toBe('pur_9007199254740993123')
  })

  story(
    'a cart that grew without the pixel seeing it becomes an add to cart, skipped where no browser is known',
    async (world) => {
      const now = new Date().toISOString()
      await world.webhook('carts/create', { ...sample('cart_update'), updated_at: now, created_at: now })
      expect(await settled(world, 3)).toEqual(['not_accepted', 'no_identifier', 'no_identifier'])
    },
  )

  /** What the pixel posts at the moment at which its visitor takes the consent back. */
  const withdrawal = (clientId = 'client-phone-1') => ({
    events: [],
    clientId,
    consent: { ...ALLOWED, marketing: false },
    sentAt: new Date().toISOString(),
  })

  /** A beacon's events of a checkout of its own, on a page of its own. */
  const started = (token: string, clientId: string, name = 'checkout_started') => {
    const pixel = sample('pixel_checkout_completed')
    const { checkout } = pixel.data as { checkout: object }
    const order = name === 'checkout_started' ? { order: null } : {}
    return [
      {
        ...pixel,
        id: `sh-${token}`,
        name,
        clientId,
        timestamp: new Date().toISOString(),
        context: { document: { location: { href: `https://northfern.example/checkouts/cn/cart${token}` } } },
        data: { checkout: { ...checkout, attributes: [], token, ...order } },
      },
    ]
  }
})

describe.each(RUNTIMES)('%s: when the platform does not answer as it should', (_, start) => {
  const story = within(start, { hold: 0 })
  const fault = (world: World, mode: string, times: number) =>
    fetch(`${world.sandbox.url}/control/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ platform: 'pinterest', mode, times }),
    })

  for (const mode of ['429', '429-retry-after', '500', '503', 'reset', 'reset-after-read', '200-html'])
    story(`after two answers of ${mode} the purchase arrives, once under its one id`, async (world) => {
      expect((await fault(world, mode, 2)).ok).toBe(true)
      await world.webhook('orders/create', order())
      expect(await settled(world)).toEqual(['delivered'])
      expect((await conversions(world, 'checkout')).map((one) => one.eventId)).toEqual([`pur_${ORDER}`])
    })

  story('a refused token leaves the events in the lane, says so, and they go when it is put right', async (world) => {
    const { store } = world.engine.runtime
    await store.updateConnection(world.shop, world.connection.id, {
      settings: { adAccountId: '549755885175', conversionToken: 'pina_wrong' },
    })
    await world.webhook('orders/create', order())
    const trouble = await until('the trouble', async () => (await store.connections(world.shop))[0]?.trouble)
    expect(trouble).toContain('check the credentials')
    expect([...(await store.ledger(world.shop, world.connection.id, 1, 1))]).toEqual([0])
    await store.updateConnection(world.shop, world.connection.id, {
      settings: { adAccountId: '549755885175', conversionToken: 'pina_sandbox_token' },
    })
    expect(await settled(world)).toEqual(['delivered'])
    await until('the trouble to be over', async () => (await store.connections(world.shop))[0]?.trouble === undefined)
  })

  story('paused: nothing goes, nothing is lost; resumed: it goes', async (world) => {
    const { store, wake } = world.engine.runtime
    await store.updateConnection(world.shop, world.connection.id, { state: 'paused' })
    await world.webhook('orders/create', order())
    await until('the event in the log', async () => (await store.head(world.shop)) === 1)
    expect(await conversions(world)).toEqual([])
    await store.updateConnection(world.shop, world.connection.id, { state: 'active' })
    wake.arrived(world.shop)
    expect(await settled(world)).toEqual(['delivered'])
  })
})
