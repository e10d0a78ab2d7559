import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { klaviyo } from '../destinations/klaviyo/klaviyo.ts'
import { OUTCOMES, outcomeOf } from '../destinations/outcomes.ts'
import type { Event } from '../event/event.ts'
import { DAY, HOUR, MINUTE } from '../lib/duration.ts'
import type { HttpRequest } from '../lib/http.ts'
import { localWake } from '../runtimes/wake.ts'
import type { Task } from '../store/task.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { judged, NOW, order, reply, SHOP, type Small, seenByPixel, smallWorld } from './double.ts'
import { begin, isRefused, type Plan, planBackfill, planReplay, type Replay } from './replay.ts'

let world: Small
let delivery: Delivery | undefined
beforeEach(async () => {
  world = await smallWorld({ wake: localWake(), hold: 0 })
  delivery = startDelivery(world.runtime)
})
afterEach(() => delivery?.stop())

const at = (connection = world.connection) => ({
  store: world.store,
  now: world.clock.now(),
  connection,
  destination: world.outlet.destination,
})
const planned = async (asked: Replay): Promise<Plan> => {
  const plan = await planReplay(at(), asked)
  if (isRefused(plan)) throw new Error(plan.refused)
  return plan
}
const replay = async (asked: Replay): Promise<Task> => {
  const task = await begin(world.store, await planned(asked))
  if (isRefused(task)) throw new Error(task.refused)
  world.runtime.wake.arrived(SHOP)
  await world.clock.turn(MINUTE)
  return task
}
const view = (n: number) =>
  seenByPixel({
    id: `sh-00000${n}`,
    occurredAt: new Date(world.clock.now()).toISOString(),
    identity: { email: 'maya@example.com' },
  })
const arrive = async (...events: readonly Event[]) => {
  await world.append(...events)
  world.runtime.wake.arrived(SHOP)
  await world.clock.turn(MINUTE)
}
const names = async () => (await world.bytes()).map((byte) => outcomeOf(byte))
const sentIds = () => world.platform.requests.flatMap(({ events }) => events.map((one) => one.event_id))
const progress = async () => (await world.store.tasks(SHOP, { limit: 9 }))[0]
const refuseAll = () => {
  world.platform.answer = (events) => judged(events, () => 'The token may not send to this ad account.')
}
const takeAll = () => {
  world.platform.answer = (events) => judged(events)
  world.platform.requests.length = 0
}

describe('a replay', () => {
  it('sends what was refused once more, under the same ids, and nothing else; the dead letters go', async () => {
    await arrive(view(1))
    refuseAll()
    await arrive(view(2), view(3))
    takeAll()
    await arrive(view(4))
    expect(await names()).toEqual(['delivered', 'rejected', 'rejected', 'delivered'])
    world.platform.requests.length = 0

    const task = await replay({})
    expect(task).toMatchObject({ from: 2, to: 3, total: 2, state: 'running' })
    expect(sentIds()).toEqual(['sh-000002', 'sh-000003'])
    expect(await names()).toEqual(['delivered', 'delivered', 'delivered', 'delivered'])
    expect(await world.store.deadLetters(SHOP, world.connection.id, 9)).toEqual([])
    expect(await progress()).toMatchObject({ passed: 2, picked: 2, state: 'done' })
    expect((await world.store.lanes(SHOP)).map(({ kind }) => kind)).toEqual(['live'])
  })

  it('moves the counts from what was to what is', async () => {
    refuseAll()
    await arrive(order(), view(2))
    takeAll()
    await replay({})
    const totals = new Map<string, number>()
    for (const { name, outcome, count, connection } of await world.store.rollups(SHOP, 0)) {
      const key = `${name} ${outcomeOf(outcome)}`
      if (connection !== undefined) totals.set(key, (totals.get(key) ?? 0) + count)
    }
    expect(Object.fromEntries(totals)).toEqual({
      'order_placed rejected': 0,
      'order_placed delivered': 1,
      'page_viewed rejected': 0,
      'page_viewed delivered': 1,
    })
  })

  it('of one dead letter sends that one', async () => {
    refuseAll()
    await arrive(view(1), view(2), view(3))
    takeAll()
    await replay({ seqs: [2] })
    expect(sentIds()).toEqual(['sh-000002'])
    expect(await names()).toEqual(['rejected', 'delivered', 'rejected'])
  })

  it('keeps to a stretch of time and to names', async () => {
    refuseAll()
    await arrive(view(1))
    const middle = world.clock.now()
    await arrive(view(2), order())
    const end = world.clock.now()
    await arrive(view(4))
    takeAll()
    await replay({ from: middle, until: end, names: ['order_placed'] })
    expect(sentIds()).toEqual(['pur_1001'])
    expect(await names()).toEqual(['rejected', 'rejected', 'delivered', 'rejected'])
  })

  it('of one cause sends what died of it, and counts before what it will send', async () => {
    world.platform.answer = (events) => judged(events, ({ event_id }) => (event_id === 'sh-000002' ? 'Odd.' : 'Bad.'))
    await arrive(view(1), view(2), order(), view(4))
    takeAll()
    const [cause] = await world.store.deadCauses(SHOP, world.connection.id, 9)
    expect(cause).toMatchObject({ message: 'Bad.', count: 3, purchases: [3] })
    const { code = '', message = '' } = cause ?? {}
    expect(await planned({ code, message })).toMatchObject({ total: 3, atMost: false })
    expect(await planned({ code, message, names: ['page_viewed'] })).toMatchObject({
      total: 2,
      counts: { rejected: 2 },
    })
    expect(await planReplay(at(), { code: 'another' })).toEqual({ refused: expect.stringContaining('Nothing in it') })
    await replay({ code, message })
    expect(sentIds().sort()).toEqual(['pur_1001', 'sh-000001', 'sh-000004'])
    expect(await names()).toEqual(['delivered', 'rejected', 'delivered', 'delivered'])
  })

  it('of what is delivered goes only when asked, and says what would be counted twice', async () => {
    await arrive(view(1))
    expect(await planReplay(at(), {})).toEqual({ refused: expect.stringContaining('Nothing in it') })
    expect((await planned({ outcomes: ['delivered'] })).warnings).toEqual([])
    await world.clock.turn(3 * DAY)
    expect((await planned({ outcomes: ['delivered'] })).warnings).toEqual([expect.stringContaining('counted twice')])
    world.platform.requests.length = 0
    await replay({ outcomes: ['delivered'] })
    expect(sentIds()).toEqual(['sh-000001'])
    expect(await names()).toEqual(['delivered'])
  })

  it('that is refused again leaves the dead letter with the newest words', async () => {
    refuseAll()
    await arrive(view(1))
    world.platform.answer = (events) => judged(events, () => 'Still not.')
    await replay({})
    expect(await world.store.deadLetters(SHOP, world.connection.id, 9)).toMatchObject([
      { seq: 1, message: expect.stringContaining('Still not') },
    ])
    expect(await names()).toEqual(['rejected'])
  })

  it('of what has grown too old leaves the reason it had', async () => {
    refuseAll()
    await arrive(view(1))
    await world.clock.turn(8 * DAY)
    takeAll()
    const plan = await planned({})
    expect(plan.warnings).toEqual([expect.stringContaining('last 7 days only')])
    await replay({})
    expect(sentIds()).toEqual([])
    expect(await names()).toEqual(['rejected'])
    expect(await progress()).toMatchObject({ state: 'done' })
  })

  it('asks about consent again: who withdrew it is not sent', async () => {
    refuseAll()
    await arrive(view(1))
    takeAll()
    await world.store.saveProjection({
      changes: [
        {
          shop: SHOP,
          key: 'client:phone',
          record: {
            clientId: 'phone',
            consent: { marketing: false, source: 'pixel', at: new Date(world.clock.now()).toISOString() },
            seenAt: world.clock.now(),
          },
        },
      ],
      links: [],
      arrivals: [],
      projected: [],
    })
    await replay({})
    expect(sentIds()).toEqual([])
    expect(await names()).toEqual(['no_consent'])
  })

  it('waits with the platform when it fails, and goes on after a new start where it was', async () => {
    refuseAll()
    await arrive(view(1), view(2))
    world.platform.answer = () => reply(503, '')
    await replay({})
    expect(await progress()).toMatchObject({ passed: 0, state: 'running' })
    await delivery?.stop()
    takeAll()
    delivery = startDelivery(world.runtime)
    await world.clock.turn(HOUR)
    expect(await names()).toEqual(['delivered', 'delivered'])
    expect(await progress()).toMatchObject({ passed: 2, picked: 2, state: 'done' })
  })

  it('of two far apart makes one request, and passes what lies between', async () => {
    refuseAll()
    await arrive(...Array.from({ length: 40 }, (_, n) => view(n)))
    takeAll()
    const plan = await planned({ seqs: [3, 39] })
    expect(plan).toMatchObject({ total: 2, counts: { rejected: 2 }, task: { from: 3, to: 39 } })
    await replay({ seqs: [3, 39] })
    expect(world.platform.requests).toHaveLength(1)
  })

  it('of what was erased or is still on its way is refused with a sentence', async () => {
    expect(await planReplay(at(), { outcomes: ['redacted'] })).toEqual({
      refused: 'Events that ended as redacted are not sent again.',
    })
    expect(await planReplay(at(), {})).toEqual({ refused: 'There is no event in this stretch of time.' })
  })
})

describe('a backfill', () => {
  it('sends what came in the last days before the connection, no older than the platform takes, and its orders once', async () => {
    await arrive(view(1))
    await world.clock.turn(5 * DAY)
    await arrive(view(2), order({ occurredAt: new Date(world.clock.now()).toISOString() }))
    await world.clock.turn(4 * DAY)
    const second = await world.store.addConnection({
      shop: SHOP,
      destination: 'pinterest',
      settings: { ...world.settings, adAccountId: '549755885176' },
      createdAt: world.clock.now(),
    })
    world.platform.requests.length = 0
    const plan = await planBackfill(at(second), 30)
    if (isRefused(plan)) throw new Error(plan.refused)
    expect(plan).toMatchObject({
      total: 2,
      counts: { never_sent: 2 },
      task: { from: 2, to: 3 },
      warnings: [expect.stringContaining('last 7 days only')],
    })
    await begin(world.store, plan)
    world.runtime.wake.arrived(SHOP)
    await world.clock.turn(MINUTE)
    expect(sentIds()).toEqual(['sh-000002', 'pur_1001'])
    expect(await world.bytes(second)).toEqual([0, OUTCOMES.delivered, OUTCOMES.delivered])
    expect(await planBackfill(at(second), 30)).toEqual({ refused: expect.stringContaining('Nothing arrived') })
  })

  it('is marked as such where the platform can be told', async () => {
    await delivery?.stop()
    const requests: HttpRequest[] = []
    world = await smallWorld({
      wake: localWake(),
      hold: 0,
      other: {
        destination: klaviyo,
        settings: { apiKey: 'pk_test0123456789abcdef' },
        send: async (request) => {
          requests.push(request)
          return reply(202, '')
        },
      },
    })
    await world.append(order({ occurredAt: new Date(NOW).toISOString() }))
    const second = await world.store.addConnection({
      shop: SHOP,
      destination: 'klaviyo',
      settings: { ...world.settings, apiKey: 'pk_test0123456789abcdee' },
      createdAt: NOW,
    })
    await world.store.removeConnection(SHOP, world.connection.id)
    const plan = await planBackfill(at(second), 7)
    if (isRefused(plan)) throw new Error(plan.refused)
    await begin(world.store, plan)
    delivery = startDelivery(world.runtime)
    await world.clock.turn(MINUTE)
    expect(requests.length).toBeGreaterThan(0)
    expect(requests[0]?.body).toContain('"backfill":true')
  })
})
