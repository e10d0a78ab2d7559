import type { Event } from '../../event/event.ts'
import type { OrderChange } from '../../event/order-change.ts'
import { arrayAt, isObject, type Json, textAt } from '../../lib/json.ts'
import { type Decoded, type Message, NO_SHOP, nothing } from '../source.ts'
import { decodeCall } from './call.ts'

/** Most calls of one batch that are read; Segment's own libraries send at most 100. */
export const MOST_CALLS = 500

/**
 * The events of a message in the shape of Segment's tracking API: one call ({type, event, properties, …}) or a batch of
 * them ({batch: […]}). A call that cannot be used is left out with its reason; the others go on. Orders and money count
 * only where the message is `trusted`; from anybody else an order is a part and may not create one.
 * https://segment.com/docs/connections/spec/
 */
export const decodeTrack = (message: Message, body: Json): Decoded => {
  const { shop } = message
  if (shop === undefined) return nothing(NO_SHOP)
  if (!isObject(body)) return nothing('The body is not a JSON object.')
  const batched = Array.isArray(body.batch)
  const calls = batched ? arrayAt(body, 'batch').slice(0, MOST_CALLS) : [body]
  if (calls.length === 0) return nothing('The batch is empty.')
  const sentAt = textAt(body, 'sentAt')
  const events: Event[] = []
  const parts: Event[] = []
  const orders: OrderChange[] = []
  const leftOut = new Set<string>()
  const behind = batched ? arrayAt(body, 'batch').length - calls.length : 0
  if (behind > 0) leftOut.add(`A batch has at most ${MOST_CALLS} calls; the ones behind were left out.`)
  let silent = 0
  let faulty = behind
  for (const raw of calls) {
    const decoded = decodeCall({ message, shop, sentAt }, raw)
    if (typeof decoded === 'string') {
      leftOut.add(decoded)
      faulty++
    } else if (decoded.nothing !== undefined) {
      leftOut.add(decoded.nothing)
      silent++
    } else {
      events.push(...decoded.events)
      parts.push(...decoded.parts)
      orders.push(...decoded.orders)
    }
  }
  const unused = { calls: silent + faulty, faulty }
  if (events.length === 0 && parts.length === 0) return { ...nothing([...leftOut].join(' ')), unused }
  return { events, parts, orders, ...(leftOut.size === 0 ? {} : { leftOut: [...leftOut], unused }) }
}
