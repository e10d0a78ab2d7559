import { type Packing, type Planned, TOKEN } from '../destination.ts'
import { pack } from '../pack.ts'

/** The hosts of the interface and of its tokens. */
export const HOSTS = ['datamanager.googleapis.com', 'oauth2.googleapis.com'] as const

const INGEST_URL = 'https://datamanager.googleapis.com/v1/events:ingest'

export const BEARER = `Bearer ${TOKEN}`

/** Limits of one request. Google documents no limit of bytes; 8 MiB stays below what its front ends are known to take. */
export const REQUEST_LIMITS = { batch: 2000, bytes: 8 * 1024 * 1024 } as const

export interface Account {
  readonly accountType: 'GOOGLE_ADS' | 'GOOGLE_ANALYTICS_PROPERTY'
  readonly accountId: string
}

/** Where in a Google product the events of a request go. */
export interface IngestDestination {
  /** By which events of the request name it. */
  readonly reference?: string
  readonly operatingAccount: Account
  /** The account in which the credentials are a user, where that is a manager of the other. */
  readonly loginAccount?: Account
  /** A conversion action's number, or an Analytics stream's measurement id. */
  readonly productDestinationId: string
}

export interface Consent {
  adUserData?: ConsentStatus
  adPersonalization?: ConsentStatus
}

export type ConsentStatus = 'CONSENT_GRANTED' | 'CONSENT_DENIED'

/** What every kind of event has in common, as far as packing has to know. */
interface Ingestible {
  /** RFC 3339. */
  readonly eventTimestamp: string
  readonly userData?: unknown
}

/** Requests that hand events to their destinations, in order and within the limits; each event once. */
export const ingestRequests = <Item extends Ingestible>(
  events: readonly Item[],
  destinations: readonly IngestDestination[],
  { singly, test }: Pick<Packing, 'singly' | 'test'>,
): readonly Planned<Item>[] => {
  const open = [
    `{"destinations":${JSON.stringify(destinations)}`,
    // Wanted as soon as one event has hashes, and one for the whole request.
    ...(events.some(({ userData }) => userData !== undefined) ? ['"encoding":"HEX"'] : []),
    ...(test ? ['"validateOnly":true'] : []),
    '"events":[',
  ].join(',')
  const limits = singly ? { ...REQUEST_LIMITS, batch: 1 } : REQUEST_LIMITS
  return pack(events, limits, [open, ']}']).map(({ body, items }) => ({
    request: {
      method: 'POST',
      url: INGEST_URL,
      headers: { authorization: BEARER, 'content-type': 'application/json' },
      body,
    },
    items,
  }))
}
