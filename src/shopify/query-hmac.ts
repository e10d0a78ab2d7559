import { type Shop, shopFrom } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import { hmacHolds } from './signed.ts'

/** An address that Shopify's admin has opened in the app, its query signed by Shopify. */
export type SignedQuery =
  | {
      readonly ok: true
      readonly shop: Shop
      /** When Shopify signed it, ms since 1970. */
      readonly signedAt: number
      readonly query: URLSearchParams
    }
  | { readonly ok: false; readonly problem: 'stale' | 'invalid' }

const LONGEST = 8192
/** How old an address may be, and how far clocks may differ (platform sheet 1.4). */
const WINDOW = 90 * SECOND

const INVALID: SignedQuery = { ok: false, problem: 'invalid' }

/**
 * Checks the signature over a query: without `hmac` and `signature`, sorted by name, percent-encoded with a space as
 * %20, HMAC-SHA256 in hex. A name that stands twice is refused: signer and reader could each mean another one.
 */
export const readSignedQuery = (search: string, secrets: readonly string[], now: number): SignedQuery => {
  if (search.length > LONGEST) return INVALID
  const query = new URLSearchParams(search)
  const names = [...query.keys()]
  if (new Set(names).size !== names.length) return INVALID
  const signed = [...query]
    .filter(([name]) => name !== 'hmac' && name !== 'signature')
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
  if (!hmacHolds(signed, query.get('hmac') ?? '', 'hex', secrets)) return INVALID
  const host = query.get('shop')
  const shop = shopFrom(host)
  const timestamp = query.get('timestamp') ?? ''
  if (shop === undefined || shop !== host || !/^\d{1,12}$/.test(timestamp)) return INVALID
  const signedAt = Number(timestamp) * SECOND
  if (Math.abs(now - signedAt) > WINDOW) return { ok: false, problem: 'stale' }
  return { ok: true, shop, signedAt, query }
}
