import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EventId, Shop } from '../event/event.ts'
import { checkoutId, pixelId, purchaseId } from '../event/event-ids.ts'
import { DAY, HOUR, MINUTE } from '../lib/duration.ts'
import type {
  Arrival,
  Connection,
  ConnectionId,
  NewAttempt,
  NewMessage,
  NewParked,
  Retention,
  Settlement,
  Store,
} from './store.ts'
import { added, anArrival, anEvent, NOW, OTHER, SHOP, type Told } from './testing.ts'

const DELIVERED = 2
const PARKED = 1
const REJECTED = 40

export const POLICY: Retention = {
  messages: 7 * DAY,
  bodyAfterSettled: 7 * DAY,
  bodyAtMost: 30 * DAY,
  attempts: 30 * DAY,
  deadLetters: 14 * DAY,
  orders: 400 * DAY,
  orderIdentifiers: 90 * DAY,
  sharedIds: 400 * DAY,
  pixelIds: 30 * DAY,
  addresses: 7 * DAY,
  identities: 390 * DAY,
  rollups: 800 * DAY,
}

const aPart = (id: EventId, told: Told = {}): Arrival => ({
  ...anArrival(id, told),
  events: [],
  parts: [added(id, told)],
})

const aMessage = (webhookId: string, told: Partial<NewMessage> = {}): NewMessage => ({
  source: 'shopify-webhook',
  topic: 'orders/create',
  webhookId,
  receivedAt: NOW,
  body: Buffer.from('{"email":"ada@example.com"}'),
  ...told,
})

const anAttempt = (seqs: readonly number[], at = NOW): NewAttempt => ({
  at,
  ms: 12,
  from: Math.min(...seqs),
  to: Math.max(...seqs),
  seqs,
  settingsVersion: 1,
  revision: 1,
  bodyHash: 'ab',
  bytes: 100,
  status: 200,
  answer: '{}',
  accepted: seqs.length,
  refused: 0,
  carriesOrder: false,
})

const aParked = (seq: number, told: Partial<NewParked> = {}): NewParked => ({
  seq,
  kind: 'retry',
  due: NOW + MINUTE,
  tries: 1,
  parkedAt: NOW,
  ...told,
})

/**
 * The promises of the port, kept by every implementation. `open` gives a store that is empty; it is closed after each
 * test.
 */
export const describeStore = (name: string, open: () => Promise<Store>): void => {
  describe(`${name} keeps the store's promises`, () => {
    let store: Store
    beforeEach(async () => {
      store = await open()
      for (const shop of [SHOP, OTHER])
        await store.saveShop({ shop, facts: { country: 'US', currency: 'USD' }, installedAt: NOW })
    })
    afterEach(() => store.close())

    const connect = (shop: Shop = SHOP): Promise<Connection> =>
      store.addConnection({ shop, destination: 'pinterest', settings: { token: 'pina_secret' }, createdAt: NOW })
    const fill = async (count: number, told: Told = {}): Promise<void> => {
      await Promise.all(
        Array.from({ length: count }, (_, n) => store.append(anArrival(pixelId(`event-${n + 1}`), told))),
      )
    }
    const settle = (connection: ConnectionId, change: Partial<Settlement>): Promise<void> =>
      store.settle({
        shop: SHOP,
        connection,
        park: [],
        unpark: [],
        attempts: [],
        rollups: [],
        joined: [],
        ...change,
      })
    const stretch = (from: number, ...outcomes: number[]) => ({ lane: 1, from, outcomes: Uint8Array.from(outcomes) })
    const ledger = async (connection: ConnectionId, from: number, to: number) => [
      ...(await store.ledger(SHOP, connection, from, to)),
    ]
    const retainAll = async (now: number): Promise<number> => {
      let gone = 0
      for (let step = -1; step !== 0; gone += step) step = await store.retain(POLICY, now, 3)
      return gone
    }

    describe('shops and connections', () => {
      test('saving a shop again changes its facts and keeps when it was installed', async () => {
        await store.saveShop({ shop: SHOP, facts: { country: 'CA' }, policy: { requiredIn: ['CA'] }, installedAt: 1 })
        await store.saveShop({ shop: SHOP, facts: { country: 'MX' }, installedAt: 2 })
        const shop = await store.shop(SHOP)
        expect(shop).toEqual({
          shop: SHOP,
          facts: { country: 'MX' },
          policy: { requiredIn: ['CA'] },
          installedAt: NOW,
          head: 0,
        })
        expect((await store.shops()).map((known) => known.shop)).toEqual([SHOP, OTHER])
        expect(await store.shop('nobody.myshopify.com' as Shop)).toBeUndefined()
      })

      test('a connection keeps its settings, and a change of them raises their version', async () => {
        const { id } = await connect()
        expect(await store.connections(SHOP)).toMatchObject([
          { id, destination: 'pinterest', settings: { token: 'pina_secret' }, state: 'active', settingsVersion: 1 },
        ])
        await store.updateConnection(SHOP, id, { settings: { token: 'new' }, trouble: 'tired' })
        const changed = await store.updateConnection(SHOP, id, { state: 'paused' })
        expect(changed).toMatchObject({
          settings: { token: 'new' },
          settingsVersion: 2,
          state: 'paused',
          trouble: 'tired',
        })
        expect(await store.updateConnection(SHOP, id, { trouble: null })).not.toHaveProperty('trouble')
      })

      test("a new connection's live lane begins at the shop's head", async () => {
        await fill(3)
        const { id } = await connect()
        expect(await store.lanes(SHOP)).toEqual([
          { connection: id, lane: 1, kind: 'live', from: 4, position: 3, due: 0, tries: 0 },
        ])
      })

      test('removing a connection takes its lanes and parked events and leaves the record', async () => {
        const { id } = await connect()
        await fill(1)
        await settle(id, { stretch: stretch(1, PARKED), park: [aParked(1)], attempts: [anAttempt([1])] })
        expect(await store.removeConnection(SHOP, id)).toBe(true)
        expect(await store.removeConnection(SHOP, id)).toBe(false)
        expect(await store.lanes(SHOP)).toEqual([])
        expect(await store.parked(SHOP, id, 10)).toEqual([])
        expect(await ledger(id, 1, 1)).toEqual([PARKED])
        expect(await store.attempts(SHOP, { limit: 5 })).toHaveLength(1)
        expect((await connect()).id).not.toBe(id)
      })
    })

    describe('the log', () => {
      test('numbers each shop 1, 2, 3 … without gaps under concurrent appends', async () => {
        const appended = await Promise.all(
          Array.from({ length: 200 }, (_, n) =>
            store.append(anArrival(pixelId(`event-${n}`), { shop: n % 2 === 0 ? SHOP : OTHER, at: NOW - n * 1000 })),
          ),
        )
        const numbers = appended.map(({ events }) => events[0]?.seq ?? 0).sort((a, b) => a - b)
        expect(numbers).toEqual(Array.from({ length: 200 }, (_, n) => 1 + Math.floor(n / 2)))
        expect(await store.head(SHOP)).toBe(100)
        expect((await store.read(OTHER, 0, 500)).map(({ seq }) => seq)).toEqual(
          Array.from({ length: 100 }, (_, n) => n + 1),
        )
      })

      test('gives back what was appended, ascending, descending and in slices', async () => {
        await fill(5, { email: 'ada@example.com', subject: 'client-7' })
        expect(await store.read(SHOP, 2, 1)).toEqual([
          {
            seq: 3,
            name: 'product_viewed',
            receivedAt: NOW,
            subject: 'client-7',
            event: anEvent(pixelId('event-3'), { email: 'ada@example.com' }),
          },
        ])
        expect((await store.newest(SHOP, 2)).map(({ seq }) => seq)).toEqual([5, 4])
        expect((await store.newest(SHOP, 9, 3)).map(({ seq }) => seq)).toEqual([2, 1])
      })

      test.each([
        ['a fact of several sides', purchaseId('1001')],
        ['a pixel event', pixelId('sh-aaaaaaaa-1')],
      ])('one fact is one event: 64 appends at once of %s', async (_, id) => {
        const appended = await Promise.all(Array.from({ length: 64 }, () => store.append(anArrival(id))))
        expect(appended.filter(({ events }) => events[0]?.fresh)).toHaveLength(1)
        expect(new Set(appended.map(({ events }) => events[0]?.seq))).toEqual(new Set([1]))
        expect(await store.head(SHOP)).toBe(1)
        expect(await store.parts(SHOP, [id])).toEqual(new Map())
        expect(await store.seqOf(SHOP, id)).toBe(1)
        expect(await store.seqOf(SHOP, pixelId('unknown'))).toBeUndefined()
      })

      test('recognises a resend by its own timestamp, however late it comes', async () => {
        const at = NOW - 2 * DAY
        await store.append(anArrival(pixelId('slow-1'), { at, receivedAt: NOW }))
        const again = await store.append(anArrival(pixelId('slow-1'), { at, receivedAt: NOW + 3 * HOUR }))
        expect(again.events).toEqual([{ seq: 1, fresh: false }])
      })

      test('an arrival for an unknown shop is refused alone', async () => {
        const [lost, kept] = await Promise.allSettled([
          store.append(anArrival(pixelId('lost-1'), { shop: 'nobody.myshopify.com' as Shop })),
          store.append(anArrival(pixelId('kept-1'))),
        ])
        expect(lost.status).toBe('rejected')
        expect(kept.status).toBe('fulfilled')
        expect(await store.head(SHOP)).toBe(1)
      })

      test('a repeated message appends nothing, whatever it says', async () => {
        const first = { ...anArrival(purchaseId('1')), message: aMessage('w-1', { eventId: 'e-1' }) }
        const sameWebhook = { ...anArrival(purchaseId('2')), message: aMessage('w-1') }
        const sameAction = { ...anArrival(purchaseId('1')), message: aMessage('w-2', { eventId: 'e-1' }) }
        const otherTopic = {
          ...anArrival(purchaseId('3')),
          message: aMessage('w-3', { eventId: 'e-1', topic: 'orders/paid' }),
        }
        const otherShop = {
          ...anArrival(purchaseId('1'), { shop: OTHER }),
          message: aMessage('w-1', { eventId: 'e-1' }),
        }
        const told = await Promise.all(
          [first, sameWebhook, sameAction, otherTopic, otherShop].map((a) => store.append(a)),
        )
        expect(told.map(({ repeated }) => repeated)).toEqual([false, true, true, false, false])
        expect(told[2]?.events).toEqual([{ seq: 1, fresh: false }])
        expect(await store.head(SHOP)).toBe(2)
      })

      test('keeps the message as it came', async () => {
        await store.append({ ...anArrival(purchaseId('1')), message: aMessage('w-1', { eventId: 'e-1' }) })
        const message = await store.message(SHOP, 'w-1')
        expect(message).toMatchObject({ topic: 'orders/create', webhookId: 'w-1', eventId: 'e-1', receivedAt: NOW })
        expect(Buffer.from(message?.body ?? []).toString()).toBe('{"email":"ada@example.com"}')
        expect(await store.message(SHOP, 'w-2')).toBeUndefined()
      })

      test('tells what was not projected yet, over all shops', async () => {
        await fill(3)
        await fill(1, { shop: OTHER })
        const waiting = async () => (await store.unprojected(10)).map(({ shop, event }) => [shop, event.seq])
        expect(await waiting()).toEqual([
          [SHOP, 1],
          [SHOP, 2],
          [SHOP, 3],
          [OTHER, 1],
        ])
        expect(await store.unprojected(2)).toHaveLength(2)
        await store.saveProjection({ changes: [], links: [], arrivals: [], projected: [{ shop: SHOP, seq: 2 }] })
        await store.saveProjection({ changes: [], links: [], arrivals: [], projected: [{ shop: SHOP, seq: 1 }] })
        expect(await waiting()).toEqual([
          [SHOP, 3],
          [OTHER, 1],
        ])
      })
    })

    describe('parts', () => {
      const texts = async (id: EventId) => (await store.parts(SHOP, [id])).get(id)?.map(({ event }) => event.seenBy[0])

      test('may be there before their event, and stay in order of arrival', async () => {
        await store.append(aPart(purchaseId('1'), { seenBy: 'web-pixel:checkout_completed' }))
        await store.append(anArrival(purchaseId('1'), { seenBy: 'shopify-webhook:orders/create' }))
        await store.append(aPart(purchaseId('1'), { seenBy: 'shopify-webhook:orders/updated' }))
        expect(await texts(purchaseId('1'))).toEqual(['web-pixel:checkout_completed', 'shopify-webhook:orders/updated'])
      })

      test('the same sighting is kept once', async () => {
        await store.append(aPart(purchaseId('1')))
        await store.append(aPart(purchaseId('1')))
        expect(await texts(purchaseId('1'))).toHaveLength(1)
      })

      test('a known fact told by another side becomes a part without money', async () => {
        const commerce = {
          currency: 'USD',
          value: '12.00',
          orderId: '1',
          items: [{ sku: 'L', price: '6.00', total: '12.00' }],
        }
        await store.append(anArrival(purchaseId('1'), { seenBy: 'shopify-webhook:orders/create', commerce }))
        await store.append(anArrival(purchaseId('1'), { seenBy: 'admin-api:order', commerce }))
        await store.append(anArrival(purchaseId('1'), { seenBy: 'admin-api:order', commerce }))
        const parts = (await store.parts(SHOP, [purchaseId('1')])).get(purchaseId('1'))
        expect(parts).toHaveLength(1)
        expect(parts?.[0]?.event).toMatchObject({ part: true, commerce: { orderId: '1', items: [{ sku: 'L' }] } })
        expect(JSON.stringify(parts)).not.toMatch(/12\.00|6\.00|USD/)
        expect((await store.read(SHOP, 0, 1))[0]?.event?.commerce?.value).toBe('12.00')
      })

      test('a known pixel event told again is dropped', async () => {
        await store.append(anArrival(pixelId('page-1'), { seenBy: 'a' }))
        await store.append(anArrival(pixelId('page-1'), { seenBy: 'b' }))
        expect(await texts(pixelId('page-1'))).toBeUndefined()
      })

      test('an event has at most 16, and its joined result beside them', async () => {
        const { id } = await connect()
        for (let n = 0; n < 20; n++) await store.append(aPart(checkoutId('c'), { seenBy: `teller-${n}` }))
        expect(await texts(checkoutId('c'))).toHaveLength(16)
        await settle(id, { joined: [added(checkoutId('c'), { seenBy: 'joined-1' })] })
        await settle(id, { joined: [added(checkoutId('c'), { seenBy: 'joined-2' })] })
        const parts = (await store.parts(SHOP, [checkoutId('c')])).get(checkoutId('c')) ?? []
        expect(parts.filter(({ joined }) => joined).map(({ event }) => event.seenBy[0])).toEqual(['joined-2'])
        expect(parts).toHaveLength(17)
      })
    })

    describe('settling', () => {
      test('moves lane, ledger, parked events, attempts and rollups together', async () => {
        const { id } = await connect()
        await fill(3)
        const rollup = { bucket: NOW, name: 'product_viewed', outcome: DELIVERED, count: 2, value: 0 } as const
        await settle(id, {
          stretch: stretch(1, DELIVERED, PARKED, DELIVERED),
          lane: { lane: 1, due: NOW + 5, tries: 2, unsureSince: NOW },
          park: [aParked(2)],
          attempts: [anAttempt([1, 3])],
          rollups: [{ ...rollup, lag: [2, 0], carried: { email: 1 } }],
        })
        expect(await store.lanes(SHOP)).toMatchObject([{ position: 3, due: NOW + 5, tries: 2, unsureSince: NOW }])
        expect(await ledger(id, 1, 4)).toEqual([DELIVERED, PARKED, DELIVERED, 0])
        expect(await store.parked(SHOP, id, 9)).toEqual([{ ...aParked(2), connection: id }])
        expect(await store.rollups(SHOP, NOW)).toEqual([
          { ...rollup, connection: id, lag: [2, 0], carried: { email: 1 } },
        ])
        await settle(id, { lane: { lane: 1, due: 0, tries: 0 } })
        expect((await store.lanes(SHOP))[0]).not.toHaveProperty('unsureSince')
      })

      test.each([
        ['begins after position + 1', 3],
        ['begins at a number that is settled', 1],
        ['goes beyond the head', 2],
      ])('a stretch that %s is refused, and nothing changes', async (_, from) => {
        const { id } = await connect()
        await fill(3)
        await settle(id, { stretch: stretch(1, DELIVERED) })
        const outcomes = from === 2 ? [REJECTED, REJECTED, REJECTED] : [REJECTED]
        await expect(
          settle(id, {
            stretch: stretch(from, ...outcomes),
            park: [aParked(1)],
            attempts: [anAttempt([1])],
            rollups: [{ bucket: NOW, name: 'custom', outcome: REJECTED, count: 1, value: 0 }],
          }),
        ).rejects.toThrow()
        expect(await store.lanes(SHOP)).toMatchObject([{ position: 1 }])
        expect(await ledger(id, 1, 3)).toEqual([DELIVERED, 0, 0])
        expect(await store.parked(SHOP, id, 9)).toEqual([])
        expect(await store.attempts(SHOP, { limit: 9 })).toEqual([])
        expect(await store.rollups(SHOP, 0)).toEqual([])
      })

      test('stretches of any length read back as one ledger', async () => {
        const { id } = await connect()
        await fill(1100)
        const told: number[] = []
        for (const length of [1, 2, 509, 3, 520, 65]) {
          const outcomes = Array.from({ length }, (_, n) => 2 + (n % 20))
          await settle(id, { stretch: stretch(told.length + 1, ...outcomes) })
          told.push(...outcomes)
        }
        expect(await ledger(id, 1, 1100)).toEqual(told)
        expect(await ledger(id, 500, 530)).toEqual(told.slice(499, 530))
      })

      test('a parked event that ends has its byte overwritten and the rollup moved', async () => {
        const { id } = await connect()
        await fill(2)
        const count = { bucket: NOW, name: 'product_viewed', value: 5 } as const
        await settle(id, {
          stretch: stretch(1, PARKED, PARKED),
          park: [aParked(1), aParked(2, { kind: 'hold', due: NOW })],
          rollups: [{ ...count, outcome: PARKED, count: 2, value: 10 }],
        })
        expect((await store.parked(SHOP, id, 9)).map(({ seq }) => seq)).toEqual([2, 1])
        expect((await store.parked(SHOP, id, 9, NOW + 1)).map(({ seq }) => seq)).toEqual([2])
        await settle(id, {
          unpark: [{ seq: 2, outcome: DELIVERED }],
          rollups: [
            { ...count, outcome: PARKED, count: -1, value: -5 },
            { ...count, outcome: DELIVERED, count: 1 },
          ],
        })
        expect(await ledger(id, 1, 2)).toEqual([PARKED, DELIVERED])
        expect((await store.parked(SHOP, id, 9)).map(({ seq }) => seq)).toEqual([1])
        expect((await store.rollups(SHOP, NOW)).map(({ outcome, count, value }) => [outcome, count, value])).toEqual([
          [PARKED, 1, 5],
          [DELIVERED, 1, 5],
        ])
      })

      test('dead letters keep their own copy and are not parked any more', async () => {
        const { id } = await connect()
        await fill(1)
        const copy = anEvent(pixelId('event-1'), { email: 'ada@example.com' })
        await settle(id, {
          stretch: stretch(1, REJECTED),
          park: [aParked(1, { kind: 'dead', code: '400', message: 'no', copy })],
        })
        expect(await store.parked(SHOP, id, 9)).toEqual([])
        expect(await store.deadLetters(SHOP, id, 9)).toMatchObject([{ seq: 1, code: '400', message: 'no', copy }])
      })

      test('tells what is due next: lanes and parked events of active connections, nothing that waits for a person', async () => {
        const { id } = await connect()
        await fill(3)
        expect(await store.nextDue(SHOP)).toBeUndefined()
        await settle(id, {
          stretch: stretch(1, PARKED, PARKED, REJECTED),
          park: [
            aParked(1, { due: 50 }),
            aParked(2, { kind: 'person', due: 10 }),
            aParked(3, { kind: 'dead', due: 0 }),
          ],
        })
        expect(await store.nextDue(SHOP)).toBe(50)
        await settle(id, { lane: { lane: 1, due: 40, tries: 1 } })
        expect(await store.nextDue(SHOP)).toBe(40)
        await store.updateConnection(SHOP, id, { state: 'paused' })
        expect(await store.nextDue(SHOP)).toBeUndefined()
      })

      test('finds attempts by connection and by the numbers they really carried, newest first', async () => {
        const one = await connect()
        const two = await connect()
        await fill(5)
        await settle(one.id, { attempts: [anAttempt([1, 2, 5]), anAttempt([4])] })
        await settle(two.id, { attempts: [anAttempt([5])] })
        const carried = async (query: { connection?: ConnectionId; seq?: number }) =>
          (await store.attempts(SHOP, { ...query, limit: 9 })).map(({ seqs }) => seqs)
        expect(await carried({})).toEqual([[5], [4], [1, 2, 5]])
        expect(await carried({ connection: one.id })).toEqual([[4], [1, 2, 5]])
        expect(await carried({ seq: 5 })).toEqual([[5], [1, 2, 5]])
        expect(await carried({ seq: 4 })).toEqual([[4]])
        expect(await carried({ seq: 3 })).toEqual([])
      })
    })

    describe('orders', () => {
      const order = async () => (await store.orders(SHOP, ['1', 'unknown'])).get('1')

      test('are changed by what later messages tell, and know where their purchase stands', async () => {
        await fill(1)
        await store.append({
          ...anArrival(purchaseId('1'), { name: 'order_placed' }),
          orders: [
            { orderId: '1', name: '#1001', placedAt: NOW, value: '30.00', currency: 'USD', email: 'ada@example.com' },
          ],
        })
        await store.append({ ...aPart(purchaseId('1')), orders: [{ orderId: '1', cancelledAt: NOW + 1 }] })
        expect(await order()).toEqual({
          orderId: '1',
          seq: 2,
          name: '#1001',
          placedAt: NOW,
          value: '30.00',
          currency: 'USD',
          cancelledAt: NOW + 1,
        })
      })

      test('count a refund once, however often it is told', async () => {
        const refund = (id: string, value: string): Arrival => ({
          shop: SHOP,
          events: [],
          parts: [],
          orders: [{ orderId: '1', currency: 'USD', refund: { id, value } }],
        })
        for (const told of [refund('r1', '5.00'), refund('r1', '5.00'), refund('r2', '2.50')]) await store.append(told)
        expect((await order())?.refunded).toBe('7.50')
      })
    })

    describe('identities', () => {
      test('are kept by key, newest wins, and count arrivals', async () => {
        const save = (epik: string) =>
          store.saveProjection({
            changes: [{ shop: SHOP, key: 'client:c1', record: { ids: { epik }, ip: '203.0.113.7', seenAt: NOW } }],
            links: [],
            arrivals: [{ shop: SHOP, bucket: NOW, name: 'page_viewed', count: 2 }],
            projected: [],
          })
        await save('first')
        await save('second')
        expect(await store.identities(SHOP, ['client:c1', 'cart:none'])).toEqual(
          new Map([['client:c1', { ids: { epik: 'second' }, ip: '203.0.113.7', seenAt: NOW }]]),
        )
        expect(await store.rollups(SHOP, NOW)).toEqual([
          { bucket: NOW, name: 'page_viewed', outcome: 0, count: 4, value: 0 },
        ])
      })
    })

    describe('retention', () => {
      test('a body lives 7 days beyond the last settlement, in small steps', async () => {
        const { id } = await connect()
        await connect()
        await fill(8)
        await settle(id, { stretch: stretch(1, ...Array.from({ length: 8 }, () => DELIVERED)) })
        await retainAll(NOW + DAY)
        await retainAll(NOW + 9 * DAY)
        expect((await store.read(SHOP, 0, 9)).filter(({ event }) => event)).toHaveLength(8)

        const last = (await store.connections(SHOP))[1]
        await settle(last?.id ?? id, { stretch: stretch(1, DELIVERED, DELIVERED, DELIVERED, DELIVERED, DELIVERED) })
        await retainAll(NOW + 10 * DAY)
        expect(await store.retain(POLICY, NOW + 18 * DAY, 2)).toBe(2)
        expect(await retainAll(NOW + 18 * DAY)).toBe(3)
        const events = await store.read(SHOP, 0, 9)
        expect(events.map(({ gone }) => gone)).toEqual([...Array(5).fill('expired'), undefined, undefined, undefined])
        expect(events[0]).toMatchObject({ seq: 1, name: 'product_viewed', receivedAt: NOW, event: undefined })
      })

      test('a parked event keeps its body, and 30 days are the end for all', async () => {
        const { id } = await connect()
        await fill(3)
        await settle(id, { stretch: stretch(1, DELIVERED, PARKED, DELIVERED), park: [aParked(2)] })
        await retainAll(NOW)
        await retainAll(NOW + 20 * DAY)
        const kept = async () => (await store.read(SHOP, 0, 9)).map(({ event }) => event !== undefined)
        expect(await kept()).toEqual([false, true, true])
        await retainAll(NOW + 30 * DAY)
        expect(await kept()).toEqual([false, false, false])
        expect(await ledger(id, 1, 3)).toEqual([DELIVERED, PARKED, DELIVERED])
      })

      test('ids of pixel events are forgotten after 30 days, those of shared facts after 13 months', async () => {
        await store.append(anArrival(pixelId('page-1')))
        await store.append(anArrival(purchaseId('1')))
        const known = async () => [await store.seqOf(SHOP, pixelId('page-1')), await store.seqOf(SHOP, purchaseId('1'))]
        await retainAll(NOW + 29 * DAY)
        expect(await known()).toEqual([1, 2])
        await retainAll(NOW + 31 * DAY)
        expect(await known()).toEqual([undefined, 2])
        await retainAll(NOW + 402 * DAY)
        expect(await known()).toEqual([undefined, undefined])
      })

      test('messages, attempts, dead letters, orders and rollups go when their time is over', async () => {
        const { id } = await connect()
        await store.append({
          ...anArrival(purchaseId('1')),
          message: aMessage('w-1'),
          orders: [{ orderId: '1', placedAt: NOW }],
        })
        await settle(id, {
          stretch: stretch(1, REJECTED),
          park: [aParked(1, { kind: 'dead' })],
          attempts: [anAttempt([1])],
          rollups: [{ bucket: NOW, name: 'order_placed', outcome: REJECTED, count: 1, value: 0 }],
        })
        const kept = async () => [
          (await store.message(SHOP, 'w-1')) !== undefined,
          (await store.deadLetters(SHOP, id, 9)).length === 1,
          (await store.attempts(SHOP, { limit: 9 })).length === 1,
          (await store.orders(SHOP, ['1'])).size === 1,
          (await store.rollups(SHOP, 0)).length === 1,
        ]
        const keptAfter = async (days: number) => {
          await retainAll(NOW + days * DAY)
          return kept()
        }
        expect(await keptAfter(6)).toEqual([true, true, true, true, true])
        expect(await keptAfter(8)).toEqual([false, true, true, true, true])
        expect(await keptAfter(15)).toEqual([false, false, true, true, true])
        expect(await keptAfter(31)).toEqual([false, false, false, true, true])
        expect(await keptAfter(402)).toEqual([false, false, false, false, true])
        expect(await keptAfter(801)).toEqual([false, false, false, false, false])
      })

      test('sightings go with the bodies, the joined form of an order stays 90 days for refunds', async () => {
        const { id } = await connect()
        await store.append(anArrival(purchaseId('1')))
        await store.append(aPart(purchaseId('1'), { seenBy: 'sighting' }))
        await settle(id, { stretch: stretch(1, DELIVERED), joined: [added(purchaseId('1'), { seenBy: 'joined' })] })
        const kept = async () => {
          const parts = (await store.parts(SHOP, [purchaseId('1')])).get(purchaseId('1')) ?? []
          return parts.map(({ event }) => event.seenBy[0]).sort()
        }
        await retainAll(NOW + 29 * DAY)
        expect(await kept()).toEqual(['joined', 'sighting'])
        await retainAll(NOW + 31 * DAY)
        expect(await kept()).toEqual(['joined'])
        await retainAll(NOW + 91 * DAY)
        expect(await kept()).toEqual([])
      })

      test('IP and user agent go after 7 days, the record when nobody was seen for long', async () => {
        const record = {
          ids: { epik: 'dj0y' },
          ip: '203.0.113.7',
          userAgent: 'Mozilla/5.0',
          addressAt: NOW,
          seenAt: NOW,
        }
        await store.saveProjection({
          changes: [{ shop: SHOP, key: 'client:c1', record }],
          links: [],
          arrivals: [],
          projected: [],
        })
        const known = async () => (await store.identities(SHOP, ['client:c1'])).get('client:c1')
        await retainAll(NOW + 6 * DAY)
        expect(await known()).toEqual(record)
        await retainAll(NOW + 9 * DAY)
        expect(await known()).toEqual({ ids: { epik: 'dj0y' }, seenAt: NOW })
        await retainAll(NOW + 392 * DAY)
        expect(await known()).toBeUndefined()
      })
    })

    describe('erasing a person', () => {
      test('makes everything about the person and all who are linked unreadable, and moves nothing', async () => {
        const { id } = await connect()
        const told = (subject: string) => ({ subject, email: 'ada@example.com' })
        await store.append({ ...anArrival(purchaseId('1'), told('customer-1')), message: aMessage('w-1') })
        await store.append(anArrival(pixelId('page-1'), told('client-1')))
        await store.append(anArrival(pixelId('page-2'), told('somebody-else')))
        await store.append(aPart(purchaseId('1'), { ...told('checkout-1'), seenBy: 'web-pixel:checkout_completed' }))
        await settle(id, {
          stretch: stretch(1, DELIVERED, REJECTED, PARKED),
          park: [
            aParked(2, { kind: 'dead', copy: anEvent(pixelId('page-1'), told('client-1')) }),
            aParked(3, { copy: anEvent(pixelId('page-2'), told('somebody-else')) }),
          ],
          joined: [added(purchaseId('1'), told('customer-1'))],
        })
        await store.saveProjection({
          changes: [
            { shop: SHOP, key: 'client:client-1', record: { ip: '203.0.113.7', seenAt: NOW } },
            { shop: SHOP, key: 'client:somebody-else', record: { ip: '203.0.113.8', seenAt: NOW } },
          ],
          links: [
            { shop: SHOP, a: 'checkout-1', b: 'client-1' },
            { shop: SHOP, a: 'checkout-1', b: 'customer-1' },
          ],
          arrivals: [],
          projected: [],
        })

        expect(await store.erase(SHOP, 'customer-1')).toBe(3)
        const events = await store.read(SHOP, 0, 9)
        expect(events.map(({ seq, gone }) => [seq, gone])).toEqual([
          [1, 'redacted'],
          [2, 'redacted'],
          [3, undefined],
        ])
        expect(events[2]?.event).toBeDefined()
        expect(await store.parts(SHOP, [purchaseId('1')])).toEqual(new Map())
        expect(await store.message(SHOP, 'w-1')).toBeUndefined()
        expect((await store.deadLetters(SHOP, id, 9))[0]).not.toHaveProperty('copy')
        expect((await store.parked(SHOP, id, 9))[0]).toHaveProperty('copy')
        expect([...(await store.identities(SHOP, ['client:client-1', 'client:somebody-else'])).keys()]).toEqual([
          'client:somebody-else',
        ])
        expect(await store.head(SHOP)).toBe(3)
        expect(await ledger(id, 1, 3)).toEqual([DELIVERED, REJECTED, PARKED])
        expect(await store.lanes(SHOP)).toMatchObject([{ position: 3 }])
        expect(await store.erase(SHOP, 'customer-1')).toBe(0)
      })

      test('a person who comes back is a new one', async () => {
        await store.append(anArrival(pixelId('page-1'), { subject: 'client-1' }))
        await store.erase(SHOP, 'client-1')
        await store.append(anArrival(pixelId('page-2'), { subject: 'client-1' }))
        expect((await store.read(SHOP, 0, 9)).map(({ gone }) => gone)).toEqual(['redacted', undefined])
      })
    })

    test("another shop's id shows nothing and changes nothing", async () => {
      const { id } = await connect()
      await store.append({
        ...anArrival(purchaseId('1'), { subject: 'client-1' }),
        message: aMessage('w-1'),
        orders: [{ orderId: '1', placedAt: NOW }],
      })
      await store.append(aPart(purchaseId('1'), { seenBy: 'part' }))
      await settle(id, {
        stretch: stretch(1, PARKED),
        park: [aParked(1)],
        attempts: [anAttempt([1])],
        rollups: [{ bucket: NOW, name: 'order_placed', outcome: PARKED, count: 1, value: 0 }],
      })
      await store.saveProjection({
        changes: [{ shop: SHOP, key: 'client:client-1', record: { seenAt: NOW } }],
        links: [],
        arrivals: [],
        projected: [],
      })

      expect(await store.connections(OTHER)).toEqual([])
      expect(await store.updateConnection(OTHER, id, { state: 'paused' })).toBeUndefined()
      expect(await store.removeConnection(OTHER, id)).toBe(false)
      expect(await store.head(OTHER)).toBe(0)
      expect(await store.read(OTHER, 0, 9)).toEqual([])
      expect(await store.newest(OTHER, 9)).toEqual([])
      expect(await store.seqOf(OTHER, purchaseId('1'))).toBeUndefined()
      expect(await store.parts(OTHER, [purchaseId('1')])).toEqual(new Map())
      expect(await store.identities(OTHER, ['client:client-1'])).toEqual(new Map())
      expect(await store.lanes(OTHER)).toEqual([])
      await expect(
        store.settle({
          shop: OTHER,
          connection: id,
          stretch: stretch(2, DELIVERED),
          park: [],
          unpark: [],
          attempts: [],
          rollups: [],
          joined: [],
        }),
      ).rejects.toThrow()
      expect(await store.parked(OTHER, id, 9)).toEqual([])
      expect(await store.deadLetters(OTHER, id, 9)).toEqual([])
      expect(await store.nextDue(OTHER)).toBeUndefined()
      expect([...(await store.ledger(OTHER, id, 1, 1))]).toEqual([0])
      expect(await store.attempts(OTHER, { connection: id, seq: 1, limit: 9 })).toEqual([])
      expect(await store.orders(OTHER, ['1'])).toEqual(new Map())
      expect(await store.message(OTHER, 'w-1')).toBeUndefined()
      expect(await store.rollups(OTHER, 0)).toEqual([])
      expect(await store.erase(OTHER, 'client-1')).toBe(0)
      expect(await store.connections(SHOP)).toMatchObject([{ id, state: 'active' }])
      expect((await store.read(SHOP, 0, 9))[0]?.event).toBeDefined()
    })

    test('a closed store refuses', async () => {
      await store.close()
      await expect(store.append(anArrival(pixelId('late-1')))).rejects.toThrow()
    })
  })
}
