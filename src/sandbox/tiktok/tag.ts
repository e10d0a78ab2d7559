import { arrayAt, booleanAt, isObject, type Json, objectAt, parseJson, textAt } from '../../lib/json.ts'
import { visitorIp } from '../kit/browser-hit.ts'
import { identifiersIn } from '../kit/conversions.ts'
import type { Hit, TagReading } from '../kit/reading.ts'
import { tagScript } from '../kit/tag-script.ts'
import { json, type PlatformRequest } from '../platform.ts'

/**
 * The pixel posts JSON, as text/plain, to /api/v2/pixel; what it notices by itself (clicks, page speed) goes to
 * /api/v2/pixel/act and is no conversion. The form is not documented; it is that of recorded hits.
 */
export const readTag = (request: PlatformRequest): TagReading | undefined => {
  if (request.host === 'analytics.tiktok.com' && request.path === '/i18n/pixel/events.js')
    return { answer: tagScript(new URL('./events.js', import.meta.url)) }
  const path = /^\/api\/v2\/pixel(\/act)?\/?$/.exec(request.path)
  if (!path || request.method !== 'POST') return undefined
  const parsed = parseJson(request.body, { depth: 12, values: 10_000 })
  const hit = parsed.ok && isObject(parsed.value) ? readHit(request, parsed.value, path[1] !== undefined) : undefined
  return { answer: json(200, { code: 0 }, { 'access-control-allow-origin': '*' }), hits: hit ? [hit] : [] }
}

const readHit = (
  request: PlatformRequest,
  body: { readonly [key: string]: Json },
  isActivity: boolean,
): Hit | undefined => {
  const context = objectAt(body, 'context')
  const tagId = textAt(objectAt(context, 'pixel'), 'code')
  const name = textAt(body, 'event')
  if (!tagId) return undefined
  if (isActivity || !name) return { tagId }
  const properties = objectAt(body, 'properties')
  const user = objectAt(context, 'user')
  const ids = arrayAt(properties, 'content_ids').map(String)
  return {
    tagId,
    sighted: {
      name,
      // ttq.page() sends an empty one: page views merge with nothing.
      eventId: textAt(body, 'event_id'),
      orderId: textAt(properties, 'order_id'),
      value: textAt(properties, 'value'),
      currency: textAt(properties, 'currency'),
      contentIds:
        ids.length > 0 ? ids : arrayAt(properties, 'contents').flatMap((line) => textAt(line, 'content_id') ?? []),
      occurredAt: request.now,
      identifiers: identifiersIn(
        {
          email: user.email,
          phone: user.phone_number,
          external_id: user.external_id,
          ttp: user.anonymous_id,
          ttclid: objectAt(context, 'ad').callback,
          ip: visitorIp(request),
          user_agent: request.headers['user-agent'],
        },
        ['email', 'phone', 'external_id', 'ttp', 'ttclid', 'ip', 'user_agent'],
      ),
      limited: booleanAt(body, 'limited_data_use') ?? false,
    },
  }
}
