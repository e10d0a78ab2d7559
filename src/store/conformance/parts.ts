import { describe, expect, test } from 'vitest'
import type { EventId } from '../../event/event.ts'
import { checkoutId, pixelId, purchaseId } from '../../event/event-ids.ts'
import { added, anArrival, aPart, NOW, OTHER, SHOP } from '../testing.ts'
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

    const claim = (checkoutToken: string, n = 0) =>
      aPart(purchaseId('1'), { seenBy: 'web-pixel:checkout_completed', at: NOW + n, commerce: { checkoutToken } })
    const strangers = async (name: string, count = 100) => {
      for (let n = 0; n < count; n++) await given.store.append(claim(`${name}-${n}`))
    }
    const claimed = async () =>
      ((await given.store.parts(SHOP, [purchaseId('1')])).get(purchaseId('1')) ?? []).map(
        ({ event }) => event.commerce?.checkoutToken,
      )
    const placed = () =>
      given.store.append(
        anArrival(purchaseId('1'), {
          seenBy: 'shopify-webhook:orders/create',
          commerce: { checkoutToken: 'the-buyers' },
        }),
      )

    test('the buyer’s finds a place among those of strangers who guessed the order, and keeps it', async () => {
      await strangers('before')
      await given.store.append(claim('the-buyers'))
      await strangers('between', 63)
      expect(await claimed()).toContain('the-buyers')
      await placed()
      await strangers('after')
      expect(await claimed()).toContain('the-buyers')
      expect(await claimed()).toHaveLength(64)
    })

    test('the buyer’s finds a place after all others', async () => {
      await placed()
      await strangers('after')
      await given.store.append(claim('the-buyers'))
      expect((await claimed()).at(-1)).toBe('the-buyers')
      await strangers('later')
      expect(await claimed()).toContain('the-buyers')
    })

    test('of the browsers that name one checkout the first 4 are kept', async () => {
      for (let n = 0; n < 6; n++) await given.store.append(claim('the-buyers', n))
      const parts = (await given.store.parts(SHOP, [purchaseId('1')])).get(purchaseId('1')) ?? []
      expect(parts.map(({ event }) => Date.parse(event.occurredAt) - NOW)).toEqual([0, 1, 2, 3])
    })

    test('signed ones have places of their own, however many browsers claim to know the order', async () => {
      await strangers('a')
      for (let n = 0; n < 20; n++) await given.store.append(aPart(purchaseId('1'), { seenBy: `shopify-webhook:${n}` }))
      await strangers('b')
      const tellers = (await texts(purchaseId('1'))) ?? []
      expect(tellers.filter((teller) => teller?.startsWith('shopify-webhook'))).toHaveLength(16)
      expect(tellers).toHaveLength(16 + 64)
    })

    test('that the projection may have missed are those since the newest projected event, and some before it', async () => {
      const { id } = await connect()
      const at = (receivedAt: number, shop = SHOP) =>
        given.store.append(aPart(purchaseId(`${receivedAt - NOW}`), { shop, receivedAt, seenBy: 'part' }))
      for (const after of [0, 1000, 2000]) await at(NOW + after)
      await at(NOW + 1500, OTHER)
      await settle(id, { joined: [added(purchaseId('0'), { receivedAt: NOW + 3000, seenBy: 'joined' })] })
      const missed = async (margin: number, limit = 9) =>
        (await given.store.unprojectedParts(margin, limit)).map(({ shop, part }) => [shop, part.receivedAt - NOW])
      expect(await missed(0)).toHaveLength(4)

      for (const receivedAt of [NOW + 2000, NOW + 9000])
        await given.store.append(anArrival(pixelId(`event-${receivedAt}`), { receivedAt }))
      const projected = [{ shop: SHOP, seq: 1 }]
      await given.store.saveProjection({ changes: [], links: [], arrivals: [], projected })
      expect(await missed(0)).toEqual([[SHOP, 2000]])
      expect(await missed(1000)).toEqual([
        [SHOP, 1000],
        [OTHER, 1500],
        [SHOP, 2000],
      ])
      expect(await missed(1000, 2)).toEqual([
        [OTHER, 1500],
        [SHOP, 2000],
      ])
      await given.store.erase(SHOP, ['client-1'])
      expect(await missed(1000)).toEqual([[OTHER, 1500]])
    })

    test('an event has at most 16 that are signed, and its joined result beside them', async () => {
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
