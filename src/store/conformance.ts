import { describe, expect, test } from 'vitest'
import { pixelId, purchaseId } from '../event/event-ids.ts'
import { describeEntries } from './conformance/entries.ts'
import { describeErasing } from './conformance/erasing.ts'
import { givenStore } from './conformance/given.ts'
import { describeIdentities } from './conformance/identities.ts'
import { describeLog } from './conformance/log.ts'
import { describeOrders } from './conformance/orders.ts'
import { describeParts } from './conformance/parts.ts'
import { describePolls } from './conformance/polls.ts'
import { describeRetention } from './conformance/retention.ts'
import { describeSettings } from './conformance/settings.ts'
import { describeSettling } from './conformance/settling.ts'
import { describeShops } from './conformance/shops.ts'
import { describeTasks } from './conformance/tasks.ts'
import type { Store } from './store.ts'
import {
  aMessage,
  anArrival,
  anAttempt,
  aParked,
  aPart,
  DELIVERED,
  NOW,
  OTHER,
  PARKED,
  SHOP,
  stretch,
} from './testing.ts'

/**
 * The promises of the port, kept by every implementation. `open` gives a store that is empty; it is closed after each
 * test.
 */
export const describeStore = (name: string, open: () => Promise<Store>): void => {
  describe(`${name} keeps the store's promises`, () => {
    const given = givenStore(open)
    const { connect, settle } = given

    describeShops(given)
    describeLog(given)
    describeParts(given)
    describeSettling(given)
    describeTasks(given)
    describePolls(given)
    describeOrders(given)
    describeIdentities(given)
    describeRetention(given)
    describeErasing(given)
    describeSettings(given)
    describeEntries(given)

    test("another shop's id shows nothing and changes nothing", async () => {
      const { id } = await connect()
      await given.store.append({
        ...anArrival(purchaseId('1'), { subject: 'client-1' }),
        message: aMessage('w-1'),
        orders: [{ orderId: '1', placedAt: NOW }],
      })
      await given.store.append(aPart(purchaseId('1'), { seenBy: 'part' }))
      await settle(id, {
        stretch: stretch(1, PARKED),
        park: [aParked(1)],
        attempts: [anAttempt([1])],
        rollups: [{ bucket: NOW, name: 'order_placed', outcome: PARKED, count: 1, value: 0 }],
      })
      await given.store.saveProjection({
        changes: [{ shop: SHOP, key: 'client:client-1', record: { seenAt: NOW } }],
        links: [],
        arrivals: [],
        projected: [],
      })

      expect(await given.store.connections(OTHER)).toEqual([])
      expect(await given.store.updateConnection(OTHER, id, { state: 'paused' })).toBeUndefined()
      expect(await given.store.removeConnection(OTHER, id)).toBe(false)
      expect(await given.store.head(OTHER)).toBe(0)
      expect(await given.store.read(OTHER, 0, 9)).toEqual([])
      expect(await given.store.readSeqs(OTHER, [1])).toEqual([])
      expect(await given.store.newest(OTHER, 9)).toEqual([])
      expect(await given.store.seqOf(OTHER, purchaseId('1'))).toBeUndefined()
      expect(await given.store.parts(OTHER, [purchaseId('1')])).toEqual(new Map())
      expect(await given.store.identities(OTHER, ['client:client-1'])).toEqual(new Map())
      expect(await given.store.lanes(OTHER)).toEqual([])
      const all = { from: 1, to: 1, choice: { outcomes: [0] }, createdAt: NOW } as const
      expect(await given.store.openTask({ shop: OTHER, connection: id, kind: 'replay', ...all })).toBeUndefined()
      const task = await given.store.openTask({ shop: SHOP, connection: id, kind: 'replay', ...all })
      expect(await given.store.tasks(OTHER, { limit: 9 })).toEqual([])
      expect(await given.store.cancelTask(OTHER, task?.id ?? 0, NOW)).toBe(false)
      await given.store.settle({
        shop: OTHER,
        connection: id,
        stretch: stretch(1, DELIVERED),
        park: [aParked(1)],
        overwrite: [],
        attempts: [anAttempt([1])],
        rollups: [],
        joined: [],
      })
      expect(await given.store.parked(OTHER, id, 9)).toEqual([])
      expect(await given.store.deadLetters(OTHER, id, 9)).toEqual([])
      expect(await given.store.parkedSeqs(OTHER, id, [1])).toEqual([])
      expect([...(await given.store.ledger(OTHER, id, 1, 1))]).toEqual([0])
      expect(await given.store.attempts(OTHER, { connection: id, seq: 1, limit: 9 })).toEqual([])
      expect(await given.store.orders(OTHER, ['1'])).toEqual(new Map())
      expect(await given.store.message(OTHER, 'w-1')).toBeUndefined()
      expect(await given.store.rollups(OTHER, 0)).toEqual([])
      expect(await given.store.erase(OTHER, ['client-1'])).toBe(0)
      expect([...(await given.store.ledger(SHOP, id, 1, 1))]).toEqual([PARKED])
      expect(await given.store.connections(SHOP)).toMatchObject([{ id, state: 'active' }])
      expect((await given.store.read(SHOP, 0, 9))[0]?.event).toBeDefined()
    })

    test('a closed store refuses', async () => {
      await given.store.close()
      await expect(given.store.append(anArrival(pixelId('late-1')))).rejects.toThrow()
    })
  })
}
