import { sha256 } from '../../event/hash.ts'
import { email } from '../../event/identity.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/duration.ts'
import { type Destination, defineDestination, type Packing, type Planned } from '../destination.ts'
import { pack } from '../pack.ts'
import { readResponse, readVerify } from './answers.ts'
import { accepts, declines, normalizers, type PinterestEvent, toItems, type UserData } from './items.ts'
import { type Settings, settings } from './settings.ts'

const limits = {
  batch: 1000,
  // None is documented; vendors stay below 1 MB.
  bytes: 1024 * 1024,
  linger: SECOND,
  inFlight: 2,
  // 5,000 calls a minute and ad account, the smallest of three figures that Pinterest gives.
  rate: { perSecond: 83, scope: 'account' },
  // No official number; 7 days is what Pinterest's partners found.
  maxAge: 7 * DAY,
  future: 5 * MINUTE,
} as const

/** In test mode only the first events of a request are looked at. */
const TEST_BATCH = 20

const toRequests = (
  events: readonly PinterestEvent[],
  { adAccountId, conversionToken }: Pick<Settings, 'adAccountId' | 'conversionToken'>,
  { singly, test }: Packing,
): readonly Planned<PinterestEvent>[] => {
  const url = `https://api.pinterest.com/v5/ad_accounts/${adAccountId}/events${test ? '?test=true' : ''}`
  const headers = { authorization: `Bearer ${conversionToken}`, 'content-type': 'application/json' }
  const batch = singly ? 1 : test ? TEST_BATCH : limits.batch
  return pack(events, { batch, bytes: limits.bytes }, ['{"data":[', ']}']).map(({ body, items }) => ({
    request: { method: 'POST', url, headers, body },
    items,
  }))
}

/** There is nothing that a conversion token may read, so an event is sent that Pinterest does not record. */
const verify: Destination<Settings>['verify'] = (connection, now) => {
  const address = email('converlay@example.com')
  const event: PinterestEvent = {
    event_name: 'page_visit',
    action_source: 'web',
    // Always the present: a constant grows too old one day, and the test then fails for no fault of the merchant's.
    event_time: Math.floor(now.getTime() / SECOND),
    event_id: `converlay_verify_${now.getTime()}`,
    opt_out: false,
    user_data: address === undefined ? {} : { em: [sha256(address)] },
  }
  const [planned] = toRequests([event], connection, { singly: true, test: true, now })
  if (planned === undefined) throw new Error('one event made no request')
  return { requests: [planned.request], counts: false }
}

/** What Pinterest's specification strongly recommends, on every event or at least on checkouts; it gives no weights. */
const STRONG = [
  'em',
  'click_id',
  'ph',
  'external_id',
  'client_ip_address',
  'client_user_agent',
  'fn',
  'ln',
] as const satisfies readonly (keyof UserData)[]
/** Taken without a recommendation. */
const WEAK = ['ct', 'st', 'zp', 'country', 'db', 'ge'] as const satisfies readonly (keyof UserData)[]

/** Pinterest Conversions API, version 5. */
export const pinterest = defineDestination<Settings, PinterestEvent>({
  slug: 'pinterest',
  name: 'Pinterest',
  docs: {
    url: 'https://developers.pinterest.com/docs/api/v5/events-create/',
    version: 'v5 (specification 5.23.0)',
    checked: '2026-11-22',
  },
  revision: 1,
  hosts: ['api.pinterest.com'],
  settings,
  account: ({ adAccountId }) => adAccountId,
  accepts,
  declines,
  limits,
  // Repeats: pages of 2026 say 48 hours, others 24, and the shorter one is safe to rely on. The tag's twin: help pages
  // say that what arrives over an hour after it happened is handled as offline, and offline events are not merged with
  // the tag's. For the same reason point-of-sale orders are not; a window is per name, so that cannot be said here, and
  // no tag tells of them.
  dedup: (name) => (accepts[name] === null ? undefined : { window: 24 * HOUR, twinWindow: HOUR, by: 'event' }),
  proof: 'event',
  matchesOn: {
    strong: STRONG,
    good: [],
    weak: WEAK,
    source: 'Descriptions of user_data in the OpenAPI specification 5.23.0',
  },
  // There is no consent field: without marketing consent nothing goes.
  consent: { purposes: ['marketing'], limitedUse: '`opt_out: true` and `opt_out_type: LDP`' },
  normalizers,
  toItems,
  groupOf: () => 'events',
  toRequests,
  readResponse,
  carries: ({ user_data }) => [...STRONG, ...WEAK].filter((field) => user_data[field] !== undefined),
  verify,
  readVerify,
  testing: {
    setting: 'testMode',
    told: 'Pinterest checks every event and records none.',
    rate: { perSecond: 10, scope: 'app' },
  },
})
