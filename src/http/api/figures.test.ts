import { describe, expect, it } from 'vitest'
import { OUTCOMES } from '../../destinations/outcomes.ts'
import { DAY } from '../../lib/duration.ts'
import { LAG_BOUNDS, quarterHour, type Rollup } from '../../store/rollup.ts'
import type { ConnectionId, Store } from '../../store/store.ts'
import type { DeadCauseShown } from './dead-causes.ts'
import { apiOf, liveLane, NOW, pinterestConnection, SHOP, shopRecord } from './double.ts'
import type { MatchQuality } from './match-quality.ts'
import type { Today } from './today.ts'

const rollup = (outcome: number, count: number, more: Partial<Rollup> = {}): Rollup => ({
  bucket: quarterHour(NOW),
  name: 'order_placed',
  outcome,
  count,
  value: 0,
  ...(outcome === 0 ? {} : { connection: 1 as ConnectionId }),
  ...more,
})
const stored =
  (rollups: readonly Rollup[]): Store['rollups'] =>
  async (_shop, since, until = Number.MAX_SAFE_INTEGER) =>
    rollups.filter(({ bucket }) => bucket >= since && bucket < until)
const OLD = { ...shopRecord(9), installedAt: NOW - 30 * DAY }
const connections = async () => [pinterestConnection({ createdAt: NOW - 30 * DAY })]

const ask = async <Answer>(path: string, store: Partial<Store>): Promise<Answer> => {
  const { api } = apiOf({ shop: async () => OLD, connections, ...store })
  return (await (await api.request(`/shops/${SHOP}/${path}`)).json()) as Answer
}

describe('today', () => {
  const settled = [
    rollup(0, 9),
    rollup(OUTCOMES.delivered, 5, { value: 12_345 }),
    rollup(OUTCOMES.no_consent, 2, { value: 1000 }),
    rollup(OUTCOMES.rejected, 1),
  ]

  it('tells of each order what became of it, and which nobody can explain', async () => {
    const today = await ask<Today>('today', { rollups: stored(settled), lanes: async () => [liveLane(9)] })
    expect(today.orders).toEqual({ count: 9, value: '133.45' })
    expect(today.platforms[0]).toMatchObject({
      light: 'look',
      delivered: { count: 5, value: '123.45' },
      waiting: 0,
      missing: 1,
      reasons: [
        { outcome: 'no_consent', count: 2 },
        { outcome: 'rejected', count: 1 },
      ],
    })
  })

  it('counts orders in line as waiting, and those from before the connection with their reason', async () => {
    const waiting = await ask<Today>('today', { rollups: stored(settled), lanes: async () => [liveLane(8)] })
    expect(waiting.platforms[0]).toMatchObject({ waiting: 1, missing: 0 })
    const fresh = await ask<Today>('today', {
      rollups: stored(settled),
      lanes: async () => [liveLane(9)],
      connections: async () => [pinterestConnection({ createdAt: NOW })],
    })
    expect(fresh.platforms[0]).toMatchObject({ missing: 0, reasons: [{}, { outcome: 'rejected' }, {}] })
    expect(fresh.platforms[0]?.reasons.map(({ outcome }) => outcome)).toContain('before_connection')
  })

  it('sees the usual mistakes, and judges nothing where nothing came', async () => {
    const today = await ask<Today>('today', { rollups: stored(settled), lanes: async () => [liveLane(9)] })
    const ok = Object.fromEntries(today.checks.map((check) => [check.check, check.ok]))
    expect(ok).toEqual({ tag: false, identifiers: true, failures: true, funnel: false, days: false })
    const silent = await ask<Today>('today', { shop: async () => ({ ...OLD, installedAt: NOW }) })
    expect(silent.checks.map((check) => check.ok)).toEqual([undefined, undefined, true, undefined, undefined])
  })

  it('says what was recovered by our tags where they report, else of what no browser told', async () => {
    const one = { count: 1, value: 500 }
    const recovered = async (noTag: { count: number; value: number }) => {
      const delivered = rollup(OUTCOMES.delivered, 5, { recovered: { noTag, noBrowser: one } })
      return (await ask<Today>('today', { rollups: stored([rollup(0, 5), delivered]) })).platforms[0]?.recovered
    }
    expect(await recovered({ count: 5, value: 2500 })).toEqual({ count: 1, value: '5.00', by: 'browser' })
    expect(await recovered({ count: 2, value: 900 })).toEqual({ count: 2, value: '9.00', by: 'tag' })
  })
})

describe('match quality', () => {
  it('shares identifiers among the events whose were counted, by day of the shop', async () => {
    const lag = LAG_BOUNDS.map(() => 0).concat(100)
    const carried = { em: 39, client_ip_address: 100, external_id: 100 }
    const quality = await ask<MatchQuality>('match-quality', {
      rollups: stored([rollup(OUTCOMES.delivered, 120, { lag, carried })]),
    })
    const [platform] = quality.platforms
    expect(platform).toMatchObject({ sent: 100, destination: { slug: 'pinterest' } })
    expect(platform?.estimate).toBeCloseTo(0.349, 3)
    expect(platform?.trend).toHaveLength(14)
    expect(platform?.trend.at(-1)).toMatchObject({ day: '2026-11-22', sent: 100 })
    expect(platform?.trend[0]).toEqual({ day: '2026-11-09', sent: 0 })
    const [event] = platform?.events ?? []
    expect(event).toMatchObject({ name: 'order_placed', platformName: 'checkout' })
    expect(event?.identifiers.find(({ name }) => name === 'em')).toEqual({
      name: 'em',
      kind: 'email',
      tier: 'strong',
      share: 0.39,
    })
  })
})

describe('dead letters over all connections', () => {
  it('stand together where they died of the same', async () => {
    const second = pinterestConnection({ id: 2 as ConnectionId, destination: 'meta', settings: {} })
    const cause = (count: number, at: number) => ({
      code: '400',
      message: 'No.',
      count,
      newest: count,
      at,
      purchases: [],
    })
    const causes = await ask<readonly DeadCauseShown[]>('dead', {
      connections: async () => [...(await connections()), second],
      deadCauses: async (_shop, id) =>
        id === 1 ? [cause(2, NOW)] : [cause(3, NOW - 1), { ...cause(9, NOW), code: '401' }],
      ledger: async () => Uint8Array.from([OUTCOMES.rejected]),
    })
    expect(causes.map(({ code, count, places }) => [code, count, places.map(({ connection }) => connection)])).toEqual([
      ['401', 9, [2]],
      ['400', 5, [1, 2]],
    ])
  })
})
