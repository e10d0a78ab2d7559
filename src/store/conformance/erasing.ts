import { describe, expect, test } from 'vitest'
import { pixelId, purchaseId } from '../../event/event-ids.ts'
import { emailName, NOBODY, phoneName } from '../subject-names.ts'
import {
  added,
  aMessage,
  anArrival,
  anEvent,
  aParked,
  aPart,
  DELIVERED,
  NOW,
  OTHER,
  PARKED,
  REJECTED,
  SHOP,
  stretch,
} from '../testing.ts'
import type { Given } from './given.ts'

export const describeErasing = (given: Given): void => {
  describe('erasing a person', () => {
    const { connect, ledger, settle } = given

    test('makes everything about the person and all who are linked unreadable, and moves nothing', async () => {
      const { id } = await connect()
      const told = (subject: string) => ({ subject, email: 'ada@example.com' })
      await given.store.append({ ...anArrival(purchaseId('1'), told('customer-1')), message: aMessage('w-1') })
      await given.store.append(anArrival(pixelId('page-1'), told('client-1')))
      await given.store.append(anArrival(pixelId('page-2'), told('somebody-else')))
      await given.store.append(
        aPart(purchaseId('1'), { ...told('checkout-1'), seenBy: 'web-pixel:checkout_completed' }),
      )
      await settle(id, {
        stretch: stretch(1, DELIVERED, REJECTED, PARKED),
        park: [
          aParked(2, { kind: 'dead', copy: anEvent(pixelId('page-1'), told('client-1')) }),
          aParked(3, { copy: anEvent(pixelId('page-2'), told('somebody-else')) }),
        ],
        joined: [added(purchaseId('1'), told('customer-1'))],
      })
      await given.store.saveProjection({
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

      expect(await given.store.erase(SHOP, ['customer-1'])).toBe(3)
      const events = await given.store.read(SHOP, 0, 9)
      expect(events.map(({ seq, gone }) => [seq, gone])).toEqual([
        [1, 'redacted'],
        [2, 'redacted'],
        [3, undefined],
      ])
      expect(events[2]?.event).toBeDefined()
      expect(await given.store.parts(SHOP, [purchaseId('1')])).toEqual(new Map())
      expect(await given.store.message(SHOP, 'w-1')).toBeUndefined()
      expect((await given.store.deadLetters(SHOP, id, 9))[0]).not.toHaveProperty('copy')
      expect((await given.store.parked(SHOP, id, 9))[0]).toHaveProperty('copy')
      expect([...(await given.store.identities(SHOP, ['client:client-1', 'client:somebody-else'])).keys()]).toEqual([
        'client:somebody-else',
      ])
      expect(await given.store.head(SHOP)).toBe(3)
      expect(await ledger(id, 1, 3)).toEqual([DELIVERED, REJECTED, PARKED])
      expect(await given.store.lanes(SHOP)).toMatchObject([{ position: 3 }])
      expect(await given.store.erase(SHOP, ['customer-1'])).toBe(0)
    })

    test('an address leads to everybody who used it, and to nobody through them', async () => {
      for (const [page, subject] of [
        ['page-1', 'phone-of-ada'],
        ['page-2', 'tablet-of-ada'],
        ['page-3', 'shared'],
        ['page-4', 'bob'],
      ] as const)
        await given.store.append(anArrival(pixelId(page), { subject }))
      const link = (a: string, b: string) => ({ shop: SHOP, a, b })
      await given.store.saveProjection({
        changes: [],
        links: [
          link(emailName('ada@example.com'), 'phone-of-ada'),
          link(phoneName('+14155550100'), 'tablet-of-ada'),
          link(emailName('ada@example.com'), 'shared'),
          link(emailName('bob@example.com'), 'shared'),
          link(emailName('bob@example.com'), 'bob'),
        ],
        arrivals: [],
        projected: [],
      })
      const names = [emailName('ada@example.com'), phoneName('+14155550100')]
      expect([...(await given.store.linked(SHOP, names))].sort()).toEqual(['phone-of-ada', 'shared', 'tablet-of-ada'])
      expect(await given.store.linked(OTHER, names)).toEqual([])
      expect(await given.store.erase(SHOP, names)).toBe(3)
      expect((await given.store.read(SHOP, 0, 9)).map(({ gone }) => gone)).toEqual([
        'redacted',
        'redacted',
        'redacted',
        undefined,
      ])
      expect(await given.store.linked(SHOP, names)).toEqual([])
      expect(await given.store.linked(SHOP, [emailName('bob@example.com')])).toEqual(['bob'])
    })

    test('an address leads to the orders that were placed with it, until it is erased', async () => {
      const order = { orderId: '7', email: 'ada@example.com', currency: 'EUR' }
      await given.store.append({ ...anArrival(purchaseId('7'), { subject: 'token' }), orders: [order] })
      const name = emailName('ada@example.com')
      expect(await given.store.linked(SHOP, [name])).toEqual([purchaseId('7')])
      await given.store.erase(SHOP, [name])
      expect(await given.store.linked(SHOP, [name])).toEqual([])
      expect((await given.store.orders(SHOP, ['7'])).get('7')).toMatchObject({ currency: 'EUR' })
    })

    test('what a request that was under way would keep of somebody erased is not kept, and makes no new key', async () => {
      const { id } = await connect()
      await given.store.append(anArrival(purchaseId('1'), { subject: 'client-1' }))
      await given.store.erase(SHOP, ['client-1'])
      const late = {
        park: [aParked(1, { kind: 'dead', copy: anEvent(purchaseId('1')) })],
        joined: [added(purchaseId('1'), { subject: 'client-1' })],
      } as const
      await settle(id, { stretch: stretch(1, REJECTED), ...late })
      expect(await given.store.parts(SHOP, [purchaseId('1')])).toEqual(new Map())
      expect((await given.store.deadLetters(SHOP, id, 9))[0]).not.toHaveProperty('copy')
      expect(await given.store.erase(SHOP, ['client-1'])).toBe(0)

      // Nor under the key of the person who came back.
      await given.store.append(anArrival(pixelId('page-2'), { subject: 'client-1' }))
      await settle(id, late)
      expect(await given.store.parts(SHOP, [purchaseId('1')])).toEqual(new Map())
    })

    test('documents that were sealed for the person go too', async () => {
      const save = (key: string, subject?: string) =>
        given.store.saveEntry(SHOP, 'data_request', key, { of: key }, { at: NOW, ...(subject && { subject }) })
      await save('1', 'request-1')
      await save('2', 'request-2')
      await save('3')
      expect(await given.store.entry(SHOP, 'data_request', '1')).toMatchObject({ value: { of: '1' } })
      await given.store.erase(SHOP, ['request-1'])
      expect(await given.store.entry(SHOP, 'data_request', '1')).toBeUndefined()
      const left = await given.store.entries(SHOP, 'data_request', { limit: 9 })
      expect(left.map(({ key }) => key)).toEqual(['2', '3'])
      expect(await save('1')).toBe(true)
    })

    test('a message that names nobody we know of can be erased as well', async () => {
      await given.store.append({ shop: SHOP, events: [], parts: [], orders: [], message: aMessage('w-1') })
      expect(await given.store.message(SHOP, 'w-1')).toBeDefined()
      expect(await given.store.erase(SHOP, [NOBODY])).toBe(1)
      expect(await given.store.message(SHOP, 'w-1')).toBeUndefined()
    })

    test('the events of some people are found, a stretch of the log at a time', async () => {
      for (const subject of ['ada', 'bob', 'client:ada', 'ada'])
        await given.store.append(anArrival(pixelId(`page-of-${subject}-${Math.random()}`), { subject }))
      const seqs = async (after: number, limit: number) =>
        (await given.store.eventsOf(SHOP, ['ada'], after, limit)).map(({ seq }) => seq)
      expect(await seqs(0, 9)).toEqual([1, 3, 4])
      expect(await seqs(1, 2)).toEqual([3])
      expect(await given.store.eventsOf(OTHER, ['ada'], 0, 9)).toEqual([])
    })

    test('a person who comes back is a new one', async () => {
      await given.store.append(anArrival(pixelId('page-1'), { subject: 'client-1' }))
      await given.store.erase(SHOP, ['client-1'])
      await given.store.append(anArrival(pixelId('page-2'), { subject: 'client-1' }))
      expect((await given.store.read(SHOP, 0, 9)).map(({ gone }) => gone)).toEqual(['redacted', undefined])
    })
  })

  describe('erasing a shop', () => {
    const { connect, retainAll } = given
    const note = { kind: 'audit', key: '2026', value: { what: 'shop' }, at: NOW } as const

    test('takes all of it and lets others stand; what comes after begins anew', async () => {
      const { id } = await connect()
      const other = await connect(OTHER)
      for (const shop of [SHOP, OTHER]) {
        await given.store.append({
          ...anArrival(purchaseId('1'), { shop, subject: 'ada' }),
          message: aMessage('w-1'),
          orders: [{ orderId: '1', email: 'ada@example.com' }],
        })
        await given.store.saveEntry(shop, 'product', '1', { vendor: 'Lantern' }, { at: NOW })
        await given.store.saveToken(shop, shop === SHOP ? id : other.id, {
          token: 't',
          expiresAt: NOW,
          settingsVersion: 1,
        })
        await given.store.saveProjection({
          changes: [{ shop, key: 'client:ada', record: { ip: '203.0.113.7', seenAt: NOW } }],
          links: [{ shop, a: 'ada', b: purchaseId('1') }],
          arrivals: [],
          projected: [],
        })
      }
      await given.store.eraseShop(SHOP, { note })
      expect(await given.store.shop(SHOP)).toMatchObject({ installedAt: 0, facts: {}, head: 0 })
      expect(await given.store.shops()).toHaveLength(2)
      for (const found of [
        await given.store.connections(SHOP),
        await given.store.lanes(SHOP),
        await given.store.read(SHOP, 0, 9),
        await given.store.linked(SHOP, [emailName('ada@example.com')]),
        await given.store.entries(SHOP, 'product', { limit: 9 }),
        [...(await given.store.identities(SHOP, ['client:ada'])).keys()],
        [...(await given.store.orders(SHOP, ['1'])).keys()],
      ])
        expect(found).toEqual([])
      expect(await given.store.message(SHOP, 'w-1')).toBeUndefined()
      expect(await given.store.token(SHOP, id)).toBeUndefined()
      expect(await given.store.entry(SHOP, 'audit', '2026')).toMatchObject({ value: note.value })

      await retainAll(NOW)
      expect((await given.store.read(OTHER, 0, 9))[0]?.event).toBeDefined()
      expect(await given.store.token(OTHER, other.id)).toMatchObject({ token: 't' })

      await given.store.saveShop({ shop: SHOP, facts: { currency: 'EUR' }, installedAt: NOW + 1 })
      const again = await connect()
      expect(again.id).toBeGreaterThan(id)
      await given.store.append(anArrival(purchaseId('1'), { subject: 'ada' }))
      expect(await given.store.read(SHOP, 0, 9)).toMatchObject([
        { seq: 1, subject: 'ada', event: { name: 'product_viewed' } },
      ])
    })

    test('that was installed again takes what came before, and what came since can be read and erased', async () => {
      const since = NOW + 1000
      const { id } = await connect()
      const come = (page: string, receivedAt: number, subject = 'ada') =>
        given.store.append({
          ...anArrival(purchaseId(page), { receivedAt, subject }),
          message: aMessage(page, { receivedAt }),
          orders: [{ orderId: page, email: 'ada@example.com' }],
        })
      await come('1', NOW)
      await come('2', since)
      await come('3', since, 'bob')
      await given.store.append(aPart(purchaseId('1'), { subject: 'ada', seenBy: 'x', receivedAt: NOW }))
      await given.store.append(aPart(purchaseId('2'), { subject: 'ada', seenBy: 'x', receivedAt: since }))
      await given.settle(id, {
        park: [1, 2].map((seq) => aParked(seq, { kind: 'dead', copy: anEvent(purchaseId(`${seq}`)), parkedAt: since })),
      })
      await given.store.saveProjection({
        changes: [{ shop: SHOP, key: 'client:ada', record: { ip: '203.0.113.7', seenAt: since } }],
        links: [{ shop: SHOP, a: 'ada', b: purchaseId('2') }],
        arrivals: [],
        projected: [],
      })
      await given.store.eraseShop(SHOP, { before: since, note })

      const events = await given.store.read(SHOP, 0, 9)
      expect(events.map(({ gone }) => gone)).toEqual(['redacted', undefined, undefined])
      expect(events[1]).toMatchObject({ subject: 'ada', event: { id: purchaseId('2') } })
      expect([...(await given.store.parts(SHOP, [purchaseId('1'), purchaseId('2')])).keys()]).toEqual([purchaseId('2')])
      expect(await given.store.message(SHOP, '1')).toBeUndefined()
      expect(await given.store.message(SHOP, '2')).toBeDefined()
      expect([...(await given.store.orders(SHOP, ['1', '2'])).keys()]).toEqual(['2'])
      expect(await given.store.identities(SHOP, ['client:ada'])).toEqual(new Map())
      const dead = await given.store.deadLetters(SHOP, id, 9)
      expect(dead.filter(({ copy }) => copy).map(({ seq }) => seq)).toEqual([2])
      expect(await given.store.connections(SHOP)).toMatchObject([{ id, settings: { token: 'pina_secret' } }])
      expect(await given.store.shop(SHOP)).toMatchObject({ installedAt: NOW, head: 3 })

      await given.store.erase(SHOP, ['ada'])
      expect((await given.store.read(SHOP, 0, 9)).map(({ gone }) => gone)).toEqual(['redacted', 'redacted', undefined])
    })
  })
}
