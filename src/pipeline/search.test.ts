import { beforeEach, describe, expect, it } from 'vitest'
import { OUTCOMES, type OutcomeState } from '../destinations/outcomes.ts'
import { cancelId, pixelId, purchaseId, refundId } from '../event/event-ids.ts'
import { openMemory } from '../store/memory/memory.ts'
import type { Connection, ShopRecord, Store } from '../store/store.ts'
import { anArrival, NOW, SHOP } from '../store/testing.ts'
import { type Search, searchLog } from './search.ts'

describe('the search in a shop’s log', () => {
  let store: Store
  let connection: Connection
  beforeEach(async () => {
    store = openMemory()
    await store.saveShop({ shop: SHOP, facts: { currency: 'USD' }, installedAt: NOW })
    connection = await store.addConnection({ shop: SHOP, destination: 'pinterest', settings: {}, createdAt: NOW })
  })

  const viewed = async (count: number, first = 1) => {
    for (let n = first; n < first + count; n++) {
      const arrival = anArrival(pixelId(`view-${n}`))
      const events = arrival.events.map((event) => ({ ...event, receivedAt: NOW + n * 1000 }))
      await store.append({ ...arrival, events })
    }
  }
  const found = async (search: Partial<Search>) => {
    const shop = (await store.shop(SHOP)) as ShopRecord
    const { events, ...rest } = await searchLog(store, shop, { limit: 25, ...search })
    return { seqs: events.map(({ seq }) => seq), ...rest }
  }

  it('gives the newest events, and where to go on', async () => {
    await viewed(5)
    expect(await found({ limit: 3 })).toEqual({ seqs: [5, 4, 3], next: 3 })
    expect(await found({ limit: 3, below: 3 })).toEqual({ seqs: [2, 1] })
    expect(await found({ from: NOW + 2000, until: NOW + 4000 })).toEqual({ seqs: [3, 2] })
  })

  it('finds all events of an order by its name, with and without #, by its number, and by the buyer’s address', async () => {
    await viewed(2)
    const order = { orderId: '77', name: '#1001', email: 'ada@example.com', placedAt: NOW, currency: 'USD' }
    await store.append({ ...anArrival(purchaseId('77'), { name: 'order_placed' }), orders: [order] })
    await store.append({
      ...anArrival(refundId('r1'), { name: 'order_refunded' }),
      orders: [{ orderId: '77', currency: 'USD', refund: { id: 'r1', value: '1.00' } }],
    })
    await viewed(1, 3)
    await store.append(anArrival(cancelId('77'), { name: 'order_cancelled' }))
    for (const text of ['#1001', '1001', 'Ada@Example.com'])
      expect((await found({ text })).seqs, text).toEqual([6, 4, 3])
    expect((await found({ text: '77' })).seqs).toEqual([6, 3])
    expect((await found({ text: 'pur_77' })).seqs).toEqual([3])
    expect((await found({ text: 'view-2' })).seqs).toEqual([2])
    expect((await found({ text: '#1001', names: ['order_refunded'] })).seqs).toEqual([4])
    expect((await found({ text: 'nobody@example.com' })).seqs).toEqual([])
  })

  it('finds events by what became of them at a connection', async () => {
    await viewed(6)
    const outcomes = Uint8Array.from([OUTCOMES.delivered, OUTCOMES.rejected, OUTCOMES.no_consent, OUTCOMES.parked])
    const lane = (await store.lanes(SHOP))[0]?.lane ?? 0
    await store.settle({
      shop: SHOP,
      connection: connection.id,
      stretch: { lane, from: 1, outcomes },
      park: [],
      overwrite: [],
      attempts: [],
      rollups: [],
      joined: [],
    })
    const ended = async (...states: OutcomeState[]) => (await found({ states, connection: connection.id })).seqs
    expect(await ended('delivered')).toEqual([1])
    expect(await ended('dead')).toEqual([2])
    expect(await ended('skipped')).toEqual([3])
    expect(await ended('waiting')).toEqual([6, 5, 4])
    expect((await found({ states: ['dead'] })).seqs).toEqual([2])
    expect((await found({ states: ['dead', 'delivered'], text: 'view-1' })).seqs).toEqual([1])
  })

  it('stops after a bounded look and tells how far it came', async () => {
    await viewed(2)
    const shop = (await store.shop(SHOP)) as ShopRecord
    const looks: number[] = []
    const long: Store = {
      ...store,
      newest: async (_shop, _limit, below, only) => {
        looks.push((below ?? 0) - (only?.from ?? 0))
        return []
      },
      readSeqs: async (_shop, [seq = 0]) => [{ seq, name: 'searched', receivedAt: NOW, subject: '', event: undefined }],
    }
    const answer = await searchLog(long, { ...shop, head: 1_000_000 }, { names: ['lead_submitted'], limit: 5 })
    expect(Math.max(...looks) * looks.length).toBe(131_072)
    expect(answer).toEqual({ events: [], next: 1_000_001 - 131_072, lookedTo: NOW })
  })
})
