import { describe, expect, test } from 'vitest'
import type { EventId } from '../../event/event.ts'
import { checkoutId, pixelId, purchaseId } from '../../event/event-ids.ts'
import { added, anArrival, aPart, SHOP } from '../testing.ts'
import type { Given } from './given.ts'

export const describeParts = (given: Given): void => {
  describe('parts', () => {
    const { connect, settle } = given
    const texts = async (id: EventId) =>
      (await given.store.parts(SHOP, [id])).get(id)?.map(({ event }) => event.seenBy[0])

    test('may be there before their event, and stay in order of arrival', async () => {
      await given.store.append(aPart(purchaseId('1'), { seenBy: 'web-pixel:checkout_completed' }))
      await given.store.append(anArrival(purchaseId('1'), { seenBy: 'shopify-webhook:orders/create' }))
      await given.store.append(aPart(purchaseId('1'), { seenBy: 'shopify-webhook:orders/updated' }))
      expect(await texts(purchaseId('1'))).toEqual(['web-pixel:checkout_completed', 'shopify-webhook:orders/updated'])
    })

    test('the same sighting is kept once', async () => {
      await given.store.append(aPart(purchaseId('1')))
      await given.store.append(aPart(purchaseId('1')))
      expect(await texts(purchaseId('1'))).toHaveLength(1)
    })

    test('a known fact told by another side becomes a part without money', async () => {
      const commerce = {
        currency: 'USD',
        value: '12.00',
        orderId: '1',
        items: [{ sku: 'L', price: '6.00', total: '12.00' }],
      }
      await given.store.append(anArrival(purchaseId('1'), { seenBy: 'shopify-webhook:orders/create', commerce }))
      await given.store.append(anArrival(purchaseId('1'), { seenBy: 'admin-api:order', commerce }))
      await given.store.append(anArrival(purchaseId('1'), { seenBy: 'admin-api:order', commerce }))
      const parts = (await given.store.parts(SHOP, [purchaseId('1')])).get(purchaseId('1'))
      expect(parts).toHaveLength(1)
      expect(parts?.[0]?.event).toMatchObject({ part: true, commerce: { orderId: '1', items: [{ sku: 'L' }] } })
      expect(JSON.stringify(parts)).not.toMatch(/12\.00|6\.00|USD/)
      expect((await given.store.read(SHOP, 0, 1))[0]?.event?.commerce?.value).toBe('12.00')
    })

    test('a known pixel event told again is dropped', async () => {
      await given.store.append(anArrival(pixelId('page-1'), { seenBy: 'a' }))
      await given.store.append(anArrival(pixelId('page-1'), { seenBy: 'b' }))
      expect(await texts(pixelId('page-1'))).toBeUndefined()
    })

    test('an event has at most 16, and its joined result beside them', async () => {
      const { id } = await connect()
      for (let n = 0; n < 20; n++) await given.store.append(aPart(checkoutId('c'), { seenBy: `teller-${n}` }))
      expect(await texts(checkoutId('c'))).toHaveLength(16)
      await settle(id, { joined: [added(checkoutId('c'), { seenBy: 'joined-1' })] })
      await settle(id, { joined: [added(checkoutId('c'), { seenBy: 'joined-2' })] })
      const parts = (await given.store.parts(SHOP, [checkoutId('c')])).get(checkoutId('c')) ?? []
      expect(parts.filter(({ joined }) => joined).map(({ event }) => event.seenBy[0])).toEqual(['joined-2'])
      expect(parts).toHaveLength(17)
    })
  })
}
