import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Event } from '../event/event.ts'
import { createKey, keysOf, revokeKey } from '../pipeline/api-keys.ts'
import { NOW, SHOP } from '../pipeline/double.ts'
import type { KeyKind } from '../sources/track/key.ts'
import { StoreFault } from '../store/store.ts'
import { type CaptureWorld, captureWorld, refused, type Told } from './capture-double.ts'

let world: CaptureWorld
let secret: string
let open: string
beforeEach(async () => {
  world = await captureWorld()
  secret = await newKey('secret')
  open = await newKey('public')
})
afterEach(() => world.stop())

const newKey = async (kind: KeyKind): Promise<string> => {
  const made = await createKey(world.store, SHOP, kind, NOW)
  if (!made) throw new Error('too many keys')
  return made.text
}
const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` })
const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = basic(secret)): Promise<Told> =>
  world.ask('POST', path, headers, typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body))
const events = async (): Promise<readonly Event[]> =>
  (await world.store.read(SHOP, 0, 100)).flatMap(({ event }) => event ?? [])
const names = async () => (await events()).map(({ name }) => name)
const taken = { status: 200, text: '{"success":true}\n' }

const VIEWED = {
  event: 'Product Viewed',
  messageId: 'message-1',
  anonymousId: 'anon-1',
  properties: { product_id: '7' },
}
const ORDER = {
  type: 'track',
  event: 'Order Completed',
  messageId: 'message-order',
  properties: { order_id: '42', total: 27.5, currency: 'USD' },
  context: { traits: { email: 'maya@example.com' } },
}

describe('the tracking API', () => {
  it('takes a call at the address of its type, whatever library sends it, and writes it down before it answers', async () => {
    expect(await post('/v1/track', VIEWED)).toMatchObject(taken)
    expect(await names()).toEqual(['product_viewed'])
    expect(await post('/v1/page', { messageId: 'message-2' }, { authorization: `Bearer ${secret}` })).toMatchObject(
      taken,
    )
    expect(await post('/v1/screen', { messageId: 'message-3', name: 'Cart' })).toMatchObject(taken)
    // Segment's library for pages: short addresses, plain text, and the key in the body.
    expect(await post('/v1/t', { ...VIEWED, messageId: 'message-4', writeKey: open }, {})).toMatchObject(taken)
    expect(await names()).toEqual(['product_viewed', 'page_viewed', 'page_viewed', 'product_viewed'])
  })

  it('takes an order with its money by a secret key', async () => {
    expect(await post('/v1/batch', { batch: [ORDER, { ...VIEWED, type: 'track' }] })).toMatchObject(taken)
    expect(await names()).toEqual(['order_placed', 'order_paid', 'product_viewed'])
    expect((await events())[0]).toMatchObject({ id: 'pur_42', commerce: { value: '27.50', currency: 'USD' } })
  })

  it('takes calls that tell of no act, and says that nothing is made of them', async () => {
    for (const type of ['identify', 'group', 'alias'])
      expect(await post(`/v1/${type}`, { userId: '1' })).toMatchObject({
        status: 200,
        text: expect.stringMatching(/^\{"success":true,"leftOut":\["[^"]+\."\]\}\n$/),
      })
    const { status, text } = await post('/v1/batch', { batch: [{ type: 'merge' }, { ...VIEWED, type: 'track' }] })
    expect([status, JSON.parse(text)]).toEqual([
      200,
      { success: true, leftOut: ['A call of the type merge is not known.'] },
    ])
    expect(await names()).toEqual(['product_viewed'])
  })

  it('counts a call once however often it is sent', async () => {
    const batch = { batch: [ORDER, { ...VIEWED, type: 'track', timestamp: '2026-11-22T09:59:00.000Z' }] }
    for (let time = 0; time < 3; time++) expect(await post('/v1/batch', batch)).toMatchObject(taken)
    await post('/v1/batch', { batch: [...batch.batch, ...batch.batch] })
    expect(await names()).toEqual(['order_placed', 'order_paid', 'product_viewed'])
  })

  it('names a call that has no id, but no refund, which would count twice', async () => {
    for (let time = 0; time < 2; time++) await post('/v1/track', { event: 'Signed Up', userId: '1' })
    expect(new Set((await events()).map(({ id }) => id)).size).toBe(2)
    const refund = { event: 'Order Refunded', properties: { order_id: '42', total: 5, currency: 'USD' } }
    expect(refused(await post('/v1/track', refund))).toBe(400)
  })

  it('takes a compressed body, as RudderStack’s library for servers sends it', async () => {
    const body = gzipSync(JSON.stringify({ batch: [ORDER] }))
    expect(await post('/v1/batch', body, { ...basic(secret), 'content-encoding': 'gzip' })).toMatchObject(taken)
    expect(await names()).toEqual(['order_placed', 'order_paid'])
  })

  it.each([
    ['nothing', ''],
    ['no object', '[]'],
    ['a batch without calls', '{"batch":[]}'],
    ['501 calls', { batch: Array(501).fill({ ...VIEWED, type: 'track' }) }],
    ['an order without a number', { batch: [{ ...ORDER, properties: {} }] }],
    ['40 levels', `{"batch":${'['.repeat(40)}${']'.repeat(40)}}`],
  ])('answers 400 in plain words to %s', async (_, body) => {
    expect(refused(await post('/v1/batch', body))).toBe(400)
    expect(await names()).toEqual([])
  })

  it('goes on with the others where one call of a batch is at fault or too large', async () => {
    const large = { type: 'track', event: 'Searched', messageId: 'message-9', properties: { q: 'x'.repeat(40_000) } }
    const batch = [{ ...ORDER, properties: {} }, large, { ...VIEWED, type: 'track' }]
    const { status, text } = await post('/v1/batch', { batch })
    expect([status, JSON.parse(text)]).toEqual([
      200,
      { success: true, leftOut: ['A call about an order has no order_id.', 'A call is larger than 32 KiB.'] },
    ])
    expect(await names()).toEqual(['product_viewed'])
  })

  it('takes 32 KiB with a call and 500 KiB with a batch, packed or not', async () => {
    const padded = (body: object, size: number) => JSON.stringify(body).padEnd(size)
    expect((await post('/v1/track', padded(VIEWED, 32 * 1024))).status).toBe(200)
    expect(refused(await post('/v1/track', padded(VIEWED, 32 * 1024 + 1)))).toBe(413)
    const batch = { batch: [ORDER] }
    expect((await post('/v1/batch', padded(batch, 500 * 1024))).status).toBe(200)
    expect(refused(await post('/v1/batch', padded(batch, 500 * 1024 + 1)))).toBe(413)
    const packed = { ...basic(secret), 'content-encoding': 'gzip' }
    expect(refused(await post('/v1/batch', gzipSync(Buffer.alloc(500 * 1024 + 1, ' ')), packed))).toBe(413)
    expect(refused(await post('/v1/batch', 'not packed', packed))).toBe(400)
    expect(refused(await post('/v1/batch', '{}', { ...basic(secret), 'content-encoding': 'br' }))).toBe(415)
  })

  it('is reached from pages', async () => {
    const asked = await world.ask('OPTIONS', '/v1/track')
    expect([asked.status, asked.headers['access-control-allow-headers']]).toEqual([
      204,
      'authorization, content-type, anonymousid',
    ])
    const told = await post('/v1/page', { messageId: 'message-5' }, { ...basic(open), origin: 'https://shop.example' })
    expect([told.status, told.headers['access-control-allow-origin']]).toEqual([200, '*'])
    expect(refused(await world.ask('GET', '/v1/track'))).toBe(405)
  })
})

describe('a key that stands in a page', () => {
  it('only tells of an order who bought: no order and no money, whatever it claims', async () => {
    expect(await post('/v1/batch', { batch: [ORDER] }, basic(open))).toMatchObject(taken)
    expect(await names()).toEqual([])
    const parts = await world.store.parts(SHOP, ['pur_42' as Event['id']])
    expect(parts.get('pur_42' as Event['id'])?.map(({ event }) => [event.part, event.commerce])).toEqual([
      [true, { orderId: '42' }],
    ])
    for (const event of ['Order Refunded', 'Order Cancelled'])
      await post('/v1/track', { ...ORDER, event, properties: { ...ORDER.properties, refund_id: '1' } }, basic(open))
    expect(await names()).toEqual([])
  })

  it('brings the address and the browser of its own request, not those it claims', async () => {
    const headers = { ...basic(open), 'user-agent': 'Phone/1.0', 'x-forwarded-for': '203.0.113.9' }
    await post('/v1/page', { messageId: 'message-6', context: { ip: '198.51.100.1' } }, headers)
    expect((await events())[0]?.identity).toMatchObject({ ip: '203.0.113.9', userAgent: 'Phone/1.0' })
  })

  it('may not send without end from one address', async () => {
    const statuses = new Map<number, number>()
    const send = async (address: string) => {
      const { status, headers } = await post('/v1/i', {}, { ...basic(open), 'x-forwarded-for': address })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      return headers['retry-after']
    }
    for (let group = 0; group < 10; group++) await Promise.all(Array.from({ length: 50 }, () => send('203.0.113.9')))
    expect(await send('203.0.113.9')).toBe('1')
    expect([...statuses]).toEqual([
      [200, 500],
      [429, 1],
    ])
    expect(await send('203.0.113.10')).toBeUndefined()
    expect((await post('/v1/identify', {})).status).toBe(200)
    await world.clock.turn(1000)
    expect(await send('203.0.113.9')).toBeUndefined()
  })
})

describe('a key that does not count', () => {
  it('is tried no oftener than a page may send, also where it looks like a secret one', async () => {
    const wrong = basic(secret.replace(/[0-9a-f]{4}$/, '0000'))
    const send = (headers: Readonly<Record<string, string>>) =>
      post('/v1/i', {}, { ...headers, 'x-forwarded-for': '203.0.113.9' }).then(({ status }) => status)
    const statuses = new Set<number>()
    for (let group = 0; group < 10; group++)
      for (const status of await Promise.all(Array.from({ length: 50 }, () => send(wrong)))) statuses.add(status)
    expect([...statuses]).toEqual([401])
    expect(await send(wrong)).toBe(429)
    await world.clock.turn(1000)
    // What a key that counts sends takes no room.
    for (let n = 0; n < 60; n++) expect(await send(basic(secret))).toBe(200)
    expect(await send(wrong)).toBe(401)
  })

  const refusal = async (headers: Readonly<Record<string, string>>, body: unknown = VIEWED) => {
    const told = await post('/v1/track', body, headers)
    return [refused(told), told.text]
  }

  it('is answered alike, whatever is wrong with it', async () => {
    const wrong = `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`
    const elsewhere = secret.replace('_demo_', '_other_')
    const unknown = secret.replace(/_[0-9a-f]{8}/, '_00000000')
    const other = secret.replace('cvs_', 'cvp_')
    await revokeKey(world.store, SHOP, open.split('_')[2]?.slice(0, 8) ?? '', NOW)
    const keys = [wrong, elsewhere, unknown, other, open, 'constructor', '__proto__', '', 'x'.repeat(9000)]
    const answers = await Promise.all(
      keys.flatMap((key) => [refusal(basic(key)), refusal({ authorization: `Bearer ${key}` })]),
    )
    answers.push(await refusal({}), await refusal({ authorization: 'Digest a=b' }))
    expect(new Set(answers.map(([status]) => status))).toEqual(new Set([401]))
    expect(new Set(answers.map(([, text]) => text)).size).toBe(1)
    expect(await names()).toEqual([])
  })

  it('works no longer than two seconds after it was revoked', async () => {
    expect((await post('/v1/track', VIEWED, basic(open))).status).toBe(200)
    const [key] = (await keysOf(world.store, SHOP)).filter(({ kind }) => kind === 'public')
    expect(await revokeKey(world.store, SHOP, key?.id ?? '', NOW)).toBe(true)
    await world.clock.turn(2000)
    expect((await refusal(basic(open)))[0]).toBe(401)
  })

  it('counts soon after it was made, although others were asked about before', async () => {
    await post('/v1/track', VIEWED)
    const made = await newKey('public')
    await world.clock.turn(100)
    expect((await post('/v1/track', VIEWED, basic(made))).status).toBe(200)
  })

  it('is a secret one in a page: the browser says where it stands', async () => {
    expect(refused(await post('/v1/track', VIEWED, { ...basic(secret), origin: 'https://shop.example' }))).toBe(403)
    expect((await refusal({}, { ...VIEWED, writeKey: secret }))[0]).toBe(401)
  })

  it('of a shop that is not installed is none', async () => {
    world.intake.shops.clear()
    world.store.shop = async () => undefined
    expect((await refusal(basic(secret)))[0]).toBe(401)
  })
})

describe('what is known of a key', () => {
  it('is its last characters and the day of its last use, and never its text', async () => {
    await post('/v1/track', VIEWED)
    const keys = await keysOf(world.store, SHOP)
    expect(keys).toContainEqual({
      id: secret.split('_')[2]?.slice(0, 8),
      kind: 'secret',
      last: secret.slice(-4),
      createdAt: NOW,
      usedOn: '2026-11-22',
    })
    expect(JSON.stringify(await world.store.entries(SHOP, 'api_key', { limit: 9 }))).not.toContain(secret.slice(-32))
  })

  it('does not come back by its use after it was revoked', async () => {
    await post('/v1/identify', {})
    const [key] = (await keysOf(world.store, SHOP)).filter(({ kind }) => kind === 'secret')
    await revokeKey(world.store, SHOP, key?.id ?? '', NOW)
    await world.clock.turn(24 * 3_600_000)
    // A day later, by what a process still remembers of it.
    world.store.entries = () => Promise.reject(new StoreFault('away', 'The database cannot be reached.'))
    expect((await post('/v1/identify', {})).status).toBe(200)
    expect(await world.store.entry(SHOP, 'api_key', key?.id ?? '')).toBeUndefined()
  })
})
