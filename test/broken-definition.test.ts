import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Destination } from '../src/destinations/destination.ts'
import { pinterest } from '../src/destinations/pinterest/pinterest.ts'
import { mapEvent, planRequests } from '../src/destinations/plan.ts'
import { shopFrom } from '../src/event/event.ts'
import { DAY } from '../src/lib/duration.ts'
import { isObject, type Json } from '../src/lib/json.ts'
import { startSender } from '../src/runtimes/send.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'
import { decodeWebhook } from '../src/sources/shopify-webhook/decode.ts'
import { ACCOUNT, conversions, sample } from './harness.ts'

/**
 * The definition of Pinterest and the sandbox share no code: each was written from the platform's documentation by
 * itself. So a mistake that is put into the definition on purpose is one the sandbox must refuse, in the words in which
 * the platform would.
 */
interface Item {
  readonly event_name: string
  readonly event_time: number
  readonly user_data: Readonly<Record<string, unknown>>
  readonly custom_data?: Readonly<Record<string, unknown>>
  readonly [key: string]: unknown
}

const isItem = (item: unknown): item is Item => isObject(item) && 'user_data' in item

/** The real definition, but for what it makes of each item. */
const brokenBy = (breaks: (item: Item) => object): Destination => ({
  ...pinterest,
  toItems: (event, settings, how) => {
    const items = pinterest.toItems(event, settings, how)
    return 'skip' in items ? items : items.map((item) => (isItem(item) ? breaks(item) : expect.fail('no item')))
  },
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const inUser = (change: object) => (item: Item) => ({ ...item, user_data: { ...item.user_data, ...change } })
const inCustom = (change: object) => (item: Item) => ({ ...item, custom_data: { ...item.custom_data, ...change } })

let sandbox: Sandbox
let sender: ReturnType<typeof startSender>
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  sender = startSender([pinterest], (url) => new URL(`${sandbox.url}/${url.hostname}${url.pathname}${url.search}`))
})
beforeEach(() => sandbox.reset())
afterAll(async () => {
  await sender.close()
  await sandbox.close()
})

const now = new Date()
const at = now.toISOString()
const shop = shopFrom('demo.myshopify.com') ?? expect.fail('not a shop')
const [purchase] = decodeWebhook(
  { source: 'shopify-webhook', topic: 'orders/create', shop, receivedAt: at },
  { ...(sample('order_create') as { [key: string]: Json }), created_at: at, processed_at: at },
).events

/** What the platform said about the sample order, mapped by a definition; the same order `times` times in one batch. */
const sendBy = async (destination: Destination, times = 1) => {
  if (!purchase) expect.fail('no event')
  const settings = destination.settings.parse(ACCOUNT)
  const mapped = mapEvent(destination, settings, purchase, { limited: false, backfill: false, test: false, now })
  if ('skip' in mapped) expect.fail(mapped.skip)
  const entries = Array.from({ length: times }, (_, index) => ({ index, items: mapped.items }))
  const [planned] = planRequests(destination, settings, entries, { singly: false, test: false, now })
  if (!planned) expect.fail('no request')
  const response = await sender.send(planned.request)
  return { response, verdicts: destination.readResponse(response, planned.items) }
}

describe('the definition as it is', () => {
  it('is accepted without a warning worth the name, and counted once', async () => {
    const { response, verdicts } = await sendBy(pinterest)
    expect(response.status).toBe(200)
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['accepted'])
    expect(await conversions({ sandbox })).toMatchObject([{ name: 'checkout', eventId: 'pur_6120000000001', count: 1 }])
  })

  it('is accepted with a full batch', async () => {
    const { verdicts } = await sendBy(pinterest, 1000)
    expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']))
  })
})

describe('broken on purpose, the definition is refused', () => {
  it.each<[string, (item: Item) => object, string]>([
    ['an email in clear', inUser({ em: ['maya.okafor@example.com'] }), 'em: not a lower-case SHA-256'],
    [
      'a hash in capitals',
      inUser({ em: [sha256('maya.okafor@example.com').toUpperCase()] }),
      'em: not a lower-case SHA-256',
    ],
    [
      'a hash in base64',
      inUser({ em: [createHash('sha256').update('x').digest('base64')] }),
      'em: not a lower-case SHA-256',
    ],
    ['an MD5', inUser({ em: [createHash('md5').update('x').digest('hex')] }), 'em: not a lower-case SHA-256'],
    ['the hash of an empty value', inUser({ ph: [sha256('')] }), 'ph: hash of an empty value'],
    ['an empty list of hashes', inUser({ em: [] }), 'em: empty list'],
    ['a hash that is no list', inUser({ em: sha256('maya.okafor@example.com') }), "is not of type 'array'"],
    ['a value as a number', inCustom({ value: 176.74 }), "176.74 is not of type 'string'"],
    ['a value with its currency', inCustom({ value: 'USD 176.74' }), 'not a decimal number'],
    ['a currency that is none', inCustom({ currency: 'US$' }), 'not an ISO 4217 code'],
    ['a quantity as text', inCustom({ contents: [{ id: 'x', quantity: '2' }] }), "'2' is not of type 'integer'"],
    ['a price as a number', inCustom({ contents: [{ id: 'x', item_price: 49 }] }), "49 is not of type 'string'"],
    [
      'a key of another platform in custom_data',
      inCustom({ content_type: 'product' }),
      "('content_type' was unexpected)",
    ],
    ['a key of another platform in the event', (item) => ({ ...item, event_url: 'x' }), "('event_url' was unexpected)"],
    ['a time in milliseconds', (item) => ({ ...item, event_time: item.event_time * 1000 }), 'is in the future'],
    ['a time as text', (item) => ({ ...item, event_time: now.toISOString() }), "is not of type 'integer'"],
    [
      'a time eight days ago',
      (item) => ({ ...item, event_time: item.event_time - (8 * DAY) / 1000 }),
      'more than 7 days ago',
    ],
    ['an empty event id', (item) => ({ ...item, event_id: '' }), "'' is too short"],
    [
      'an action source of another platform',
      (item) => ({ ...item, action_source: 'website' }),
      "'website' is not one of",
    ],
    ['an opt-out as text', (item) => ({ ...item, opt_out: 'false' }), "is not of type 'boolean'"],
    [
      'nobody to match',
      (item) => ({ ...item, user_data: { click_id: 'abcd' } }),
      'is not valid under any of the given schemas',
    ],
    ['an address that is none', inUser({ client_ip_address: '203.0.113.999' }), 'Invalid client_ip_address'],
  ])('%s', async (_, breaks, words) => {
    const { verdicts } = await sendBy(brokenBy(breaks))
    expect(verdicts).toHaveLength(1)
    expect(verdicts[0]).toMatchObject({ outcome: 'rejected', message: expect.stringContaining(words) })
    expect(await conversions({ sandbox })).toEqual([])
  })

  it('1,001 events in one request', async () => {
    const tooMany: Destination = {
      ...pinterest,
      toRequests: (items, settings, how) => {
        const requests = pinterest.toRequests(items, settings, how)
        const data = requests.flatMap(({ request }) => JSON.parse(request.body ?? '{"data":[]}').data as unknown[])
        return requests
          .slice(0, 1)
          .map(({ request }) => ({ request: { ...request, body: JSON.stringify({ data }) }, items }))
      },
    }
    const { response, verdicts } = await sendBy(tooMany, 1001)
    expect(response.status).toBe(400)
    expect(verdicts).toHaveLength(1001)
    expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(new Set(['singly']))
    expect(await conversions({ sandbox })).toEqual([])
  })

  it.each([
    ['no token', { authorization: '' }, 401],
    ['another token', { authorization: 'Bearer pina_other_token' }, 401],
    ['another content type', { 'content-type': 'text/plain' }, 400],
  ])('%s', async (_, headers, status) => {
    const otherHeaders: Destination = {
      ...pinterest,
      toRequests: (items, settings, how) =>
        pinterest.toRequests(items, settings, how).map(({ request, ...planned }) => ({
          ...planned,
          request: { ...request, headers: { ...request.headers, ...headers } },
        })),
    }
    expect((await sendBy(otherHeaders)).response.status).toBe(status)
    expect(await conversions({ sandbox })).toEqual([])
  })
})

describe('broken on purpose in ways that Pinterest itself lets pass, it is warned about', () => {
  it.each<[string, (item: Item) => object, string]>([
    ['an event name of the tag', (item) => ({ ...item, event_name: 'Checkout' }), 'is non-standard'],
    ['an empty event name', (item) => ({ ...item, event_name: '' }), 'is non-standard'],
    ['a value of nothing', inCustom({ value: '0.00' }), 'value should be greater than 0'],
    ['the opt-out flag among the identifiers', inUser({ opt_out_type: 'LDP' }), 'it belongs in custom_data'],
  ])('%s', async (_, breaks, words) => {
    const { verdicts } = await sendBy(brokenBy(breaks))
    expect(verdicts[0]).toMatchObject({ outcome: 'accepted', note: expect.stringContaining(words) })
  })

  it('hashes of text that is not normalised are well formed; they find nobody whom Pinterest knows', async () => {
    sandbox.pinterest.tell('people', { people: [{ email: 'maya.okafor@example.com', phone: '+15035550142' }] })
    const typed = inUser({ em: [sha256(' Maya.Okafor@Example.com ')], ph: [sha256('+15035550142')] })
    expect((await sendBy(brokenBy(typed))).verdicts[0]?.outcome).toBe('accepted')
    expect(sandbox.pinterest.conversions().map(({ matched }) => matched)).toEqual([[]])
    await sendBy(pinterest)
    expect(sandbox.pinterest.conversions().map(({ matched }) => matched)).toEqual([['em', 'ph']])
  })
})
