import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type pixelId, purchaseId } from '../event/event-ids.ts'
import { DAY, HOUR } from '../lib/duration.ts'
import { type Carts, startCarts } from '../pipeline/carts.ts'
import { NOW, SHOP, type Small, seenByPixel, smallWorld, stored } from '../pipeline/double.ts'
import { type Answer, type Intake, takeWebhook } from '../pipeline/intake.ts'
import { type Projector, startProjector } from '../pipeline/projector.ts'
import { exportOf, requestsOf } from '../pipeline/requests.ts'
import { doRequests, type RequestWorld } from './requests.ts'

const SECRET = 'the-secret'
const ORDER: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('../sources/samples/order_create.json', import.meta.url), 'utf8'),
)
const { id: customer, email } = ORDER.customer as { id: number; email: string }
const order = purchaseId(String(ORDER.id))
const refundOf = (id: number) => ({ ...ORDER, id })

let world: Small
let projector: Projector
let carts: Carts
let intake: Intake
let requests: RequestWorld
beforeEach(async () => {
  world = await smallWorld()
  projector = await startProjector(world.runtime)
  carts = startCarts(world.runtime, projector)
  intake = {
    runtime: world.runtime,
    projector,
    carts,
    secrets: [SECRET],
    dropped: { count: 0 },
    shops: new Map(),
    keys: new Map(),
  }
  requests = { ...world.runtime, eraser: projector, readAnew: async () => {} }
})
afterEach(async () => {
  await Promise.all([carts.stop(), world.clock.turn(0)])
  await projector.stop()
})

let deliveries = 0
const webhook = async (topic: string, body: object, headers: Record<string, string> = {}): Promise<Answer> => {
  const bytes = Buffer.from(JSON.stringify(body))
  const answer = await takeWebhook(intake, {
    headers: {
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': SHOP,
      'x-shopify-webhook-id': `delivery-${++deliveries}`,
      'x-shopify-triggered-at': new Date(world.clock.now()).toISOString(),
      'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(bytes).digest('base64'),
      ...headers,
    },
    body: bytes,
  })
  await world.clock.turn(3000)
  return answer
}
const ask = (topic: string, told: object = {}) =>
  webhook(topic, { shop_id: 1, shop_domain: SHOP, ...told }).then(() => doRequests(requests, SHOP))
const person = { customer: { id: customer, email, phone: '+14155550132' } }
const outcome = async (id: ReturnType<typeof pixelId>) => {
  const seq = await world.store.seqOf(SHOP, id)
  const [event] = seq === undefined ? [] : await world.store.readSeqs(SHOP, [seq])
  return event?.gone ?? 'readable'
}
const certificates = () => requestsOf(world.store, SHOP, 9)

describe('what Shopify asks in the name of a customer or a store', () => {
  it('is answered 401 without its signature, and not kept', async () => {
    const answer = await webhook('customers/redact', person, { 'x-shopify-hmac-sha256': 'bm8=' })
    expect(answer.status).toBe(401)
    expect(await certificates()).toEqual([])
  })

  it('is kept when it is answered, once however often it is told, also of a store that never installed', async () => {
    const again = { 'x-shopify-webhook-id': 'the-same', 'x-shopify-triggered-at': '2026-11-21T10:00:00.123456Z' }
    for (let n = 0; n < 3; n++) expect(await webhook('customers/redact', person, again)).toEqual({ status: 200 })
    expect(await certificates()).toMatchObject([{ state: 'open', kind: 'customer_erasure', by: 'shopify' }])
    expect(await doRequests(requests, SHOP)).toBe(1)
    await webhook('customers/redact', person, again)
    expect(await doRequests(requests, SHOP)).toBe(0)
    expect(await certificates()).toHaveLength(1)
  })
})

describe('erasing a customer', () => {
  it('takes all that is known by id, address, telephone and orders, and leaves a certificate that names nobody', async () => {
    const known = (identity: object) => seenByPixel({ id: `sh-${deliveries}${Object.keys(identity)}`, identity })
    const byPhone = known({ clientId: 'tablet', phone: '+14155550132' })
    const byEmail = known({ clientId: 'laptop', email })
    const other = known({ clientId: 'of-somebody-else' })
    for (const event of [byPhone, byEmail, other])
      await world.store.append({ shop: SHOP, events: [stored(event)], parts: [], orders: [] })
    projector.take([byPhone, byEmail, other].map((event) => ({ shop: SHOP, event, at: NOW })))
    await webhook('orders/create', ORDER)
    // Placed as a guest: nothing but its number ties it to the customer.
    const guest = {
      ...refundOf(77001),
      customer: null,
      email: null,
      contact_email: null,
      phone: null,
      billing_address: null,
      shipping_address: null,
      checkout_token: 'guest',
      cart_token: 'guest-cart',
    }
    await webhook('orders/create', guest)
    expect(await ask('customers/redact', { ...person, orders_to_redact: [77001] })).toBe(1)

    for (const id of [order, purchaseId('77001'), byPhone.id, byEmail.id]) expect(await outcome(id)).toBe('redacted')
    expect(await outcome(other.id)).toBe('readable')
    const [done] = await certificates()
    expect(done).toMatchObject({ state: 'done', found: { orders: 2, events: 4, sentTo: [] }, keys: expect.any(Number) })
    const told = JSON.stringify([done, await world.store.entries(SHOP, 'audit', { limit: 9 })])
    for (const secret of [email, String(customer), '4155550132', '77001']) expect(told).not.toContain(secret)
    expect(await world.store.entries(SHOP, 'data_request_open', { limit: 9 })).toEqual([])
    expect(await world.store.linked(SHOP, [`email:${email}`])).toEqual([])
  })

  it('that was killed in the middle begins again, and tells what it had found', async () => {
    await webhook('orders/create', ORDER)
    await webhook('customers/redact', person)
    const { saveEntry } = world.store
    world.store.saveEntry = (shop, kind, ...rest) =>
      kind === 'data_request' ? Promise.reject(new Error('killed')) : saveEntry(shop, kind, ...rest)
    expect(await doRequests(requests, SHOP)).toBe(0)
    expect(await outcome(order)).toBe('redacted')
    world.store.saveEntry = saveEntry
    expect(await doRequests(requests, SHOP)).toBe(1)
    expect(await certificates()).toMatchObject([{ state: 'done', found: { orders: 1, events: 1 } }])
  })

  it('takes what is still on its way to be learned, and carts that wait to be compared', async () => {
    const seen = seenByPixel({ ids: { epik: 'click' } })
    await world.append(seen)
    const cart = {
      token: 'c-1',
      id: 'c-1',
      updated_at: new Date(NOW).toISOString(),
      line_items: [{ variant_id: 5, quantity: 2, price: '3.00' }],
    }
    await webhook('carts/update', cart)
    await projector.forget(SHOP, ['phone', 'c-1'])
    // Its append was answered before it was erased; it comes to be learned only now.
    projector.take([{ shop: SHOP, event: seen, at: NOW }])
    await world.clock.turn(120_000)
    expect(await world.store.identities(SHOP, ['client:phone', 'cart:c-1'])).toEqual(new Map())
    expect((await world.store.newest(SHOP, 9)).map(({ name }) => name)).not.toContain('product_added')
  })
})

describe('a customer who asks for their data', () => {
  it('is given everything that is held of them, for 30 days, unless they are erased', async () => {
    await webhook('orders/create', ORDER)
    expect(await ask('customers/data_request', { ...person, data_request: { id: 9 } })).toBe(1)
    const [done] = await certificates()
    const key = done?.key ?? ''
    expect(done).toMatchObject({ state: 'done', kind: 'customer_data', until: expect.any(Number) })
    expect((await exportOf(world.store, SHOP, key))?.value).toMatchObject({
      shop: SHOP,
      events: [
        {
          event: { id: order, identity: { email, customerId: String(customer) } },
          platforms: [{ platform: 'pinterest', outcome: 'waiting' }],
        },
      ],
      orders: [{ orderId: String(ORDER.id) }],
      messages: [{ topic: 'orders/create', body: { id: ORDER.id } }],
    })
    await ask('customers/redact', { customer: { id: customer } })
    expect(await exportOf(world.store, SHOP, key)).toBeUndefined()
    expect(await certificates()).toHaveLength(2)
  })

  it('nobody is handed out the data of somebody who typed their address, or who shares their browser', async () => {
    const typed = seenByPixel({ id: 'sh-typed', identity: { clientId: 'of-a-stranger', email } })
    const visit = seenByPixel({ id: 'sh-visit', identity: { clientId: 'of-a-stranger' } })
    const shown = seenByPixel({ id: 'sh-shown', commerce: { checkoutToken: 'shared' } })
    const others = seenByPixel({ id: 'sh-others', identity: { email: 'somebody.else@example.com' } })
    for (const event of [typed, visit, shown, others]) await world.append(event)
    projector.take([typed, visit, shown, others].map((event) => ({ shop: SHOP, event, at: NOW })))
    await webhook('orders/create', { ...ORDER, checkout_token: 'shared' })
    await ask('customers/data_request', person)
    const [done] = await certificates()
    const { events } = (await exportOf(world.store, SHOP, done?.key ?? ''))?.value as {
      events: { event: { id: string } }[]
    }
    expect(events.map(({ event }) => event.id).sort()).toEqual([order, 'sh-shown', 'sh-typed'].sort())
  })
})

describe('erasing a store', () => {
  it('that is gone takes all of it', async () => {
    await webhook('orders/create', ORDER)
    expect(await ask('shop/redact')).toBe(1)
    expect(await world.store.shop(SHOP)).toMatchObject({ installedAt: 0, head: 0 })
    expect(await world.store.connections(SHOP)).toEqual([])
    expect(await certificates()).toMatchObject([{ state: 'done', kind: 'shop_erasure', events: 1 }])
    expect(await world.store.entries(SHOP, 'audit', { limit: 9 })).toHaveLength(1)
    expect(await doRequests(requests, SHOP)).toBe(0)
  })

  it('told late, of an installation that was followed by another, takes what came before the second', async () => {
    await webhook('orders/create', ORDER)
    await world.clock.turn(HOUR)
    const since = world.clock.now()
    const installation = { state: 'installed', since, scopes: [] }
    await world.store.saveEntry(SHOP, 'installation', 'app', installation, { at: since })
    await webhook('orders/create', refundOf(77002))
    await webhook('customers/redact', { customer: { id: 1 } })
    await world.clock.turn(46 * HOUR)
    expect(await ask('shop/redact')).toBe(2)
    expect(await outcome(order)).toBe('redacted')
    expect(await outcome(purchaseId('77002'))).toBe('readable')
    expect(await world.store.connections(SHOP)).toHaveLength(1)
    expect(await certificates()).toMatchObject([{ before: since }, { kind: 'customer_erasure' }])
  })

  it('of which nobody heard that it left is erased all the same, and one that left again is too', async () => {
    await world.store.saveEntry(SHOP, 'installation', 'app', { state: 'uninstalled', since: NOW }, { at: NOW })
    await world.clock.turn(2 * DAY)
    await ask('shop/redact')
    expect(await world.store.connections(SHOP)).toEqual([])
  })
})
