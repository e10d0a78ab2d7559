import { describe, expect, it } from 'vitest'
import { HOUR } from '../../lib/duration.ts'
import { sha256 } from '../kit/people.ts'
import { MAPPED_ADD_TO_CART, MAPPED_PATH, TRACK_TRANSACTION, VIEW_ITEM } from './examples.ts'
import { createCriteo } from './platform.ts'
import {
  body,
  criteo,
  EVENTS_PATH,
  expectSwallowed,
  id,
  MD5,
  NOW,
  OTHER,
  PARTNER,
  refusalsOf,
  type Sent,
  SHA256,
  SHA256_MD5,
  send,
} from './sending.ts'

const SECURE = 'sslwidget.criteo.com'

describe("the sheet's worked examples are accepted", () => {
  it('a view of a product', () => {
    const sandbox = criteo()
    const answer = send(sandbox, { body: VIEW_ITEM })
    expect(answer).toEqual({ status: 200, headers: {}, body: '' })
    expect(refusalsOf(sandbox)).toEqual([])
    expect(sandbox.conversions()).toMatchObject([
      {
        account: PARTNER,
        name: 'viewItem',
        eventId: undefined,
        value: undefined,
        contentIds: ['shopify_FR_111_222'],
        occurredAt: '2026-11-20T13:58:00.000Z',
        sources: { tag: 0, server: 1 },
        identifiers: {
          mapped_user_id: ['k-EXAMPLEgumid_01'],
          retailer_visitor_id: ['v_01JD00000000000000000000'],
          ip: ['203.0.113.7'],
          useragent: ['Mozilla/5.0 (iPhone)'],
        },
        warnings: [],
      },
    ])
  })

  it('a transaction', () => {
    const sandbox = criteo()
    expect(send(sandbox, { body: TRACK_TRANSACTION }).status).toBe(200)
    expect(sandbox.conversions()).toMatchObject([
      {
        name: 'trackTransaction',
        eventId: 'pv_8c1f0a52',
        orderId: '5551234567890',
        value: '90',
        currency: 'EUR',
        contentIds: ['shopify_FR_111_222'],
        occurredAt: '2026-11-20T14:03:22.000Z',
        identifiers: {
          ...Object.fromEntries(Object.entries(TRACK_TRANSACTION.id.email).map(([kind, hash]) => [kind, [hash]])),
          customer_id: [TRACK_TRANSACTION.customer_id],
        },
        warnings: [],
      },
    ])
  })

  it('an add to cart through S2S v2', () => {
    const sandbox = criteo()
    expect(send(sandbox, { host: SECURE, path: MAPPED_PATH, body: MAPPED_ADD_TO_CART }).status).toBe(200)
    expect(refusalsOf(sandbox)).toEqual([])
    expect(sandbox.conversions()).toMatchObject([
      {
        account: PARTNER,
        name: 'add_to_cart',
        value: '45',
        currency: 'EUR',
        contentIds: ['shopify_FR_111_222'],
        identifiers: { first_party_id: ['fpid-1763800000123-482913'] },
      },
    ])
  })

  it('by the partner that every sandbox has', () => {
    const sandbox = createCriteo()
    send(sandbox, { body: VIEW_ITEM })
    expect(sandbox.conversions(PARTNER)).toHaveLength(1)
  })
})

describe('requests', () => {
  it('need no authentication, and may stand in the query', () => {
    const sandbox = criteo()
    const query = new URLSearchParams({ version: 's2s_v0', data: JSON.stringify(VIEW_ITEM) })
    expect(send(sandbox, { path: `/m/event?${query}` })).toEqual({ status: 200, headers: {}, body: '' })
    expect(sandbox.conversions()).toHaveLength(1)
  })

  it.each<[string, Sent, number]>([
    ['text that is no JSON', { body: 'account=12345' }, 400],
    ['a list', { body: [VIEW_ITEM] }, 400],
    ['nothing', { method: 'POST' }, 400],
    ['a query without data', { method: 'GET' }, 400],
    ['another method', { method: 'PUT', body: VIEW_ITEM }, 405],
    ['a mapped event in no JSON', { host: SECURE, path: MAPPED_PATH, body: 'x' }, 400],
    ['a mapped event that is read', { host: SECURE, path: MAPPED_PATH, method: 'GET' }, 405],
  ])('that are not well formed are answered without a word: %s', (_, sent, status) => {
    const sandbox = criteo()
    expect(send(sandbox, sent)).toEqual({ status, headers: {}, body: '' })
    expect(sandbox.conversions()).toEqual([])
    expect(refusalsOf(sandbox)).toMatchObject([{ status, code: status }])
  })

  it.each<[string, Sent]>([
    ['another path', { path: '/v2/event?version=s2s_v0' }],
    ['a slash at the end', { path: '/m/event/?version=s2s_v0' }],
    ['the Events API at the other host', { host: SECURE }],
    ['a mapped path at the other host', { path: MAPPED_PATH }],
  ])('not found: %s', (_, sent) => {
    expect(send(criteo(), { body: VIEW_ITEM, ...sent }).status).toBe(404)
  })

  it.each([
    ['no version', '/m/event'],
    ['another version', '/m/event?version=s2s_v9'],
  ])('that name %s of the protocol are swallowed', (_, path) => {
    const sandbox = criteo()
    expectSwallowed(sandbox, send(sandbox, { path, body: VIEW_ITEM }), 'version=s2s_v0')
  })
})

describe('redirects', () => {
  const US = 'widget.us.criteo.com'

  it('with 307 to the region, which takes the same request', () => {
    const sandbox = criteo()
    expect(sandbox.tell('settings', { redirect: true })).toBeUndefined()
    const answer = send(sandbox, { body: VIEW_ITEM })
    expect(answer).toEqual({ status: 307, headers: { location: `https://${US}${EVENTS_PATH}` }, body: '' })
    expect([sandbox.conversions(), refusalsOf(sandbox)]).toEqual([[], []])
    expect(send(sandbox, { host: US, body: VIEW_ITEM }).status).toBe(200)
    expect(sandbox.conversions()).toHaveLength(1)
    expect(sandbox.requests(PARTNER)).toMatchObject([{ status: 307 }, { status: 200 }])
  })

  it('keeps path and query of the other paths as well', () => {
    const sandbox = criteo()
    sandbox.tell('settings', { redirect: true })
    const answer = send(sandbox, { host: SECURE, path: MAPPED_PATH, body: MAPPED_ADD_TO_CART })
    expect(answer.headers.location).toBe(`https://sslwidget.us.criteo.com${MAPPED_PATH}`)
  })

  it('to a host that is not Criteo’s, though it begins alike', () => {
    const sandbox = criteo()
    sandbox.tell('settings', { redirect: 'elsewhere' })
    const { host } = new URL(String(send(sandbox, { body: VIEW_ITEM }).headers.location))
    expect(host).toBe('widget.criteo.com.example')
    expect(sandbox.hosts).not.toContain(host)
  })

  it('in a loop', () => {
    const sandbox = criteo()
    sandbox.tell('settings', { redirect: 'loop' })
    expect(send(sandbox, { body: VIEW_ITEM }).headers.location).toContain(`https://${US}/`)
    expect(send(sandbox, { host: US, body: VIEW_ITEM }).headers.location).toContain('https://widget.criteo.com/')
    expect(sandbox.conversions()).toEqual([])
  })

  it.each([
    ['it is told so', { redirect: false }],
    ['a reset', undefined],
  ])('end when %s', (_, setting) => {
    const sandbox = criteo()
    sandbox.tell('settings', { redirect: true })
    if (setting) sandbox.tell('settings', setting)
    else sandbox.reset()
    expect(send(sandbox, { body: VIEW_ITEM }).status).toBe(200)
  })

  it.each([{}, { redirect: 'us' }, { redirect: 308 }, 'redirect'])('do not know the setting %j', (setting) => {
    expect(criteo().tell('settings', setting)).toContain('redirect must be')
  })

  it('leave a path alone that there is not', () => {
    const sandbox = criteo()
    sandbox.tell('settings', { redirect: true })
    expect(send(sandbox, { path: '/event2', body: VIEW_ITEM }).status).toBe(404)
  })
})

describe('mapped events', () => {
  const without = (key: string) =>
    Object.fromEntries(Object.entries(MAPPED_ADD_TO_CART).filter(([name]) => name !== key))
  const GTM = '/gtm/event?mappingId=com.acme.sgtm.purchase'

  it('of the older path name the visitor by GUM id', () => {
    const sandbox = criteo()
    const person = { mapping_key: '678', mapped_user_id: 'k-EXAMPLEgumid_01' }
    const sale = { transaction_id: '5551234567890', value: 90.5 }
    send(sandbox, { host: SECURE, path: GTM, body: { ...MAPPED_ADD_TO_CART, ...person, ...sale } })
    expect(sandbox.conversions()).toMatchObject([
      {
        name: 'purchase',
        orderId: '5551234567890',
        value: '90.5',
        identifiers: { mapped_user_id: ['k-EXAMPLEgumid_01'] },
      },
    ])
  })

  it.each<[string, Sent, string]>([
    ['no partner', { body: without('partner_id') }, 'no partner has'],
    [
      'a partner that nobody is',
      { body: { ...MAPPED_ADD_TO_CART, partner_id: '99' } },
      'no partner has the partner_id 99',
    ],
    ['no version', { body: without('version') }, "'version' is a required property"],
    ['no application', { body: without('an') }, "'an' is a required property"],
    ['no country', { body: without('cn') }, "'cn' is a required property"],
    ['no language', { body: without('ln') }, "'ln' is a required property"],
    ['another application’s mapping', { path: MAPPED_PATH.replace('com.acme', 'com.other') }, 'mappingId'],
    ['a mapping without event', { path: MAPPED_PATH.replace('add_to_cart', '') }, 'mappingId'],
    [
      'a cookie that was missing',
      { path: MAPPED_PATH.replace(/fpid-[\d-]+/, 'undefined') },
      "first_party_id 'undefined'",
    ],
    ['no domain', { path: MAPPED_PATH.replace('first_party_domain', 'domain') }, 'first_party_domain'],
    ['by GUM, without one', { path: GTM, body: { ...MAPPED_ADD_TO_CART, mapping_key: '678' } }, 'mapped_user_id'],
    ['by GUM, of another caller', { path: GTM, body: { ...MAPPED_ADD_TO_CART, mapping_key: '876' } }, 'mapping_key'],
  ])('are swallowed with %s', (_, sent, words) => {
    const sandbox = criteo()
    const answer = send(sandbox, { host: SECURE, path: MAPPED_PATH, body: MAPPED_ADD_TO_CART, ...sent })
    expectSwallowed(sandbox, answer, words)
  })
})

describe('nothing merges', () => {
  it('every repeat counts, with one page-view id and order id as well', () => {
    const sandbox = criteo()
    for (const at of [NOW, NOW, NOW + HOUR]) send(sandbox, { body: TRACK_TRANSACTION, at })
    expect(sandbox.conversions()).toHaveLength(3)
    expect(sandbox.conversions().every(({ count, merged }) => count === 1 && !merged)).toBe(true)
  })
})

describe('failures', () => {
  it.each([401, 403, 413, 429, 500, 503] as const)('%i has nothing to say', (status) => {
    expect(criteo().failing(status)).toEqual({ status, headers: {}, body: '' })
  })

  it('taking nothing looks like a success', () => {
    const request = {
      method: 'POST',
      host: '',
      path: '/',
      query: new URLSearchParams(),
      headers: {},
      body: '',
      ip: '',
      now: NOW,
    }
    expect(criteo().refuseAll(request)).toEqual({ status: 200, headers: {}, body: '' })
  })
})

describe('matching', () => {
  const matched = (email: string, hashes: object) => {
    const sandbox = criteo()
    sandbox.tell('people', { people: [{ email }] })
    send(sandbox, { body: id({ email: hashes }) })
    return sandbox.conversions()[0]?.matched
  }

  it.each([
    ['User@Example.com ', { md5: MD5, sha256: SHA256, sha256_md5: SHA256_MD5 }],
    [
      'Jane.Doe+shop@Gmail.com',
      {
        md5: '250b2a87bdfce549f6cab4f4b9a59759',
        sha256: '12122421314e3c02d8acd5467f1266e839588a1ea2e4da1c2ab81036b7cd62e5',
        sha256_md5: '185c0bed29f22d78c930932a67d0cba0a7e61c2c1e91b8470c4d3bef79c3751e',
      },
    ],
    ['John.Smith+promo@Example.com', TRACK_TRANSACTION.id.email],
  ])('finds %s by all three hashes, dots and plus kept', (email, hashes) => {
    expect(matched(email, hashes)).toEqual(['md5', 'sha256', 'sha256_md5'])
  })

  it('finds nobody by the hash of an address without its dots', () => {
    expect(matched('jane.doe@gmail.com', { sha256: sha256('janedoe@gmail.com') })).toEqual([])
  })
})

it('takes further partners', () => {
  const sandbox = criteo()
  expect(sandbox.tell('accounts', { id: '77', callerId: '1' })).toBeUndefined()
  expect(sandbox.tell('accounts', { id: '77' })).toBeUndefined()
  send(sandbox, { body: body({ account: '77', id: { mapping_key: '1', mapped_user_id: 'k-1' } }) })
  expect(sandbox.conversions('77')).toHaveLength(1)
  expect(sandbox.conversions(OTHER)).toEqual([])
  expect(sandbox.tell('accounts', { id: 'shop', callerId: '1' })).toContain('id must be digits')
  expect(sandbox.tell('accounts', { id: '78' })).toContain('callerId must be digits')
})
