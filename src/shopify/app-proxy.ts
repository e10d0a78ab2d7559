import { type Shop, shopFrom } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import { hmacHolds } from './signed.ts'

/** A request that Shopify passed on from a store's own address, or why it is not believed. */
export type Proxied =
  | { readonly ok: true; readonly shop: Shop }
  | { readonly ok: false; readonly problem: 'stale' | 'invalid' }

const INVALID: Proxied = { ok: false, problem: 'invalid' }

const LONGEST = 4096
/** How old a request may be, and how far clocks may differ (platform sheet 1.4). */
const WINDOW = 90 * SECOND
/** Of these, one each: signer and reader could otherwise each mean another one. */
const ONCE = ['hmac', 'shop', 'signature', 'timestamp'] as const

/**
 * Checks the signature over an app proxy's query: all pairs but `signature`, decoded, repeated names joined with
 * commas, sorted, written one after the other without any separator, HMAC-SHA256 in hex. It covers neither path nor
 * body: those are the visitor's.
 */
export const readAppProxy = (search: string, secrets: readonly string[], now: number): Proxied => {
  if (search.length > LONGEST) return INVALID
  const query = new URLSearchParams(search)
  if (ONCE.some((name) => query.getAll(name).length > 1)) return INVALID
  const signed = [...new Set(query.keys())]
    .filter((name) => name !== 'signature')
    .map((name) => `${name}=${query.getAll(name).join(',')}`)
    .sort()
    .join('')
  if (!hmacHolds(signed, query.get('signature') ?? '', 'hex', secrets)) return INVALID
  const host = query.get('shop')
  const shop = shopFrom(host)
  const timestamp = query.get('timestamp') ?? ''
  if (shop === undefined || shop !== host || !/^\d{1,12}$/.test(timestamp)) return INVALID
  return Math.abs(now - Number(timestamp) * SECOND) > WINDOW ? { ok: false, problem: 'stale' } : { ok: true, shop }
}
