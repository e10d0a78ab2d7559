import { DAY, HOUR, MINUTE, SECOND } from '../../lib/duration.ts'
import { type Destination, defineDestination, type Packing, type Planned } from '../destination.ts'
import { pack } from '../pack.ts'
import { isRetired, readQuota, readResponse, readVerify } from './answers.ts'
import { accepts, declines, type MetaEvent, normalizers, toItems, type UserData } from './items.ts'
import { type Settings, settings } from './settings.ts'

const VERSION = 'v26.0'
const GRAPH = `https://graph.facebook.com/${VERSION}`

const limits = {
  batch: 1000,
  // None is documented.
  bytes: 1024 * 1024,
  linger: SECOND,
  inFlight: 2,
  // No figure either. Calls with a thousand events each leave room at this rate for any store.
  rate: { perSecond: 20, scope: 'account' },
  // Seven days of the web, and a minute less, since one older event costs its whole request and Meta reads its clock
  // after ours.
  maxAge: 7 * DAY - MINUTE,
  // No bound is documented. What lies further ahead is rather a wrong unit of time.
  future: 5 * MINUTE,
} as const

/** By this Meta tells senders apart in its reports; fewer than 23 characters. */
const PARTNER = 'converlay'

const bearer = ({ accessToken }: Pick<Settings, 'accessToken'>) => `Bearer ${accessToken}`

const toRequests = (
  events: readonly MetaEvent[],
  settings: Settings,
  { singly }: Packing,
): readonly Planned<MetaEvent>[] => {
  // The documentation shows the token in the URL, where logs would keep it; the header is accepted as well (measured).
  const headers = { authorization: bearer(settings), 'content-type': 'application/json' }
  const url = `${GRAPH}/${settings.pixelId}/events`
  const code =
    settings.testEventCode === undefined ? '' : `"test_event_code":${JSON.stringify(settings.testEventCode)},`
  const batch = singly ? 1 : limits.batch
  return pack(events, { batch, bytes: limits.bytes }, ['{"data":[', `],${code}"partner_agent":"${PARTNER}"}`]).map(
    ({ body, items }) => ({ request: { method: 'POST', url, headers, body }, items }),
  )
}

/**
 * Test events count at Meta, and reading the dataset itself takes more rights than a token of Events Manager has. How
 * well a dataset's events match is what such a token may read (measured), and nothing is recorded by it.
 */
const verify: Destination<Settings>['verify'] = (settings) => ({
  requests: [
    {
      method: 'GET',
      url: `${GRAPH}/dataset_quality?dataset_id=${settings.pixelId}&fields=web%7Bevent_name%7D`,
      headers: { authorization: bearer(settings) },
    },
  ],
  counts: false,
})

/** The keys that Meta's best practices call valuable; it gives no weights. */
const STRONG = ['em', 'client_ip_address', 'fn', 'ln', 'ph'] as const satisfies readonly (keyof UserData)[]
/** Not ranked by Meta, and each enough by itself. */
const GOOD = ['fbc', 'fbp', 'external_id'] as const satisfies readonly (keyof UserData)[]
/** Refused when they come alone. */
const WEAK = [
  'client_user_agent',
  'ct',
  'st',
  'zp',
  'country',
  'db',
  'ge',
] as const satisfies readonly (keyof UserData)[]

/** Meta Conversions API. */
export const meta = defineDestination<Settings, MetaEvent>({
  slug: 'meta',
  name: 'Meta',
  docs: {
    url: 'https://developers.facebook.com/documentation/ads-commerce/conversions-api/using-the-api',
    version: VERSION,
    // Its end is not announced; earlier versions lived at least two years.
    checked: '2026-11-22',
  },
  revision: 1,
  hosts: ['graph.facebook.com'],
  settings,
  account: ({ pixelId }) => pixelId,
  accepts,
  declines,
  limits,
  maxAges: [
    { what: 'orders at a till', maxAge: 62 * DAY - MINUTE, holds: ({ commerce }) => commerce?.channel === 'pos' },
  ],
  dedup: (name) => (accepts[name] === null ? undefined : { window: 48 * HOUR, twinWindow: 48 * HOUR, by: 'event' }),
  // All or nothing: `events_received` counts the events of a request and names none.
  proof: 'request',
  matchesOn: {
    strong: STRONG,
    good: GOOD,
    weak: WEAK,
    source: 'Best practices of 2026-06-28, and the sets of identifiers that Meta refuses',
  },
  // There is no consent field: without marketing consent nothing goes.
  consent: {
    purposes: ['marketing'],
    limitedUse:
      '`data_processing_options: ["LDU"]` with the number of the US state; elsewhere 0, for Meta to find it by the IP address, or California where there is none',
  },
  normalizers,
  toItems,
  groupOf: () => 'events',
  toRequests,
  readResponse,
  readQuota,
  isRetired,
  carries: ({ user_data }) => [...STRONG, ...GOOD, ...WEAK].filter((field) => user_data[field] !== undefined),
  verify,
  readVerify,
})
