import { describe, expect, it } from 'vitest'
import { meta } from '../destinations/meta/meta.ts'
import { BROWSER_IDS, type BrowserIds } from '../event/browser-ids.ts'
import type { Consent } from '../event/consent.ts'
import type { Event } from '../event/event.ts'
import { DAY } from '../lib/duration.ts'
import type { IdentityRecord, StoredPart } from '../store/store.ts'
import { NOW, order, seenByPixel } from './double.ts'
import { join, type Knowledge, visitKnown } from './join.ts'

const TOKEN = 'token-of-the-order'
const knowing = (known: Partial<Knowledge> = {}): Knowledge => ({
  parts: [],
  others: [],
  facts: {},
  addressKept: 7 * DAY,
  ...known,
})
const record = (told: Partial<IdentityRecord>): IdentityRecord => ({ seenAt: NOW, ...told })
const part = (event: Event, joined = false): StoredPart => ({ receivedAt: NOW, joined, event })
const completed = (given: Partial<Event> & { commerce?: Event['commerce'] } = {}): StoredPart =>
  part(
    seenByPixel({
      id: 'pur_1001',
      name: 'order_placed',
      part: true,
      ...given,
      identity: { clientId: 'phone', ip: '203.0.113.7', userAgent: 'Phone/1.0' },
      commerce: { orderId: '1001', checkoutToken: TOKEN, ...given.commerce },
    }),
  )

describe('browser ids on a purchase', () => {
  const own = order({
    ids: { epik: 'of-the-order', ttclid: 'of-the-order', fbclid: 'of-the-order', sccid: 'of-the-order' },
  })
  const all = (value: string): BrowserIds => ({
    epik: value,
    ttclid: value,
    fbclid: value,
    sccid: value,
    rdtCid: value,
  })
  const others = [record({ ids: { ...all('of-the-tablet'), fbp: 'fb.1.1763690000000.1' } })]

  it('come from the buying browser, then the checkout, then the browser’s record, then the order, then other browsers', () => {
    const known = knowing({
      parts: [completed({ ids: { epik: 'of-the-pixel' } })],
      checkout: record({ ids: { epik: 'of-the-checkout', ttclid: 'of-the-checkout' } }),
      client: record({ ids: { epik: 'of-the-client', ttclid: 'of-the-client', fbclid: 'of-the-client' } }),
      others,
    })
    expect(join(own, known, NOW).ids).toEqual({
      epik: 'of-the-pixel',
      ttclid: 'of-the-checkout',
      fbclid: 'of-the-client',
      sccid: 'of-the-order',
      rdtCid: 'of-the-tablet',
    })
  })

  it('from the customer’s other browsers are click ids only: no browser ids, address, user agent or sessions', () => {
    const tablet = record({
      ip: '203.0.113.200',
      userAgent: 'Tablet/1.0',
      addressAt: NOW,
      clientId: 'tablet',
      landing: { url: 'https://shop.example.com/' },
      ids: { epik: 'of-the-tablet', fbp: 'fb.1.1763690000000.1', gaClientId: '1.2', gaSessions: { 'G-A': '1' } },
    })
    const joined = join(order(), knowing({ others: [tablet] }), NOW)
    expect(joined.ids).toEqual({ epik: 'of-the-tablet' })
    expect(joined.landing).toBeUndefined()
    expect(joined.identity).toEqual(order().identity)
  })

  it.each(BROWSER_IDS.map((rule) => [rule.name, rule] as const))(
    '%s is used as long as its platform keeps it, and not a moment longer',
    (name, { keep }) => {
      const seen = (ago: number): Knowledge =>
        knowing({
          client: record({ ids: { [name]: 'value', seenAt: { [name]: new Date(NOW - ago).toISOString() } } }),
        })
      expect(join(order(), seen(keep), NOW).ids?.[name]).toBe('value')
      expect(join(order(), seen(keep + 1), NOW).ids).toBeUndefined()
    },
  )

  it('a refusal counts wherever it was seen: an early "false" does not beat a later "true"', () => {
    const seen = knowing({
      checkout: record({ ids: { gumOptOut: 'false' } }),
      client: record({ ids: { gumOptOut: 'true' } }),
    })
    expect(join(order(), seen, NOW).ids).toMatchObject({ gumOptOut: 'true' })
  })

  it('an expired one gives way to one that stands lower', () => {
    const old = new Date(NOW - 29 * DAY).toISOString()
    const known = knowing({ client: record({ ids: { ttclid: 'expired', seenAt: { ttclid: old } } }) })
    expect(join(own, known, NOW).ids?.ttclid).toBe('of-the-order')
  })
})

describe('address and user agent', () => {
  const own = order({ identity: { ip: '203.0.113.24', userAgent: 'Of the order' } })
  const seen = (by: string, addressAt = NOW) => record({ ip: `203.0.113.${by.length}`, userAgent: by, addressAt })

  it('are the buying browser’s at the purchase', () => {
    const known = knowing({ parts: [completed()], checkout: seen('checkout'), client: seen('client') })
    expect(join(own, known, NOW).identity).toMatchObject({ ip: '203.0.113.7', userAgent: 'Phone/1.0' })
  })

  it('else those of the checkout, else of the browser, else the order’s own', () => {
    const userAgent = (known: Partial<Knowledge>) => join(own, knowing(known), NOW).identity?.userAgent
    expect(userAgent({ checkout: seen('checkout'), client: seen('client') })).toBe('checkout')
    expect(userAgent({ client: seen('client') })).toBe('client')
    expect(userAgent({})).toBe('Of the order')
  })

  it('are used for 7 days after they were seen, always both of one sighting', () => {
    const late = (ago: number) => join(own, knowing({ checkout: seen('checkout', NOW - ago) }), NOW).identity
    expect(late(7 * DAY)).toMatchObject({ ip: '203.0.113.8', userAgent: 'checkout' })
    expect(late(7 * DAY + 1)).toMatchObject({ ip: '203.0.113.24', userAgent: 'Of the order' })
    const half = knowing({ checkout: record({ ip: '203.0.113.99', addressAt: NOW }) })
    expect(join(own, half, NOW).identity).toMatchObject({ ip: '203.0.113.24', userAgent: 'Of the order' })
  })
})

describe('a beacon’s claim about an order', () => {
  const forged = completed({
    ids: { epik: 'of-the-thief' },
    consent: { marketing: false, at: new Date(NOW).toISOString() },
    page: { url: 'https://thief.example.com/' },
    commerce: { checkoutToken: 'token-of-the-thief' },
  })

  it('is ignored when it names another checkout token, and its visit is not this one', () => {
    const known = knowing({ parts: [forged] })
    expect(join(order(), known, NOW)).toEqual(join(order(), knowing(), NOW))
    expect(visitKnown(order(), known)).toBe(false)
  })

  it('is ignored when it or the order names none', () => {
    const { checkoutToken: _, ...rest } = order().commerce ?? {}
    const without = { ...order(), commerce: rest }
    expect(visitKnown(without, knowing({ parts: [completed()] }))).toBe(false)
    expect(join(without, knowing({ parts: [completed({ ids: { epik: 'x1234' } })] }), NOW).ids).toBeUndefined()
  })

  it('counts when it names the order’s own', () => {
    const known = knowing({ parts: [forged, completed({ ids: { epik: 'of-the-phone' } })] })
    expect(visitKnown(order(), known)).toBe(true)
    const joined = join(order(), known, NOW)
    expect(joined.ids?.epik).toBe('of-the-phone')
    expect(joined.identity?.clientId).toBe('phone')
    expect(joined.seenBy).toEqual(['shopify-webhook:orders/create', 'web-pixel:page_viewed'])
  })

  it('never brings money', () => {
    const claim = completed()
    expect(join(order(), knowing({ parts: [claim] }), NOW).commerce).toEqual(order().commerce)
  })
})

describe('what a part adds', () => {
  it('fields the event lacks; name and address are taken as one whole', () => {
    const updated = part(
      order({
        seenBy: ['shopify-webhook:orders/updated'],
        part: true,
        identity: { email: 'other@example.com', phone: '+15035550142', firstName: 'Maya', city: 'Portland' },
      }),
    )
    const named = order({ identity: { firstName: 'May' } })
    expect(join(order(), knowing({ parts: [updated] }), NOW).identity).toMatchObject({
      email: 'maya@example.com',
      phone: '+15035550142',
      firstName: 'Maya',
      city: 'Portland',
    })
    const kept = join(named, knowing({ parts: [updated] }), NOW).identity
    expect(kept).toMatchObject({ firstName: 'May', phone: '+15035550142' })
    expect(kept?.city).toBeUndefined()
  })

  const updated = (minutes: number, commerce: Event['commerce'], flags: readonly string[] = []) =>
    part(
      order({
        seenBy: [`shopify-webhook:orders/updated:${minutes}`],
        part: true,
        flags,
        commerce: { updatedAt: new Date(NOW + minutes * 60_000).toISOString(), ...commerce },
      }),
    )

  it('facts of commerce that the event lacks, the first that told them; its own win', () => {
    const placed = order({ commerce: { paymentType: 'shopify_payments' } })
    const parts = [
      completed({ commerce: { customerType: 'new', paymentType: 'claimed', cartToken: 'c1' } }),
      updated(5, { orderName: '#1001', cartToken: 'c2' }),
    ]
    expect(join(placed, knowing({ parts }), NOW).commerce).toEqual({
      ...placed.commerce,
      customerType: 'new',
      cartToken: 'c1',
      orderName: '#1001',
      updatedAt: new Date(NOW + 5 * 60_000).toISOString(),
    })
  })

  it('the newest state of the payment that Shopify signed', () => {
    const placed = order({ commerce: { financialStatus: 'pending', updatedAt: new Date(NOW).toISOString() } })
    const status = (...parts: readonly StoredPart[]) => join(placed, knowing({ parts }), NOW).commerce?.financialStatus
    expect(status()).toBe('pending')
    expect(status(updated(9, { financialStatus: 'paid' }), updated(5, { financialStatus: 'authorized' }))).toBe('paid')
    expect(status(updated(-5, { financialStatus: 'authorized' }), updated(9, {}))).toBe('pending')
    const later = new Date(NOW + 900_000).toISOString()
    expect(status(completed({ commerce: { financialStatus: 'paid', updatedAt: later } }))).toBe('pending')
  })

  it('never money or items, whoever tells them', () => {
    const { currency: _, value: __, ...bare } = order().commerce ?? {}
    const bag = { value: '1.00', currency: 'EUR', items: [{ sku: 'L' }], numItems: 1, taxesIncluded: true }
    for (const one of [completed({ commerce: bag }), updated(0, { ...bag, presentment: { value: '1.00' } })]) {
      const { updatedAt: ___, ...joined } =
        join({ ...order(), commerce: bare }, knowing({ parts: [one] }), NOW).commerce ?? {}
      expect(joined).toEqual(bare)
    }
  })

  it('what was odd about it', () => {
    const parts = [updated(5, {}, ['order_edited']), updated(6, {}, ['order_edited', 'phone_unreadable'])]
    expect(join(order({ flags: ['source_name_missing'] }), knowing({ parts }), NOW).flags).toEqual([
      'source_name_missing',
      'order_edited',
      'phone_unreadable',
    ])
  })

  it('the joined form kept at the first send is used again, whatever became known since', () => {
    const first = { ...order(), ids: { epik: 'as-first-sent' } }
    const known = knowing({
      parts: [part(first, true), completed({ ids: { epik: 'came-later' } })],
      client: record({ ids: { epik: 'came-later' } }),
    })
    expect(join(order(), known, NOW)).toEqual(first)
    expect(visitKnown(order(), known)).toBe(true)
  })

  it('the joined form loses address and ids when their time is over, and nothing else', () => {
    const seenAt = { epik: new Date(NOW).toISOString(), ttclid: new Date(NOW).toISOString() }
    const first = order({
      identity: { ip: '203.0.113.7', userAgent: 'Phone/1.0' },
      ids: { epik: 'year', ttclid: 'month', seenAt },
    })
    const later = (days: number) => join(order(), knowing({ parts: [part(first, true)] }), NOW + days * DAY)
    expect(later(7)).toEqual(first)
    expect(later(40)).toEqual({ ...order(), ids: { epik: 'year', seenAt: { epik: seenAt.epik } } })
  })
})

describe('the moment of a click', () => {
  const LANDED = '2026-11-22T09:40:00.000Z'
  const fbclid = 'IwAR2Landing'
  // The order names the landing site, and gives its click its own moment; the thank-you page comes 3 s after it.
  const placed = order({ ids: { fbclid, seenAt: { fbclid: new Date(NOW).toISOString() } } })
  const later = new Date(NOW + 3000).toISOString()
  const thankYou = (seen: string) => completed({ occurredAt: later, ids: { fbclid, seenAt: { fbclid: seen } } })
  const seenIn = (known: Partial<Knowledge>) => join(placed, knowing(known), NOW + 5000)

  it('is that of the landing page, although the thank-you page comes after the order', () => {
    const joined = seenIn({ parts: [thankYou(LANDED)] })
    expect(joined.ids).toEqual({ fbclid, seenAt: { fbclid: LANDED } })
    const settings = meta.settings.parse({ pixelId: '1234567890123456', accessToken: 'EAAB_test' })
    const how = { limited: false, backfill: false, test: false, now: new Date(NOW + 5000) }
    expect(meta.toItems(joined, settings, how)).toMatchObject([
      { user_data: { fbc: `fb.1.${Date.parse(LANDED)}.${fbclid}` } },
    ])
  })

  it('is the earliest at which the same click was seen anywhere', () => {
    const client = record({ ids: { fbclid, seenAt: { fbclid: LANDED } } })
    expect(seenIn({ parts: [thankYou(later)], client }).ids?.seenAt).toEqual({ fbclid: LANDED })
    expect(seenIn({ parts: [thankYou(later)] }).ids?.seenAt).toEqual({ fbclid: new Date(NOW).toISOString() })
  })

  it('is never that of another click, nor one whose time is over', () => {
    const other = record({ ids: { fbclid: 'IwAR2Another', seenAt: { fbclid: LANDED } } })
    const expired = record({ ids: { fbclid, seenAt: { fbclid: new Date(NOW - 91 * DAY).toISOString() } } })
    for (const client of [other, expired])
      expect(seenIn({ parts: [thankYou(later)], client }).ids?.seenAt).toEqual({ fbclid: new Date(NOW).toISOString() })
  })
})

describe('consent', () => {
  const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString()
  const says = (marketing: boolean, minutes: number): Consent => ({ marketing, at: at(minutes) })
  const marketing = (event: Event, known: Partial<Knowledge>) => join(event, knowing(known), NOW).consent?.marketing

  it('withdrawn after the event by its browser, checkout or customer counts', () => {
    const granted = order({ consent: says(true, 0) })
    for (const known of [
      { checkout: record({ consent: says(false, 5) }) },
      { client: record({ consent: says(false, 5) }) },
      { others: [record({ consent: says(false, 5) })] },
      { parts: [completed({ consent: says(false, 5) })] },
    ])
      expect(marketing(granted, known)).toBe(false)
  })

  it('withdrawn after the first send counts for the next', () => {
    const sent = part(order({ consent: says(true, 0) }), true)
    expect(marketing(order(), { parts: [sent], client: record({ consent: says(false, 5) }) })).toBe(false)
  })

  it('granted after the event releases nothing', () => {
    expect(marketing(order({ consent: says(false, 0) }), { client: record({ consent: says(true, 5) }) })).toBe(false)
    const refused = { parts: [completed({ consent: says(false, 0) })] }
    expect(marketing(order(), { ...refused, checkout: record({ consent: says(true, 5) }) })).toBe(false)
  })

  it('of an order that Shopify alone told of is the newest known when it was placed', () => {
    const changedMind = {
      others: [record({ consent: says(false, -9000) })],
      client: record({ consent: says(true, -5) }),
    }
    expect(marketing(order(), changedMind)).toBe(true)
    expect(marketing(order(), { checkout: record({ consent: says(true, 1) }) })).toBe(true)
    expect(marketing(order(), {})).toBeUndefined()
  })

  it('of another browser of the customer counts only as a refusal', () => {
    expect(marketing(order(), { others: [record({ consent: says(true, -5) })] })).toBeUndefined()
    expect(marketing(order(), { others: [record({ consent: says(false, -5) })] })).toBe(false)
  })
})
