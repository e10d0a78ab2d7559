import { HOUR, MINUTE, SECOND } from '../../lib/duration.ts'
import { type Destination, defineDestination } from '../destination.ts'
import { HOSTS as DATA_MANAGER_HOSTS } from '../google-data-manager/ingest.ts'
import { requestStatus } from '../google-data-manager/status.ts'
import { tokenSource } from '../google-data-manager/token.ts'
import { isPurchase } from '../told.ts'
import { readResponse, readTested, readVerify } from './answers.ts'
import { isDerived } from './client-id.ts'
import { ingestedRequests, probe } from './data-manager.ts'
import { accepts, declines, defaultEvents } from './event-names.ts'
import { type Item, isIngested, isMeasured, toItems } from './items.ts'
import { HOSTS, measuredRequests, REQUEST_LIMITS, senderOf, validation } from './measurement-protocol.ts'
import { type Settings, settings } from './settings.ts'
import { normalizers } from './user-data.ts'

/** How far back Google Analytics takes events, and so the longest a repeat of a purchase can be of use. */
const BACKDATING = 72 * HOUR

const limits = {
  // Both are the Measurement Protocol's. The Data Manager API takes 2,000 events, but a definition has one set of limits
  // for all its connections; and it refuses all of a request for one bad event, so small ones lose less.
  ...REQUEST_LIMITS,
  linger: SECOND,
  // A request carries one visitor's events only, so several have to be on their way for many visitors.
  inFlight: 8,
  // The Data Manager API allows 300 a minute for each Google Cloud project. Every merchant brings credentials of a
  // project of their own, so accounts share nothing. None is documented for the Measurement Protocol.
  rate: { perSecond: 5, scope: 'account' },
  maxAge: BACKDATING,
  future: 5 * MINUTE,
} as const

type Toward = Destination<Settings, Item>

/** Settings name one way of two; the schema lets no others pass. */
const wayOf = ({ apiSecret, propertyId, ...rest }: Settings) => {
  if (apiSecret !== undefined) return { ...rest, apiSecret }
  if (propertyId !== undefined) return { ...rest, propertyId }
  throw new Error('settings without a way to send')
}

const toRequests: Toward['toRequests'] = (items, settings, how) => {
  const way = wayOf(settings)
  return 'apiSecret' in way
    ? measuredRequests(items.filter(isMeasured), way, how)
    : ingestedRequests(items.filter(isIngested), way, how)
}

/** Neither way records what it is asked to look at. */
const verify: Toward['verify'] = (settings, now) => {
  const way = wayOf(settings)
  if ('apiSecret' in way) return { requests: [validation(way, now)], counts: false }
  const [planned] = ingestedRequests([probe(now)], way, { singly: true, test: true, now })
  if (planned === undefined) throw new Error('one event made no request')
  return { requests: [planned.request], counts: false }
}

/** An id that we derived tells visitors apart and is known to no tag. */
const OWN_CLIENT_ID = 'client_id of our own'

/** Identifiers by the Measurement Protocol's names, whichever way they go. */
const carries: Toward['carries'] = (item) => {
  const found: string[] = []
  const put = (name: string, value: unknown) => {
    if (value !== undefined) found.push(name)
  }
  if (isMeasured(item)) {
    found.push(isDerived(item.client_id) ? OWN_CLIENT_ID : 'client_id')
    put('session_id', item.events[0].params.session_id)
    put('user_id', item.user_id)
    put('sha256_email_address', item.user_data?.sha256_email_address)
    put('sha256_phone_number', item.user_data?.sha256_phone_number)
    put('address', item.user_data?.address)
    put('user_agent', item.user_agent)
    put('ip_override', item.ip_override)
    return found
  }
  found.push(isDerived(item.clientId) ? OWN_CLIENT_ID : 'client_id')
  put(
    'session_id',
    item.additionalEventParameters.find(({ parameterName }) => parameterName === 'session_id'),
  )
  put('user_id', item.userId)
  for (const identifier of item.userData?.userIdentifiers ?? [])
    found.push(
      'emailAddress' in identifier
        ? 'sha256_email_address'
        : 'phoneNumber' in identifier
          ? 'sha256_phone_number'
          : 'address',
    )
  put('user_agent', item.eventDeviceInfo?.userAgent)
  put('ip_override', item.eventDeviceInfo?.ipAddress)
  return found
}

/** Google Analytics 4, through the Measurement Protocol or the Data Manager API. */
export const ga4 = defineDestination<Settings, Item>({
  slug: 'ga4',
  name: 'Google Analytics 4',
  docs: {
    url: 'https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference',
    // The Measurement Protocol has no versions. It is reported to be in maintenance, without a date for its end.
    version: 'Measurement Protocol; Data Manager API v1 (1.9)',
    checked: '2026-11-22',
  },
  revision: 1,
  hosts: [HOSTS.global, HOSTS.eu, ...DATA_MANAGER_HOSTS],
  settings,
  account: ({ measurementId }) => measurementId,
  accepts,
  declines,
  defaultEvents,
  limits,
  // By `transaction_id`, on web streams, without a documented end. Every other event is counted as often as it comes.
  dedup: (name) => (isPurchase(name) ? { window: BACKDATING, twinWindow: BACKDATING, by: 'order' } : undefined),
  // True for the Measurement Protocol. The Data Manager API can be asked later, and then its events are delivered.
  proof: 'none',
  matchesOn: {
    strong: ['client_id', 'session_id'],
    good: ['user_id', 'sha256_email_address', 'sha256_phone_number', 'address'],
    weak: [OWN_CLIENT_ID, 'user_agent', 'ip_override'],
    source: 'Measurement Protocol: reference, and user-provided data with User-ID',
  },
  // What Google may do for ads is told with each event; Analytics itself needs consent to analytics only.
  consent: {
    purposes: ['analytics'],
    limitedUse: '`ad_user_data` and `ad_personalization` are `DENIED`, and no `user_data` is sent',
  },
  normalizers,
  toItems,
  groupOf: (item) => (isMeasured(item) ? senderOf(item) : 'events'),
  toRequests,
  readResponse,
  carries,
  verify,
  readVerify,
  token: tokenSource(({ credentials }) => credentials),
  poll: requestStatus,
  testing: {
    setting: 'testMode',
    told: 'Google checks the form of every event and keeps none.',
    readResponse: readTested,
  },
})
