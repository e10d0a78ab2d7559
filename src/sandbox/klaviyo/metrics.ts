import type { Conversion } from '../kit/conversions.ts'
import { sha256 } from '../kit/people.ts'
import { answered, invalidParameter, type Problem } from './errors.ts'
import { NATIVE_METRICS } from './rules.ts'

interface Integration {
  readonly object: 'integration'
  readonly id: string
  readonly key: string
  readonly name: string
  readonly category: string
}

const idOf = (text: string): string => sha256(text).slice(0, 6)

const API: Integration = { object: 'integration', id: idOf('api'), key: 'api', name: 'API', category: 'API' }
const SHOPIFY: Integration = {
  object: 'integration',
  id: idOf('shopify'),
  key: 'shopify',
  name: 'Shopify',
  category: 'eCommerce',
}

const FILTER = /^equals\(integration\.(name|category),(?:'([^']*)'|"([^"]*)")\)$/

/** One comparison of the integration’s name or category; undefined: it is written otherwise. */
const readFilter = (text: string): ((integration: Integration) => boolean) | undefined => {
  const [, field, single, double] = FILTER.exec(text) ?? []
  const wanted = single ?? double
  if (field === 'name') return ({ name }) => name === wanted
  if (field === 'category') return ({ category }) => category === wanted
  return undefined
}

const metric = (name: string, integration: Integration, since: string) => ({
  type: 'metric',
  id: idOf(`${integration.key} ${name}`),
  attributes: { name, created: since, updated: since, integration },
  links: { self: `https://a.klaviyo.com/api/metrics/${idOf(`${integration.key} ${name}`)}` },
})

/** What is wrong with the query of GET /api/metrics, of which the sandbox knows the filter alone. */
export const metricsProblem = (query: URLSearchParams): Problem | undefined => {
  const unknown = [...query.keys()].find((key) => key !== 'filter')
  if (unknown !== undefined) return invalidParameter(`'${unknown}' is not a known parameter.`, unknown)
  const filter = query.get('filter')
  return filter === null || readFilter(filter) ? undefined : invalidParameter(`Invalid filter: ${filter}`, 'filter')
}

/** The metrics of an account: those under API that events made, and the native ones where Shopify is connected. */
export const listMetrics = (query: URLSearchParams, conversions: readonly Conversion[], native: boolean) => {
  const fits = readFilter(query.get('filter') ?? '') ?? (() => true)
  const first = new Map<string, string>()
  for (const { name, receivedAt } of conversions) if (!first.has(name)) first.set(name, receivedAt)
  return answered(200, {
    data: [
      ...(native && fits(SHOPIFY)
        ? NATIVE_METRICS.map((name) => metric(name, SHOPIFY, '2024-01-15T09:00:00+00:00'))
        : []),
      ...(fits(API) ? [...first].map(([name, since]) => metric(name, API, since)) : []),
    ],
    links: { self: 'https://a.klaviyo.com/api/metrics', next: null, prev: null },
  })
}
