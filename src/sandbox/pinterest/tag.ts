import { arrayAt, isObject, type Json, parseJson, textAt } from '../../lib/json.ts'
import { bracketed, hitFields, imageAnswer, visitorIp } from '../kit/browser-hit.ts'
import { identifiersIn } from '../kit/conversions.ts'
import type { Hit, TagReading } from '../kit/reading.ts'
import { tagScript } from '../kit/tag-script.ts'
import type { PlatformRequest } from '../platform.ts'
import { EVENT_NAMES } from './rules.ts'

/** Tag names have no case and no underscores (PageVisit, AddToCart); the API's have underscores. */
const API_NAME: ReadonlyMap<string, string> = new Map([...EVENT_NAMES].map((name) => [name.replaceAll('_', ''), name]))

const readObject = (text: string | null): { readonly [key: string]: Json } => {
  const parsed = parseJson(text ?? '', { depth: 8, values: 5000 })
  return parsed.ok && isObject(parsed.value) ? parsed.value : {}
}

/** The tag's script, and its hits. */
export const readTag = (request: PlatformRequest): TagReading | undefined => {
  if (request.host === 's.pinimg.com')
    return request.path === '/ct/core.js' ? { answer: tagScript(new URL('./core.js', import.meta.url)) } : undefined
  if (!/^\/v3\/?$/.test(request.path)) return undefined
  const hit = readHit(request)
  return { answer: imageAnswer(), hits: hit ? [hit] : [] }
}

const readHit = (request: PlatformRequest): Hit | undefined => {
  const fields = hitFields(request)
  const tagId = fields.get('tid')
  const name = fields.get('event')?.toLowerCase().replaceAll('_', '')
  if (!tagId || !name) return undefined
  // Page loads are no conversions.
  if (name === 'page' || name === 'init') return { tagId }
  // `ed` is the data object of the track call, `pd` what the load call and the cookie told of the person.
  const data = { ...bracketed(fields, 'ed'), ...readObject(fields.get('ed')) }
  const person = readObject(fields.get('pd'))
  return {
    tagId,
    sighted: {
      name: API_NAME.get(name) ?? name,
      eventId: textAt(data, 'event_id'),
      occurredAt: request.now,
      value: textAt(data, 'value'),
      currency: textAt(data, 'currency'),
      orderId: textAt(data, 'order_id'),
      contentIds: arrayAt(data, 'line_items').flatMap((line) => textAt(line, 'product_id') ?? []),
      identifiers: identifiersIn(
        {
          em: textAt(person, 'em'),
          external_id: textAt(person, 'external_id'),
          click_id: textAt(person, 'epik'),
          client_ip_address: visitorIp(request),
          client_user_agent: request.headers['user-agent'],
        },
        ['em', 'external_id', 'click_id', 'client_ip_address', 'client_user_agent'],
      ),
      limited: textAt(data, 'opt_out_type') === 'LDP',
    },
  }
}
