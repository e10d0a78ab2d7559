import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { Analytics } from '@segment/analytics-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../src/pipeline/api-keys.ts'
import { conversions, startWorld, until, type World } from './harness.ts'
import { ROOT } from './source-scan.ts'

const run = promisify(execFile)

let world: World
beforeAll(async () => {
  world = await startWorld({ hold: 0 })
})
afterAll(() => world.stop())

/** `converlay keys`, beside the running process. */
const keys = async (...argv: readonly string[]): Promise<readonly Record<string, string>[]> => {
  const env = { PATH: process.env.PATH, TZ: 'UTC', CONVERLAY_MASTER_KEY: world.config.masterKey.toString('hex') }
  const options = ['keys', ...argv, '--shop', world.shop, '--data', world.dataDir]
  const { stdout } = await run(process.execPath, [join(ROOT, 'src/main.ts'), ...options], { env })
  return stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, string>)
}
const purchase = (orderId: string) =>
  until(`the purchase of order ${orderId}`, async () =>
    (await conversions(world, 'checkout')).find(({ eventId }) => eventId === `pur_${orderId}`),
  )

describe('a store’s own server', () => {
  test('with Segment’s library, unmodified, tells an order that Pinterest counts once, until its key is revoked', async () => {
    const [made] = await keys('create')
    expect(made).toMatchObject({ shop: world.shop, kind: 'secret', text: expect.stringMatching(/^cvs_demo_/) })
    const { track: host } = world.engine.addresses
    const answers: number[] = []
    const send = async () => {
      const analytics = new Analytics({ writeKey: made?.text ?? '', host, maxRetries: 0 })
      analytics.on('http_response', ({ status }) => answers.push(status ?? 0))
      // It tells a refusal only to whoever listens.
      analytics.on('error', () => {})
      analytics.identify({ userId: '8123456789', traits: { email: 'maya@example.com' } })
      analytics.track({
        userId: '8123456789',
        event: 'Order Completed',
        messageId: 'order-7001',
        context: {
          ip: '203.0.113.23',
          userAgent: 'Mozilla/5.0 (Macintosh)',
          traits: { email: 'Maya@Example.com', phone: '+1 415 555 0132' },
          page: { url: 'https://northfern.example/thanks?epik=epik-of-the-order' },
        },
        properties: {
          order_id: '7001',
          total: 27.5,
          currency: 'USD',
          products: [{ product_id: '7', variant_id: '8', name: 'Scarf', price: 27.5, quantity: 1 }],
        },
      })
      await analytics.closeAndFlush()
    }
    await send()
    await send()
    expect(answers).toEqual([200, 200])
    expect(await purchase('7001')).toMatchObject({
      count: 1,
      value: '27.50',
      clickId: 'epik-of-the-order',
      ip: '203.0.113.23',
      em: [expect.stringMatching(/^[0-9a-f]{64}$/)],
      ph: [expect.stringMatching(/^[0-9a-f]{64}$/)],
    })

    const [listed] = await keys('list')
    expect(listed).toEqual({
      shop: world.shop,
      key: made?.key,
      kind: 'secret',
      last: made?.text?.slice(-4),
      createdAt: made?.createdAt,
      usedOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    })
    expect(await keys('revoke', made?.key ?? '')).toMatchObject([{ revoked: true }])
    await until('the key to end', async () => {
      await send()
      return answers.at(-1) === 401
    })
  }, 60_000)

  test('with RudderStack’s library does the same: by the form of its requests', async () => {
    const made = await createKey(world.engine.runtime.store, world.shop, 'secret', Date.now())
    // What @rudderstack/rudder-sdk-node sends: its ids, both timestamps, and the body packed.
    const batch = [
      {
        type: 'track',
        event: 'Order Completed',
        userId: '8123456789',
        anonymousId: '',
        channel: 'server',
        context: {
          library: { name: '@rudderstack/rudder-sdk-node', version: '3.0.3' },
          traits: { email: 'maya@example.com' },
        },
        properties: { order_id: 'WEB-7002', revenue: 20, shipping: 5, currency: 'USD' },
        messageId: 'node-ab12cd34-1763632800000-5f8d',
        originalTimestamp: new Date().toISOString(),
        _metadata: { nodeVersion: '26.0.0' },
      },
    ]
    const { status, body } = await fetch(`${world.engine.addresses.track}/v1/batch`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${made?.text}:`).toString('base64')}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'user-agent': 'analytics-node/3.0.3',
      },
      body: gzipSync(JSON.stringify({ batch, sentAt: new Date().toISOString() })),
    })
    await body?.cancel()
    expect(status).toBe(200)
    expect(await purchase('WEB-7002')).toMatchObject({ count: 1, value: '25.00' })
  }, 60_000)
})
