import { arrayAt, parseJson } from '../../lib/json.ts'
import { bracketed, hitFields, imageAnswer, visitorIp } from '../kit/browser-hit.ts'
import { identifiersIn } from '../kit/conversions.ts'
import type { Hit, TagReading } from '../kit/reading.ts'
import { tagScript } from '../kit/tag-script.ts'
import type { PlatformRequest } from '../platform.ts'

/** The pixel's image: /tr?id=<pixel>&ev=<name>&eid=<event id>&cd[value]=… */
export const readTag = (request: PlatformRequest): TagReading | undefined => {
  if (request.host === 'connect.facebook.net' && request.path === '/en_US/fbevents.js')
    return { answer: tagScript(new URL('./fbevents.js', import.meta.url)) }
  if (!/^\/tr\/?$/.test(request.path)) return undefined
  const hit = readHit(request)
  return { answer: imageAnswer(), hits: hit ? [hit] : [] }
}

const IDENTIFIERS = ['em', 'ph', 'external_id', 'fbc', 'fbp', 'client_ip_address', 'client_user_agent']

/** `content_ids` comes as JSON text. */
const idsIn = (text: string | undefined): readonly string[] => {
  const parsed = parseJson(text ?? '', { depth: 4, values: 5000 })
  return parsed.ok ? arrayAt({ ids: parsed.value }, 'ids').map(String) : []
}

const readHit = (request: PlatformRequest): Hit | undefined => {
  const fields = hitFields(request)
  const tagId = fields.get('id')
  const name = fields.get('ev')
  if (!tagId || !name) return undefined
  const data = bracketed(fields, 'cd')
  const person = bracketed(fields, 'ud')
  return {
    tagId,
    sighted: {
      name,
      eventId: fields.get('eid') || undefined,
      orderId: data.order_id,
      value: data.value,
      currency: data.currency,
      contentIds: idsIn(data.content_ids),
      occurredAt: request.now,
      identifiers: identifiersIn(
        {
          ...person,
          fbc: fields.get('fbc'),
          fbp: fields.get('fbp'),
          client_ip_address: visitorIp(request),
          client_user_agent: request.headers['user-agent'],
        },
        IDENTIFIERS,
      ),
      limited: fields.get('dpo') === 'LDU',
    },
  }
}
