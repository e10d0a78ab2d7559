import { afterEach, describe, expect, it } from 'vitest'
import { googleAds } from '../destinations/google-ads/google-ads.ts'
import { OUTCOMES } from '../destinations/outcomes.ts'
import type { Event } from '../event/event.ts'
import { DAY, HOUR, MINUTE } from '../lib/duration.ts'
import type { HttpRequest, HttpResponse } from '../lib/http.ts'
import { localWake } from '../runtimes/wake.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { NOW, order, reply, SHOP, type Small, smallWorld } from './double.ts'

// A platform with tokens that are fetched, jobs that are asked about later, and one value per order: Google Ads.

let world: Small
let delivery: Delivery
afterEach(() => delivery.stop())

interface Google {
  readonly tokens: HttpRequest[]
  readonly ingests: HttpRequest[]
  readonly questions: HttpRequest[]
  token: () => HttpResponse
  ingest: (request: HttpRequest) => HttpResponse
  status: (asked: number) => HttpResponse
}

const SETTINGS = {
  customerId: '1234567890',
  conversionActions: { order_placed: '7001002003' },
  credentials: { clientId: 'client', clientSecret: 'secret-of-the-client', refreshToken: 'refresh-token-1' },
}

const start = async (change: Partial<Google> = {}, settings: object = SETTINGS): Promise<Google> => {
  const google: Google = {
    tokens: [],
    ingests: [],
    questions: [],
    token: () => reply(200, { access_token: `ya29.token-${google.tokens.length}`, expires_in: 3599 }),
    ingest: () => reply(200, { requestId: `job-${google.ingests.length}` }),
    status: () => finished({ requestStatus: 'SUCCESS' }),
    ...change,
  }
  world = await smallWorld({
    wake: localWake(),
    hold: 0,
    other: {
      destination: googleAds,
      settings: { ...settings },
      send: async (request) => {
        const { host, pathname } = new URL(request.url)
        if (host === 'oauth2.googleapis.com') {
          google.tokens.push(request)
          return google.token()
        }
        if (pathname === '/v1/events:ingest') {
          google.ingests.push(request)
          return google.ingest(request)
        }
        google.questions.push(request)
        return google.status(google.questions.length)
      },
    },
  })
  delivery = startDelivery(world.runtime)
  return google
}

const finished = (status: object): HttpResponse => reply(200, { requestStatusPerDestination: [status] })
const arrive = async (...events: readonly Event[]) => {
  await world.append(...events)
  world.runtime.wake.arrived(SHOP)
}
const placed = (orderId: string, value = '12.50'): Event =>
  order({ id: `pur_${orderId}`, commerce: { orderId, value }, consent: { marketing: true } })
const refunded = (orderId: string, value: string, refundId = `9${orderId}`): Event => ({
  ...order({ id: `ref_${refundId}`, name: 'order_refunded', occurredAt: new Date(world.clock.now()).toISOString() }),
  identity: {},
  commerce: { orderId, refundId, value, currency: 'USD' },
})
/** As a webhook tells it: the event, and what it changes in the table of orders. */
const tell = async (event: Event, change: object) => {
  const { orderId = '' } = event.commerce ?? {}
  await world.store.append({
    shop: SHOP,
    events: [{ event, subject: `order:${orderId}`, receivedAt: world.clock.now() }],
    parts: [],
    orders: [{ orderId, ...change }],
  })
  world.runtime.wake.arrived(SHOP)
}
const values = (requests: readonly HttpRequest[]): [string, number][] =>
  requests.flatMap(({ body }) => {
    const { events } = JSON.parse(body ?? '{}') as { events: { transactionId: string; conversionValue: number }[] }
    return events.map(({ transactionId, conversionValue }): [string, number] => [transactionId, conversionValue])
  })
const { sent, delivered, rejected, superseded, before_connection, parked } = OUTCOMES

describe('an access token', () => {
  it('is fetched once for many requests, kept, and fetched anew when it has ended', async () => {
    const google = await start()
    await arrive(placed('50001'))
    await world.clock.turn(MINUTE)
    await arrive(placed('50002'))
    await world.clock.turn(MINUTE)
    expect(google.ingests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer ya29.token-1',
      'Bearer ya29.token-1',
    ])
    await world.clock.turn(2 * HOUR)
    await arrive(placed('50003'))
    await world.clock.turn(MINUTE)
    expect(google.ingests.at(-1)?.headers.authorization).not.toBe('Bearer ya29.token-1')
    expect(await world.store.token(SHOP, world.connection.id)).toMatchObject({ settingsVersion: 1 })
  })

  it('that is refused is fetched again once, and the request goes again with the new one', async () => {
    const google = await start({
      ingest: ({ headers }) =>
        headers.authorization === 'Bearer ya29.token-1'
          ? reply(401, { error: { status: 'UNAUTHENTICATED' } })
          : reply(200, { requestId: 'job' }),
    })
    await arrive(placed('50001'))
    await world.clock.turn(MINUTE)
    expect(google.ingests).toHaveLength(2)
    expect(google.tokens).toHaveLength(2)
    expect(await world.bytes()).toEqual([sent])
  })

  it('that is not given out holds the events and says why', async () => {
    const google = await start({ token: () => reply(400, { error: 'invalid_grant' }) })
    await arrive(placed('50001'))
    await world.clock.turn(MINUTE)
    expect(google.ingests).toEqual([])
    expect(await world.bytes()).toEqual([0])
    expect((await world.store.connections(SHOP))[0]?.trouble).toContain('Google does not accept this sign-in')
  })
})

describe('a job', () => {
  it('is asked about after 30 minutes; until then its event is sent, then it is delivered', async () => {
    const google = await start()
    await arrive(placed('50001'))
    await world.clock.turn(29 * MINUTE)
    expect(google.questions).toEqual([])
    expect(await world.bytes()).toEqual([sent])
    await world.clock.turn(2 * MINUTE)
    expect(google.questions).toHaveLength(1)
    expect(await world.bytes()).toEqual([delivered])
    expect(await world.store.polls(SHOP, world.connection.id, 9)).toEqual([])
  })

  it('counts an event once in the end: what was sent is moved', async () => {
    await start()
    await arrive(placed('50001'))
    await world.clock.turn(HOUR)
    const counted = (await world.store.rollups(SHOP, 0)).flatMap(({ outcome, count, value }) =>
      outcome === 0 || count === 0 ? [] : [[outcome, count, value]],
    )
    expect(counted).toEqual([[delivered, 1, 1250]])
  })

  it('that is not finished is asked about again, at longer and longer distances, for a day', async () => {
    const google = await start({ status: () => finished({ requestStatus: 'PROCESSING' }) })
    await arrive(placed('50001'))
    await world.clock.turn(2 * DAY)
    expect(google.questions.length).toBeGreaterThan(20)
    expect(google.questions.length).toBeLessThan(30)
    expect(await world.bytes()).toEqual([sent])
    expect(await world.store.polls(SHOP, world.connection.id, 9)).toEqual([])
  })

  it('of which some failed settles each event by what is said of it', async () => {
    await start({
      status: () =>
        finished({
          requestStatus: 'PARTIAL_SUCCESS',
          errorInfo: {
            errorCounts: [{ reason: 'PROCESSING_ERROR_REASON_INVALID_GCLID', recordCount: 1, recordIndices: [1] }],
          },
        }),
    })
    await arrive(placed('50001'), placed('50002'), placed('50003'))
    await world.clock.turn(HOUR)
    expect(await world.bytes()).toEqual([delivered, rejected, delivered])
    expect(await world.store.deadLetters(SHOP, world.connection.id, 9)).toMatchObject([{ seq: 2 }])
  })

  it('is kept for what was settled, although another request of the round failed', async () => {
    const both = { ...SETTINGS, conversionActions: { order_placed: '7001002003', signed_up: '7001002004' } }
    let refuse = true
    let jobs = 0
    const google = await start(
      {
        ingest: ({ body }) =>
          refuse && body?.includes('7001002004') ? reply(503, {}) : reply(200, { requestId: `job-${++jobs}` }),
      },
      both,
    )
    const signedUp = { ...placed('1'), id: 'cus_77' as Event['id'], name: 'signed_up' as const, commerce: {} }
    await arrive(placed('50001'), signedUp, placed('50003'))
    await world.clock.turn(MINUTE)
    expect((await world.bytes())[0]).toBe(sent)
    refuse = false
    await world.clock.turn(2 * HOUR)
    expect((await world.bytes())[0]).toBe(delivered)
    expect(google.questions.length).toBeGreaterThan(0)
  })

  it('that the account is not ready for ends its events, with the reason, and says so at the connection', async () => {
    await start({
      status: () =>
        finished({
          requestStatus: 'FAILED',
          errorInfo: {
            errorCounts: [
              { reason: 'PROCESSING_ERROR_REASON_USER_PERMISSION_DENIED', recordCount: 1, recordIndices: [0] },
            ],
          },
        }),
    })
    await arrive(placed('50001'))
    await world.clock.turn(HOUR)
    expect(await world.bytes()).toEqual([rejected])
    expect((await world.store.connections(SHOP))[0]?.trouble).toContain('Google Ads')
  })

  it('that fails again and again is sent ever more rarely', async () => {
    const google = await start({
      status: () =>
        finished({
          requestStatus: 'PARTIAL_SUCCESS',
          errorInfo: {
            errorCounts: [{ reason: 'PROCESSING_ERROR_REASON_INTERNAL_ERROR', recordCount: 1, recordIndices: [0] }],
          },
        }),
    })
    await arrive(placed('50001'))
    await world.clock.turn(3 * DAY)
    expect(google.ingests.length).toBeLessThan(30)
  })

  it('that hangs holds up no purchase', async () => {
    const google = await start()
    await arrive(placed('50001'))
    await world.clock.turn(29 * MINUTE)
    const asked: string[] = []
    google.status = () => {
      asked.push(`after ${google.ingests.length} ingests`)
      return { status: 0, headers: {}, body: '', ambiguous: true }
    }
    await arrive(placed('50002'))
    await world.clock.turn(5 * MINUTE)
    expect(google.ingests).toHaveLength(2)
    expect(asked[0]).toBeDefined()
  })

  it('that failed for a fault of the platform sends its events again', async () => {
    const google = await start({
      status: (asked) =>
        asked === 1
          ? finished({
              requestStatus: 'PARTIAL_SUCCESS',
              errorInfo: {
                errorCounts: [{ reason: 'PROCESSING_ERROR_REASON_INTERNAL_ERROR', recordCount: 1, recordIndices: [0] }],
              },
            })
          : finished({ requestStatus: 'SUCCESS' }),
    })
    await arrive(placed('50001'), placed('50002'))
    await world.clock.turn(2 * HOUR)
    expect(values(google.ingests)).toEqual([
      ['50001', 12.5],
      ['50002', 12.5],
      ['50001', 12.5],
    ])
    expect(await world.bytes()).toEqual([delivered, delivered])
  })
})

describe('an order’s one value', () => {
  it('is restated by a refund, weeks later, with what remains', async () => {
    const google = await start()
    await tell(placed('50001'), { placedAt: NOW, value: '12.50', currency: 'USD' })
    await world.clock.turn(20 * DAY)
    await tell(refunded('50001', '4.00'), { refund: { id: '950001', value: '4.00' } })
    await world.clock.turn(HOUR)
    expect(values(google.ingests)).toEqual([
      ['50001', 12.5],
      ['50001', 8.5],
    ])
    expect(await world.bytes()).toEqual([delivered, delivered])
  })

  it('is sent once where a refund arrives before the purchase went out: only the newest goes', async () => {
    const google = await start()
    await tell(placed('50001'), { placedAt: NOW, value: '12.50', currency: 'USD' })
    await tell(refunded('50001', '4.00'), { refund: { id: '950001', value: '4.00' } })
    await world.clock.turn(HOUR)
    expect(values(google.ingests).at(-1)).toEqual(['50001', 8.5])
    expect((await world.bytes()).filter((byte) => byte === parked || byte === 0)).toEqual([])
    expect(new Set(values(google.ingests).map(([, value]) => value))).toEqual(new Set([8.5]))
  })

  it('two refunds that wait together are one restatement', async () => {
    const google = await start()
    await tell(placed('50001'), { placedAt: NOW, value: '12.50', currency: 'USD' })
    await world.clock.turn(HOUR)
    await tell(refunded('50001', '4.00', '1'), { refund: { id: '1', value: '4.00' } })
    await tell(refunded('50001', '2.00', '2'), { refund: { id: '2', value: '2.00' } })
    await world.clock.turn(HOUR)
    expect(values(google.ingests)).toEqual([
      ['50001', 12.5],
      ['50001', 6.5],
    ])
    expect(await world.bytes()).toEqual([delivered, superseded, delivered])
  })

  it('of an order from before the connection is not told: Google would take it for a new purchase', async () => {
    const google = await start()
    await tell(refunded('40001', '4.00'), { value: '12.50', refund: { id: '1', value: '4.00' } })
    await world.clock.turn(HOUR)
    expect(google.ingests).toEqual([])
    expect(await world.bytes()).toEqual([before_connection])
  })
})
