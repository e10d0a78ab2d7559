import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CaptureStub, isSigned, startCaptureStub } from './capture-stub.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { type Journey, journeyOf } from './shopper/journey.ts'
import { driveShoppers } from './shoppers.ts'

const NOW = Date.parse('2026-11-22T12:00:00.000Z')
const WORLD = { shop: 'demo.myshopify.com', storeUrl: 'https://northfern.example', webhookSecret: 'hush', now: NOW }

const journeys = (count: number, seed = 7, world = WORLD): Journey[] =>
  Array.from({ length: count }, (_, number) => journeyOf(seed, number, world))

const webhookIds = (all: readonly Journey[]) =>
  all.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'webhook' ? [step.webhook.webhookId] : [])))
const eventIds = (all: readonly Journey[]) =>
  all.flatMap(({ steps }) =>
    steps.flatMap((step) =>
      step.kind === 'beacon' ? step.beacon.events.map((event) => (event as { id: string }).id) : [],
    ),
  )

describe('journeys', () => {
  const many = journeys(400)

  it('are the same for the same seed', () => {
    expect(journeys(40)).toEqual(journeys(40))
    expect(webhookIds(journeys(40))).not.toEqual(webhookIds(journeys(40, 8)))
  })

  it('keep their ids whenever they are walked', () => {
    const later = journeys(40, 7, { ...WORLD, now: NOW + 86_400_000 })
    expect(webhookIds(later)).toEqual(webhookIds(journeys(40)))
    expect(eventIds(later)).toEqual(eventIds(journeys(40)))
  })

  it('never share an event id or an order', () => {
    const ids = eventIds(many)
    expect(new Set(ids).size).toBe(ids.length)
    const orders = many.flatMap(({ purchases }) => purchases.map(({ order }) => order.id))
    expect(new Set(orders).size).toBe(orders.length)
  })

  it('vary in every way that matters', () => {
    const visitors = many.flatMap(({ purchases }) => purchases.map(({ visitor }) => visitor))
    expect(new Set(visitors.map(({ consent }) => consent)).size).toBe(5)
    expect(new Set(visitors.map(({ blocker }) => blocker)).size).toBe(3)
    expect(new Set(visitors.map(({ market }) => market.country)).size).toBe(7)
    expect(new Set(many.flatMap(({ purchases }) => purchases.map(({ expected }) => expected))).size).toBe(3)
    expect(many.some(({ purchases }) => purchases.length === 2)).toBe(true)
    expect(many.some(({ purchases }) => purchases.length === 0)).toBe(true)
  })

  it('are as varied for every seed', () => {
    for (let seed = 0; seed < 10; seed++) {
      const purchases = journeys(50, 1_795_341_660 + seed * 7919).flatMap((journey) => journey.purchases)
      const suppressed = purchases.filter(({ expected }) => expected === 'suppressed').length
      expect(suppressed / purchases.length).toBeLessThan(0.5)
    }
  })

  it('happen before now, in the last ten minutes', () => {
    for (const { steps } of many)
      for (const step of steps)
        if (step.kind === 'beacon') {
          const at = Date.parse(step.beacon.sentAt)
          expect(at).toBeLessThanOrEqual(NOW)
          expect(at).toBeGreaterThan(NOW - 600_000)
        }
  })

  it('send nothing from a browser that did not allow it', () => {
    for (const { steps } of many)
      for (const step of steps) {
        if (step.kind === 'beacon') expect(['unset', 'granted', 'optout', 'withdrawn']).toContain(step.visitor.consent)
        if (step.kind === 'tag') expect(step.visitor.blocker).toBe('none')
      }
  })
})

describe('driving them', () => {
  let capture: CaptureStub
  let sandbox: Sandbox
  beforeAll(async () => {
    capture = await startCaptureStub()
    sandbox = await startSandbox({ port: 0, now: () => NOW })
  })
  afterAll(() => Promise.all([capture.close(), sandbox.close()]))
  beforeEach(() => {
    capture.arrivals.length = 0
    sandbox.reset()
  })

  const drive = () =>
    driveShoppers({
      ...WORLD,
      count: 40,
      seed: 7,
      beaconUrl: `${capture.url}/b/1`,
      webhookUrl: `${capture.url}/webhooks/shopify`,
      sandboxUrl: sandbox.url,
      now: () => NOW,
    })

  it('sends what the summary says, beacons with an address of their own and webhooks signed', async () => {
    const summary = await drive()
    const beacons = capture.arrivals.filter(({ path }) => path === '/b/1')
    const webhooks = capture.arrivals.filter(({ path }) => path === '/webhooks/shopify')
    expect(summary.failed).toEqual({ beacons: 0, webhooks: 0, tagHits: 0 })
    expect(beacons).toHaveLength(summary.sent.beacons)
    expect(webhooks).toHaveLength(summary.sent.webhooks)
    expect(summary.sent.duplicates).toBe(summary.purchases)
    expect(webhooks.every((arrival) => isSigned(arrival, 'hush'))).toBe(true)
    for (const { headers, body } of beacons) {
      expect(headers['x-forwarded-for']).toMatch(/^(?:203\.0\.113|198\.51\.100|192\.0\.2)\.\d+$/)
      expect(headers['content-type']).toBe('text/plain;charset=UTF-8')
      expect(body.length).toBeLessThan(64 * 1024)
      expect(JSON.parse(body)).toMatchObject({ v: 1, shop: 'demo.myshopify.com', consent: expect.any(Object) })
    }
  })

  it('accounts for every purchase and says the same every time', async () => {
    const first = await drive()
    const { purchases, suppressed, byBlocker, orderIds } = first.expected
    expect(purchases + suppressed).toBe(first.purchases)
    expect(byBlocker.none + byBlocker.tag + byBlocker.all).toBe(purchases)
    expect(orderIds).toHaveLength(purchases)
    expect(await drive()).toEqual(first)
  })

  it('fires the tag only for purchases that the server sends too, under the same id', async () => {
    const { expected } = await drive()
    const tagged = sandbox.pinterest.conversions().filter(({ name }) => name === 'checkout')
    expect(tagged.length).toBeGreaterThan(0)
    for (const { eventId } of tagged) expect(expected.orderIds).toContain(eventId?.replace('pur_', ''))
  })

  it('counts what was refused', async () => {
    capture.answerWith(({ path }) => (path === '/b/1' ? 404 : 200))
    const summary = await drive()
    expect(summary.failed.beacons).toBe(summary.sent.beacons)
  })
})
