import { browserIdsFrom } from '../../event/browser-ids.ts'
import type { Event, EventId, Landing, Page, Shop } from '../../event/event.ts'
import { pixelIdFrom } from '../../event/event-ids.ts'
import { compactOrAbsent, isObject, type Json, objectAt, textAt } from '../../lib/json.ts'
import { customOf } from '../custom.ts'
import { instant } from '../instant.ts'
import { notAhead } from '../not-ahead.ts'
import { eventOf, type Sighting } from '../sighting.ts'
import { type Decoded, type Message, nothing } from '../source.ts'
import { webUrlAt } from '../web-url.ts'
import { consentOf } from './consent.ts'
import { kindOf } from './kinds.ts'
import { isOrderCall, orderCall } from './order.ts'
import { personOf } from './person.ts'

/** Where a call came in: alone, or in a batch that says when it was sent. */
export interface Envelope {
  readonly message: Message
  readonly shop: Shop
  readonly sentAt: string | undefined
}

/** A call as far as all kinds of it are read alike. */
export interface Call {
  readonly sighting: Sighting
  readonly flags: Set<string>
  readonly raw: { readonly [key: string]: Json }
  readonly properties: { readonly [key: string]: Json }
  readonly occurredAt: string
  /** By the call's own message id; undefined where it has none that can be used. */
  readonly id: EventId | undefined
  /** Page, person, ids, consent: what every call tells beside its own facts. */
  readonly told: Pick<Event, 'occurredAt'> & {
    readonly [K in 'page' | 'landing' | 'identity' | 'ids' | 'consent']: Event[K] | undefined
  }
}

const NO_ID = 'A call has no usable messageId, so that a repeat of it could not be told from it.'

/** Kinds of calls that tell of a person and not of an act. */
const SILENT: Readonly<Record<string, string>> = {
  identify: 'An identify call tells who somebody is, and of no act; put the traits into the context of what they do.',
  group: 'A group call tells of no act of a shopper.',
  alias: 'An alias call tells of no act of a shopper.',
}

/** A call in our words; `nothing` where it tells of no act, and in plain words what is wrong with one that cannot be read. */
export const decodeCall = (envelope: Envelope, raw: Json): Decoded | string => {
  if (!isObject(raw)) return 'A call is not a JSON object.'
  const type = textAt(raw, 'type') ?? (textAt(raw, 'event') === undefined ? 'page' : 'track')
  const silent = SILENT[type]
  if (silent !== undefined) return nothing(silent)
  if (type !== 'track' && type !== 'page' && type !== 'screen')
    return nothing(`A call of the type ${type.slice(0, 40)} is not known.`)
  const name = type === 'track' ? textAt(raw, 'event') : 'Page Viewed'
  if (name === undefined || name.length > 100) return 'A call has no event name.'
  const call = readCall(envelope, raw, name)
  if (typeof call === 'string') return call
  if (isOrderCall(name)) return orderCall(call, name, envelope.message.trusted === true)
  if (call.id === undefined) return NO_ID
  const kind = kindOf(name)
  const facts = kind?.read(call.properties, call.flags)
  const event = eventOf(call.sighting, {
    ...call.told,
    id: call.id,
    name: kind?.name ?? 'custom',
    ...facts,
    ...(kind ? {} : { custom: customOf(name, call.properties, call.flags) }),
  })
  return { events: [{ ...event, origin: 'track' }], parts: [], orders: [] }
}

const readCall = (
  { message, shop, sentAt }: Envelope,
  raw: { readonly [key: string]: Json },
  name: string,
): Call | string => {
  const flags = new Set<string>()
  const occurredAt = timeOf(message, raw, sentAt, flags)
  if (occurredAt === undefined) return 'A call does not tell when it happened.'
  const context = objectAt(raw, 'context')
  const properties = objectAt(raw, 'properties')
  const onPage = objectAt(context, 'page')
  const page = compactOrAbsent<Page>({
    url: webUrlAt(properties, 'url') ?? webUrlAt(onPage, 'url'),
    referrer: webUrlAt(onPage, 'referrer') ?? webUrlAt(properties, 'referrer'),
    title: textAt(onPage, 'title') ?? textAt(properties, 'title'),
  })
  const landing = objectAt(context, 'landing')
  const landed = { url: textAt(landing, 'url'), at: instant(textAt(landing, 'at')) }
  const who = message.trusted ? 'track' : 'track-public'
  return {
    sighting: { message, shop, by: `${who}:${name}`, flags },
    flags,
    raw,
    properties,
    occurredAt,
    id: pixelIdFrom(textAt(raw, 'messageId')),
    told: {
      occurredAt,
      page,
      landing: compactOrAbsent<Landing>({
        url: webUrlAt(landing, 'url'),
        referrer: webUrlAt(landing, 'referrer'),
        at: landed.at,
      }),
      identity: personOf(message, raw, flags),
      ids: browserIdsFrom(
        {
          cookies: objectAt(context, 'cookies'),
          urls: [textAt(onPage, 'url'), textAt(properties, 'url')],
          landing: landed,
        },
        occurredAt,
      ),
      consent: consentOf(context, occurredAt),
    },
  }
}

/**
 * When it happened: the call's own time, corrected by how far its sender's clock is off (the moment it says it was sent
 * against our receipt of it), never ahead of us.
 */
const timeOf = (
  message: Message,
  raw: Json,
  batchSentAt: string | undefined,
  flags: Set<string>,
): string | undefined => {
  const received = instant(message.receivedAt)
  const told = instant(textAt(raw, 'originalTimestamp')) ?? instant(textAt(raw, 'timestamp'))
  if (told === undefined) flags.add('timestamp_unreadable')
  const sent = instant(textAt(raw, 'sentAt') ?? batchSentAt)
  const off = received !== undefined && sent !== undefined ? Date.parse(sent) - Date.parse(received) : 0
  // A clock that is ahead is set back; one that is behind cannot be told from a message that waited on its way.
  const own = told !== undefined && off > 0 ? new Date(Date.parse(told) - off).toISOString() : told
  return notAhead(message.receivedAt, own ?? sent ?? received)
}
