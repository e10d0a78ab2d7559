import { sha256 } from '../../event/hash.ts'
import { email } from '../../event/identity.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/duration.ts'
import type { HttpRequest } from '../../lib/http.ts'
import { type Destination, defineDestination, type Packing, type Planned } from '../destination.ts'
import { pack } from '../pack.ts'
import { readQuota, readResponse, readVerify } from './answers.ts'
import { accepts, declines, normalizers, type TikTokEvent, toItems, type UserData } from './items.ts'
import { type Settings, settings } from './settings.ts'

const limits = {
  batch: 1000,
  // None is documented; vendors stay below 1 MB.
  bytes: 1_000_000,
  linger: SECOND,
  inFlight: 2,
  // Of a developer's app. What a single pixel may be told (code 40132) is not published.
  rate: { perSecond: 1000, scope: 'app' },
  // None is documented for web events; 28 days are the longest time after a click for which TikTok counts a conversion.
  maxAge: 28 * DAY,
  // Nothing is documented about the future either: it is sent as now.
  future: 5 * MINUTE,
} as const

/** Without the slash at its end it is answered with 404. */
const ENDPOINT = 'https://business-api.tiktok.com/open_api/v1.3/event/track/'

/**
 * The parts of a body around its events. The test code holds for a whole request, and for as long as the setting is
 * there for all requests of the connection, so test and live events never share one.
 */
const around = ({ pixelCode, testEventCode }: Settings): readonly [string, string] => {
  const test = testEventCode === undefined ? '' : `"test_event_code":${JSON.stringify(testEventCode)},`
  return [`{"event_source":"web","event_source_id":${JSON.stringify(pixelCode)},${test}"data":[`, ']}']
}

const requestOf = (body: string, { accessToken }: Settings): HttpRequest => ({
  method: 'POST',
  url: ENDPOINT,
  headers: { 'access-token': accessToken, 'content-type': 'application/json' },
  body,
})

const toRequests = (
  events: readonly TikTokEvent[],
  connection: Settings,
  { singly }: Packing,
): readonly Planned<TikTokEvent>[] =>
  pack(events, { batch: singly ? 1 : limits.batch, bytes: limits.bytes }, around(connection)).map(
    ({ body, items }) => ({ request: requestOf(body, connection), items }),
  )

/**
 * TikTok has nothing for checking credentials. With a test code a page view is sent that shows under Test Events only;
 * without one an event that TikTok has to refuse, because it has neither name nor page, and the refusal tells whether
 * the token was taken.
 */
const verify: Destination<Settings>['verify'] = (connection, now) => {
  // Always the present: a constant grows too old one day, and the test then fails for no fault of the merchant's.
  const event_time = Math.floor(now.getTime() / SECOND)
  const event_id = `converlay_verify_${now.getTime()}`
  const address = email('converlay@example.com')
  const page: TikTokEvent = {
    event: connection.pageView,
    event_time,
    event_id,
    limited_data_use: false,
    page: { url: 'https://example.com/' },
    user: address === undefined ? {} : { email: [sha256(address)] },
  }
  const [open, close] = around(connection)
  const event = connection.testEventCode === undefined ? { event_time, event_id } : page
  return { requests: [requestOf(open + JSON.stringify(event) + close, connection)], counts: false }
}

/** The order of TikTok's list of match keys; it publishes no weights. */
const STRONG = ['ttclid', 'email', 'phone'] as const satisfies readonly (keyof UserData)[]
const GOOD = ['external_id', 'ip', 'user_agent', 'ttp'] as const satisfies readonly (keyof UserData)[]
/** Taken, and not on that list. */
const WEAK = [
  'first_name',
  'last_name',
  'zip_code',
  'city',
  'state',
  'country',
] as const satisfies readonly (keyof UserData)[]

/**
 * TikTok Events API, version 1.3, one endpoint for single events and batches (also called "Events API 2.0").
 *
 * TikTok's own pages could not be read in full; where sources differ (age limit, size of a body, order of checks, names
 * and postal codes, currencies) the careful side is taken and said at its place.
 */
export const tiktok = defineDestination<Settings, TikTokEvent>({
  slug: 'tiktok',
  name: 'TikTok',
  docs: {
    url: 'https://business-api.tiktok.com/portal/docs?id=1771100865818625',
    version: 'v1.3 (/event/track/)',
    checked: '2026-11-22',
  },
  revision: 1,
  hosts: ['business-api.tiktok.com'],
  settings,
  account: ({ pixelCode }) => pixelCode,
  accepts,
  declines,
  limits,
  // By pixel, name and event id. A page view of TikTok's own pixel has no id, so it is never merged with ours.
  dedup: (name) =>
    accepts[name] === null
      ? undefined
      : { window: 48 * HOUR, twinWindow: name === 'page_viewed' ? 0 : 48 * HOUR, by: 'event' },
  // Code 0 is for the request; no answer speaks of its events.
  proof: 'request',
  matchesOn: {
    strong: STRONG,
    good: GOOD,
    weak: WEAK,
    source: 'Order of the match keys in the help article on matching events with Events API, February 2025',
  },
  // There is no consent field: without marketing consent nothing goes. TikTok limits the use where US state law says so.
  consent: { purposes: ['marketing'], limitedUse: '`limited_data_use: true`' },
  normalizers,
  toItems,
  groupOf: () => 'events',
  toRequests,
  readResponse,
  readQuota,
  carries: ({ user }) => [...STRONG, ...GOOD, ...WEAK].filter((field) => user[field] !== undefined),
  verify,
  readVerify,
  testing: {
    setting: 'testEventCode',
    told: 'TikTok shows every event under Test Events and keeps all of them out of reports and ads.',
  },
})
