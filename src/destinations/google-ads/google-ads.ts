import { sha256 } from '../../event/hash.ts'
import { email } from '../../event/identity.ts'
import { EVENT_NAMES, isOrderEvent } from '../../event/names.ts'
import { MINUTE, SECOND } from '../../lib/duration.ts'
import { type Destination, defineDestination, type Packing, type Planned } from '../destination.ts'
import { readResponse, readTested } from '../google-data-manager/answers.ts'
import { HOSTS, type IngestDestination, ingestRequests, REQUEST_LIMITS } from '../google-data-manager/ingest.ts'
import { requestStatus } from '../google-data-manager/status.ts'
import { tokenSource } from '../google-data-manager/token.ts'
import { readIngestVerify } from '../google-data-manager/verification.ts'
import { conversionActionOf, conversionActionsOf } from './conversion-action.ts'
import { accepts, type Conversion, declines, MAX_AGE, normalizers, toItems } from './items.ts'
import { type Settings, settings } from './settings.ts'

const limits = {
  ...REQUEST_LIMITS,
  // Nothing at Google hurries: it shows conversions hours later. Each request costs of the quota and has to be asked
  // about afterwards.
  linger: 10 * SECOND,
  // A stale value must not arrive behind a newer one.
  inFlight: 1,
  // 300 a minute for each Google Cloud project. Every merchant brings credentials of a project of their own, so accounts
  // share nothing. The 100,000 a day, 1.15 a second, are far beyond what requests of 2,000 come to.
  rate: { perSecond: 5, scope: 'account' },
  maxAge: MAX_AGE,
  future: 5 * MINUTE,
} as const

const destinationOf = (
  action: string,
  { customerId, loginCustomerId }: Pick<Settings, 'customerId' | 'loginCustomerId'>,
): IngestDestination => {
  const operatingAccount = { accountType: 'GOOGLE_ADS', accountId: customerId } as const
  return loginCustomerId === undefined
    ? { reference: action, operatingAccount, productDestinationId: action }
    : {
        reference: action,
        operatingAccount,
        loginAccount: { accountType: 'GOOGLE_ADS', accountId: loginCustomerId },
        productDestinationId: action,
      }
}

const groupOf = ({ destinationReferences: [action] }: Conversion): string => action

/**
 * One conversion action to a request: what became of its events is later told by destination, and it is nowhere said
 * whether rows are counted by destination or by request.
 */
const toRequests = (
  items: readonly Conversion[],
  connection: Settings,
  packing: Packing,
): readonly Planned<Conversion>[] => {
  const [first] = items
  return first === undefined ? [] : ingestRequests(items, [destinationOf(groupOf(first), connection)], packing)
}

/** A conversion that Google checks against the account and every conversion action, and does not record. */
const verify: Destination<Settings>['verify'] = (connection, now) => {
  const address = email('converlay@example.com')
  const event = {
    transactionId: `converlay-verify-${now.getTime()}`,
    eventTimestamp: now.toISOString(),
    eventSource: 'WEB',
    currency: 'USD',
    conversionValue: 0,
    userData: { userIdentifiers: address === undefined ? [] : [{ emailAddress: sha256(address) }] },
  }
  const destinations = conversionActionsOf(connection).map((action) => destinationOf(action, connection))
  const [planned] = ingestRequests([event], destinations, { singly: true, test: true })
  if (planned === undefined) throw new Error('one event made no request')
  return { requests: [planned.request], counts: false }
}

const STRONG = ['emailAddress', 'phoneNumber', 'address', 'gclid', 'gbraid', 'wbraid'] as const
const GOOD = ['sessionAttributes'] as const
const WEAK = ['ipAddress', 'userAgent'] as const

const carries = ({ userData, adIdentifiers, eventDeviceInfo }: Conversion): readonly string[] => [
  ...(userData?.userIdentifiers ?? []).flatMap((identifier) => Object.keys(identifier)),
  ...Object.keys(adIdentifiers ?? {}),
  ...Object.keys(eventDeviceInfo ?? {}),
]

/**
 * Google Ads, website conversions of the Data Manager API. The Google Ads API's own upload is closed to newcomers since
 * June 2026.
 */
export const googleAds = defineDestination<Settings, Conversion>({
  slug: 'google-ads',
  name: 'Google Ads',
  docs: {
    url: 'https://developers.google.com/data-manager/api/reference/rest/v1/events/ingest',
    version: 'Data Manager API v1 (1.9)',
    checked: '2026-11-22',
  },
  revision: 1,
  hosts: HOSTS,
  settings,
  account: ({ customerId }) => customerId,
  accepts,
  declines,
  defaultEvents: (connection) => EVENT_NAMES.filter((name) => conversionActionOf(name, connection) !== undefined),
  limits,
  // The same transaction of the same conversion action is one conversion, from tag or server and whenever it comes.
  dedup: (name) =>
    accepts[name] === null
      ? undefined
      : { window: MAX_AGE, twinWindow: MAX_AGE, by: isOrderEvent(name) ? 'order' : 'event' },
  restates: true,
  proof: 'later',
  matchesOn: {
    strong: STRONG,
    good: GOOD,
    weak: WEAK,
    source: 'Data Manager API, Event: user data and ad identifiers; session attributes and device only support them',
  },
  // No limited use: see toItems.
  consent: { purposes: ['marketing'] },
  normalizers,
  toItems,
  groupOf,
  toRequests,
  readResponse,
  carries,
  verify,
  readVerify: (responses) =>
    readIngestVerify(
      responses,
      'Google accepts the credentials, the account and the conversion actions. Whether enhanced conversions are switched on shows with the first conversions.',
    ),
  token: tokenSource((connection) => connection.credentials),
  poll: requestStatus,
  testing: {
    setting: 'testMode',
    told: 'Google checks every event against the account and its conversion actions, and records none.',
    readResponse: readTested,
  },
})
