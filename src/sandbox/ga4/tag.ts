import { visitorIp } from '../kit/browser-hit.ts'
import { identifiersIn, type Sighted } from '../kit/conversions.ts'
import type { Hit, TagReading } from '../kit/reading.ts'
import { tagScript } from '../kit/tag-script.ts'
import type { PlatformRequest } from '../platform.ts'
import { emptyAnswer } from './endpoint.ts'

/**
 * gtag’s hits: /g/collect?v=2&tid=G-…&cid=…&sid=…&en=purchase&ep.transaction_id=…&epn.value=…&cu=EUR&pr1=id222~…
 * Several events of one page come as lines of a body, which share the query.
 */
export const readTag = (request: PlatformRequest): TagReading | undefined => {
  if (request.host === 'www.googletagmanager.com' && request.path === '/gtag/js')
    return { answer: tagScript(new URL('./gtag.js', import.meta.url)) }
  if (request.path !== '/g/collect') return undefined
  const lines = request.body.split(/\r?\n/).filter((line) => line !== '')
  return {
    answer: emptyAnswer(),
    hits: (lines.length === 0 ? [''] : lines).flatMap((line) => {
      const hit = readHit(new URLSearchParams([...request.query, ...new URLSearchParams(line)]), request)
      return hit ? [hit] : []
    }),
  }
}

const readHit = (fields: URLSearchParams, request: PlatformRequest): Hit | undefined => {
  const tagId = fields.get('tid')
  const name = fields.get('en')
  if (fields.get('v') !== '2' || !tagId) return undefined
  return name && fields.get('cid') ? { tagId, sighted: sightedOf(name, fields, request) } : { tagId }
}

/** `pr1=id222~nmLinen%20shirt~pr45`: the part that begins with id. */
const itemIds = (fields: URLSearchParams): readonly string[] =>
  [...fields].flatMap(([key, value]) =>
    /^pr\d+$/.test(key) ? value.split('~').flatMap((part) => (part.startsWith('id') ? [part.slice(2)] : [])) : [],
  )

const sightedOf = (name: string, fields: URLSearchParams, request: PlatformRequest): Sighted => ({
  name,
  // An empty one is an id like any other: all such purchases are one.
  orderId: fields.get('ep.transaction_id') ?? undefined,
  value: fields.get('epn.value') ?? undefined,
  currency: fields.get('cu') ?? undefined,
  contentIds: itemIds(fields),
  occurredAt: request.now,
  identifiers: identifiersIn(
    {
      client_id: fields.get('cid'),
      user_id: fields.get('uid'),
      session_id: fields.get('sid'),
      ip_override: visitorIp(request),
      user_agent: request.headers['user-agent'],
    },
    ['client_id', 'user_id', 'session_id', 'ip_override', 'user_agent'],
  ),
  limited: fields.get('npa') === '1',
})
