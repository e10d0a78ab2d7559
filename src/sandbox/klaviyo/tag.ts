import type { Known, TagReading } from '../kit/reading.ts'
import type { Answer, PlatformRequest } from '../platform.ts'
import type { KlaviyoAccount } from './accounts.ts'
import { revisionOf } from './endpoint.ts'
import { accepted, answerOf, invalidParameter, MEDIA_TYPE, notAllowed, WRONG_MEDIA_TYPE } from './errors.ts'
import { bodyOf, readSingle, sightedOf } from './events.ts'
import { revisionProblem } from './revision.ts'
import { WITHOUT_BACKFILL } from './schema.ts'

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'content-type, accept, revision',
}

/** The browser’s own call: POST /client/events?company_id=<site id>, the body that of POST /api/events. */
export const readTag = (
  request: PlatformRequest,
  { accounts }: Known<KlaviyoAccount>,
  native: boolean,
): TagReading | undefined => {
  if (request.path !== '/client/events') return undefined
  // This media type makes a browser ask first.
  if (request.method === 'OPTIONS') return { answer: withCors({ status: 204, headers: {}, body: '' }) }
  const siteId = request.query.get('company_id') ?? ''
  const account = accounts.find(({ id }) => id === siteId)
  const wrong =
    (request.method === 'POST' ? undefined : notAllowed(request.method)) ??
    revisionProblem(revisionOf(request), request.now) ??
    (request.headers['content-type'] === MEDIA_TYPE ? undefined : WRONG_MEDIA_TYPE)
  if (wrong) return { answer: withCors(answerOf([wrong])) }
  if (!account)
    return {
      answer: withCors(answerOf([invalidParameter('company_id is not a known site id.', 'company_id')])),
      hits: [{ tagId: siteId }],
    }
  // Whether browsers may tell `backfill` is not documented.
  const body = readSingle(bodyOf(request.body), WITHOUT_BACKFILL, request.now)
  if ('guilty' in body) return { answer: withCors(answerOf([body.guilty[0].problem])) }
  const read = body.told.map((one) => sightedOf(one, { now: request.now, currency: account.currency, native }))
  return {
    answer: withCors(accepted()),
    hits: read.map((one) => ({ tagId: siteId, ...('sighted' in one ? { sighted: one.sighted } : {}) })),
  }
}

const withCors = (answer: Answer): Answer => ({ ...answer, headers: { ...answer.headers, ...CORS } })
