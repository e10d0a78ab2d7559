import { arrayAt, isObject, type Json, parseJson, textAt } from '../../lib/json.ts'
import type { Answer, PlatformRequest } from '../platform.ts'
import type { Sighting } from './conversions.ts'
import { EVENT_NAMES } from './rules.ts'

/** The smallest transparent GIF: what a tag's image request gets. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

export const tagAnswer = (): Answer => ({
  status: 200,
  headers: { 'content-type': 'image/gif', 'cache-control': 'no-store', 'access-control-allow-origin': '*' },
  body: PIXEL,
})

export interface TagHit {
  readonly tagId: string
  /** The tag's own name in lower case, e.g. addtocart; page for pintrk('page'). */
  readonly name: string
  /** The data object of the track call. */
  readonly data: { readonly [key: string]: Json }
  /** What the load call and the cookie told of the person: em, external_id, epik. */
  readonly person: { readonly [key: string]: Json }
}

/** Tag names have no case and no underscores (PageVisit, AddToCart); the API's have underscores. */
const API_NAME: ReadonlyMap<string, string> = new Map([...EVENT_NAMES].map((name) => [name.replaceAll('_', ''), name]))

const readObject = (text: string | null): { readonly [key: string]: Json } => {
  const parsed = parseJson(text ?? '', { depth: 8, values: 5000 })
  return parsed.ok && isObject(parsed.value) ? parsed.value : {}
}

/** `ed[event_id]=...` of the image fallback without scripts. */
const bracketed = (query: URLSearchParams): { readonly [key: string]: Json } =>
  Object.fromEntries(
    [...query].flatMap(([key, value]) => {
      const name = /^ed\[(\w+)\]$/.exec(key)?.[1]
      return name === undefined ? [] : [[name, value]]
    }),
  )

/** Reads a hit out of an image's query or a posted form. */
export const readHit = (request: PlatformRequest): TagHit | undefined => {
  const query = request.method === 'POST' ? new URLSearchParams(request.body) : request.query
  const tagId = query.get('tid') ?? request.query.get('tid')
  const name = query.get('event')
  if (!tagId || !name) return undefined
  return {
    tagId,
    name: name.toLowerCase().replaceAll('_', ''),
    data: { ...bracketed(query), ...readObject(query.get('ed')) },
    person: readObject(query.get('pd')),
  }
}

/** What a hit counts as; undefined for page loads, which are no conversions. */
export const tagSighting = (hit: TagHit, account: string, request: PlatformRequest): Sighting | undefined => {
  if (hit.name === 'page' || hit.name === 'init') return undefined
  const em = textAt(hit.person, 'em')
  const externalId = textAt(hit.person, 'external_id')
  const clickId = textAt(hit.person, 'epik')
  const userAgent = request.headers['user-agent']
  // Simulated shoppers have an address each; on the real host only the connection counts.
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')[0]
    ?.trim()
  const ip = forwarded || request.ip
  return {
    source: 'tag',
    account,
    name: API_NAME.get(hit.name) ?? hit.name,
    eventId: textAt(hit.data, 'event_id'),
    occurredAt: request.now,
    receivedAt: request.now,
    offline: false,
    value: textAt(hit.data, 'value'),
    currency: textAt(hit.data, 'currency'),
    orderId: textAt(hit.data, 'order_id'),
    contentIds: arrayAt(hit.data, 'line_items').flatMap((line) => textAt(line, 'product_id') ?? []),
    identifiers: [
      ...(em ? ['em'] : []),
      ...(externalId ? ['external_id'] : []),
      ...(clickId ? ['click_id'] : []),
      'client_ip_address',
      ...(userAgent ? ['client_user_agent'] : []),
    ],
    em: em ? [em] : [],
    ph: [],
    externalId: externalId ? [externalId] : [],
    clickId,
    ip,
    userAgent,
    optOut: false,
    limited: textAt(hit.data, 'opt_out_type') === 'LDP',
    warning: '',
  }
}
