import { beforeEach, describe, expect, it } from 'vitest'
import { SECOND } from '../../lib/duration.ts'
import { startDelivery } from '../../pipeline/deliver.ts'
import { judged, order, SHOP, type Small, seenByPixel, smallWorld } from '../../pipeline/double.ts'
import { localWake } from '../../runtimes/wake.ts'
import { asJson } from './double.ts'
import { dashboardApi } from './index.ts'

let world: Small
let api: ReturnType<typeof dashboardApi>
beforeEach(async () => {
  world = await smallWorld({ wake: localWake(), hold: 0 })
  api = dashboardApi({
    runtime: world.runtime,
    verify: async () => ({ outcome: 'ok', message: 'It works.' }),
    inspect: async () => undefined,
    capture: { webhooks: '', beacon: '', track: '' },
  })
})

const path = (rest: string) => `/shops/${SHOP}${rest}`
const post = (rest: string, body: object) => api.request(path(`/connections/1${rest}`), asJson('POST', body))
const get = async (rest: string) => (await api.request(path(rest))).json()
/** Delivers all there is, and stops. */
const deliver = async () => {
  const delivery = startDelivery(world.runtime)
  await world.clock.turn(30 * SECOND)
  await delivery.stop()
}
const refuse = async (why = 'No.') => {
  world.platform.answer = (events) => judged(events, () => why)
  await world.append(seenByPixel(), order())
  await deliver()
  world.platform.answer = (events) => judged(events)
}

describe('sending again', () => {
  it('is planned, begun, followed and over', async () => {
    await refuse()
    const planned = await post('/replay/preview', {})
    expect(planned.status).toBe(200)
    expect(await planned.json()).toEqual({
      total: 2,
      atMost: false,
      counts: [{ outcome: 'rejected', explained: 'Refused by the platform; see its answer.', count: 2 }],
      warnings: [],
      repeats: false,
    })
    expect(await get('/tasks')).toEqual([])

    const begun = await post('/replay', {})
    expect(begun.status).toBe(201)
    expect(await begun.json()).toMatchObject({ id: 1, kind: 'replay', state: 'running', done: 0, total: 2 })
    // The same once more finds nothing left to take.
    expect((await post('/replay', {})).status).toBe(409)
    await deliver()
    expect(await get('/tasks?connection=1')).toMatchObject([{ id: 1, state: 'done', done: 2, total: 2, tried: 2 }])
    expect(await get('/tasks?connection=2')).toEqual([])
    expect((await post('/replay/preview', {})).status).toBe(422)
  })

  it('can be stopped, once', async () => {
    await refuse()
    await post('/replay', {})
    const stop = () => api.request(path('/tasks/1'), { method: 'DELETE' })
    expect((await stop()).status).toBe(200)
    expect((await stop()).status).toBe(404)
    expect(await get('/tasks')).toMatchObject([{ state: 'cancelled' }])
  })

  it('of what the platform may have wants somebody to be sure', async () => {
    await world.append(seenByPixel())
    await deliver()
    const asked = { outcomes: ['delivered'] }
    expect(await (await post('/replay/preview', asked)).json()).toMatchObject({ total: 1, repeats: true })
    expect((await post('/replay', asked)).status).toBe(422)
    expect((await post('/replay', { ...asked, sure: true })).status).toBe(201)
  })

  it('takes no nonsense', async () => {
    for (const body of [{ outcomes: ['lost'] }, { names: [] }, { seqs: [0] }, { from: 'yesterday' }])
      expect((await post('/replay/preview', body)).status, JSON.stringify(body)).toBe(400)
    expect((await post('/backfill/preview', { days: 0 })).status).toBe(400)
    const other = await api.request(path('/connections/77/replay/preview'), asJson('POST', {}))
    expect(other.status).toBe(404)
  })
})

describe('what failed', () => {
  it('is told by its cause, with the purchases at stake and an example', async () => {
    await refuse('The token may not send to this account.')
    expect(await get('/connections/1/dead')).toEqual([
      {
        outcome: 'rejected',
        explained: 'Refused by the platform; see its answer.',
        again: true,
        code: expect.any(String),
        message: 'The token may not send to this account.',
        count: 2,
        newest: 2,
        at: expect.any(Number),
        purchases: 1,
        value: '12.50',
        currency: 'USD',
        more: false,
      },
    ])
  })
})

describe('filling in', () => {
  it('is offered for what came before, and done', async () => {
    await world.append(seenByPixel(), order())
    await world.store.removeConnection(SHOP, world.connection.id)
    const later = await world.store.addConnection({ ...world.connection, createdAt: world.clock.now() })
    const at = `/connections/${later.id}`
    expect(await get(`${at}/offers`)).toEqual({ backfill: { days: 7, events: 2 }, tested: 0 })
    const begun = await api.request(path(`${at}/backfill`), asJson('POST', { days: 7 }))
    expect(await begun.json()).toMatchObject({ kind: 'backfill', total: 2 })
    await deliver()
    expect(await get(`${at}/offers`)).toEqual({ backfill: { days: 7, events: 0 }, tested: 0 })
    expect(world.platform.requests.flatMap(({ events }) => events)).toHaveLength(2)
  })
})

describe('pausing and testing', () => {
  it('a paused connection tells what waits and since when', async () => {
    await api.request(path('/connections/1/state'), asJson('PUT', { state: 'paused' }))
    await world.append(seenByPixel(), order())
    expect(await get('/connections/1')).toMatchObject({
      state: 'paused',
      waits: { count: 2, more: false, oldest: world.clock.now() },
    })
  })

  it('test mode is switched without the secrets being entered again, and offers afterwards what was tested', async () => {
    const change = (body: object) => api.request(path('/connections/1/test-mode'), asJson('PUT', body))
    expect((await change({ on: true })).status).toBe(200)
    expect(await get('/connections/1')).toMatchObject({
      tested: expect.stringContaining('records none'),
      secretsKept: ['conversionToken'],
    })
    expect((await get('/overview')) as object).toMatchObject({ connections: [{ tested: expect.any(String) }] })
    await world.append(seenByPixel())
    await deliver()
    await change({ on: false })
    expect(await get('/connections/1')).toMatchObject({ tested: null })
    expect(await get('/connections/1/offers')).toMatchObject({ tested: 1 })
  })
})
