import { createHmac } from 'node:crypto'
import type { Event } from '../../event/event.ts'
import { IDENTITY_FIELDS } from '../../event/identity.ts'
import { EVENT_NAMES, type EventName } from '../../event/names.ts'
import { DAY, MINUTE, SECOND } from '../../lib/duration.ts'
import type { HttpRequest } from '../../lib/http.ts'
import { defineDestination, skip } from '../destination.ts'
import { inClear } from '../identifiers.ts'
import { CART_STATE, toldId } from '../told.ts'
import { readResponse, readVerify } from './answers.ts'
import { keyOf, type Settings, settings } from './settings.ts'

/** A request's body in the form that the specification recommends; `timestamp` is the event's own. */
type Message = Readonly<{ type: EventName; timestamp: string; limitedUse: boolean; data: Event }>

const names = Object.fromEntries(EVENT_NAMES.map((name) => [name, name])) as Record<EventName, EventName>

/** The specification wants no full stop in an id, since full stops divide what is signed; a browser could bring one. */
const ID = /^[\w:-]{1,200}$/

/** `now` is the attempt's time: receivers refuse one that is minutes away from their clock. */
export const signed = (id: string, body: string, { url, secret }: Settings, now: Date): HttpRequest => {
  const timestamp = `${Math.floor(now.getTime() / SECOND)}`
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')
  const own = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
  return { method: 'POST', to: 'public', url, headers: { 'content-type': 'application/json', ...own }, body }
}

/** Events to a server of the merchant's own, whole and signed as the Standard Webhooks specification says. */
export const webhook = defineDestination<Settings, Message>({
  slug: 'webhook',
  name: 'Webhook',
  docs: { url: 'https://www.standardwebhooks.com/', version: 'Standard Webhooks 1.0.0', checked: '2026-11-22' },
  revision: 1,
  hosts: 'public',
  settings,
  account: ({ url }) => new URL(url).href,
  accepts: { ...names, cart_updated: null },
  declines: { cart_updated: CART_STATE },
  limits: {
    batch: 1,
    bytes: 1024 * 1024,
    linger: 0,
    inFlight: 32,
    rate: { perSecond: 50, scope: 'connection' },
    // The specification wants retries over "multiple days"; the other limits are our own.
    maxAge: 7 * DAY,
    future: 5 * MINUTE,
  },
  // By webhook-id. In the specification's example ids are remembered for five minutes; our form asks for a day.
  dedup: (name) => (name === 'cart_updated' ? undefined : { window: DAY, twinWindow: 0, by: 'event' }),
  proof: 'event',
  matchesOn: { strong: [], good: IDENTITY_FIELDS, weak: [], source: 'all that an event has; your server decides' },
  consent: { purposes: ['marketing'], limitedUse: '`limitedUse: true` in the body' },
  normalizers: Object.fromEntries(IDENTITY_FIELDS.map((field) => [field, inClear])),
  toItems: (event, _, { limited }) => {
    if (event.name === 'cart_updated') return skip('not_accepted')
    if (!ID.test(toldId(event))) return skip('invalid_field', 'id')
    return [{ type: event.name, timestamp: event.occurredAt, limitedUse: limited, data: event }]
  },
  groupOf: () => 'events',
  toRequests: (items, to, { now }) =>
    items.map((item) => ({ request: signed(toldId(item.data), JSON.stringify(item), to, now), items: [item] })),
  readResponse,
  carries: ({ data: { identity } }) => IDENTITY_FIELDS.filter((field) => identity?.[field] !== undefined),
  verify: (to, now) => {
    const body = { type: 'converlay.test', timestamp: now.toISOString(), limitedUse: false, data: {} }
    return { requests: [signed(`test_${now.getTime()}`, JSON.stringify(body), to, now)], counts: true }
  },
  readVerify,
})
