import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type Intake, takeTrack } from '../pipeline/intake.ts'
import { NO_KEY } from '../pipeline/track.ts'
import { CALL_BYTES, type TrackCall } from '../sources/track/batch.ts'
import { keyFrom } from '../sources/track/key.ts'
import { addressLimit } from './address-limit.ts'
import { CORS, preflight, readBody, refuse, refuseUnread } from './capture-answers.ts'
import { clientIp, type TrustedProxies } from './client-ip.ts'

/** The addresses of Segment's tracking API; the short ones are those of its library for pages. */
export const TRACK_CALLS: ReadonlyMap<string, TrackCall> = new Map(
  (['track', 'page', 'screen', 'identify', 'group', 'alias', 'batch'] as const).flatMap((call) => [
    [`/v1/${call}`, call] as const,
    [`/v1/${call.charAt(0)}`, call] as const,
  ]),
)

/** What Segment takes of a batch. */
const BATCH_BYTES = 500 * 1024

/** What pages may send from one address. Behind one of a company or a mobile network there are many shoppers. */
const PER_SECOND = 50
const BURST = 500

/**
 * Takes what comes in the shape of Segment's tracking API. What comes from pages, and from whoever tries keys, is limited
 * for each address; a secret key that counts is the merchant's own server.
 */
export const trackRoute = (intake: Intake, trustedProxies: TrustedProxies) => {
  const limit = addressLimit(() => intake.runtime.clock.now(), PER_SECOND, BURST)
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const call = TRACK_CALLS.get(path) ?? 'batch'
    // RudderStack's library for pages tells a shopper's id beside the key.
    if (request.method === 'OPTIONS') return preflight(response, 'authorization, content-type, anonymousid')
    if (request.method !== 'POST')
      return refuse(response, { status: 405, error: 'Use POST.' }, { allow: 'POST, OPTIONS' })
    const { authorization } = request.headers
    const text = authorization === undefined ? undefined : keyTextOf(authorization)
    const kind = keyFrom(text)?.kind
    if (authorization !== undefined && kind === undefined) return refuseUnread(request, response, NO_KEY)
    if (kind === 'secret' && request.headers.origin !== undefined) return refuseUnread(request, response, IN_A_PAGE)
    const ip = clientIp(request, trustedProxies)
    // Also of one that says it has a secret key: whether it has is known when its body was read.
    const retryAfter = limit.take(ip)
    if (retryAfter > 0) return refuseUnread(request, response, { ...TOO_OFTEN, retryAfter })
    const most = call === 'batch' ? BATCH_BYTES : CALL_BYTES
    const packed = await readBody(request, response, most, ['identity', 'gzip'])
    if (!packed) return
    const body = request.headers['content-encoding'] === 'gzip' ? await unpacked(packed, most) : packed
    if ('error' in body) return refuse(response, body)
    const answer = await takeTrack(intake, { call, key: text, body, ip, userAgent: request.headers['user-agent'] })
    // A server sends as much as it has.
    if (kind === 'secret' && answer.status !== 401) limit.giveBack(ip)
    if (answer.status !== 200) return refuse(response, answer)
    const { leftOut } = answer
    response
      .writeHead(200, { ...CORS, 'content-type': 'application/json' })
      .end(`${JSON.stringify({ success: true, ...(leftOut ? { leftOut } : {}) })}\n`)
  }
}

const IN_A_PAGE = {
  status: 403,
  error: 'A secret key stands in a page, where everybody can read it. Revoke it, and use a public key in pages.',
} as const
const TOO_OFTEN = {
  status: 429,
  error: 'Too many requests come from this address. Send it again in a moment.',
} as const

/** The user name of Basic authentication, as Segment's libraries send their write key, or a Bearer token. */
const keyTextOf = (authorization: string): string | undefined => {
  const [, scheme, told = ''] = /^(basic|bearer) +(\S+)\s*$/i.exec(authorization) ?? []
  if (scheme === undefined) return undefined
  if (scheme.toLowerCase() === 'bearer') return told
  return Buffer.from(told, 'base64').toString('latin1').split(':', 1)[0]
}

const inflate = promisify<Buffer, { readonly maxOutputLength: number }, Buffer>(gunzip)

/** A small body can hold gigabytes; what is larger than it may be is not unpacked to its end. */
const unpacked = async (
  body: Buffer,
  limit: number,
): Promise<Buffer | { readonly status: 400 | 413; readonly error: string }> => {
  try {
    return await inflate(body, { maxOutputLength: limit })
  } catch (fault) {
    return fault instanceof RangeError
      ? { status: 413, error: `The body is larger than ${limit / 1024} KiB. Send less at once.` }
      : { status: 400, error: 'The body is not gzip, as its header says. Send it again.' }
  }
}
