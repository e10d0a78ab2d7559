import { describe, expect, test } from 'vitest'
import { pixelId } from '../../event/event-ids.ts'
import { DAY } from '../../lib/duration.ts'
import type { ConnectionId } from '../store.ts'
import type { Choice, NewTask } from '../task.ts'
import {
  anArrival,
  anAttempt,
  aParked,
  DELIVERED,
  NOW,
  OTHER,
  PARKED,
  POLICY,
  REJECTED,
  SHOP,
  stretch,
} from '../testing.ts'
import type { Given } from './given.ts'

const REFUSED: Choice = { outcomes: [REJECTED] }

export const describeTasks = (given: Given): void => {
  describe('replays and backfills', () => {
    const { connect, fill, ledger, settle } = given
    const open = (connection: ConnectionId, told: Partial<NewTask> = {}) =>
      given.store.openTask({
        shop: SHOP,
        connection,
        kind: 'replay',
        from: 1,
        to: 3,
        choice: REFUSED,
        createdAt: NOW,
        ...told,
      })

    test('run in a lane of their own over what is settled, and count what they pass', async () => {
      const { id } = await connect()
      await fill(4)
      await settle(id, { stretch: stretch(1, DELIVERED, REJECTED, DELIVERED) })
      const task = await open(id)
      expect(task).toEqual({
        shop: SHOP,
        id: 1,
        connection: id,
        kind: 'replay',
        from: 1,
        to: 3,
        choice: REFUSED,
        createdAt: NOW,
        total: 3,
        passed: 0,
        picked: 0,
        state: 'running',
      })
      const lane = { connection: id, lane: 2, kind: 'replay', from: 1, to: 3, position: 0, due: 0, tries: 0 }
      expect((await given.store.lanes(SHOP))[1]).toEqual({ ...lane, task: { id: 1, choice: REFUSED } })

      await settle(id, {
        stretch: { lane: 2, from: 1, outcomes: Uint8Array.of(0, DELIVERED) },
        task: { id: 1, picked: 1 },
      })
      expect(await given.store.tasks(SHOP, { limit: 9 })).toMatchObject([{ passed: 2, picked: 1, state: 'running' }])
      expect(await ledger(id, 1, 4)).toEqual([DELIVERED, DELIVERED, DELIVERED, 0])
      await settle(id, { stretch: { lane: 2, from: 3, outcomes: Uint8Array.of(0) } })
      const [done] = await given.store.tasks(SHOP, { limit: 9 })
      expect(done).toMatchObject({ passed: 3, picked: 1, state: 'done', endedAt: expect.any(Number) })
      expect(await given.store.lanes(SHOP)).toHaveLength(1)
    })

    test('leave out what another lane still has to settle', async () => {
      const { id } = await connect()
      await fill(9)
      await settle(id, { stretch: stretch(1, REJECTED, REJECTED), cut: { lane: 1 } })
      // The backlog holds 3..9.
      await settle(id, { stretch: { lane: 2, from: 3, outcomes: Uint8Array.of(REJECTED) } })
      expect(await open(id, { from: 2, to: 20 })).toMatchObject({ id: 1, total: 2 })
      expect((await given.store.lanes(SHOP)).filter((lane) => lane.kind === 'replay')).toMatchObject([
        { from: 2, to: 3, position: 1 },
      ])
      expect(await open(id, { from: 2, to: 9 })).toBeUndefined()
      expect(await open(id, { from: 1, to: 9 })).toMatchObject({ id: 2, total: 1 })
      expect((await given.store.tasks(SHOP, { limit: 9 })).map((task) => task.id)).toEqual([2, 1])
      expect((await given.store.tasks(SHOP, { limit: 1 })).map((task) => task.id)).toEqual([2])
    })

    test('a stretch in two pieces is one task', async () => {
      const { id } = await connect()
      await fill(5)
      await settle(id, { stretch: stretch(1, REJECTED, REJECTED, REJECTED, REJECTED, REJECTED) })
      await open(id, { from: 3, to: 3 })
      expect(await open(id, { from: 1, to: 5 })).toMatchObject({ id: 2, total: 4 })
      const lanes = (await given.store.lanes(SHOP)).filter((lane) => lane.task?.id === 2)
      expect(lanes).toMatchObject([
        { from: 1, to: 2 },
        { from: 4, to: 5 },
      ])
      for (const { lane, from } of lanes) await settle(id, { stretch: { lane, from, outcomes: Uint8Array.of(0, 0) } })
      expect((await given.store.tasks(SHOP, { limit: 1 }))[0]).toMatchObject({ id: 2, passed: 4, state: 'done' })
    })

    test('a dead letter that is sent again goes, one that is refused again stays with its new words', async () => {
      const { id } = await connect()
      await fill(2)
      await settle(id, {
        stretch: stretch(1, REJECTED, REJECTED),
        park: [1, 2].map((seq) => aParked(seq, { kind: 'dead', due: 0 })),
      })
      await open(id, { to: 2 })
      await settle(id, {
        stretch: { lane: 2, from: 1, outcomes: Uint8Array.of(0, 0) },
        task: { id: 1, picked: 2 },
        overwrite: [{ seq: 1, outcome: DELIVERED }],
        park: [aParked(2, { kind: 'dead', due: 0, message: 'still not' })],
      })
      expect(await given.store.deadLetters(SHOP, id, 9)).toMatchObject([{ seq: 2, message: 'still not' }])
      expect(await given.store.parkedSeqs(SHOP, id, [2, 1])).toMatchObject([{ seq: 2, kind: 'dead' }])
      expect(await ledger(id, 1, 2)).toEqual([DELIVERED, REJECTED])
    })

    test('dead letters are told apart by what they died of, with the purchases among them', async () => {
      const { id } = await connect()
      await fill(3)
      for (const order of ['order-1', 'order-2'])
        await given.store.append(anArrival(pixelId(order), { name: 'order_placed' }))
      await settle(id, {
        stretch: stretch(1, REJECTED, REJECTED, REJECTED, REJECTED, PARKED),
        park: [
          ...[1, 4, 2].map((seq) =>
            aParked(seq, { kind: 'dead', code: 'bad_field', message: 'No.', parkedAt: NOW + seq }),
          ),
          aParked(3, { kind: 'dead', code: 'bad_field', message: 'Not this.' }),
          aParked(5, { kind: 'retry' }),
        ],
      })
      expect(await given.store.deadCauses(SHOP, id, 9)).toEqual([
        { code: 'bad_field', message: 'No.', count: 3, newest: 4, at: NOW + 4, purchases: [4] },
        expect.objectContaining({ message: 'Not this.', count: 1, newest: 3, purchases: [] }),
      ])
      expect(await given.store.deadCauses(SHOP, id, 1)).toHaveLength(1)
      expect(await given.store.deadCauses(OTHER, id, 9)).toEqual([])
    })

    test('a cancelled one takes its lanes away, once, and leaves what it has not passed', async () => {
      const { id } = await connect()
      await fill(3)
      await settle(id, { stretch: stretch(1, REJECTED, PARKED, REJECTED) })
      await open(id)
      expect(await given.store.cancelTask(SHOP, 1, NOW)).toBe(true)
      expect(await given.store.cancelTask(SHOP, 1, NOW)).toBe(false)
      expect(await given.store.lanes(SHOP)).toHaveLength(1)
      expect(await given.store.tasks(SHOP, { connection: id, limit: 9 })).toMatchObject([
        { state: 'cancelled', endedAt: NOW },
      ])
      expect(await ledger(id, 1, 3)).toEqual([REJECTED, PARKED, REJECTED])
    })

    // It used to be refused, and what the platform had answered was lost with it: a replay of the same events told it
    // all again.
    test('what a request told that was out when its task was cancelled is kept; no lane moves', async () => {
      const { id } = await connect()
      await fill(3)
      await settle(id, {
        stretch: stretch(1, REJECTED, REJECTED, REJECTED),
        park: [aParked(1, { kind: 'dead', due: 0 })],
      })
      await open(id)
      await given.store.cancelTask(SHOP, 1, NOW)
      // Another one over the same numbers, in a lane of the same number.
      await open(id)
      const before = await given.store.lanes(SHOP)
      await settle(id, {
        stretch: { lane: 2, from: 1, outcomes: Uint8Array.of(0, DELIVERED) },
        task: { id: 1, picked: 2 },
        lane: { lane: 2, due: NOW, tries: 3, unsureSince: NOW },
        overwrite: [{ seq: 1, outcome: DELIVERED }],
        attempts: [anAttempt([1, 2])],
        rollups: [{ bucket: NOW, name: 'page_viewed', outcome: DELIVERED, count: 2, value: 0 }],
        park: [aParked(3, { kind: 'dead', due: 0, message: 'No.' })],
      })
      expect(await ledger(id, 1, 3)).toEqual([DELIVERED, DELIVERED, REJECTED])
      expect(await given.store.attempts(SHOP, { connection: id, limit: 9 })).toHaveLength(1)
      expect(await given.store.rollups(SHOP, 0)).toContainEqual(
        expect.objectContaining({ connection: id, outcome: DELIVERED, count: 2 }),
      )
      expect(await given.store.deadLetters(SHOP, id, 9)).toMatchObject([{ seq: 3 }])
      expect(await given.store.lanes(SHOP)).toEqual(before)
      expect(await given.store.tasks(SHOP, { limit: 9 })).toMatchObject([
        { id: 2, state: 'running', passed: 0 },
        { id: 1, state: 'cancelled', passed: 0 },
      ])
    })

    test('go with their connection, and after a month by themselves', async () => {
      const { id } = await connect()
      const other = await connect()
      await fill(1)
      for (const connection of [id, other.id]) {
        await settle(connection, { stretch: stretch(1, REJECTED) })
        await open(connection, { to: 1 })
      }
      await given.store.removeConnection(SHOP, id)
      expect(await given.store.tasks(SHOP, { limit: 9 })).toMatchObject([{ connection: other.id }])
      await given.store.cancelTask(SHOP, 2, NOW)
      await given.retainAll(NOW + POLICY.attempts)
      expect(await given.store.tasks(SHOP, { limit: 9 })).toHaveLength(1)
      await given.retainAll(NOW + POLICY.attempts + DAY)
      expect(await given.store.tasks(SHOP, { limit: 9 })).toEqual([])
    })

    test('an unknown connection has none', async () => {
      await fill(1)
      expect(await open(77 as ConnectionId)).toBeUndefined()
    })
  })
}
