import { describe, expect, test } from 'vitest'
import { pixelId, purchaseId } from '../../event/event-ids.ts'
import type { ConnectionId } from '../store.ts'
import { added, anAttempt, anEvent, aParked, DELIVERED, NOW, PARKED, REJECTED, SHOP, stretch } from '../testing.ts'
import type { Given } from './given.ts'

export const describeSettling = (given: Given): void => {
  describe('settling', () => {
    const { connect, fill, ledger, settle } = given

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
      expect(await given.store.lanes(SHOP)).toMatchObject([{ position: 3, due: NOW + 5, tries: 2, unsureSince: NOW }])
      expect(await ledger(id, 1, 4)).toEqual([DELIVERED, PARKED, DELIVERED, 0])
      expect(await given.store.parked(SHOP, id, 9)).toEqual([{ ...aParked(2), connection: id }])
      expect(await given.store.rollups(SHOP, NOW)).toEqual([
        { ...rollup, connection: id, lag: [2, 0], carried: { email: 1 } },
      ])
      await settle(id, { lane: { lane: 1, due: 0, tries: 0 } })
      expect((await given.store.lanes(SHOP))[0]).not.toHaveProperty('unsureSince')
    })

    test('adds up what the server recovered, and takes it back', async () => {
      const { id } = await connect()
      await fill(3)
      const rollup = { bucket: NOW, name: 'order_placed', outcome: DELIVERED } as const
      const sum = (count: number, value: number) => ({ count, value })
      const add = (count: number, value: number, noBrowser = sum(0, 0)) =>
        settle(id, { rollups: [{ ...rollup, count, value, recovered: { noTag: sum(count, value), noBrowser } }] })
      await add(2, 300, sum(1, 100))
      await add(1, 50)
      await add(-1, -200)
      expect(await given.store.rollups(SHOP, NOW)).toEqual([
        { ...rollup, connection: id, ...sum(2, 150), recovered: { noTag: sum(2, 150), noBrowser: sum(1, 100) } },
      ])
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
      expect(await given.store.lanes(SHOP)).toMatchObject([{ position: 1 }])
      expect(await ledger(id, 1, 3)).toEqual([DELIVERED, 0, 0])
      expect(await given.store.parked(SHOP, id, 9)).toEqual([])
      expect(await given.store.attempts(SHOP, { limit: 9 })).toEqual([])
      expect(await given.store.rollups(SHOP, 0)).toEqual([])
    })

    test('a live lane that is cut goes on at the head; what it left behind is a lane that ends by itself', async () => {
      const { id } = await connect()
      await fill(5)
      await settle(id, { stretch: stretch(1, DELIVERED), cut: { lane: 1 } })
      expect(await given.store.lanes(SHOP)).toEqual([
        { connection: id, lane: 1, kind: 'live', from: 1, position: 5, due: 0, tries: 0 },
        { connection: id, lane: 2, kind: 'backlog', from: 2, to: 5, position: 1, due: 0, tries: 0 },
      ])
      await fill(7)
      await settle(id, { stretch: stretch(6, DELIVERED, DELIVERED) })
      await expect(settle(id, { stretch: { ...stretch(2, ...Array(5).fill(REJECTED)), lane: 2 } })).rejects.toThrow()
      await settle(id, { stretch: { ...stretch(2, REJECTED, REJECTED), lane: 2 } })
      expect(await ledger(id, 1, 7)).toEqual([DELIVERED, REJECTED, REJECTED, 0, 0, DELIVERED, DELIVERED])
      await settle(id, { stretch: { ...stretch(4, REJECTED, REJECTED), lane: 2 } })
      expect((await given.store.lanes(SHOP)).map(({ kind }) => kind)).toEqual(['live'])
    })

    test('a live lane at the head is not cut', async () => {
      const { id } = await connect()
      await fill(2)
      await settle(id, { stretch: stretch(1, DELIVERED, DELIVERED), cut: { lane: 1 } })
      expect(await given.store.lanes(SHOP)).toMatchObject([{ kind: 'live', position: 2 }])
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
      expect((await given.store.parked(SHOP, id, 9)).map(({ seq }) => seq)).toEqual([2, 1])
      expect((await given.store.parked(SHOP, id, 9, NOW + 1)).map(({ seq }) => seq)).toEqual([2])
      await settle(id, {
        overwrite: [{ seq: 2, outcome: DELIVERED }],
        rollups: [
          { ...count, outcome: PARKED, count: -1, value: -5 },
          { ...count, outcome: DELIVERED, count: 1 },
        ],
      })
      expect(await ledger(id, 1, 2)).toEqual([PARKED, DELIVERED])
      expect((await given.store.parked(SHOP, id, 9)).map(({ seq }) => seq)).toEqual([1])
      expect(
        (await given.store.rollups(SHOP, NOW)).map(({ outcome, count, value }) => [outcome, count, value]),
      ).toEqual([
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
      expect(await given.store.parked(SHOP, id, 9)).toEqual([])
      expect(await given.store.deadLetters(SHOP, id, 9)).toMatchObject([{ seq: 1, code: '400', message: 'no', copy }])
    })

    test('what is told of a connection that is gone changes nothing', async () => {
      const { id } = await connect()
      await fill(3)
      await settle(id, { stretch: stretch(1, PARKED), park: [aParked(1)] })
      await given.store.removeConnection(SHOP, id)
      const count = { bucket: NOW, name: 'product_viewed', count: 1, value: 0 } as const
      await settle(id, {
        stretch: stretch(2, PARKED, DELIVERED),
        lane: { lane: 1, due: NOW, tries: 1 },
        park: [aParked(2)],
        overwrite: [{ seq: 1, outcome: DELIVERED }],
        attempts: [anAttempt([2, 3])],
        rollups: [{ ...count, outcome: DELIVERED }],
        joined: [added(purchaseId('1'))],
      })
      expect(await ledger(id, 1, 3)).toEqual([PARKED, 0, 0])
      expect(await given.store.lanes(SHOP)).toEqual([])
      expect(await given.store.parked(SHOP, id, 9)).toEqual([])
      expect(await given.store.attempts(SHOP, { limit: 9 })).toEqual([])
      expect(await given.store.rollups(SHOP, 0)).toEqual([])
      expect(await given.store.parts(SHOP, [purchaseId('1')])).toEqual(new Map())
    })

    test('finds attempts by connection and by the numbers they really carried, newest first', async () => {
      const one = await connect()
      const two = await connect()
      await fill(5)
      await settle(one.id, { attempts: [anAttempt([1, 2, 5]), anAttempt([4])] })
      await settle(two.id, { attempts: [anAttempt([5])] })
      const carried = async (query: { connection?: ConnectionId; seq?: number }) =>
        (await given.store.attempts(SHOP, { ...query, limit: 9 })).map(({ seqs }) => seqs)
      expect(await carried({})).toEqual([[5], [4], [1, 2, 5]])
      expect(await carried({ connection: one.id })).toEqual([[4], [1, 2, 5]])
      expect(await carried({ seq: 5 })).toEqual([[5], [1, 2, 5]])
      expect(await carried({ seq: 4 })).toEqual([[4]])
      expect(await carried({ seq: 3 })).toEqual([])
    })
  })
}
