import type { HttpRequest } from '../../lib/http.ts'
import type { Packing, Planned } from '../destination.ts'
import type { AdConsent } from '../google-data-manager/ad-consent.ts'
import { pack } from '../pack.ts'
import type { GaEvent } from './ga-event.ts'
import type { Person } from './person.ts'
import type { Settings } from './settings.ts'
import { type UserData, userDataOf } from './user-data.ts'

/** What a request says once for all of its events, so only those of equal senders can share one. */
interface Sender {
  client_id: string
  user_id?: string
  user_agent?: string
  ip_override?: string
  consent?: Consent
  non_personalized_ads?: true
  user_data?: UserData
}

/** A request with one event. */
export interface MeasuredEvent extends Sender {
  readonly events: readonly [GaEvent]
}

interface Consent {
  ad_user_data?: Status
  ad_personalization?: Status
}

type Status = 'GRANTED' | 'DENIED'

/** What settings have in this way of sending. */
export type Access = Pick<Settings, 'measurementId' | 'region'> & { readonly apiSecret: string }

export const HOSTS = { global: 'www.google-analytics.com', eu: 'region1.google-analytics.com' } as const

/** Of one request. "130 kB" is read as the smaller of its two meanings. */
export const REQUEST_LIMITS = { batch: 25, bytes: 130_000 } as const

const headers = { 'content-type': 'application/json' }

export const measured = (event: GaEvent, person: Person, limited: boolean): MeasuredEvent => {
  const sender: Sender = { client_id: person.clientId }
  if (person.userId !== undefined) sender.user_id = person.userId
  if (person.userAgent !== undefined) sender.user_agent = person.userAgent
  if (person.ip !== undefined) sender.ip_override = person.ip
  const consent = consentOf(person.consent)
  if (consent !== undefined) sender.consent = consent
  // The older form of the same wish. An opt-out of sale is the law's demand, so it is told both ways.
  if (limited) sender.non_personalized_ads = true
  const user = person.identity && userDataOf(person.identity)
  if (user !== undefined) sender.user_data = user
  return Object.assign(sender, { events: [event] as const })
}

/** Where nothing is told, what the tag told of the same browser counts. */
const consentOf = ({ userData, personalization }: AdConsent): Consent | undefined => {
  if (userData === undefined && personalization === undefined) return undefined
  const consent: Consent = {}
  if (userData !== undefined) consent.ad_user_data = status(userData)
  if (personalization !== undefined) consent.ad_personalization = status(personalization)
  return consent
}

const status = (granted: boolean): Status => (granted ? 'GRANTED' : 'DENIED')

/** The whole URL is a secret: the key to the account stands in it. */
const urlOf = ({ measurementId, region, apiSecret }: Access, path: '/mp/collect' | '/debug/mp/collect'): string =>
  `https://${HOSTS[region]}${path}?measurement_id=${measurementId}&api_secret=${encodeURIComponent(apiSecret)}`

/** All that a request says once, as text: events may share a request if it is the same for them. */
export const senderOf = (event: MeasuredEvent): string => JSON.stringify({ ...event, events: undefined })

/** Requests for events of one sender. As a test they go to the validation server, which stores nothing. */
export const measuredRequests = (
  events: readonly MeasuredEvent[],
  access: Access,
  { singly, test }: Packing,
): readonly Planned<MeasuredEvent>[] => {
  const [first] = events
  if (first === undefined) return []
  const url = urlOf(access, test ? '/debug/mp/collect' : '/mp/collect')
  const open = `${senderOf(first).slice(0, -1)},"events":[`
  const { bytes } = REQUEST_LIMITS
  const batch = singly ? 1 : REQUEST_LIMITS.batch
  const inner = events.map(({ events: [event] }) => event)
  let from = 0
  return pack(inner, { batch, bytes }, [open, ']}']).map(({ body, items }) => {
    const planned = events.slice(from, from + items.length)
    from += items.length
    return { request: { method: 'POST', url, headers, body }, items: planned }
  })
}

/** An event for the validation server, which says what is wrong with the form of events and knows nothing of secrets. */
export const validation = (access: Access, now: Date): HttpRequest => ({
  method: 'POST',
  url: urlOf(access, '/debug/mp/collect'),
  headers,
  body: JSON.stringify({
    client_id: '1000000000.1000000000',
    validation_behavior: 'ENFORCE_RECOMMENDATIONS',
    events: [{ name: 'converlay_test', timestamp_micros: now.getTime() * 1000, params: { engagement_time_msec: 100 } }],
  }),
})
