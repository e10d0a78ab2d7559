import { type JsonLimits, parseJson, textAt } from '../lib/json.ts'
import type { Decoded, Message } from '../sources/source.ts'
import { batchOf, CALL_BYTES } from '../sources/track/batch.ts'
import { decodeTrack } from '../sources/track/decode.ts'
import { type KeyKind, keyFrom, type PresentedKey } from '../sources/track/key.ts'
import type { ShopRecord } from '../store/store.ts'
import type { Answer, Incoming } from './intake.ts'

/** What a request to the tracking API says, and what it is answered. */

type Request = Extract<Incoming, { kind: 'track' }>

const LIMITS: JsonLimits = { depth: 32, values: 60_000 }

export const NO_KEY: Answer = {
  status: 401,
  error: 'This needs a valid key, as the user name of Basic authentication or as a Bearer token. Look under API keys.',
}

/** The key of a request. Without one beside it the body may bring a public key, as libraries for pages do. */
export const keyOf = (text: string | undefined, body: Buffer): PresentedKey | undefined => {
  if (text !== undefined) return keyFrom(text)
  const parsed = parseJson(body.toString('utf8'), LIMITS)
  const key = parsed.ok ? keyFrom(textAt(parsed.value, 'writeKey')) : undefined
  return key?.kind === 'public' ? key : undefined
}

/** What a request by a valid key tells, and how many of its calls were too large; or why nobody can read it. */
export const readTrack = (
  { shop, facts }: ShopRecord,
  kind: KeyKind,
  { id, call, body, ip, userAgent, receivedAt }: Request,
): { readonly decoded: Decoded; readonly tooLarge: number } | { readonly unreadable: string } => {
  const parsed = parseJson(body.toString('utf8'), LIMITS)
  if (!parsed.ok) return { unreadable: `The body cannot be read: ${parsed.why}. Send it again as valid JSON.` }
  const batch = batchOf(call, id, body.length, parsed.value)
  if ('error' in batch) return { unreadable: batch.error }
  const message: Message = {
    source: 'track',
    shop,
    receivedAt: new Date(receivedAt).toISOString(),
    facts,
    ...(kind === 'secret' ? { trusted: true as const } : {}),
    ...(ip === undefined ? {} : { ip }),
    ...(userAgent === undefined ? {} : { userAgent }),
  }
  return { decoded: decodeTrack(message, batch.body), tooLarge: batch.tooLarge }
}

/**
 * The answer to a request that is written down, and how many of its calls are of no use. A sender of nothing but faults
 * is refused, so that somebody notices; the others only learn why.
 */
export const trackAnswer = ({
  decoded,
  tooLarge,
}: {
  readonly decoded: Decoded
  readonly tooLarge: number
}): { readonly answer: Answer; readonly leftOut: number } => {
  const { unused = { calls: 0, faulty: 0 }, nothing } = decoded
  const leftOut = unused.calls + tooLarge
  if (leftOut === 0) return { answer: { status: 200 }, leftOut }
  const why = [
    ...(nothing === undefined ? (decoded.leftOut ?? []) : [nothing]),
    ...(tooLarge > 0 ? [`A call is larger than ${CALL_BYTES / 1024} KiB.`] : []),
  ]
  const isAllFaults = nothing !== undefined && unused.faulty + tooLarge === leftOut
  return { answer: isAllFaults ? { status: 400, error: why.join(' ') } : { status: 200, leftOut: why }, leftOut }
}
