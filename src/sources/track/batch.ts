import { arrayAt, isObject, type Json, textAt } from '../../lib/json.ts'
import { MOST_CALLS } from './decode.ts'
import { isOrderCall } from './order.ts'

/** What a request to the tracking API says it is: one call of a type, or a batch of calls that say it themselves. */
export type TrackCall = 'track' | 'page' | 'screen' | 'identify' | 'group' | 'alias' | 'batch'

/** What Segment takes of a call, alone or in a batch. */
export const CALL_BYTES = 32 * 1024

export type Batch =
  | {
      /** As `decodeTrack` reads it. */
      readonly body: Json
      /** Calls of it that were too large. */
      readonly tooLarge: number
    }
  | { readonly error: string }

/**
 * The body of a request as a batch. A single call is of the type of its address. A call without an id gets one out of
 * `id`, which is the request's own; but for calls about orders, where a made-up name could bring a refund twice.
 */
export const batchOf = (call: TrackCall, id: string, bytes: number, body: Json): Batch => {
  if (!isObject(body)) return { error: 'The body must be a JSON object.' }
  const calls = call === 'batch' ? arrayAt(body, 'batch') : [{ ...body, type: call }]
  if (calls.length === 0) return { error: 'The body needs a list of calls under "batch".' }
  if (calls.length > MOST_CALLS)
    return { error: `A batch may hold ${MOST_CALLS} calls. Send the others in another one.` }
  const fitting =
    bytes <= CALL_BYTES ? calls : calls.filter((one) => Buffer.byteLength(JSON.stringify(one)) <= CALL_BYTES)
  if (fitting.length === 0) return { error: `A call may be ${CALL_BYTES / 1024} KiB large. Send less with it.` }
  const batch = fitting.map((one, place) => named(one, `${id}-${place}`))
  return { body: { batch, sentAt: body.sentAt ?? null }, tooLarge: calls.length - fitting.length }
}

const named = (call: Json, messageId: string): Json =>
  !isObject(call) || textAt(call, 'messageId') !== undefined || isOrderCall(textAt(call, 'event') ?? '')
    ? call
    : { ...call, messageId }
