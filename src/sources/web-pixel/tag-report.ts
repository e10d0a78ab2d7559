import type { Commerce, EventId } from '../../event/event.ts'
import { pixelIdFrom, purchaseId } from '../../event/event-ids.ts'
import type { EventName } from '../../event/names.ts'
import { tagBlocked, tagFired } from '../../event/tag-flags.ts'
import { arrayAt, type Json, textAt } from '../../lib/json.ts'
import { shopifyIdAt, tokenAt } from '../ids.ts'
import { kindOf } from './kinds.ts'

/** The custom event by which our tags tell what came of an event at the platforms' own scripts. */
export const TAG_REPORT = 'converlay:tags'

/** What a report is about, and what it says: flags of that event. */
export interface TagReport {
  readonly id: EventId
  readonly name: EventName
  readonly commerce: Commerce | undefined
  readonly flags: readonly string[]
}

/** Platforms of one report that are read. */
const MOST = 12
const SLUG = /^[a-z][a-z0-9-]{1,29}$/

/** A report's data; undefined where it does not say which event it is about, or nothing about it. */
export const readTagReport = (data: Json): TagReport | undefined => {
  const about = aboutOf(data)
  const flags = [...slugsAt(data, 'fired').map(tagFired), ...slugsAt(data, 'blocked').map(tagBlocked)]
  return about && flags.length > 0 ? { ...about, flags } : undefined
}

const slugsAt = (data: Json, key: string): string[] =>
  arrayAt(data, key)
    .slice(0, MOST)
    .filter((slug) => typeof slug === 'string')
    .filter((slug) => SLUG.test(slug))

/**
 * The fact that a report adds to. As with every beacon, what it says of a checkout or an order counts only for who knows
 * the checkout's token.
 */
const aboutOf = (data: Json): Omit<TagReport, 'flags'> | undefined => {
  const event = textAt(data, 'event') ?? ''
  const checkoutToken = tokenAt(data, 'checkout')
  if (event === 'checkout_completed') {
    const orderId = shopifyIdAt(data, 'order')
    if (orderId === undefined || checkoutToken === undefined) return undefined
    return { id: purchaseId(orderId), name: 'order_placed', commerce: { orderId, checkoutToken } }
  }
  const kind = kindOf(event)
  if (kind?.checkout?.id !== undefined)
    return checkoutToken === undefined
      ? undefined
      : { id: kind.checkout.id(checkoutToken), name: kind.name, commerce: { checkoutToken } }
  const id = pixelIdFrom(textAt(data, 'id'))
  return kind === undefined || id === undefined ? undefined : { id, name: kind.name, commerce: undefined }
}
