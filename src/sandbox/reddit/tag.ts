import { arrayAt, parseJson, textAt } from '../../lib/json.ts'
import { hitFields, imageAnswer, visitorIp } from '../kit/browser-hit.ts'
import { identifiersIn } from '../kit/conversions.ts'
import type { Hit, TagReading } from '../kit/reading.ts'
import { tagScript } from '../kit/tag-script.ts'
import type { PlatformRequest } from '../platform.ts'
import { API_NAME, IDENTIFIERS } from './schema.ts'

/**
 * The pixel's image: /rp.gif?id=<pixel>&event=Purchase&m.conversionId=…&m.valueDecimal=…&uuid=… Reddit publishes only
 * the script's calls; the names on the wire are those of hits that others have recorded.
 */
export const readTag = (request: PlatformRequest): TagReading | undefined => {
  if (request.host === 'www.redditstatic.com' && request.path === '/ads/pixel.js')
    return { answer: tagScript(new URL('./pixel.js', import.meta.url)) }
  if (request.path !== '/rp.gif') return undefined
  const hit = readHit(request)
  return { answer: imageAnswer(), hits: hit ? [hit] : [] }
}

const productIds = (text: string | undefined): readonly string[] => {
  const parsed = parseJson(text ?? '', { depth: 4, values: 5000 })
  return parsed.ok ? arrayAt({ products: parsed.value }, 'products').flatMap((one) => textAt(one, 'id') ?? []) : []
}

const readHit = (request: PlatformRequest): Hit | undefined => {
  const fields = hitFields(request)
  // Recorded hits write out what the page left undefined.
  const told = (name: string): string | undefined => {
    const value = fields.get(name)
    return value === 'undefined' ? undefined : value || undefined
  }
  const tagId = told('id')
  const event = told('event')
  if (tagId === undefined || event === undefined) return undefined
  const type = API_NAME.get(event)
  const name = type === 'CUSTOM' ? told('m.customEventName') : type
  if (name === undefined) return { tagId }
  return {
    tagId,
    sighted: {
      name,
      eventId: told('m.conversionId'),
      orderId: told('m.transactionId'),
      value: told('m.valueDecimal') ?? told('m.value'),
      currency: told('m.currency'),
      contentIds: productIds(told('m.products')),
      occurredAt: request.now,
      identifiers: identifiersIn(
        {
          email: told('em'),
          phone_number: told('pn'),
          external_id: told('external_id'),
          uuid: told('uuid'),
          idfa: told('idfa'),
          aaid: told('aaid'),
          ip_address: visitorIp(request),
          user_agent: request.headers['user-agent'],
        },
        IDENTIFIERS,
      ),
      limited: told('dpm') === 'LDU' || told('opt_out') === '1',
      marks: type === 'CUSTOM' ? ['custom'] : [],
    },
  }
}
