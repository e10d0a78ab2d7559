import { beforeEach, describe, expect, it } from 'vitest'
import type { Event } from '../event/event.ts'
import { DAY } from '../lib/duration.ts'
import { POLICY } from '../store/testing.ts'
import { NOW, order, SHOP, type Small, seenByPixel, smallWorld, stored } from './double.ts'
import { prepare } from './prepare.ts'
import { project } from './project.ts'

const PAGE = { url: 'https://northfern.example/checkouts/cn/c1/thank-you' }
const completed = seenByPixel({
  id: 'pur_1001',
  name: 'order_placed',
  part: true,
  ids: { epik: 'click-of-the-phone' },
  page: PAGE,
  consent: { marketing: true, at: new Date(NOW).toISOString() },
  commerce: { orderId: '1001', checkoutToken: 'token-of-the-order' },
})
const paid = order({ id: 'paid_1001', name: 'order_paid' })
const { identity: _, ...nobodys } = order({ id: 'ref_9', name: 'order_refunded' })
const refund: Event = {
  ...nobodys,
  occurredAt: new Date(NOW + 40 * DAY).toISOString(),
  commerce: { orderId: '1001', refundId: '9', currency: 'USD', value: '4.00' },
}

let world: Small
beforeEach(async () => {
  world = await smallWorld()
})

const shop = async () => (await world.store.shop(SHOP)) ?? expect.fail('no shop')
const tells = (part: Event) => world.store.append({ shop: SHOP, events: [], parts: [stored(part)], orders: [] })
/** What the projector would have learned. */
const learned = async (event: Event) => {
  const { changes } = project(event, NOW, () => undefined)
  await world.store.saveProjection({
    changes: [...changes].map(([key, record]) => ({ shop: SHOP, key, record })),
    links: [],
    arrivals: [],
    projected: [],
  })
}
/** The newest event of the log as it would be sent then. */
const preparedAt = async (now = NOW) => {
  const [one] = await prepare(world.store, await shop(), await world.store.newest(SHOP, 1), now)
  return one ?? expect.fail('nothing in the log')
}
/** Keeps the newest event as it was sent. */
const sent = async () => {
  const { event, subject } = await preparedAt()
  if (!event) expect.fail('no body')
  await world.store.settle({
    shop: SHOP,
    connection: world.connection.id,
    park: [],
    overwrite: [],
    attempts: [],
    rollups: [],
    joined: [{ event, subject, receivedAt: NOW }],
  })
}

describe('a payment', () => {
  it('has what the browser told of its purchase: the visit is known', async () => {
    await tells(completed)
    await world.append(order(), paid)
    const { event, visitKnown, sentBefore } = await preparedAt()
    expect(event).toMatchObject({
      id: 'paid_1001',
      name: 'order_paid',
      ids: { epik: 'click-of-the-phone' },
      identity: { ip: '203.0.113.7', userAgent: 'Phone/1.0', clientId: 'phone', email: 'maya@example.com' },
      page: PAGE,
      commerce: { value: '12.50' },
    })
    expect([visitKnown, sentBefore]).toEqual([true, false])
  })

  it('stays a payment when its purchase was sent', async () => {
    await tells(completed)
    await world.append(order())
    await sent()
    await world.append({ ...paid, commerce: { ...paid.commerce, value: '11.00' } })
    expect((await preparedAt()).event).toMatchObject({ id: 'paid_1001', commerce: { value: '11.00' }, page: PAGE })
  })
})

describe('a refund', () => {
  it.each([
    ['purchase', order()],
    ['payment', paid],
  ])('40 days after the order is completed with the shopper of the %s as it was sent', async (_, first) => {
    await tells(completed)
    await world.append(first)
    await sent()
    const later = NOW + 40 * DAY
    while ((await world.store.retain(POLICY, later, 500)) > 0);
    expect((await world.store.read(SHOP, 0, 1))[0]?.gone).toBe('expired')
    await world.store.append({ shop: SHOP, events: [stored(refund, later)], parts: [], orders: [] })
    const { event } = await preparedAt(later)
    expect(event).toMatchObject({
      id: 'ref_9',
      occurredAt: refund.occurredAt,
      identity: { email: 'maya@example.com', customerId: '77', clientId: 'phone', country: 'US' },
      ids: { epik: 'click-of-the-phone' },
      consent: { marketing: true },
      commerce: { value: '4.00', channel: 'web', original: { value: '12.50', occurredAt: order().occurredAt } },
    })
    // An address may be used for 7 days.
    expect(event?.identity?.ip).toBeUndefined()
  })

  it('of an order that was never sent has the shopper as far as all have told, and the refusal', async () => {
    const refused = { marketing: false, at: new Date(NOW).toISOString() }
    await tells({ ...completed, consent: refused })
    await world.append(order(), refund)
    const { event } = await preparedAt()
    expect(event).toMatchObject({ ids: { epik: 'click-of-the-phone' }, consent: refused })
  })

  it('follows a consent that was withdrawn after the order was sent', async () => {
    await tells(completed)
    await world.append(order())
    await sent()
    await learned(completed)
    const withdrawn = { marketing: false, at: new Date(NOW + DAY).toISOString() }
    await learned(seenByPixel({ consent: withdrawn }))
    await world.append(refund)
    expect((await preparedAt(NOW + 2 * DAY)).event?.consent).toMatchObject({ marketing: false })
  })

  it('follows a consent that was withdrawn after it was sent itself, to another platform', async () => {
    await tells(completed)
    await world.append(order())
    await sent()
    await learned(completed)
    await world.append(refund)
    await sent()
    await learned(seenByPixel({ consent: { marketing: false, at: new Date(NOW + DAY).toISOString() } }))
    const { event, sentBefore } = await preparedAt(NOW + 2 * DAY)
    expect([sentBefore, event?.consent]).toMatchObject([true, { marketing: false }])
  })

  it('of an order that nobody told of stays as it is', async () => {
    await world.append(refund)
    const { event } = await preparedAt()
    expect(event?.identity).toBeUndefined()
    expect(event?.commerce).toMatchObject({ value: '4.00', orderId: '1001' })
  })
})
