import { describe, expect, it } from 'vitest'
import { meta } from '../destinations/meta/meta.ts'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { DAY, HOUR, MINUTE } from '../lib/duration.ts'
import { minus, sum } from '../lib/money.ts'
import type { OrderRecord } from '../store/store.ts'
import { AUDIT_STATES, auditPage, isAuditPlace } from './audit.ts'
import { auditLines } from './audit-lines.ts'
import { auditSums, eachAudited } from './audit-sums.ts'
import { startDelivery } from './deliver.ts'
import { judged, NOW, order, SHOP, smallWorld, stored } from './double.ts'
import { startProjector } from './projector.ts'

const PERIOD = { from: NOW - DAY, until: NOW + DAY }

type World = Awaited<ReturnType<typeof smallWorld>>

const place = (world: World, number: number, given: Parameters<typeof order>[0] = {}, at = NOW) => {
  const orderId = String(1000 + number)
  const told = order({
    id: `pur_${orderId}`,
    occurredAt: new Date(at).toISOString(),
    ...given,
    commerce: { orderId, value: `${number}.10`, currency: 'USD', channel: 'web', ...given.commerce },
  })
  const change = { orderId, name: `#${orderId}`, placedAt: at, value: `${number}.10`, currency: 'USD' }
  return world.store.append({ shop: SHOP, events: [stored(told, at)], parts: [], orders: [change] })
}

const deliver = async (world: World) => {
  const projector = await startProjector(world.runtime)
  const delivery = startDelivery(world.runtime)
  await world.clock.turn(10 * MINUTE)
  await delivery.stop()
  await projector.stop()
}

const states = async (world: World) =>
  Object.fromEntries(
    (await auditPage(world.store, SHOP, PERIOD, { limit: 50 })).orders.map(({ name, cells }) => [
      name,
      cells.map(({ state, outcome }) => `${state}: ${outcome}`).join(),
    ]),
  )

describe('the audit of a period', () => {
  it('has every order in exactly one state, with the reason', async () => {
    const world = await smallWorld({ hold: 0 })
    world.platform.answer = (events) =>
      judged(events, ({ event_id }) => (event_id === 'pur_1002' ? 'value is odd' : undefined))
    await place(world, 1)
    await place(world, 2)
    await place(world, 3, { commerce: { channel: 'pos' } })
    // Heard of by a refund only.
    await world.store.append({
      shop: SHOP,
      events: [],
      parts: [],
      orders: [{ orderId: '1004', name: '#1004', placedAt: NOW, currency: 'USD' }],
    })
    await deliver(world)
    await place(world, 5, {}, NOW + MINUTE)
    expect(await states(world)).toEqual({
      '#1001': 'delivered: delivered',
      '#1002': 'refused: rejected',
      '#1003': 'suppressed: channel_pos',
      '#1004': 'missing: missing',
      '#1005': 'waiting: waiting',
    })
    const { orders } = await auditPage(world.store, SHOP, PERIOD, { limit: 50 })
    expect(orders.find(({ name }) => name === '#1002')?.cells[0]).toMatchObject({ message: 'value is odd' })
  })

  it('counts a purchase that waits for its payment as what became of the payment', async () => {
    const world = await smallWorld({ hold: 0 })
    await world.store.updateConnection(SHOP, world.connection.id, {
      settings: { ...world.settings, purchaseOn: 'paid' },
    })
    await place(world, 1)
    await place(world, 2)
    await world.append(order({ id: 'paid_1001', name: 'order_paid', commerce: { orderId: '1001', channel: 'web' } }))
    await deliver(world)
    expect(await states(world)).toEqual({
      '#1001': 'delivered: delivered',
      '#1002': 'suppressed: waits_for_payment',
    })
  })

  it('adds up: at every connection the states together are all orders and all of their value', async () => {
    const world = await smallWorld({ hold: 0 })
    world.platform.answer = (events) =>
      judged(events, ({ event_id }) => (Number(event_id.slice(-1)) % 4 === 1 ? 'no' : undefined))
    for (let number = 1; number <= 30; number++)
      await place(world, number, number % 5 === 0 ? { commerce: { channel: 'pos' } } : {}, NOW - number * HOUR)
    await deliver(world)
    await world.store.addConnection({ shop: SHOP, destination: meta.slug, settings: {}, createdAt: NOW })
    const { all, connections } = await auditSums(world.store, SHOP, { from: NOW - 60 * HOUR, until: NOW })
    expect(all.orders).toBe(30)
    expect(connections).toHaveLength(2)
    for (const { states: found } of connections) {
      const tallies = AUDIT_STATES.flatMap((state) => found[state] ?? [])
      expect(tallies.reduce((count, { orders }) => count + orders, 0)).toBe(30)
      const value = sum(
        tallies.map((tally) => tally.value.USD),
        'USD',
      )
      expect(minus(value, all.value.USD ?? '', 'USD')).toBe('0.00')
    }
    // What is from before a connection was never sent there.
    expect(connections[1]?.states).toEqual({ suppressed: all })
  })

  it('pages through days, each order once, and only those of the period', async () => {
    const world = await smallWorld()
    for (let number = 1; number <= 23; number++) await place(world, number, {}, NOW - number * 5 * HOUR)
    const period = { from: NOW - 20 * 5 * HOUR, until: NOW - 5 * HOUR }
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await auditPage(world.store, SHOP, period, { limit: 4, ...(after ? { after } : {}) })
      seen.push(...page.orders.map(({ orderId }) => orderId))
      after = page.next
    } while (after)
    const expected = Array.from({ length: 19 }, (_, place) => String(1002 + place))
    expect(seen.toSorted()).toEqual(expected)
    const whole: string[] = []
    await eachAudited(world.store, SHOP, period, (orders) => void whole.push(...orders.map(({ orderId }) => orderId)))
    expect(whole).toEqual(seen)
  })

  it('ends where a page ends on an order that your own server named, as WEB-1042: its sums once never did', async () => {
    const world = await smallWorld()
    const ids = Array.from({ length: 1001 }, (_, number) => `WEB-${1000 + number}`)
    await world.store.append({
      shop: SHOP,
      events: [],
      parts: [],
      orders: ids.map((orderId) => ({ orderId, placedAt: NOW, value: '1.00', currency: 'USD' })),
    })
    const first = await auditPage(world.store, SHOP, PERIOD, { limit: 2 })
    const second = await auditPage(world.store, SHOP, PERIOD, { limit: 2, after: first.next ?? '' })
    expect([...first.orders, ...second.orders].map(({ orderId }) => orderId)).toEqual(ids.toReversed().slice(0, 4))
    const { all } = await auditSums(world.store, SHOP, PERIOD)
    expect(all).toEqual({ orders: 1001, value: { USD: '1001.00' } })
  })

  it('pages on from an order whose id is as long as ids may be', async () => {
    const world = await smallWorld()
    const long = 'W'.repeat(100)
    for (const orderId of [long, 'A'])
      await world.store.append({ shop: SHOP, events: [], parts: [], orders: [{ orderId, placedAt: NOW }] })
    const { next } = await auditPage(world.store, SHOP, PERIOD, { limit: 1 })
    expect(isAuditPlace(next ?? '')).toBe(true)
    expect(await auditPage(world.store, SHOP, PERIOD, { limit: 1, after: next ?? '' })).toMatchObject({
      orders: [{ orderId: 'A' }],
    })
  })

  it('refuses a place that it cannot read instead of beginning again', async () => {
    const { store } = await smallWorld()
    await expect(auditPage(store, SHOP, PERIOD, { limit: 1, after: 'somewhere' })).rejects.toThrow('no place')
  })

  it('never reads the ledger number by number, however far apart orders lie', async () => {
    const world = await smallWorld()
    const far: OrderRecord[] = [1, 2, 90_000, 90_500].map((seq) => ({ orderId: String(seq), seq, placedAt: NOW }))
    const reads: number[] = []
    const store = {
      ...world.store,
      ordersOfDay: async () => far,
      ledger: async (_: unknown, __: unknown, from: number, to: number) => {
        reads.push(to - from + 1)
        return new Uint8Array(to - from + 1).fill(OUTCOMES.delivered)
      },
    }
    const { orders } = await auditPage(store, SHOP, { from: NOW, until: NOW + 1 }, { limit: 10 })
    expect(orders.every(({ cells }) => cells[0]?.state === 'delivered')).toBe(true)
    expect(reads).toEqual([2, 501])
  })

  it('is a file in which nobody’s words become a formula', async () => {
    const world = await smallWorld({ hold: 0 })
    world.platform.answer = (events) => judged(events, () => '=HYPERLINK("https://example.com")')
    await place(world, 1)
    await deliver(world)
    const [first] = (await auditPage(world.store, SHOP, PERIOD, { limit: 5 })).orders
    const line = first && auditLines(first, [{ connection: world.connection, name: 'Pinterest 549755885175' }])
    expect(line).toContain(
      '#1001,1001,2026-11-22T10:00:00.000Z,1.10,USD,,no,,Pinterest 549755885175,1,refused,rejected',
    )
    expect(line).toContain(`"'=HYPERLINK(""https://example.com"")"`)
  })
})
