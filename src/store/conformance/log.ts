import { describe, expect, test } from 'vitest'
import type { Shop } from '../../event/event.ts'
import { pixelId, purchaseId } from '../../event/event-ids.ts'
import { DAY, HOUR } from '../../lib/duration.ts'
import type { Only } from '../search.ts'
import { aMessage, anArrival, anEvent, NOW, OTHER, SHOP } from '../testing.ts'
import type { Given } from './given.ts'

export const describeLog = (given: Given): void => {
  describe('the log', () => {
    const { fill } = given

    test('numbers each shop 1, 2, 3 … without gaps under concurrent appends', async () => {
      const appended = await Promise.all(
        Array.from({ length: 200 }, (_, n) =>
          given.store.append(
            anArrival(pixelId(`event-${n}`), { shop: n % 2 === 0 ? SHOP : OTHER, at: NOW - n * 1000 }),
          ),
        ),
      )
      const numbers = appended.map(({ events }) => events[0]?.seq ?? 0).sort((a, b) => a - b)
      expect(numbers).toEqual(Array.from({ length: 200 }, (_, n) => 1 + Math.floor(n / 2)))
      expect(await given.store.head(SHOP)).toBe(100)
      expect((await given.store.read(OTHER, 0, 500)).map(({ seq }) => seq)).toEqual(
        Array.from({ length: 100 }, (_, n) => n + 1),
      )
    })

    test('gives back what was appended, ascending, descending and in slices', async () => {
      await fill(5, { email: 'ada@example.com', subject: 'client-7' })
      expect(await given.store.read(SHOP, 2, 1)).toEqual([
        {
          seq: 3,
          name: 'product_viewed',
          receivedAt: NOW,
          subject: 'client-7',
          event: anEvent(pixelId('event-3'), { email: 'ada@example.com' }),
        },
      ])
      expect((await given.store.newest(SHOP, 2)).map(({ seq }) => seq)).toEqual([5, 4])
      expect((await given.store.newest(SHOP, 9, 3)).map(({ seq }) => seq)).toEqual([2, 1])
    })

    test('gives back the newest of some names or numbers, down to one of them', async () => {
      await fill(3)
      for (const n of [4, 5, 6]) await given.store.append(anArrival(pixelId(`search-${n}`), { name: 'searched' }))
      for (const n of [7, 8]) await given.store.append(anArrival(pixelId(`event-${n}`)))
      const newest = async (limit: number, below: number | undefined, only: Only) =>
        (await given.store.newest(SHOP, limit, below, only)).map(({ seq }) => seq)
      expect(await newest(9, undefined, { from: 1, names: ['searched'] })).toEqual([6, 5, 4])
      expect(await newest(2, 6, { from: 1, names: ['searched', 'order_placed'] })).toEqual([5, 4])
      expect(await newest(9, undefined, { from: 5 })).toEqual([8, 7, 6, 5])
      expect(await newest(9, 8, { from: 2, seqs: [1, 2, 7, 8, 99] })).toEqual([7, 2])
      expect(await newest(9, undefined, { from: 1, names: ['searched'], seqs: [3, 4] })).toEqual([4])
    })

    test('gives back single numbers, ascending, whatever the order they are asked for', async () => {
      await fill(5)
      await fill(2, { shop: OTHER })
      const numbers = async (shop: Shop, ...seqs: number[]) =>
        (await given.store.readSeqs(shop, seqs)).map(({ seq, event }) => [seq, event?.id])
      expect(await numbers(SHOP, 4, 2, 4, 9)).toEqual([
        [2, 'event-2'],
        [4, 'event-4'],
      ])
      expect(await numbers(OTHER, 1, 5)).toEqual([[1, 'event-1']])
      expect(await numbers(SHOP)).toEqual([])
    })

    test.each([
      ['a fact of several sides', purchaseId('1001')],
      ['a pixel event', pixelId('sh-aaaaaaaa-1')],
    ])('one fact is one event: 64 appends at once of %s', async (_, id) => {
      const appended = await Promise.all(Array.from({ length: 64 }, () => given.store.append(anArrival(id))))
      expect(appended.filter(({ events }) => events[0]?.fresh)).toHaveLength(1)
      expect(new Set(appended.map(({ events }) => events[0]?.seq))).toEqual(new Set([1]))
      expect(await given.store.head(SHOP)).toBe(1)
      expect(await given.store.parts(SHOP, [id])).toEqual(new Map())
      expect(await given.store.seqOf(SHOP, id)).toBe(1)
      expect(await given.store.seqOf(SHOP, pixelId('unknown'))).toBeUndefined()
    })

    test('recognises a resend by its own timestamp, however late it comes', async () => {
      const at = NOW - 2 * DAY
      await given.store.append(anArrival(pixelId('slow-1'), { at, receivedAt: NOW }))
      const again = await given.store.append(anArrival(pixelId('slow-1'), { at, receivedAt: NOW + 3 * HOUR }))
      expect(again.events).toEqual([{ seq: 1, fresh: false }])
    })

    test('an arrival for an unknown shop is refused alone', async () => {
      const [lost, kept] = await Promise.allSettled([
        given.store.append(anArrival(pixelId('lost-1'), { shop: 'nobody.myshopify.com' as Shop })),
        given.store.append(anArrival(pixelId('kept-1'))),
      ])
      expect(lost.status).toBe('rejected')
      expect(kept.status).toBe('fulfilled')
      expect(await given.store.head(SHOP)).toBe(1)
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
        [first, sameWebhook, sameAction, otherTopic, otherShop].map((a) => given.store.append(a)),
      )
      expect(told.map(({ repeated }) => repeated)).toEqual([false, true, true, false, false])
      expect(told[2]?.events).toEqual([{ seq: 1, fresh: false }])
      expect(await given.store.head(SHOP)).toBe(2)
    })

    test('keeps the message as it came', async () => {
      await given.store.append({ ...anArrival(purchaseId('1')), message: aMessage('w-1', { eventId: 'e-1' }) })
      const message = await given.store.message(SHOP, 'w-1')
      expect(message).toMatchObject({ topic: 'orders/create', webhookId: 'w-1', eventId: 'e-1', receivedAt: NOW })
      expect(Buffer.from(message?.body ?? []).toString()).toBe('{"email":"ada@example.com"}')
      expect(await given.store.message(SHOP, 'w-2')).toBeUndefined()
    })

    test('tells what was not projected yet, over all shops', async () => {
      await fill(3)
      await fill(1, { shop: OTHER })
      const waiting = async () => (await given.store.unprojected(10)).map(({ shop, event }) => [shop, event.seq])
      expect(await waiting()).toEqual([
        [SHOP, 1],
        [SHOP, 2],
        [SHOP, 3],
        [OTHER, 1],
      ])
      expect(await given.store.unprojected(2)).toHaveLength(2)
      await given.store.saveProjection({ changes: [], links: [], arrivals: [], projected: [{ shop: SHOP, seq: 2 }] })
      await given.store.saveProjection({ changes: [], links: [], arrivals: [], projected: [{ shop: SHOP, seq: 1 }] })
      expect(await waiting()).toEqual([
        [SHOP, 3],
        [OTHER, 1],
      ])
    })
  })
}
