import { hash } from 'node:crypto'
import { DAY, MINUTE } from '../../lib/duration.ts'
import { type Destination, defineDestination, type Packing, type Planned } from '../destination.ts'
import { pack } from '../pack.ts'
import { readResponse, readVerify } from './answers.ts'
import { accepts, declines, defaultEvents, type KlaviyoEvent, sharesUniqueId, toItems } from './items.ts'
import { normalizers, type ProfileAttributes } from './profile.ts'
import { type Settings, settings } from './settings.ts'

/**
 * The interface as it was on this day. Once retired, Klaviyo reads it as a newer one without a word. The header that
 * makes it refuse instead is not sent: a merchant is better served by events that arrive, and `sunset` warns in time.
 */
const REVISION = '2026-07-15'
const API = 'https://a.klaviyo.com/api'
const MEDIA_TYPE = 'application/vnd.api+json'

// 5 MB; taken as the smaller of its two meanings.
const BYTES = 5_000_000

const limits = {
  batch: 1,
  bytes: BYTES,
  linger: 0,
  inFlight: 32,
  // 3,500 a minute and account.
  rate: { perSecond: 58, scope: 'account' },
  // Klaviyo takes anything after 1990 (until lately 2000), which whole histories are imported with. How old an event
  // may be to start a flow is not documented; what comes from history is marked as backfill, so it starts none.
  maxAge: 20 * 365 * DAY,
  // A year is allowed; a clock that far ahead is broken.
  future: 5 * MINUTE,
  // 150 requests a minute.
  bulk: { batch: 1000, bytes: BYTES, inFlight: 2, rate: { perSecond: 2.5, scope: 'account' } },
} as const

const headersOf = ({ apiKey }: Pick<Settings, 'apiKey'>) => ({
  authorization: `Klaviyo-API-Key ${apiKey}`,
  revision: REVISION,
  accept: MEDIA_TYPE,
})

const toRequests = (
  events: readonly KlaviyoEvent[],
  connection: Settings,
  { singly, bulk }: Packing,
): readonly Planned<KlaviyoEvent>[] => {
  const headers = { ...headersOf(connection), 'content-type': MEDIA_TYPE }
  const request = (url: string, body: string) => ({ method: 'POST', url, headers, body }) as const
  const single = (some: readonly KlaviyoEvent[]) =>
    pack(some, limits, ['{"data":', '}']).map(({ body, items }) => ({ request: request(`${API}/events`, body), items }))
  if (singly || !bulk || events.every(sharesUniqueId)) return single(events)
  let from = 0
  return pack(events.map(inBulk), limits.bulk, IN_BULK).flatMap(({ body, items }) => {
    const some = events.slice(from, from + items.length)
    from += some.length
    // The bulk interface refuses a repeat, the single one takes it as what it is.
    return some.length === 1 ? single(some) : { request: request(`${API}/event-bulk-create-jobs`, body), items: some }
  })
}

const IN_BULK = [
  '{"data":{"type":"event-bulk-create-job","attributes":{"events-bulk-create":{"data":[',
  ']}}}}',
] as const

/** One element for each event, though people could be grouped: an error's pointer then names the event by its place. */
const inBulk = ({ type, attributes: { profile, ...attributes } }: KlaviyoEvent) => ({
  type: 'event-bulk-create',
  attributes: {
    // On both levels, since it is not documented which of them rules.
    ...(attributes.backfill && { backfill: true }),
    profile,
    events: { data: [{ type, attributes }] },
  },
})

const METRICS_OF_SHOPIFY = `${API}/metrics?filter=${encodeURIComponent("equals(integration.name,'Shopify')")}`

/**
 * Reading the account proves the key, not that it may write. So an event without a person, a metric and properties is
 * posted too: Klaviyo can but refuse it, and records nothing.
 */
const verify: Destination<Settings>['verify'] = (connection, now) => {
  const headers = headersOf(connection)
  const attributes = { unique_id: `converlay_verify_${now.getTime()}`, time: now.toISOString() }
  return {
    requests: [
      { method: 'GET', url: `${API}/accounts`, headers },
      { method: 'GET', url: METRICS_OF_SHOPIFY, headers },
      {
        method: 'POST',
        url: `${API}/events`,
        headers: { ...headers, 'content-type': MEDIA_TYPE },
        body: JSON.stringify({ data: { type: 'event', attributes } }),
      },
    ],
    counts: false,
  }
}

/** Only these make a person somebody who can be written to. */
const STRONG = ['email', 'phone_number'] as const satisfies readonly (keyof ProfileAttributes)[]
const GOOD = ['external_id', '_kx'] as const satisfies readonly (keyof ProfileAttributes)[]
/** Counts for nothing until the person is known by another one. */
const WEAK = ['anonymous_id'] as const satisfies readonly (keyof ProfileAttributes)[]

/** Klaviyo Events API. */
export const klaviyo = defineDestination<Settings, KlaviyoEvent>({
  slug: 'klaviyo',
  name: 'Klaviyo',
  docs: {
    url: 'https://developers.klaviyo.com/en/reference/events_api_overview',
    version: `revision ${REVISION}`,
    checked: '2026-11-22',
    // Two years after its day, as every revision.
    sunset: '2028-07-15',
  },
  revision: 1,
  hosts: ['a.klaviyo.com'],
  settings,
  // The key names no account, and which it belongs to only Klaviyo could say. So the key's own fingerprint stands for
  // the account: it never changes, gives nothing of the key away, and is another for another key of the same account.
  account: ({ apiKey }) => `key-${hash('sha256', apiKey, 'hex').slice(0, 12)}`,
  accepts,
  declines,
  defaultEvents,
  limits,
  // No end is documented. What Klaviyo's snippet and its own integration send are other metrics, so no tag has a twin.
  dedup: (name) => (accepts[name] === null ? undefined : { window: 365 * DAY, twinWindow: 0, by: 'event' }),
  // 202: looked at and queued. What is dropped later, repeats above all, nobody is told.
  proof: 'request',
  matchesOn: {
    strong: STRONG,
    good: GOOD,
    weak: WEAK,
    source: 'Minimum identifiers and profile of Create Event, revision 2026-07-15',
  },
  // Events have no field for consent: without consent to marketing, or after an opt-out of sale, nothing goes.
  consent: { purposes: ['marketing'] },
  normalizers,
  toItems,
  // Two groups, for the sake of backlogs only: live, each event goes by itself anyway.
  groupOf: (event) => (sharesUniqueId(event) ? 'single' : 'any'),
  toRequests,
  readResponse,
  carries: ({ attributes: { profile } }) =>
    [...STRONG, ...GOOD, ...WEAK].filter((field) => profile.data.attributes[field] !== undefined),
  verify,
  readVerify,
})
