import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sample, settled, startWorld, until, type World } from './harness.ts'

/** Samples by name and labels, as a Prometheus server reads them. */
const samplesIn = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )

describe('/metrics', () => {
  let world: World
  let url: string
  const metrics = async () => samplesIn(await (await fetch(url)).text())

  beforeAll(async () => {
    world = await startWorld({ hold: 0, metrics: { host: '127.0.0.1', port: 0 } })
    url = world.engine.addresses.metrics ?? ''
  })
  afterAll(() => world.stop())

  test('tells what came in, what went out and what became of it', async () => {
    const order = { ...sample('order_create'), created_at: new Date().toISOString() }
    expect((await world.webhook('orders/create', order)).status).toBe(200)
    expect((await world.webhook('orders/create', order, { 'x-shopify-hmac-sha256': 'wrong' })).status).toBe(401)
    expect((await world.webhook('orders/create', order, { 'x-shopify-shop-domain': 'x.myshopify.com' })).status).toBe(
      200,
    )
    await settled(world)
    await until('the delivery to be counted', async () =>
      (await metrics()).get('converlay_events_settled_total{destination="pinterest",outcome="delivered"}'),
    )
    const told = await metrics()
    expect(Object.fromEntries([...told].filter(([name]) => /_total\{/.test(name) && name.startsWith('conv')))).toEqual({
      'converlay_messages_total{source="shopify-webhook",status="200"}': 2,
      'converlay_messages_total{source="shopify-webhook",status="401"}': 1,
      'converlay_messages_dropped_total{source="shopify-webhook"}': 1,
      'converlay_events_accepted_total{source="shopify-webhook"}': expect.any(Number),
      'converlay_requests_total{destination="pinterest",answer="2xx"}': 1,
      'converlay_events_settled_total{destination="pinterest",outcome="delivered"}': 1,
    })
    expect(told.get('converlay_delivery_lag_seconds_count{destination="pinterest"}')).toBe(1)
    expect(told.get('converlay_store_seconds_count{operation="append"}')).toBeGreaterThan(0)
    expect(told.get('converlay_lanes{destination="pinterest",kind="live"}')).toBe(1)
    for (const name of [
      'nodejs_eventloop_lag_p50_seconds',
      'nodejs_eventloop_lag_p99_seconds',
      'converlay_store_log_bytes',
    ])
      expect(told.has(name), name).toBe(true)
  })

  test('names no shop, no event and no person', async () => {
    const text = await (await fetch(url)).text()
    expect(text).not.toMatch(/myshopify|pur_|@|\d{1,3}(?:\.\d{1,3}){3}/)
  })

  test('is the only thing there beside /live, and nowhere else', async () => {
    expect((await fetch(new URL('/live', url))).status).toBe(200)
    expect((await fetch(new URL('/', url))).status).toBe(404)
    expect((await fetch(url, { method: 'POST' })).status).toBe(404)
    expect((await fetch(new URL('/metrics', world.engine.addresses.webhooks))).status).toBe(404)
  })
})
