import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type ClientRequest, request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startCarts } from '../pipeline/carts.ts'
import { SHOP, type Small, smallWorld } from '../pipeline/double.ts'
import type { Intake } from '../pipeline/intake.ts'
import { startProjector } from '../pipeline/projector.ts'
import { StoreFault } from '../store/store.ts'
import { BEACON_PATH, type Capture, startCapture, WEBHOOK_PATH } from './capture.ts'

const SECRET = 'the-new-secret'
const OLD_SECRET = 'the-old-secret'
const ORDER = readFileSync(new URL('../sources/samples/order_create.json', import.meta.url))
const VIEW = {
  id: 'sh-000001',
  clientId: 'phone',
  name: 'page_viewed',
  timestamp: '2026-11-22T10:00:00.000Z',
  context: {},
}
const BEACON = { v: 1, shop: SHOP, events: [VIEW], consent: { marketing: true } }

let world: Small
let intake: Intake
let capture: Capture
let stop: () => Promise<void>
beforeEach(async () => {
  world = await smallWorld()
  const projector = await startProjector(world.runtime)
  const carts = startCarts(world.runtime, projector)
  intake = {
    runtime: world.runtime,
    projector,
    carts,
    secrets: [SECRET, OLD_SECRET],
    dropped: { count: 0 },
    shops: new Map(),
  }
  capture = await startCapture(intake, { host: '127.0.0.1', port: 0, trustedProxies: ['127.0.0.1'] })
  stop = async () => {
    await capture.close()
    await carts.stop()
    await projector.stop()
  }
})
afterEach(() => stop())

interface Told {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** A request as it is, without a client library's own ideas. `body` in several pieces goes chunked, without a length. */
const ask = (
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
  body?: string | Buffer | readonly Buffer[],
  started: (request: ClientRequest) => void = () => {},
): Promise<Told> =>
  new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: capture.port, method, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        text += piece
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    request.on('error', reject)
    started(request)
    if (Array.isArray(body)) for (const piece of body) request.write(piece)
    request.end(Array.isArray(body) ? undefined : body)
  })

const sign = (body: string | Buffer, secret = SECRET) => createHmac('sha256', secret).update(body).digest('base64')

const webhook = (body: string | Buffer, headers: OutgoingHttpHeaders = {}, topic = 'orders/create') =>
  ask(
    'POST',
    WEBHOOK_PATH,
    {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': SHOP,
      'x-shopify-webhook-id': 'delivery-1',
      'x-shopify-hmac-sha256': sign(body),
      ...headers,
    },
    body,
  )

const beacon = (body: string | object = BEACON, headers: OutgoingHttpHeaders = {}) =>
  ask(
    'POST',
    BEACON_PATH,
    { 'content-type': 'text/plain', 'user-agent': 'Phone/1.0', ...headers },
    typeof body === 'string' ? body : JSON.stringify(body),
  )

const head = () => world.store.head(SHOP)

/** A refusal: its status, and one line of JSON that says what happened and what to do. */
const refused = ({ status, headers, text }: Told): number => {
  expect(headers['content-type']).toBe('application/json')
  expect(text).toMatch(/^\{"error":"[^\n]+\."\}\n$/)
  return status
}

describe('a webhook', () => {
  it('with a valid signature of a known shop is stored and answered 200', async () => {
    expect(await webhook(ORDER)).toMatchObject({ status: 200, text: '' })
    expect((await world.store.read(SHOP, 0, 1))[0]?.event?.id).toBe('pur_6120000000001')
    const kept = await world.store.message(SHOP, 'delivery-1')
    expect(Buffer.from(kept?.body ?? '').equals(ORDER)).toBe(true)
  })

  it('may be signed with the secret before the rotation', async () => {
    expect((await webhook(ORDER, { 'x-shopify-hmac-sha256': sign(ORDER, OLD_SECRET) })).status).toBe(200)
    expect(await head()).toBe(1)
  })

  it('may have headers without the prefix X-', async () => {
    const told = await ask(
      'POST',
      WEBHOOK_PATH,
      {
        'shopify-topic': 'orders/create',
        'shopify-shop-domain': SHOP,
        'shopify-webhook-id': 'delivery-2',
        'shopify-hmac-sha256': sign(ORDER),
      },
      ORDER,
    )
    expect(told.status).toBe(200)
    expect(await head()).toBe(1)
  })

  it.each([
    ['a signature of other bytes', { 'x-shopify-hmac-sha256': sign('other') }],
    ['a signature with another secret', { 'x-shopify-hmac-sha256': sign(ORDER, 'guessed') }],
    ['a signature that is none', { 'x-shopify-hmac-sha256': 'not base64' }],
    ['an empty signature', { 'x-shopify-hmac-sha256': '' }],
    ['two signatures', { 'x-shopify-hmac-sha256': [sign(ORDER), sign(ORDER)] }],
  ])('with %s is answered 401 and leaves nothing', async (_, headers) => {
    expect(refused(await webhook(ORDER, headers))).toBe(401)
    expect(await head()).toBe(0)
    expect(intake.dropped.count).toBe(0)
  })

  it('without a signature is answered 401', async () => {
    expect(refused(await ask('POST', WEBHOOK_PATH, { 'x-shopify-shop-domain': SHOP }, ORDER))).toBe(401)
  })

  it('of a shop we do not know is dropped and counted, and still answered 200', async () => {
    const unknown = { 'x-shopify-shop-domain': 'other.myshopify.com' }
    expect((await webhook(ORDER, unknown)).status).toBe(200)
    expect((await webhook('not even JSON', unknown)).status).toBe(200)
    expect((await webhook(ORDER, { 'x-shopify-shop-domain': 'evil.example.com' })).status).toBe(200)
    expect(intake.dropped.count).toBe(3)
    expect((await world.store.shops()).map(({ shop }) => shop)).toEqual([SHOP])
  })

  it.each(['customers/data_request', 'customers/redact', 'shop/redact'])(
    '%s of a shop we do not know is kept on record',
    async (topic) => {
      const body = JSON.stringify({ shop_domain: 'gone.myshopify.com' })
      expect((await webhook(body, { 'x-shopify-shop-domain': 'gone.myshopify.com' }, topic)).status).toBe(200)
      const [shop] = (await world.store.shops()).filter((one) => one.shop !== SHOP)
      if (!shop) expect.fail('the shop is not on record')
      expect(await world.store.message(shop.shop, 'delivery-1')).toMatchObject({ topic })
      expect(intake.dropped.count).toBe(0)
      expect(shop.installedAt).toBe(0)
    },
  )

  it('repeated is answered 200 and stored once', async () => {
    for (let n = 0; n < 3; n++) expect((await webhook(ORDER)).status).toBe(200)
    expect(await head()).toBe(1)
  })
})

describe('a beacon', () => {
  it('is stored and answered 204 to any page', async () => {
    const told = await beacon()
    expect(told).toMatchObject({ status: 204, text: '' })
    expect(told.headers['access-control-allow-origin']).toBe('*')
    expect((await world.store.read(SHOP, 0, 1))[0]?.event?.id).toBe('sh-000001')
  })

  it.each([
    ['a shop we do not know', { ...BEACON, shop: 'other.myshopify.com' }],
    ['no shop', { v: 1, events: [VIEW] }],
    ['a shop that is none', { ...BEACON, shop: { toString: 'x' } }],
    ['a list', [BEACON]],
  ])('of %s is answered 404 without a detail', async (_, body) => {
    const told = await beacon(body)
    expect([told.status, told.text]).toEqual([404, '{"error":"Not found."}\n'])
    expect(told.headers['access-control-allow-origin']).toBe('*')
  })

  it('of a shop that is on record but not installed is answered 404', async () => {
    const other = 'gone.myshopify.com' as typeof SHOP
    await world.store.saveShop({ shop: other, facts: {}, installedAt: 0 })
    expect((await beacon({ ...BEACON, shop: other })).status).toBe(404)
  })

  it('that holds nothing to keep is answered 204', async () => {
    expect((await beacon({ ...BEACON, events: [] })).status).toBe(204)
    expect(await head()).toBe(0)
  })

  it('may be announced with a preflight', async () => {
    const told = await ask('OPTIONS', BEACON_PATH, {
      origin: 'https://northfern.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    })
    expect(told.status).toBe(204)
    expect(told.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type',
    })
  })

  it('has the address that the trusted proxy saw', async () => {
    await beacon(BEACON, { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' })
    expect((await world.store.read(SHOP, 0, 1))[0]?.event?.identity).toMatchObject({
      ip: '203.0.113.9',
      userAgent: 'Phone/1.0',
    })
  })

  it('has the sender’s own address where no proxy is trusted, whatever the sender claims', async () => {
    await capture.close()
    capture = await startCapture(intake, { host: '127.0.0.1', port: 0, trustedProxies: [] })
    await beacon(BEACON, { 'x-forwarded-for': '198.51.100.1' })
    expect((await world.store.read(SHOP, 0, 1))[0]?.event?.identity?.ip).toBe('127.0.0.1')
  })
})

describe('JSON that cannot be read is answered 400 before it is walked', () => {
  const bodies: readonly (readonly [string, string])[] = [
    ['cut off', '{"v":1,'],
    ['nothing', ''],
    ['40,000 lists deep', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['40,000 objects deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['open without end', '['.repeat(40_000)],
    ['20,000 values wide', `[${'0,'.repeat(20_000)}0]`],
  ]
  it.each(bodies)('a beacon that is %s', async (_, body) => {
    expect(refused(await beacon(body))).toBe(400)
  })

  it.each<readonly [string, string]>([
    ...bodies.slice(0, 3),
    ['200,001 values wide', `[${'0,'.repeat(200_001)}0]`],
    ['2,000,000 levels deep', '['.repeat(2_000_000)],
  ])('a webhook that is %s', async (_, body) => {
    expect(refused(await webhook(body))).toBe(400)
    expect(await head()).toBe(0)
  })

  it('an order of a thousand lines is no such thing', async () => {
    const order = JSON.parse(ORDER.toString()) as { line_items: unknown[] }
    const [line] = order.line_items
    expect((await webhook(JSON.stringify({ ...order, line_items: Array(1000).fill(line) }))).status).toBe(200)
  })
})

describe('a body that is too large is answered 413', () => {
  const routes = [
    ['a beacon of 64 KiB and a byte', BEACON_PATH, 64 * 1024],
    ['a webhook of 5 MiB and a byte', WEBHOOK_PATH, 5 * 1024 * 1024],
  ] as const
  it.each(routes)('%s, its length told', async (_, path, limit) => {
    const body = Buffer.alloc(limit + 1, ' ')
    expect(refused(await ask('POST', path, { 'content-length': body.length }, body))).toBe(413)
  })

  it.each(routes)('%s, in pieces and without a length', async (_, path, limit) => {
    const pieces = [Buffer.alloc(limit / 2, ' '), Buffer.alloc(limit / 2, ' '), Buffer.alloc(1, ' ')]
    expect(refused(await ask('POST', path, {}, pieces))).toBe(413)
  })

  it('a sender that reads only when it has sent everything finds its answer', async () => {
    const size = 20 * 1024 * 1024
    const text = await new Promise<string>((resolve, reject) => {
      let received = ''
      const socket = connect(capture.port, '127.0.0.1', () => {
        socket.pause()
        socket.write(`POST ${WEBHOOK_PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: ${size}\r\n\r\n`)
        socket.write(Buffer.alloc(size, ' '), () => socket.resume())
      })
      socket.setEncoding('utf8')
      socket.on('data', (piece: string) => {
        received += piece
      })
      socket.on('end', () => resolve(received))
      socket.on('error', reject)
    })
    expect(text).toMatch(/^HTTP\/1\.1 413 /)
    expect(text).toContain('{"error":"The body is larger than 5120 KiB. Send less at once."}')
  })

  it('what is exactly as large as allowed is read', async () => {
    expect((await beacon(JSON.stringify(BEACON).padEnd(64 * 1024))).status).toBe(204)
    expect((await webhook(Buffer.concat([ORDER, Buffer.alloc(5 * 1024 * 1024 - ORDER.length, ' ')]))).status).toBe(200)
    expect(await head()).toBe(2)
  })
})

describe('other requests', () => {
  it.each([
    ['GET', BEACON_PATH, 405],
    ['PUT', BEACON_PATH, 405],
    ['GET', WEBHOOK_PATH, 405],
    ['OPTIONS', WEBHOOK_PATH, 405],
    ['DELETE', `${WEBHOOK_PATH}?a=b`, 405],
    ['GET', '/', 404],
    ['POST', '/b/2', 404],
    ['POST', `${BEACON_PATH}/`, 404],
  ])('%s %s is answered %i', async (method, path, status) => {
    const told = await ask(method, path)
    expect(refused(told)).toBe(status)
    if (status === 405) expect(told.headers.allow).toBe(path === BEACON_PATH ? 'POST, OPTIONS' : 'POST')
  })

  it('a compressed body is answered 415', async () => {
    expect(refused(await beacon(BEACON, { 'content-encoding': 'gzip' }))).toBe(415)
    expect(refused(await webhook(ORDER, { 'content-encoding': 'br' }))).toBe(415)
  })

  it('what is no HTTP is answered 400 as well', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      let received = ''
      const socket = connect(capture.port, '127.0.0.1', () => socket.write('hello\r\n\r\n'))
      socket.setEncoding('utf8')
      socket.on('data', (piece: string) => {
        received += piece
      })
      socket.on('end', () => resolve(received))
      socket.on('error', reject)
    })
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(text).toMatch(/\{"error":"[^\n]+\."\}\n$/)
  })

  it('a sender that goes away in the middle does no harm', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(capture.port, '127.0.0.1', () => {
        socket.write(`POST ${BEACON_PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"v":1`)
        socket.destroy()
      })
      socket.on('close', () => resolve())
    })
    expect((await beacon()).status).toBe(204)
    expect(await head()).toBe(1)
  })

  it('health is told', async () => {
    expect(await ask('GET', '/health')).toMatchObject({ status: 200, text: '{"ok":true}\n' })
  })
})

describe('the store', () => {
  const failWith = (fault: Error) => {
    world.store.append = () => Promise.reject(fault)
  }

  it.each([
    ['full', new StoreFault('full', 'no space'), '60'],
    ['broken', new StoreFault('broken', 'EIO'), '30'],
  ])('that is %s: 503 with Retry-After, nothing appended', async (_, fault, after) => {
    failWith(fault)
    for (const told of [await webhook(ORDER), await beacon()]) {
      expect(refused(told)).toBe(503)
      expect(told.headers['retry-after']).toBe(after)
    }
    expect(await head()).toBe(0)
    expect(await world.store.message(SHOP, 'delivery-1')).toBeUndefined()
  })

  it('that is full when a shop is looked up: 503 as well', async () => {
    world.store.shop = () => Promise.reject(new StoreFault('full', 'no space'))
    expect(refused(await beacon())).toBe(503)
    expect(refused(await webhook(ORDER))).toBe(503)
  })

  it('that works again takes the same webhook', async () => {
    const { append } = world.store
    failWith(new StoreFault('full', 'no space'))
    expect((await webhook(ORDER)).status).toBe(503)
    world.store.append = append
    expect((await webhook(ORDER)).status).toBe(200)
    expect(await head()).toBe(1)
  })

  it('that fails for a bug: 500 that gives nothing away', async () => {
    failWith(new Error('maya@example.com at row 7'))
    const told = await beacon()
    expect(refused(told)).toBe(500)
    expect(told.text).not.toContain('maya')
  })

  it('is waited for: no answer before the append has resolved', async () => {
    const { append } = world.store
    let flush = () => {}
    const flushed = new Promise<void>((resolve) => {
      flush = resolve
    })
    let reached = () => {}
    const appending = new Promise<void>((resolve) => {
      reached = resolve
    })
    world.store.append = async (arrival) => {
      reached()
      await flushed
      return append(arrival)
    }
    let answered = false
    const answer = beacon().then((told) => {
      answered = true
      return told
    })
    await appending
    // A whole request and answer of its own passes meanwhile.
    expect((await ask('GET', '/health')).status).toBe(200)
    expect(answered).toBe(false)
    flush()
    expect((await answer).status).toBe(204)
  })

  it('behind which too much waits to be learned: 503 until it has caught up', async () => {
    await capture.close()
    const behind = { ...intake, projector: { ...intake.projector, behind: true } }
    capture = await startCapture(behind, { host: '127.0.0.1', port: 0, trustedProxies: [] })
    const told = await beacon()
    expect(refused(told)).toBe(503)
    expect(told.headers['retry-after']).toBe('5')
    expect(await head()).toBe(0)
  })
})

it('closing answers what is running and then lets kept-alive connections go', async () => {
  const { append } = world.store
  let flush = () => {}
  const flushed = new Promise<void>((resolve) => {
    flush = resolve
  })
  let reached = () => {}
  const appending = new Promise<void>((resolve) => {
    reached = resolve
  })
  world.store.append = async (arrival) => {
    reached()
    await flushed
    return append(arrival)
  }
  const answer = beacon(BEACON, { connection: 'keep-alive' })
  await appending
  const closed = capture.close()
  flush()
  expect((await answer).status).toBe(204)
  await closed
})
