import { describe, expect, test } from 'vitest'
import type { Shop } from '../../event/event.ts'
import { anAttempt, aParked, NOW, OTHER, PARKED, SHOP, stretch } from '../testing.ts'
import type { Given } from './given.ts'

export const describeShops = (given: Given): void => {
  describe('shops and connections', () => {
    const { connect, fill, ledger, settle } = given

    test('saving a shop again changes its facts and keeps when it was installed', async () => {
      await given.store.saveShop({
        shop: SHOP,
        facts: { country: 'CA' },
        policy: { requiredIn: ['CA'] },
        installedAt: 1,
      })
      await given.store.saveShop({ shop: SHOP, facts: { country: 'MX' }, installedAt: 2 })
      const shop = await given.store.shop(SHOP)
      expect(shop).toEqual({
        shop: SHOP,
        facts: { country: 'MX' },
        policy: { requiredIn: ['CA'] },
        installedAt: NOW,
        head: 0,
      })
      expect((await given.store.shops()).map((known) => known.shop)).toEqual([SHOP, OTHER])
      expect(await given.store.shop('nobody.myshopify.com' as Shop)).toBeUndefined()
    })

    test('a shop that was only heard of can be installed later, once', async () => {
      const shop = 'heard-of.myshopify.com' as Shop
      await given.store.saveShop({ shop, facts: {}, installedAt: 0 })
      await given.store.saveShop({ shop, facts: { country: 'CA' }, installedAt: NOW })
      expect(await given.store.saveShop({ shop, facts: { country: 'CA' }, installedAt: NOW + 1 })).toMatchObject({
        installedAt: NOW,
      })
      expect(await given.store.shop(shop)).toMatchObject({ facts: { country: 'CA' }, installedAt: NOW })
    })

    test('hearing of a known shop changes nothing of it', async () => {
      await given.store.saveShop({
        shop: SHOP,
        facts: { country: 'CA' },
        policy: { requiredIn: ['CA'] },
        installedAt: NOW,
      })
      const before = await given.store.shop(SHOP)
      const heard = await given.store.saveShop({ shop: SHOP, facts: {}, policy: { requiredIn: [] }, installedAt: 0 })
      expect(heard).toEqual(before)
      expect(await given.store.shop(SHOP)).toEqual(before)
    })

    test('a connection keeps its settings, and a change of them raises their version', async () => {
      const { id } = await connect()
      expect(await given.store.connections(SHOP)).toMatchObject([
        { id, destination: 'pinterest', settings: { token: 'pina_secret' }, state: 'active', settingsVersion: 1 },
      ])
      await given.store.updateConnection(SHOP, id, { settings: { token: 'new' }, trouble: 'tired' })
      const changed = await given.store.updateConnection(SHOP, id, { state: 'paused' })
      expect(changed).toMatchObject({
        settings: { token: 'new' },
        settingsVersion: 2,
        state: 'paused',
        trouble: 'tired',
      })
      expect(await given.store.updateConnection(SHOP, id, { trouble: null })).not.toHaveProperty('trouble')
    })

    test('a refusal of its credentials is kept until it is taken away, or ended by new settings or a start', async () => {
      const { id } = await connect()
      const refused = () => given.store.updateConnection(SHOP, id, { refusedSince: NOW })
      expect(await refused()).toMatchObject({ refusedSince: NOW })
      expect(await given.store.updateConnection(SHOP, id, { trouble: 'tired' })).toMatchObject({ refusedSince: NOW })
      expect(await given.store.updateConnection(SHOP, id, { refusedSince: null })).not.toHaveProperty('refusedSince')
      await refused()
      expect(await given.store.updateConnection(SHOP, id, { settings: { token: 'new' } })).not.toHaveProperty(
        'refusedSince',
      )
      await refused()
      expect(await given.store.updateConnection(SHOP, id, { state: 'active' })).not.toHaveProperty('refusedSince')
    })

    test('new settings end the wait of a lane that failed', async () => {
      const { id } = await connect()
      await settle(id, { lane: { lane: 1, due: NOW + 900_000, tries: 9 } })
      await given.store.updateConnection(SHOP, id, { trouble: 'the token is wrong' })
      expect(await given.store.lanes(SHOP)).toMatchObject([{ due: NOW + 900_000, tries: 9 }])
      await given.store.updateConnection(SHOP, id, { settings: { token: 'new' } })
      expect(await given.store.lanes(SHOP)).toMatchObject([{ due: 0, tries: 9 }])
    })

    test("a new connection's live lane begins at the shop's head", async () => {
      await fill(3)
      const { id } = await connect()
      expect(await given.store.lanes(SHOP)).toEqual([
        { connection: id, lane: 1, kind: 'live', from: 4, position: 3, due: 0, tries: 0 },
      ])
    })

    test('removing a connection takes its lanes and parked events and leaves the record', async () => {
      const { id } = await connect()
      await fill(1)
      await settle(id, { stretch: stretch(1, PARKED), park: [aParked(1)], attempts: [anAttempt([1])] })
      expect(await given.store.removeConnection(SHOP, id)).toBe(true)
      expect(await given.store.removeConnection(SHOP, id)).toBe(false)
      expect(await given.store.lanes(SHOP)).toEqual([])
      expect(await given.store.parked(SHOP, id, 10)).toEqual([])
      expect(await ledger(id, 1, 1)).toEqual([PARKED])
      expect(await given.store.attempts(SHOP, { limit: 5 })).toHaveLength(1)
      expect((await connect()).id).not.toBe(id)
    })
  })
}
