import { describe, expect, test } from 'vitest'
import { pixelId, purchaseId } from '../../event/event-ids.ts'
import {
  added,
  aMessage,
  anArrival,
  anEvent,
  aParked,
  aPart,
  DELIVERED,
  NOW,
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

      expect(await given.store.erase(SHOP, 'customer-1')).toBe(3)
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
      expect(await given.store.erase(SHOP, 'customer-1')).toBe(0)
    })

    test('a person who comes back is a new one', async () => {
      await given.store.append(anArrival(pixelId('page-1'), { subject: 'client-1' }))
      await given.store.erase(SHOP, 'client-1')
      await given.store.append(anArrival(pixelId('page-2'), { subject: 'client-1' }))
      expect((await given.store.read(SHOP, 0, 9)).map(({ gone }) => gone)).toEqual(['redacted', undefined])
    })
  })
}
