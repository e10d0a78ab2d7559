import { sha256 } from '../../event/hash.ts'
import { email } from '../../event/identity.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/duration.ts'
import { type Destination, defineDestination, type Packing, type Planned } from '../destination.ts'
import { pack } from '../pack.ts'
import { readResponse, readVerify } from './answers.ts'
import { accepts, declines, normalizers, type SnapchatEvent, toItems, type UserData } from './items.ts'
import { type Settings, settings } from './settings.ts'

const limits = {
  batch: 2000,
  // None is documented; vendors stay below 2 MB.
  bytes: 2_000_000,
  linger: SECOND,
  inFlight: 2,
  // The general limit of a token. Snap calls 1,000 a second a ceiling for tokens of this kind, which nobody needs.
  rate: { perSecond: 10, scope: 'connection' },
  // The page on parameters; another page speaks of 37 days, for reports. A minute less, since one older event makes the
  // whole request INVALID and Snapchat reads its clock after ours.
  maxAge: 7 * DAY - MINUTE,
  // Snapchat gives no tolerance: what lies ahead is told as now.
  future: 5 * MINUTE,
} as const

const toRequests = (
  events: readonly SnapchatEvent[],
  { pixelId, accessToken }: Pick<Settings, 'pixelId' | 'accessToken'>,
  { singly, test }: Packing,
): readonly Planned<SnapchatEvent>[] => {
  // The validating endpoint takes the same body, answers for every event and counts none. A test_event_code would show
  // events in Events Manager, but it is only lent there, and Snap does not say that such events never count.
  const path = test ? 'events/validate' : 'events'
  // Snapchat takes the token in the address only, which makes the whole address a secret.
  const url = `https://tr.snapchat.com/v3/${pixelId}/${path}?access_token=${encodeURIComponent(accessToken)}`
  const headers = { 'content-type': 'application/json' }
  const batch = singly ? 1 : limits.batch
  return pack(events, { batch, bytes: limits.bytes }, ['{"data":[', ']}']).map(({ body, items }) => ({
    request: { method: 'POST', url, headers, body },
    items,
  }))
}

/** One invented page view for the endpoint that only validates: it takes token, pixel and form, and leaves no trace. */
const verify: Destination<Settings>['verify'] = (connection, now) => {
  const address = email('converlay@example.com')
  const event: SnapchatEvent = {
    event_name: 'PAGE_VIEW',
    event_time: Math.floor(now.getTime() / SECOND),
    event_id: `converlay_verify_${now.getTime()}`,
    action_source: 'WEB',
    event_source_url: 'https://www.example.com/',
    user_data: {
      ...(address === undefined ? {} : { em: [sha256(address)] }),
      client_ip_address: '203.0.113.1',
      client_user_agent: 'Mozilla/5.0 (compatible; Converlay)',
    },
  }
  const [planned] = toRequests([event], connection, { singly: true, test: true, now })
  if (planned === undefined) throw new Error('one event made no request')
  return { requests: [planned.request], counts: false }
}

const STRONG = ['sc_click_id', 'em', 'ph'] as const satisfies readonly (keyof UserData)[]
const GOOD = [
  'sc_cookie1',
  'client_ip_address',
  'client_user_agent',
  'external_id',
] as const satisfies readonly (keyof UserData)[]
const WEAK = ['fn', 'ln', 'ct', 'st', 'zp', 'country', 'ge'] as const satisfies readonly (keyof UserData)[]

/** Snapchat Conversions API, version 3. */
export const snapchat = defineDestination<Settings, SnapchatEvent>({
  slug: 'snapchat',
  name: 'Snapchat',
  docs: {
    url: 'https://developers.snap.com/marketing-api/Conversions-API/UsingTheAPI',
    version: 'v3',
    checked: '2026-11-22',
  },
  revision: 1,
  hosts: ['tr.snapchat.com'],
  settings,
  account: ({ pixelId }) => pixelId,
  accepts,
  declines,
  limits,
  // 48 hours are documented for the event id. That purchases are merged by order id for 30 days is a vendor's word.
  dedup: (name) => (accepts[name] === null ? undefined : { window: 48 * HOUR, twinWindow: 48 * HOUR, by: 'event' }),
  // VALID is said of the request, not of each event in it.
  proof: 'request',
  matchesOn: {
    strong: STRONG,
    good: GOOD,
    weak: WEAK,
    source:
      'Snap’s list of customer parameters and partners’ pages on its Event Quality Score; no weights are published',
  },
  // There is no consent field: without marketing consent nothing goes.
  consent: {
    purposes: ['marketing'],
    limitedUse: '`data_processing_options: ["LDU"]` with country 1 and state 1000',
  },
  normalizers,
  toItems,
  groupOf: () => 'events',
  toRequests,
  readResponse,
  carries: ({ user_data }) => [...STRONG, ...GOOD, ...WEAK].filter((field) => user_data[field] !== undefined),
  verify,
  readVerify,
  testing: { setting: 'testMode', told: 'Snapchat checks every event and counts none.' },
})
