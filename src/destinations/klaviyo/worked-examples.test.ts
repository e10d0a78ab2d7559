import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { browserIdsFrom } from '../../event/browser-ids.ts'
import type { Event } from '../../event/event.ts'
import { type How, isSkip } from '../destination.ts'
import { exampleEvent } from '../examples.ts'
import { examples } from './examples.ts'
import { klaviyo } from './klaviyo.ts'

const settings = klaviyo.settings.parse(examples.settings)
const live: How = { limited: false, backfill: false, test: false, now: new Date('2026-11-22T10:00:00Z') }

const itemsOf = (event: Event, how = live): readonly unknown[] => {
  const items = klaviyo.toItems(event, settings, how)
  return isSkip(items) ? expect.fail(`skipped: ${items.skip}`) : items
}
const bodiesOf = (items: readonly unknown[], how: { singly?: boolean; bulk?: boolean } = {}): unknown[] =>
  klaviyo
    .toRequests(items, settings, { singly: false, test: false, now: live.now, ...how })
    .map(({ request }) => JSON.parse(request.body ?? ''))

/** Everything that stands in a person's `attributes`. */
const profileIn = (item: unknown): Readonly<Record<string, unknown>> =>
  z
    .looseObject({
      attributes: z.object({
        profile: z.object({ data: z.object({ attributes: z.record(z.string(), z.unknown()) }) }),
      }),
    })
    .parse(item).attributes.profile.data.attributes

describe('the worked examples', () => {
  const john = { email: ' John.Smith+promo@Example.com', phone: '+44 20 7946 0958' }
  const shirt = {
    lineId: '13330000000001',
    productId: '111',
    sku: 'LS-M',
    title: 'Linen shirt',
    quantity: 2,
    price: '45.00',
    total: '90.00',
    url: 'https://shop.example/products/linen-shirt',
  }
  const placed = exampleEvent({
    id: 'pur_5551234567890',
    name: 'order_placed',
    occurredAt: '2026-11-20T14:03:22.000Z',
    identity: {
      ...john,
      firstName: 'John',
      lastName: 'Smith',
      customerId: '7654321',
      city: 'London',
      country: 'GB',
      postalCode: 'SW1A 1AA',
    },
    commerce: {
      currency: 'EUR',
      value: '84.90',
      discount: '5.10',
      coupons: ['HELLO'],
      orderId: '5551234567890',
      items: [shirt, { lineId: '13330000000002', productId: '999', title: 'Free sample', quantity: 1, total: '0.00' }],
    },
  })
  const profile = {
    data: {
      type: 'profile',
      attributes: {
        email: 'john.smith+promo@example.com',
        phone_number: '+442079460958',
        external_id: '7654321',
        first_name: 'John',
        last_name: 'Smith',
        location: { city: 'London', country: 'United Kingdom', zip: 'SW1A 1AA' },
      },
    },
  }
  const metric = (name: string) => ({ data: { type: 'metric', attributes: { name } } })

  it('a single Placed Order', () => {
    expect(bodiesOf(itemsOf(placed))[0]).toEqual({
      data: {
        type: 'event',
        attributes: {
          unique_id: 'pur_5551234567890',
          time: '2026-11-20T14:03:22Z',
          value: 84.9,
          value_currency: 'EUR',
          metric: metric('Placed Order'),
          profile,
          properties: {
            OrderId: '5551234567890',
            ItemNames: ['Linen shirt', 'Free sample'],
            DiscountCode: 'HELLO',
            DiscountValue: 5.1,
            Items: [
              {
                ProductID: '111',
                SKU: 'LS-M',
                ProductName: 'Linen shirt',
                Quantity: 2,
                ItemPrice: 45,
                RowTotal: 90,
                ProductURL: 'https://shop.example/products/linen-shirt',
              },
              { ProductID: '999', ProductName: 'Free sample', Quantity: 1, RowTotal: 0 },
            ],
          },
        },
      },
    })
  })

  it('two Ordered Product of one order in bulk, one element for each, with an explicit 0', () => {
    const [, ...lines] = itemsOf(placed)
    const element = (unique_id: string, value: number, properties: object) => ({
      type: 'event-bulk-create',
      attributes: {
        profile,
        events: {
          data: [
            {
              type: 'event',
              attributes: {
                unique_id,
                time: '2026-11-20T14:03:22Z',
                value,
                value_currency: 'EUR',
                metric: metric('Ordered Product'),
                properties: { OrderId: '5551234567890', ...properties },
              },
            },
          ],
        },
      },
    })
    expect(bodiesOf(lines, { bulk: true })).toEqual([
      {
        data: {
          type: 'event-bulk-create-job',
          attributes: {
            'events-bulk-create': {
              data: [
                element('pur_5551234567890:13330000000001', 90, {
                  ProductID: '111',
                  SKU: 'LS-M',
                  ProductName: 'Linen shirt',
                  Quantity: 2,
                  ProductURL: 'https://shop.example/products/linen-shirt',
                }),
                element('pur_5551234567890:13330000000002', 0, {
                  ProductID: '999',
                  ProductName: 'Free sample',
                  Quantity: 1,
                }),
              ],
            },
          },
        },
      },
    ])
  })

  it('a refund, completed from its purchase', () => {
    const refunded = exampleEvent({
      id: 'ref_880001112223',
      name: 'order_refunded',
      occurredAt: '2026-11-22T09:10:00.000Z',
      identity: { email: john.email },
      commerce: {
        currency: 'EUR',
        value: '40.00',
        orderId: '5551234567890',
        reason: 'size',
        original: { occurredAt: '2026-11-20T14:03:22.000Z', value: '84.90' },
        items: [{ productId: '111', quantity: 1, total: '40.00' }],
      },
    })
    expect(bodiesOf(itemsOf(refunded))).toEqual([
      {
        data: {
          type: 'event',
          attributes: {
            unique_id: 'ref_880001112223',
            time: '2026-11-22T09:10:00Z',
            value: 40,
            value_currency: 'EUR',
            metric: metric('Refunded Order'),
            profile: { data: { type: 'profile', attributes: { email: 'john.smith+promo@example.com' } } },
            properties: {
              OrderId: '5551234567890',
              Reason: 'size',
              Items: [{ ProductID: '111', Quantity: 1, RowTotal: 40 }],
            },
          },
        },
      },
    ])
  })

  it('a product seen by somebody who followed a link in a mail', () => {
    const viewed = exampleEvent({
      id: 'evt_01JD0000000000000000000001',
      name: 'product_viewed',
      occurredAt: '2026-11-20T13:58:00.000Z',
      ids: { kx: 'EXAMPLEexchangeid.AbC123' },
      commerce: { items: [{ productId: '111', title: 'Linen shirt', price: '45.00', url: shirt.url }] },
    })
    expect(itemsOf(viewed)).toEqual([
      {
        type: 'event',
        attributes: {
          unique_id: 'evt_01JD0000000000000000000001',
          time: '2026-11-20T13:58:00Z',
          metric: metric('Viewed Product'),
          profile: { data: { type: 'profile', attributes: { _kx: 'EXAMPLEexchangeid.AbC123' } } },
          properties: { ProductName: 'Linen shirt', ProductID: '111', Price: 45, URL: shirt.url },
        },
      },
    ])
  })

  it('a time two years ahead is the present', () => {
    const [ahead] = itemsOf({ ...placed, occurredAt: '2028-11-22T10:00:00.000Z' })
    expect(ahead).toMatchObject({ attributes: { time: '2026-11-22T10:00:00Z' } })
  })

  it('a replay is the same event to Klaviyo', () => {
    expect(itemsOf(placed, { ...live, now: new Date('2026-12-24T10:00:00Z') })).toEqual(itemsOf(placed))
  })
})

describe('identifiers', () => {
  const personOf = (identity: Parameters<typeof exampleEvent>[0]['identity'] & object, ids: Event['ids'] = {}) =>
    profileIn(itemsOf(exampleEvent({ id: 'cus_1', name: 'signed_up', identity, ids }))[0])

  it.each([
    [
      { email: ' John.Smith+promo@Example.com' },
      'john.smith+promo@example.com',
      'cf991dc7a38547c40e823984e6dd72e2dfe151c5546ad4a135e193e898d7b613',
    ],
    [
      { phone: '+44 20 7946 0958' },
      '+442079460958',
      'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d',
    ],
    [
      { phone: '+1 (650) 555-0182' },
      '+16505550182',
      '22df9376598c91ead1e038463590cfc60d78fe0ccb7cfae00df708ee5e95a374',
    ],
    [{ phone: '020 7946 0958', country: 'GB' }, '+442079460958', undefined],
  ])('%o is sent in clear as %s, and its hash never', (identity, sent, hash) => {
    const person = personOf(identity)
    expect(person.email ?? person.phone_number).toBe(sent)
    if (hash !== undefined) expect(JSON.stringify(person)).not.toContain(hash)
  })

  it('a phone that cannot be read is left out', () => {
    expect(personOf({ email: 'jane@example.com', phone: '12345' })).toEqual({ email: 'jane@example.com' })
  })

  it('names keep their case', () => {
    expect(personOf({ email: 'jane@example.com', lastName: "de l'Église-MacDonald" })).toMatchObject({
      last_name: "de l'Église-MacDonald",
    })
  })

  it('a country is sent by name, one that does not exist not at all', () => {
    expect(personOf({ email: 'jane@example.com', country: 'GB' }).location).toEqual({ country: 'United Kingdom' })
    expect(personOf({ email: 'jane@example.com', country: 'ZZ' })).toEqual({ email: 'jane@example.com' })
  })

  describe('of Klaviyo’s cookie', () => {
    const COOKIE =
      'eyJjaWQiOiJPR1ZoWWpRMlpqY3RaakkwTWkwMFlqUTVMV0kzWmpZdE5UUXpZalEyWmpJME1qZzUiLCIkZXhjaGFuZ2VfaWQiOiJFWEFNUExFZXhjaGFuZ2VpZC5BYkMxMjMifQ=='
    const idsIn = (cookie: string) => browserIdsFrom({ cookies: { __kla_id: cookie } }, undefined)

    it.each([
      ['as it is', COOKIE],
      ['URL-encoded', COOKIE.replaceAll('=', '%3D')],
      ['without padding', COOKIE.replaceAll('=', '')],
    ])('%s: the browser and the person', (_, cookie) => {
      const viewed = exampleEvent({ id: 'sh-cookie-1', name: 'searched', ids: idsIn(cookie) ?? {} })
      expect(profileIn(itemsOf(viewed)[0])).toEqual({
        anonymous_id: 'OGVhYjQ2ZjctZjI0Mi00YjQ5LWI3ZjYtNTQzYjQ2ZjI0Mjg5',
        _kx: 'EXAMPLEexchangeid.AbC123',
      })
    })

    it('garbage: nothing', () => {
      expect(idsIn('%%%')).toBeUndefined()
      expect(idsIn('eyJjaWQi')).toBeUndefined()
    })
  })
})
