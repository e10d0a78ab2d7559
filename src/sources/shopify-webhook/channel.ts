import type { Channel } from '../../event/event.ts'
import { type Json, textAt } from '../../lib/json.ts'

/** Names of sources, and Shopify's own apps by the numbers that some orders carry instead. */
const SOURCES: ReadonlyMap<string, Channel> = new Map([
  ['web', 'web'],
  ['580111', 'web'],
  ['pos', 'pos'],
  ['129785', 'pos'],
  ['shopify_draft_order', 'draft'],
  ['1354745', 'draft'],
  ['iphone', 'app'],
  ['android', 'app'],
])

/**
 * Where an order was made. Subscription renewals come as `subscription_contract` and, since 2024, as
 * `subscription_contract_checkout_one`; orders of other sales channels carry their app's number.
 */
export const channelOf = (body: Json, flags: Set<string>): Channel | undefined => {
  const source = textAt(body, 'source_name')?.toLowerCase()
  if (source === undefined) {
    flags.add('source_name_missing')
    return SOURCES.get(textAt(body, 'app_id') ?? '')
  }
  if (source.startsWith('subscription_contract')) return 'subscription'
  return SOURCES.get(source) ?? 'other'
}
