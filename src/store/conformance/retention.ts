import { describe, expect, test } from 'vitest'
import { pixelId, purchaseId } from '../../event/event-ids.ts'
import { DAY } from '../../lib/duration.ts'
import {
  added,
  aMessage,
  anArrival,
  anAttempt,
  aParked,
  aPart,
  DELIVERED,
  NOW,
  PARKED,
  POLICY,
  REJECTED,
  SHOP,
  stretch,
} from '../testing.ts'
import type { Given } from './given.ts'

export const describeRetention = (given: Given): void => {
  describe('retention', () => {
    const { connect, fill, ledger, retainAll, settle } = given

    test('a body lives 7 days beyond the last settlement, in small steps', async () => {
      const { id } = await connect()
      await connect()
      await fill(8)
      await settle(id, { stretch: stretch(1, ...Array.from({ length: 8 }, () => DELIVERED)) })
      await retainAll(NOW + DAY)
      await retainAll(NOW + 9 * DAY)
      expect((await given.store.read(SHOP, 0, 9)).filter(({ event }) => event)).toHaveLength(8)

      const last = (await given.store.connections(SHOP))[1]
      await settle(last?.id ?? id, { stretch: stretch(1, DELIVERED, DELIVERED, DELIVERED, DELIVERED, DELIVERED) })
      await retainAll(NOW + 10 * DAY)
      expect(await given.store.retain(POLICY, NOW + 18 * DAY, 2)).toBe(2)
      expect(await retainAll(NOW + 18 * DAY)).toBe(3)
      const events = await given.store.read(SHOP, 0, 9)
      expect(events.map(({ gone }) => gone)).toEqual([...Array(5).fill('expired'), undefined, undefined, undefined])
      expect(events[0]).toMatchObject({ seq: 1, name: 'product_viewed', receivedAt: NOW, event: undefined })
    })

    test('a parked event keeps its body, and 30 days are the end for all', async () => {
      const { id } = await connect()
      await fill(3)
      await settle(id, { stretch: stretch(1, DELIVERED, PARKED, DELIVERED), park: [aParked(2)] })
      await retainAll(NOW)
      await retainAll(NOW + 20 * DAY)
      const kept = async () => (await given.store.read(SHOP, 0, 9)).map(({ event }) => event !== undefined)
      expect(await kept()).toEqual([false, true, true])
      await retainAll(NOW + 30 * DAY)
      expect(await kept()).toEqual([false, false, false])
      expect(await ledger(id, 1, 3)).toEqual([DELIVERED, PARKED, DELIVERED])
    })

    test('ids of pixel events are forgotten after 30 days, those of shared facts after 13 months', async () => {
      await given.store.append(anArrival(pixelId('page-1')))
      await given.store.append(anArrival(purchaseId('1')))
      const known = async () => [
        await given.store.seqOf(SHOP, pixelId('page-1')),
        await given.store.seqOf(SHOP, purchaseId('1')),
      ]
      await retainAll(NOW + 29 * DAY)
      expect(await known()).toEqual([1, 2])
      await retainAll(NOW + 31 * DAY)
      expect(await known()).toEqual([undefined, 2])
      await retainAll(NOW + 402 * DAY)
      expect(await known()).toEqual([undefined, undefined])
    })

    test('messages, attempts, dead letters, orders and rollups go when their time is over', async () => {
      const { id } = await connect()
      await given.store.append({
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
        (await given.store.message(SHOP, 'w-1')) !== undefined,
        (await given.store.deadLetters(SHOP, id, 9)).length === 1,
        (await given.store.attempts(SHOP, { limit: 9 })).length === 1,
        (await given.store.orders(SHOP, ['1'])).size === 1,
        (await given.store.rollups(SHOP, 0)).length === 1,
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
      await given.store.append(anArrival(purchaseId('1')))
      await given.store.append(aPart(purchaseId('1'), { seenBy: 'sighting' }))
      await settle(id, { stretch: stretch(1, DELIVERED), joined: [added(purchaseId('1'), { seenBy: 'joined' })] })
      const kept = async () => {
        const parts = (await given.store.parts(SHOP, [purchaseId('1')])).get(purchaseId('1')) ?? []
        return parts.map(({ event }) => event.seenBy[0]).sort()
      }
      await retainAll(NOW + 29 * DAY)
      expect(await kept()).toEqual(['joined', 'sighting'])
      await retainAll(NOW + 31 * DAY)
      expect(await kept()).toEqual(['joined'])
      await retainAll(NOW + 91 * DAY)
      expect(await kept()).toEqual([])
    })

    test('who is linked is remembered until neither was seen for long', async () => {
      const seen = (subject: string, at: number) =>
        given.store.append(anArrival(pixelId(`page-${subject}-${at}`), { subject, at, receivedAt: at }))
      await seen('client-1', NOW)
      await seen('customer-1', NOW)
      await given.store.saveProjection({
        changes: [],
        links: [{ shop: SHOP, a: 'client-1', b: 'customer-1' }],
        arrivals: [],
        projected: [],
      })
      await seen('client-1', NOW + 100 * DAY)
      await retainAll(NOW + 400 * DAY)
      await seen('customer-1', NOW + 400 * DAY)
      await retainAll(NOW + 500 * DAY)
      // The browser is forgotten, its customer is not.
      await seen('client-1', NOW + 500 * DAY)
      expect(await given.store.erase(SHOP, ['customer-1'])).toBe(2)

      await seen('client-2', NOW)
      await seen('customer-2', NOW)
      await given.store.saveProjection({
        changes: [],
        links: [{ shop: SHOP, a: 'client-2', b: 'customer-2' }],
        arrivals: [],
        projected: [],
      })
      await retainAll(NOW + 500 * DAY)
      await seen('client-2', NOW + 500 * DAY)
      await seen('customer-2', NOW + 500 * DAY)
      expect(await given.store.erase(SHOP, ['customer-2'])).toBe(1)
    })

    test('IP and user agent go after 7 days, the record when nobody was seen for long', async () => {
      const record = {
        ids: { epik: 'dj0y' },
        ip: '203.0.113.7',
        userAgent: 'Mozilla/5.0',
        addressAt: NOW,
        seenAt: NOW,
      }
      await given.store.saveProjection({
        changes: [{ shop: SHOP, key: 'client:c1', record }],
        links: [],
        arrivals: [],
        projected: [],
      })
      const known = async () => (await given.store.identities(SHOP, ['client:c1'])).get('client:c1')
      await retainAll(NOW + 6 * DAY)
      expect(await known()).toEqual(record)
      await retainAll(NOW + 9 * DAY)
      expect(await known()).toEqual({ ids: { epik: 'dj0y' }, seenAt: NOW })
      await retainAll(NOW + 392 * DAY)
      expect(await known()).toBeUndefined()
    })
  })
}
