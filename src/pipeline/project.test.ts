import { describe, expect, it } from 'vitest'
import type { Event } from '../event/event.ts'
import { DAY, HOUR, MINUTE } from '../lib/duration.ts'
import type { IdentityKey, IdentityRecord } from '../store/store.ts'
import { NOW, order, seenByPixel } from './double.ts'
import { keysOf, project } from './project.ts'

/** Identities as they become while sightings arrive one after the other. */
const memory = () => {
  const records = new Map<IdentityKey, IdentityRecord>()
  const links: (readonly [string, string])[] = []
  return {
    records,
    links,
    get: (key: IdentityKey) => records.get(key),
    /** What this sighting changed. */
    sees: (event: Event, at = NOW) => {
      const learned = project(event, at, (key) => records.get(key))
      for (const [key, record] of learned.changes) records.set(key, record)
      links.push(...learned.links)
      return learned
    },
  }
}

const TOKEN = 'token-of-the-order'
const shows = (clientId: string, given: Partial<Event> = {}): Event =>
  seenByPixel({ name: 'checkout_started', ...given, identity: { clientId }, commerce: { checkoutToken: TOKEN } })
const signed = (customerId: string, checkoutToken = TOKEN): Event =>
  order({ identity: { customerId }, commerce: { checkoutToken } })

describe('a checkout and its browser', () => {
  it('the first browser that shows a checkout token owns it, later claims change nothing', () => {
    const known = memory()
    known.sees(shows('phone', { ids: { epik: 'of-the-phone' } }))
    const before = known.get(`checkout:${TOKEN}`)
    const { changes } = known.sees(shows('thief', { ids: { epik: 'of-the-thief' } }), NOW + HOUR)
    expect([...changes.keys()]).toEqual(['client:thief'])
    expect(known.get(`checkout:${TOKEN}`)).toEqual(before)
    expect(before).toMatchObject({ clientId: 'phone', ids: { epik: 'of-the-phone' } })
  })

  it('the first value of each kind stays with the checkout, others are added', () => {
    const known = memory()
    known.sees(shows('phone', { ids: { epik: 'first' } }))
    known.sees(shows('phone', { ids: { epik: 'second', ttclid: 'clicked-later' } }), NOW + MINUTE)
    expect(known.get(`checkout:${TOKEN}`)?.ids).toMatchObject({ epik: 'first', ttclid: 'clicked-later' })
  })

  it('the newest consent of its browser counts', () => {
    const known = memory()
    const consent = (marketing: boolean, at: string) => ({ consent: { marketing, at } })
    known.sees(shows('phone', consent(true, '2026-11-22T10:00:00.000Z')))
    known.sees(shows('phone', consent(false, '2026-11-22T10:05:00.000Z')), NOW + MINUTE)
    known.sees(shows('phone', consent(true, '2026-11-22T10:01:00.000Z')), NOW + 2 * MINUTE)
    expect(known.get(`checkout:${TOKEN}`)?.consent?.marketing).toBe(false)
    expect(known.get('client:phone')?.consent?.marketing).toBe(false)
  })

  it('a cart belongs to the first browser that shows its token', () => {
    const known = memory()
    const cart = (clientId: string) => seenByPixel({ identity: { clientId }, commerce: { cartToken: 'c1' } })
    known.sees(cart('phone'))
    known.sees(cart('thief'))
    expect(known.get('cart:c1')?.clientId).toBe('phone')
  })
})

describe('a browser and its customer', () => {
  const linked = (known: ReturnType<typeof memory>) => ({
    customer: known.get('customer:77')?.clients,
    client: known.get('client:phone')?.customerId,
    links: known.links.filter(([a, b]) => a === 'phone' && b === '77').length,
  })

  it('are linked by a signed message that names a checkout token which the browser had shown', () => {
    const known = memory()
    known.sees(shows('phone'))
    known.sees(signed('77'))
    expect(linked(known)).toEqual({ customer: ['phone'], client: '77', links: 1 })
  })

  it('are linked as well when the signed message came first', () => {
    const known = memory()
    known.sees(signed('77'))
    expect(linked(known)).toEqual({ customer: undefined, client: undefined, links: 0 })
    known.sees(shows('phone'))
    expect(linked(known)).toEqual({ customer: ['phone'], client: '77', links: 1 })
  })

  it('are not linked by a beacon’s own customer id and email', () => {
    const known = memory()
    known.sees(seenByPixel({ identity: { customerId: '77', email: 'maya@example.com' } }))
    known.sees(seenByPixel({ identity: { customerId: '77' }, commerce: { checkoutToken: TOKEN } }))
    expect(known.get('customer:77')).toBeUndefined()
    expect(known.get(`checkout:${TOKEN}`)?.customerId).toBeUndefined()
    expect(JSON.stringify([...known.records])).not.toMatch(/77|maya/)
    // What they said leads to them, should they ask to be erased by it, and to nobody else.
    expect(known.links.filter(([one]) => one.startsWith('email:'))).toEqual([['email:maya@example.com', 'phone']])
  })

  it('are not linked by a signed message that names another checkout', () => {
    const known = memory()
    known.sees(shows('phone'))
    known.sees(signed('77', 'token-of-a-stranger'))
    expect(linked(known)).toEqual({ customer: undefined, client: undefined, links: 0 })
  })

  it('a signed message that names a browser by its id alone links nothing', () => {
    const known = memory()
    known.sees(seenByPixel())
    known.sees(order({ identity: { clientId: 'phone' } }))
    expect(linked(known)).toEqual({ customer: undefined, client: undefined, links: 0 })
  })

  it('the ten newest browsers of a customer are remembered', () => {
    const known = memory()
    for (let n = 1; n <= 12; n++) {
      const token = `token-${n}`
      known.sees(seenByPixel({ identity: { clientId: `client-${n}` }, commerce: { checkoutToken: token } }))
      known.sees(signed('77', token))
    }
    expect(known.get('customer:77')?.clients).toEqual(Array.from({ length: 10 }, (_, n) => `client-${n + 3}`))
  })

  it('subjects of one person are linked: checkout, browser, customer, and the order that its refunds are sealed for', () => {
    const known = memory()
    known.sees(shows('phone'))
    known.sees(signed('77'))
    expect(known.links).toEqual([
      [TOKEN, 'phone'],
      [TOKEN, '77'],
      ['phone', '77'],
      ['pur_1001', '77'],
      ['email:maya@example.com', '77'],
    ])
  })

  it('a cart is linked with the browser that owns it, once, and not with one that shows it later', () => {
    const known = memory()
    const cart = (clientId: string) => seenByPixel({ identity: { clientId }, commerce: { cartToken: 'c1' } })
    for (const clientId of ['phone', 'phone', 'thief']) known.sees(cart(clientId))
    expect(known.links).toEqual([['c1', 'phone']])
  })

  it('a cart is linked with whom a signed message names beside it: the customer, else the checkout', () => {
    const known = memory()
    known.sees(order({ commerce: { cartToken: 'c1' } }))
    const { identity: _, ...guest } = order({ commerce: { cartToken: 'c2' } })
    known.sees(guest)
    known.sees({ ...guest, commerce: { cartToken: 'c3' } })
    expect(known.links.filter(([one]) => one.startsWith('c'))).toEqual([
      ['c1', '77'],
      ['c2', TOKEN],
    ])
  })

  it('an order that a beacon names is linked with nobody', () => {
    const known = memory()
    known.sees(shows('thief', { commerce: { orderId: '1001' } }))
    known.sees(seenByPixel({ identity: { clientId: 'thief' }, commerce: { orderId: '1001' } }))
    expect(known.links.flat()).not.toContain('pur_1001')
  })
})

describe('what is remembered of a browser', () => {
  it('the newest click id', () => {
    const known = memory()
    const clicked = (epik: string, at: string) => seenByPixel({ ids: { epik, seenAt: { epik: at } } })
    known.sees(clicked('first', '2026-11-20T00:00:00.000Z'))
    known.sees(clicked('second', '2026-11-22T00:00:00.000Z'))
    expect(known.get('client:phone')?.ids).toEqual({ epik: 'second', seenAt: { epik: '2026-11-22T00:00:00.000Z' } })
  })

  it('the moment an id was first seen, however often it is seen again, on the checkout too', () => {
    const known = memory()
    const seen = (epik: string, at: string, more: object = {}) =>
      shows('phone', { ids: { epik, ...more, seenAt: { epik: at } } })
    known.sees(seen('same', '2026-11-20T00:00:00.000Z'))
    known.sees(seen('same', '2026-11-22T00:00:00.000Z', { ttclid: 'other' }), NOW + DAY)
    expect(known.get('client:phone')?.ids?.seenAt?.epik).toBe('2026-11-20T00:00:00.000Z')
    expect(known.get(`checkout:${TOKEN}`)?.ids?.seenAt?.epik).toBe('2026-11-20T00:00:00.000Z')
  })

  it('ids that a later sighting does not bring', () => {
    const known = memory()
    known.sees(seenByPixel({ ids: { epik: 'kept', gaSessions: { 'G-A': '1' } } }))
    known.sees(seenByPixel({ ids: { fbp: 'fb.1.1763690000000.1', gaSessions: { 'G-B': '2' } } }))
    expect(known.get('client:phone')?.ids).toMatchObject({
      epik: 'kept',
      fbp: 'fb.1.1763690000000.1',
      gaSessions: { 'G-A': '1', 'G-B': '2' },
    })
  })

  it('address and user agent of one sighting, never a mixture of two', () => {
    const known = memory()
    known.sees(shows('phone'))
    const { userAgent: _, ...without } = seenByPixel({ identity: { ip: '203.0.113.99' } }).identity ?? {}
    known.sees({ ...shows('phone'), identity: without }, NOW + MINUTE)
    expect(known.get('client:phone')).toMatchObject({ ip: '203.0.113.99', addressAt: NOW + MINUTE })
    expect(known.get('client:phone')?.userAgent).toBeUndefined()
    expect(known.get(`checkout:${TOKEN}`)).toMatchObject({ ip: '203.0.113.7', userAgent: 'Phone/1.0', addressAt: NOW })
  })

  it('its newest twenty additions to the cart', () => {
    const known = memory()
    for (let n = 1; n <= 25; n++)
      known.sees(seenByPixel({ name: 'product_added', commerce: { items: [{ variantId: `${n}` }] } }), NOW + n)
    const added = known.get('client:phone')?.added
    expect(added).toHaveLength(20)
    expect(added?.at(-1)).toBe(`25 ${NOW + 25}`)
  })
})

describe('a sighting that is learned after newer ones', () => {
  const seen = (epik: string, more: object) => seenByPixel({ ids: { epik }, ...more })

  it('adds what is missing and takes back nothing', () => {
    const known = memory()
    known.sees(seen('newer', { identity: { ip: '203.0.113.9' }, landing: { url: 'https://shop.example.com/newer' } }))
    known.sees(
      seenByPixel({
        name: 'order_placed',
        identity: { ip: '203.0.113.1' },
        ids: { epik: 'older', ttclid: 'missing' },
        landing: { url: 'https://shop.example.com/older' },
        commerce: { checkoutToken: TOKEN },
      }),
      NOW - MINUTE,
    )
    expect(known.get('client:phone')).toMatchObject({
      ids: { epik: 'newer', ttclid: 'missing' },
      ip: '203.0.113.9',
      landing: { url: 'https://shop.example.com/newer' },
      seenAt: NOW,
    })
    expect(known.get(`checkout:${TOKEN}`)).toMatchObject({ clientId: 'phone', ids: { epik: 'older' } })
  })
})

describe('a sighting that teaches nothing new', () => {
  it('writes nothing and links nothing', () => {
    const known = memory()
    const sighting = shows('phone', { ids: { epik: 'same' }, consent: { marketing: true } })
    known.sees(sighting)
    known.sees(signed('77'))
    for (const again of [
      sighting,
      signed('77'),
      { ...sighting, consent: { marketing: true, at: '2026-11-22T11:00:00.000Z' } },
    ]) {
      const { changes, links } = known.sees(again, NOW + HOUR)
      expect([...changes.keys()]).toEqual([])
      // Nobody remembers which orders and addresses are linked: the few messages with one say so each time.
      expect(links.filter(([one]) => one !== 'pur_1001' && !one.startsWith('email:'))).toEqual([])
    }
  })

  it('is written once a day, to show that the browser still comes', () => {
    const known = memory()
    known.sees(seenByPixel())
    expect(known.sees(seenByPixel(), NOW + DAY - 1).changes.size).toBe(0)
    expect(known.sees(seenByPixel(), NOW + DAY).changes.size).toBe(1)
  })
})

it('only the records that a sighting can change are asked for', () => {
  expect(keysOf(shows('phone'))).toEqual(['client:phone', `checkout:${TOKEN}`])
  expect(keysOf(signed('77'))).toEqual([`checkout:${TOKEN}`, 'customer:77'])
  expect(keysOf(seenByPixel({ identity: { customerId: '77' } }))).toEqual(['client:phone'])
})
