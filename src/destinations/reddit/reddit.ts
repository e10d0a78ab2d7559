import { sha256 } from '../../event/hash.ts'
import { email } from '../../event/identity.ts'
import { plainMailbox } from '../../event/variants.ts'
import { DAY, MINUTE, SECOND } from '../../lib/duration.ts'
import { type Destination, defineDestination, type Packing, type Planned } from '../destination.ts'
import { pack } from '../pack.ts'
import { readResponse, readVerify } from './answers.ts'
import { accepts, declines, normalizers, type RedditEvent, toItems, type User } from './items.ts'
import { type Settings, settings } from './settings.ts'

const REVISION = 1

const limits = {
  batch: 1000,
  // None is documented; vendors stay below 1 MB.
  bytes: 1_000_000,
  linger: SECOND,
  inFlight: 2,
  // 10,000 events a second, in requests of at most 1,000; it is also what test mode allows. Whose quota it is, Reddit
  // does not say.
  rate: { perSecond: 10, scope: 'account' },
  // Seven days, and a minute less: one older event and none of its request is processed, and Reddit reads its clock
  // after ours.
  maxAge: 7 * DAY - MINUTE,
  future: 5 * MINUTE,
} as const

const toRequests = (
  events: readonly RedditEvent[],
  { pixelId, accessToken, testId }: Pick<Settings, 'pixelId' | 'accessToken' | 'testId'>,
  { singly }: Packing,
): readonly Planned<RedditEvent>[] => {
  const url = `https://ads-api.reddit.com/api/v3/pixels/${pixelId}/conversion_events`
  const headers = {
    authorization: `Bearer ${accessToken}`,
    'content-type': 'application/json',
    // Common agents are throttled until the header is unique and descriptive, in this form; the answer is a plain 429.
    'user-agent': `server:converlay:v${REVISION} (conversion events of Shopify stores)`,
  }
  // Event Testing shows events only if they come alone, and the id is refused anywhere else than in `data`.
  const batch = singly || testId !== undefined ? 1 : limits.batch
  const open = testId === undefined ? '{"data":{"events":[' : `{"data":{"test_id":${JSON.stringify(testId)},"events":[`
  return pack(events, { batch, bytes: limits.bytes }, [open, ']}}']).map(({ body, items }) => ({
    request: { method: 'POST', url, headers, body },
    items,
  }))
}

/**
 * A conversion access token may read nothing, so an event is sent. With a test id Reddit does not count it; without one
 * it does, and so it gets a name of its own.
 */
const verify: Destination<Settings>['verify'] = (connection, now) => {
  const mailbox = email('converlay@example.com')
  const address = mailbox && plainMailbox(mailbox)
  const event: RedditEvent = {
    event_at: now.getTime(),
    action_source: 'WEBSITE',
    type:
      connection.testId === undefined
        ? { tracking_type: 'CUSTOM', custom_event_name: 'ConverlayConnectionTest' }
        : { tracking_type: 'PAGE_VISIT' },
    metadata: { conversion_id: `converlay_verify_${now.getTime()}` },
    user: address === undefined ? {} : { email: sha256(address) },
  }
  const [planned] = toRequests([event], connection, { singly: true, test: true, now })
  if (planned === undefined) throw new Error('one event made no request')
  return { requests: [planned.request], counts: connection.testId === undefined }
}

const STRONG = ['click_id', 'email', 'uuid'] as const
const GOOD = ['phone_number', 'external_id'] as const
const WEAK = ['ip_address', 'user_agent', 'screen_dimensions'] as const
const OF_USER = [...STRONG.filter((word) => word !== 'click_id'), ...GOOD, ...WEAK] as const satisfies (keyof User)[]

/** Reddit Conversions API, version 3. */
export const reddit = defineDestination<Settings, RedditEvent>({
  slug: 'reddit',
  name: 'Reddit',
  docs: {
    url: 'https://ads-api.reddit.com/docs/v3',
    version: 'v3',
    checked: '2026-11-22',
  },
  revision: REVISION,
  hosts: ['ads-api.reddit.com'],
  settings,
  account: ({ pixelId }) => pixelId,
  accepts,
  declines,
  limits,
  dedup: (name) => (accepts[name] === null ? undefined : { window: 2 * DAY, twinWindow: 2 * DAY, by: 'event' }),
  // "Successfully processed 3 conversion events" is said of the request, not of each event in it.
  proof: 'request',
  matchesOn: {
    strong: STRONG,
    good: GOOD,
    weak: WEAK,
    source: 'Reddit’s page on match keys, in the order of their value; it gives no weights',
  },
  // There is no consent field: without marketing consent nothing goes.
  consent: {
    purposes: ['marketing'],
    limitedUse: '`data_processing_options` with the mode `LDU`, country `US` and region `US-CA`',
  },
  normalizers,
  toItems,
  groupOf: () => 'events',
  toRequests,
  readResponse,
  carries: ({ click_id, user }) => [
    ...(click_id === undefined ? [] : ['click_id']),
    ...OF_USER.filter((field) => user[field] !== undefined),
  ],
  verify,
  readVerify,
  testing: { setting: 'testId', told: 'Reddit shows every event under Event Testing and counts none.' },
})
