import { beforeEach, describe, expect, it } from 'vitest'
import { LONGEST_REQUEST } from '../lib/http.ts'
import type { Settlement } from '../store/settlement.ts'
import { startDelivery } from './deliver.ts'
import { judged, NOW, SHOP, type Small, seenByPixel, smallWorld } from './double.ts'
import { asOwner, type Deliverer, type Hold, type Ownership } from './ownership.ts'

/** An ownership that the test hands out and takes away. */
const handed = () => {
  const state: { hold: Hold | undefined; left: number; deliverer: Deliverer | undefined } = {
    hold: undefined,
    left: 60_000,
    deliverer: undefined,
  }
  const ownership: Ownership = {
    of: () => state.hold,
    join: (deliverer) => {
      state.deliverer = deliverer
      return () => {}
    },
  }
  return {
    ownership,
    left: (ms: number) => {
      state.left = ms
    },
    give: (fence: number) => {
      state.hold = { fence, left: () => state.left }
      state.deliverer?.gained(SHOP)
    },
    take: () => {
      state.hold = undefined
      return state.deliverer?.leave(SHOP)
    },
  }
}

describe('who delivers a shop', () => {
  let world: Small
  let hands: ReturnType<typeof handed>
  let settled: Settlement[]
  const start = () =>
    startDelivery({
      ...world.runtime,
      ownership: hands.ownership,
      store: {
        ...world.store,
        settle: (settlement) => {
          settled.push(settlement)
          return world.store.settle(settlement)
        },
      },
    })
  beforeEach(async () => {
    world = await smallWorld()
    hands = handed()
    settled = []
    await world.append(seenByPixel())
  })

  it('sends nothing of a shop that is another process’s, and all of it once the shop is ours, with the hold’s number', async () => {
    const delivery = start()
    await world.clock.turn(60_000)
    expect(world.platform.requests).toEqual([])
    hands.give(7)
    await world.clock.turn(5_000)
    expect(world.platform.requests).toHaveLength(1)
    expect(settled.map(({ fence }) => fence)).toEqual([7])
    await delivery.stop()
  })

  it('starts no request with less time left than one may take, and goes on when the hold was renewed', async () => {
    const delivery = start()
    hands.left(LONGEST_REQUEST - 1)
    hands.give(1)
    await world.clock.turn(60_000)
    expect(world.platform.requests).toEqual([])
    hands.left(60_000)
    await world.clock.turn(5_000)
    expect(world.platform.requests).toHaveLength(1)
    await delivery.stop()
  })

  it('looks again right before each request: what was begun in time stops when time is short, and fails nobody', async () => {
    const delivery = start()
    await world.append(...Array.from({ length: 2500 }, (_, n) => seenByPixel({ id: `sh-1${n}` })))
    world.platform.answer = (events) => {
      hands.left(1_000)
      return judged(events)
    }
    hands.give(1)
    await world.clock.turn(10_000)
    expect(world.platform.requests).toHaveLength(1)
    const [lane] = await world.store.lanes(SHOP)
    expect(lane).toMatchObject({ tries: 0 })
    expect((await world.store.connections(SHOP))[0]?.trouble).toBeUndefined()
    hands.left(60_000)
    world.platform.answer = (events) => judged(events)
    await world.clock.turn(60_000)
    expect(await world.bytes()).not.toContain(0)
    const ids = world.platform.requests.flatMap(({ events }) => events.map((one) => one.event_id))
    expect(new Set(ids).size).toBe(2501)
    await delivery.stop()
  })

  it('is given back only when nothing of it is under way', async () => {
    const delivery = start()
    const answered = Promise.withResolvers<void>()
    world.platform.answer = async (events) => {
      await answered.promise
      return judged(events)
    }
    hands.give(1)
    await world.clock.turn(5_000)
    expect(world.platform.requests).toHaveLength(1)
    let gone = false
    const left = hands.take()?.then(() => {
      gone = true
    })
    await world.clock.turn(10_000)
    expect(gone).toBe(false)
    answered.resolve()
    await left
    expect(await world.bytes()).not.toContain(0)
    await world.append(seenByPixel({ id: 'sh-later' }))
    await world.clock.turn(60_000)
    expect(world.platform.requests).toHaveLength(1)
    await delivery.stop()
  })

  it('holds for every request of an owner, tokens and questions about jobs too', async () => {
    const late = asOwner(world.runtime, { left: () => LONGEST_REQUEST - 1 })
    const answer = await late.send({ method: 'GET', url: 'https://api.pinterest.com/', headers: {} })
    expect(answer).toMatchObject({ status: 0, unsent: true, withheld: true, ambiguous: false })
    expect(world.platform.requests).toEqual([])
    expect(world.clock.now()).toBe(NOW)
  })
})
