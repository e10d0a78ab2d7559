import type { Channel } from '../../event/event.ts'
import { type Json, textAt } from '../../lib/json.ts'

/** Shopify's own apps by their numbers, which some orders carry instead of a source's name. */
const APPS: Readonly<Record<string, Channel>> = { '580111': 'web', '129785': 'pos', '1354745': 'draft' }

const SOURCES: Readonly<Record<string, Channel>> = {
  web: 'web',
  pos: 'pos',
  shopify_draft_order: 'draft',
  iphone: 'app',
  android: 'app',
}

/**
 * Where an order was made. Subscription renewals come as `subscription_contract` and, since 2024, as
 * `subscription_contract_checkout_one`; orders of other sales channels carry their app's number.
 */
export const channelOf = (body: Json, flags: Set<string>): Channel | undefined => {
  const source = textAt(body, 'source_name')?.toLowerCase()
  if (source === undefined) {
    flags.add('source_name_missing')
    return APPS[textAt(body, 'app_id') ?? '']
  }
  if (source.startsWith('subscription_contract')) return 'subscription'
  return (Object.hasOwn(SOURCES, source) ? SOURCES[source] : undefined) ?? APPS[source] ?? 'other'
}
