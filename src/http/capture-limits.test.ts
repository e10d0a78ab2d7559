import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreFault } from '../store/store.ts'
import { BEACON_PATH, WEBHOOK_PATH } from './capture.ts'
import { BEACON, type CaptureWorld, captureWorld, ORDER, refused } from './capture-double.ts'

let world: CaptureWorld
beforeEach(async () => {
  world = await captureWorld()
})
afterEach(() => world.stop())

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
    expect(refused(await world.beacon(body))).toBe(400)
  })

  it.each<readonly [string, string]>([
    ...bodies.slice(0, 3),
    ['200,001 values wide', `[${'0,'.repeat(200_001)}0]`],
    ['2,000,000 levels deep', '['.repeat(2_000_000)],
  ])('a webhook that is %s', async (_, body) => {
    expect(refused(await world.webhook(body))).toBe(400)
    expect(await world.head()).toBe(0)
  })

  it('an order of a thousand lines is no such thing', async () => {
    const order = JSON.parse(ORDER.toString()) as { line_items: unknown[] }
    const [line] = order.line_items
    expect((await world.webhook(JSON.stringify({ ...order, line_items: Array(1000).fill(line) }))).status).toBe(200)
  })
})

describe('a body that is too large is answered 413', () => {
  const routes = [
    ['a beacon of 64 KiB and a byte', BEACON_PATH, 64 * 1024],
    ['a webhook of 5 MiB and a byte', WEBHOOK_PATH, 5 * 1024 * 1024],
  ] as const
  it.each(routes)('%s, its length told', async (_, path, limit) => {
    const body = Buffer.alloc(limit + 1, ' ')
    expect(refused(await world.ask('POST', path, { 'content-length': body.length }, body))).toBe(413)
  })

  it.each(routes)('%s, in pieces and without a length', async (_, path, limit) => {
    const pieces = [Buffer.alloc(limit / 2, ' '), Buffer.alloc(limit / 2, ' '), Buffer.alloc(1, ' ')]
    expect(refused(await world.ask('POST', path, {}, pieces))).toBe(413)
  })

  it('a sender that reads only when it has sent everything finds its answer', async () => {
    const size = 20 * 1024 * 1024
    const text = await new Promise<string>((resolve, reject) => {
      let received = ''
      const socket = connect(world.port, '127.0.0.1', () => {
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
    expect((await world.beacon(JSON.stringify(BEACON).padEnd(64 * 1024))).status).toBe(204)
    expect(
      (await world.webhook(Buffer.concat([ORDER, Buffer.alloc(5 * 1024 * 1024 - ORDER.length, ' ')]))).status,
    ).toBe(200)
    expect(await world.head()).toBe(2)
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
    const told = await world.ask(method, path)
    expect(refused(told)).toBe(status)
    if (status === 405) expect(told.headers.allow).toBe(path === BEACON_PATH ? 'POST, OPTIONS' : 'POST')
  })

  it('a compressed body is answered 415', async () => {
    expect(refused(await world.beacon(BEACON, { 'content-encoding': 'gzip' }))).toBe(415)
    expect(refused(await world.webhook(ORDER, { 'content-encoding': 'br' }))).toBe(415)
  })

  it('what is no HTTP is answered 400 as well', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      let received = ''
      const socket = connect(world.port, '127.0.0.1', () => socket.write('hello\r\n\r\n'))
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
      const socket = connect(world.port, '127.0.0.1', () => {
        socket.write(`POST ${BEACON_PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"v":1`)
        socket.destroy()
      })
      socket.on('close', () => resolve())
    })
    expect((await world.beacon()).status).toBe(204)
    expect(await world.head()).toBe(1)
  })

  it('who probes is told whether it runs, and whether messages may be sent', async () => {
    const told = async () => {
      const [live, ready] = await Promise.all([world.ask('GET', '/live'), world.ask('GET', '/ready')])
      return [live.status, live.text, ready.status, ready.text]
    }
    expect(await told()).toEqual([200, '{"ok":true}\n', 200, '{"ok":true}\n'])
    world.store.health = () => Promise.reject(new StoreFault('broken', 'EIO'))
    expect(await told()).toEqual([200, '{"ok":true}\n', 503, '{"ok":false}\n'])
    expect(refused(await world.ask('POST', '/ready'))).toBe(404)
  })
})
