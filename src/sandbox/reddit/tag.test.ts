import { describe, expect, it } from 'vitest'
import { DAY, MINUTE } from '../../lib/duration.ts'
import { ask } from '../kit/asking.ts'
import {
  bearer,
  data,
  EMAIL,
  event,
  NOW,
  OTHER,
  OTHER_TOKEN,
  PIXEL,
  pathOf,
  reddit,
  send,
  tagHit,
  UUID,
} from './sending.ts'

const HIT = {
  event: 'Purchase',
  'm.itemCount': '3',
  'm.value': '',
  'm.valueDecimal': '145.5',
  'm.currency': 'USD',
  'm.transactionId': '',
  'm.customEventName': '',
  'm.products': '[{"id":"44001112223334","name":"Trail Shoe","category":"Shoes"}]',
  'm.conversionId': 'purchase-1',
  uuid: UUID,
  em: EMAIL,
  pn: '',
  external_id: 'undefined',
  integration: 'reddit',
  opt_out: '0',
  dpm: '',
}

describe('the pixel’s image', () => {
  it('tells name, conversion id, metadata and who it was', () => {
    const sandbox = reddit()
    expect(tagHit(sandbox, HIT).headers['content-type']).toBe('image/gif')
    expect(sandbox.conversions()).toMatchObject([
      {
        account: PIXEL,
        name: 'PURCHASE',
        eventId: 'purchase-1',
        orderId: undefined,
        value: '145.5',
        currency: 'USD',
        contentIds: ['44001112223334'],
        sources: { tag: 1, server: 0 },
        limited: false,
        identifiers: { email: [EMAIL], uuid: [UUID], ip_address: ['203.0.113.9'], user_agent: ['Mozilla/5.0'] },
      },
    ])
    expect(sandbox.conversions()[0]?.identifiers).not.toHaveProperty('external_id')
  })

  it.each([
    ['PageVisit', 'PAGE_VISIT'],
    ['ViewContent', 'VIEW_CONTENT'],
    ['Search', 'SEARCH'],
    ['AddToCart', 'ADD_TO_CART'],
    ['AddToWishlist', 'ADD_TO_WISHLIST'],
    ['Lead', 'LEAD'],
    ['SignUp', 'SIGN_UP'],
  ])('%s is %s', (name, expected) => {
    const sandbox = reddit()
    tagHit(sandbox, { event: name })
    expect(sandbox.conversions()).toMatchObject([{ name: expected, marks: [] }])
  })

  it.each([
    [
      'an own event goes by its name',
      { event: 'Custom', 'm.customEventName': 'InitiateCheckout' },
      'InitiateCheckout',
      false,
    ],
    ['limited use', { event: 'Lead', dpm: 'LDU', dpcc: 'US', dprc: 'US-CA' }, 'LEAD', true],
    ['the older opt-out', { event: 'Lead', opt_out: '1' }, 'LEAD', true],
  ])('%s', (_, hit, name, limited) => {
    const sandbox = reddit()
    tagHit(sandbox, hit)
    expect(sandbox.conversions()).toMatchObject([{ name, limited }])
  })

  it.each<[string, Record<string, string>]>([
    ['an own event without a name', { event: 'Custom' }],
    ['an event that Reddit does not have', { event: 'Checkout' }],
    ['no event', { v: 'rdt_c9439d84' }],
  ])('is no conversion: %s', (_, hit) => {
    const sandbox = reddit()
    expect(tagHit(sandbox, hit).status).toBe(200)
    expect(sandbox.conversions()).toEqual([])
  })

  it('counts for nobody when nobody has the pixel', () => {
    const sandbox = reddit()
    tagHit(sandbox, { ...HIT, id: 'a2_nobody' })
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.adsManager(NOW)).toContain('1 tag hit named a tag that no account owns')
  })

  it('stands at its own path alone', () => {
    expect(ask(reddit(), { url: `https://alb.reddit.com/?id=${PIXEL}&event=Lead`, at: NOW }).status).toBe(404)
  })
})

describe('deduplication of tag and server', () => {
  const metadata = { conversion_id: 'purchase-1', value: 120, currency: 'USD' }
  const bought = (over: Readonly<Record<string, unknown>> = {}) =>
    event({ type: { tracking_type: 'PURCHASE' }, metadata, user: { email: EMAIL, uuid: UUID }, ...over })
  const own = (custom_event_name: string) => ({ tracking_type: 'CUSTOM', custom_event_name })

  it('merges one type and conversion id within two days', () => {
    const sandbox = reddit()
    tagHit(sandbox, HIT, NOW - 2 * DAY)
    send(sandbox, { body: data(bought()) })
    expect(sandbox.conversions()).toMatchObject([{ sources: { tag: 1, server: 1 }, merged: true }])
  })

  it.each([
    ['the tag’s was richer', bought(), '145.5'],
    [
      'the server’s was richer',
      bought({
        metadata: { ...metadata, order_id: '1', products: [{ id: '1' }] },
        click_id: '7',
        user: { email: EMAIL, uuid: UUID, ip_address: '203.0.113.7', user_agent: 'x' },
      }),
      '120',
    ],
  ])('keeps the richer copy, whichever came first: %s', (_, sent, value) => {
    for (const tagFirst of [true, false]) {
      const sandbox = reddit()
      if (tagFirst) tagHit(sandbox, HIT)
      send(sandbox, { body: data(sent) })
      if (!tagFirst) tagHit(sandbox, HIT)
      expect(sandbox.conversions()).toMatchObject([{ merged: true, value }])
    }
  })

  it('merges own events of one name', () => {
    const sandbox = reddit()
    tagHit(sandbox, { event: 'Custom', 'm.customEventName': 'InitiateCheckout', 'm.conversionId': 'purchase-1' })
    send(sandbox, { body: data(bought({ type: own('InitiateCheckout') })) })
    expect(sandbox.conversions()).toMatchObject([{ merged: true }])
  })

  it('merges a repeat of the server', () => {
    const sandbox = reddit()
    send(sandbox, { body: data(bought()) })
    send(sandbox, { body: data(bought()) })
    expect(sandbox.conversions()).toMatchObject([{ sources: { tag: 0, server: 2 }, merged: false }])
  })

  it.each<[string, object, number]>([
    ['another conversion id', bought({ metadata: { ...metadata, conversion_id: 'purchase-2' } }), NOW],
    ['the conversion id hashed', bought({ metadata: { ...metadata, conversion_id: EMAIL } }), NOW],
    ['the same order, but no conversion id', bought({ metadata: { order_id: 'purchase-1' } }), NOW],
    ['another type', bought({ type: { tracking_type: 'LEAD' } }), NOW],
    ['an own event called like the type', bought({ type: own('PURCHASE') }), NOW],
    ['an app’s', bought({ action_source: 'APP', event_source_url: undefined }), NOW],
    ['a shop’s', bought({ action_source: 'PHYSICAL_STORE', user: { email: EMAIL } }), NOW],
    ['of neither', bought({ action_source: 'OTHER' }), NOW],
    ['more than two days apart', bought({ event_at: NOW + MINUTE }), NOW + 2 * DAY + 1],
  ])('counts twice: %s', (_, second, at) => {
    const sandbox = reddit()
    tagHit(sandbox, HIT)
    expect(send(sandbox, { body: data(second), at }).status).toBe(200)
    expect(sandbox.conversions()).toHaveLength(2)
  })

  it('never merges what another pixel received', () => {
    const sandbox = reddit()
    send(sandbox, { body: data(bought()) })
    send(sandbox, { body: data(bought()), path: pathOf(OTHER), headers: bearer(OTHER_TOKEN) })
    expect(sandbox.conversions()).toHaveLength(2)
    expect(sandbox.conversions(OTHER)).toHaveLength(1)
  })
})
