import { describe, expect, it } from 'vitest'
import { OUTCOMES } from '../../destinations/outcomes.ts'
import { DAY } from '../../lib/duration.ts'
import type { EventStory } from '../../pipeline/story.ts'
import { quarterHour, type Rollup } from '../../store/rollup.ts'
import type { ConnectionId } from '../../store/store.ts'
import { apiOf, asJson, liveLane, NOW, SHOP, shopRecord, storedEvent } from './double.ts'
import type { EventPage } from './events.ts'
import type { Overview } from './overview.ts'
import type { WireStory } from './story.ts'

const read = async <Wire>(answer: Response | Promise<Response>): Promise<Wire> => (await (await answer).json()) as Wire

const TYPED = { adAccountId: '123456', conversionToken: 'pina_NEW', productView: 'view_content' }
const inShop = `/shops/${SHOP}`

describe('every route of a shop', () => {
  const stranger = '/shops/stranger.myshopify.com'
  const routes: [method: string, path: string, body?: unknown][] = [
    ['GET', `${stranger}/overview`],
    ['POST', `${stranger}/events/search`, {}],
    ['GET', `${stranger}/events/1`],
    ['GET', `${stranger}/connections/1`],
    ['POST', `${stranger}/connections`, { destination: 'pinterest', settings: TYPED }],
    ['PUT', `${stranger}/connections/1`, { settings: TYPED }],
    ['PUT', `${stranger}/connections/1/state`, { state: 'paused' }],
    ['DELETE', `${stranger}/connections/1`],
    ['POST', `${stranger}/connections/1/test`, {}],
    ['POST', `${stranger}/test`, { destination: 'pinterest', settings: TYPED }],
    ['GET', '/live?shop=stranger.myshopify.com'],
    ['GET', '/live'],
    ['GET', '/shops/..%2Fetc/overview'],
  ]
  it.each(routes)('%s %s of an unknown shop is 404', async (method, path, body) => {
    const { api } = apiOf()
    const answer = await api.request(path, body === undefined ? { method } : asJson(method, body))
    expect(answer.status).toBe(404)
  })
})

describe('the list of shops', () => {
  it('leaves out those that only sent a compliance webhook', async () => {
    const { api } = apiOf({ shops: async () => [{ ...shopRecord(0), installedAt: 0 }] })
    expect(await read(api.request('/shops'))).toMatchObject({ shops: [] })
    const installed = apiOf({ shops: async () => [shopRecord(3)] })
    expect(await read(installed.api.request('/shops'))).toMatchObject({ shops: [{ shop: SHOP, events: 3 }] })
  })
})

describe('the overview', () => {
  const bucket = quarterHour(NOW)
  const rollup = (outcome: number, count: number, more: Partial<Rollup> = {}): Rollup => ({
    bucket,
    name: 'page_viewed',
    outcome,
    count,
    value: 0,
    ...(outcome === 0 ? {} : { connection: 1 as ConnectionId }),
    ...more,
  })

  it('accounts for every event that came in', async () => {
    const { api } = apiOf({
      shop: async () => shopRecord(20),
      // 20 came in: 15 are settled, one of those is parked, five are in line.
      lanes: async () => [liveLane(15)],
      parked: async () => [{ seq: 9, kind: 'hold', due: NOW, tries: 0, parkedAt: NOW, connection: 1 as ConnectionId }],
      rollups: async () => [
        rollup(0, 18),
        rollup(0, 2, { name: 'order_placed' }),
        rollup(OUTCOMES.parked, 1),
        rollup(OUTCOMES.delivered, 6, { lag: [0, 5, 1, 0, 0, 0, 0, 0] }),
        rollup(OUTCOMES.delivered, 2, {
          name: 'order_placed',
          value: 12_345,
          recovered: { noTag: { count: 2, value: 12_345 }, noBrowser: { count: 1, value: 2345 } },
        }),
        rollup(OUTCOMES.no_consent, 4),
        rollup(OUTCOMES.not_accepted, 1),
        rollup(OUTCOMES.rejected, 1),
      ],
    })
    const overview = await read<Overview>(api.request(`${inShop}/overview`))
    const [connection] = overview.connections
    if (!connection) throw new Error('there is no connection')
    const sum = (reasons: readonly { readonly count: number }[]) => reasons.reduce((all, { count }) => all + count, 0)
    const waiting = connection.waiting.inLine + connection.waiting.parked + connection.waiting.forPerson
    expect(connection.delivered + sum(connection.skipped) + sum(connection.dead) + waiting).toBe(overview.cameIn.total)
    expect(overview.cameIn).toMatchObject({
      total: 20,
      byName: [
        { name: 'page_viewed', count: 18 },
        { name: 'order_placed', count: 2 },
      ],
    })
    expect(overview.cameIn.byHour.at(-1)).toBe(20)
    expect(connection.skipped[0]).toEqual({
      outcome: 'no_consent',
      explained: 'Not sent: the shopper refused what this platform needs consent for.',
      count: 4,
    })
    expect(connection.purchases).toEqual({
      count: 2,
      value: '123.45',
      currency: 'CHF',
      recovered: {
        noTag: { count: 2, value: '123.45', currency: 'CHF' },
        noBrowser: { count: 1, value: '23.45', currency: 'CHF' },
      },
    })
    expect(connection.lag).toEqual({ p50: 5000, p95: 30_000 })
  })

  it('counts purchases where they go out when they are paid', async () => {
    const { api } = apiOf({
      rollups: async () => [
        rollup(OUTCOMES.waits_for_payment, 3, { name: 'order_placed', value: 30_000 }),
        rollup(OUTCOMES.delivered, 2, { name: 'order_paid', value: 20_000 }),
      ],
    })
    const overview = await read<Overview>(api.request(`${inShop}/overview`))
    expect(overview.connections[0]?.purchases).toMatchObject({ count: 2, value: '200.00', currency: 'CHF' })
  })

  it('tells what the platform remarks on events that it takes, the most frequent first', async () => {
    const { api } = apiOf({
      rollups: async () => [
        rollup(OUTCOMES.delivered, 5, { notes: { 'no click_id': 2, 'no external_id': 3 } }),
        rollup(OUTCOMES.delivered, 2, { name: 'order_placed', notes: { 'no click_id': 2 } }),
      ],
    })
    const overview = await read<Overview>(api.request(`${inShop}/overview`))
    expect(overview.connections[0]?.notes).toEqual([
      { text: 'no click_id', count: 4 },
      { text: 'no external_id', count: 3 },
    ])
  })

  it('does not count a replay as waiting: its events have their outcome', async () => {
    const { api } = apiOf({
      shop: async () => shopRecord(10),
      lanes: async () => [
        liveLane(10),
        { ...liveLane(0), lane: 2, kind: 'replay', to: 8 },
        { ...liveLane(0), lane: 3, kind: 'backlog', from: 3, position: 4, to: 6 },
      ],
    })
    const overview = await read<Overview>(api.request(`${inShop}/overview`))
    expect(overview.connections[0]?.waiting).toEqual({ inLine: 2, parked: 0, forPerson: 0, more: false })
  })

  it('warns before the events that wait are too old for the platform, and says nothing while they are young', async () => {
    const noticeOf = async (age: number) => {
      const { api } = apiOf({
        shop: async () => shopRecord(10),
        lanes: async () => [liveLane(4)],
        readSeqs: async (_, [seq = 0]) => [{ ...storedEvent(seq, 'page_viewed'), receivedAt: NOW - age }],
      })
      return (await read<Overview>(api.request(`${inShop}/overview`))).connections[0]?.notice
    }
    expect(await noticeOf(DAY)).toBeUndefined()
    expect(await noticeOf(5 * DAY)).toMatch(/^Events that wait here begin to expire on 2026-11-24 12:05 UTC/)
  })

  it('tells the newest trouble, and no trouble of attempts that went well', async () => {
    const attempt = {
      id: 1,
      connection: 1 as ConnectionId,
      at: NOW,
      ms: 20,
      from: 1,
      to: 1,
      seqs: [1],
      settingsVersion: 1,
      revision: 1,
      bodyHash: '',
      bytes: 1,
      status: 200,
      answer: 'fine',
      accepted: 1,
      refused: 0,
      carriesOrder: false,
    }
    const { api } = apiOf({ attempts: async () => [attempt, { ...attempt, status: 503, answer: 'down' }] })
    const overview = await read<Overview>(api.request(`${inShop}/overview`))
    expect(overview.connections[0]?.lastTrouble).toEqual({ at: NOW, status: 503, answer: 'down' })
  })
})

describe('the newest events', () => {
  it('have an outcome at every connection: ledger, parked, in line, or older than the connection', async () => {
    const order = { commerce: { orderName: '#1001', value: '128.50', currency: 'CHF' }, consent: { marketing: true } }
    const events = [
      storedEvent(5, 'page_viewed'),
      storedEvent(4, 'order_placed', order),
      storedEvent(3, 'searched', { consent: { marketing: false } }),
      storedEvent(2, 'cart_updated'),
      storedEvent(1, 'page_viewed'),
    ]
    const { api } = apiOf({
      shop: async () => shopRecord(5),
      newest: async () => events,
      lanes: async () => [liveLane(4, 2)],
      ledger: async () => Uint8Array.from([0, OUTCOMES.not_accepted, OUTCOMES.no_consent, OUTCOMES.parked, 0]),
      parked: async () => [
        {
          seq: 4,
          kind: 'retry',
          due: NOW,
          tries: 2,
          parkedAt: NOW,
          message: 'Busy.',
          connection: 1 as ConnectionId,
        },
      ],
    })
    const { events: rows } = await read<EventPage>(api.request(`${inShop}/events/search`, asJson('POST', {})))
    expect(rows.map((row) => row.outcomes[0]?.outcome)).toEqual([
      'waiting',
      'parked',
      'no_consent',
      'not_accepted',
      'before_connection',
    ])
    expect(rows[1]).toMatchObject({ orderName: '#1001', value: '128.50', currency: 'CHF', consent: 'given' })
    expect(rows[1]?.outcomes[0]).toMatchObject({
      account: '549755885175',
      explained: 'To be sent again after 2 tries. Busy.',
    })
    expect(rows[2]).toMatchObject({ consent: 'refused' })
    expect(rows[0]).toMatchObject({ consent: 'unknown' })
  })

  it('show what was sent once parts were joined', async () => {
    const { event } = storedEvent(1, 'order_placed', { consent: { marketing: true } })
    const { api } = apiOf({
      shop: async () => shopRecord(1),
      newest: async () => [storedEvent(1, 'order_placed')],
      parts: async (_shop, [id]) => new Map(id && event ? [[id, [{ receivedAt: NOW, joined: true, event }]]] : []),
    })
    const { events: rows } = await read<EventPage>(api.request(`${inShop}/events/search`, asJson('POST', {})))
    expect(rows[0]?.consent).toBe('given')
  })

  it.each([{ limit: 0 }, { limit: 101 }, { limit: 'x' }, { below: -1 }, { below: 1.5 }, { states: ['lost'] }])(
    'refuse %j',
    async (asked) => {
      const { api } = apiOf()
      expect((await api.request(`${inShop}/events/search`, asJson('POST', asked))).status).toBe(400)
    },
  )
})

describe('one event', () => {
  const story: EventStory = {
    seq: 7,
    name: 'order_placed',
    platformNames: { pinterest: 'checkout' },
    receivedAt: NOW,
    arrived: [{ source: 'shopify-webhook', topic: 'orders/create', at: NOW, body: { id: '1' } }],
    event: { id: 'pur_1' },
    parts: [],
    deliveries: [
      {
        connection: 1 as ConnectionId,
        destination: { slug: 'pinterest', name: 'Pinterest' },
        outcome: 'rejected',
        explained: 'Refused by the platform; see its answer.',
        attempts: [{ at: NOW, ms: 9, status: 422, answer: '{}', accepted: 0, refused: 1 }],
        request: { method: 'POST', url: 'https://api.pinterest.com/', headers: { a: 'b' }, body: {}, exact: true },
      },
    ],
  }

  it('travels with its documents as text and its state in words', async () => {
    const { api } = apiOf({}, { inspect: async (_shop, seq) => (seq === 7 ? story : undefined) })
    const wire = await read<WireStory>(api.request(`${inShop}/events/7`))
    expect(wire.event).toBe('{\n  "id": "pur_1"\n}')
    expect(wire.deliveries[0]).toMatchObject({
      state: 'dead',
      account: '549755885175',
      request: { exact: true, body: '{}' },
    })
    expect((await api.request(`${inShop}/events/8`)).status).toBe(404)
    expect((await api.request(`${inShop}/events/x`)).status).toBe(400)
  })
})
