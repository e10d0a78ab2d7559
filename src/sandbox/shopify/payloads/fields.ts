import { decimal, MARKETS, type Market, SHOP_CURRENCY } from '../markets.ts'
import type { Line } from '../sale.ts'

/**
 * How the webhook bodies of this folder spell ids, times and money. They have the key sets of Shopify's 2026-07
 * reference samples: what the real ones lack (checkout ids, marketing consent of customers, money bags of checkouts) is
 * lacking here too.
 */

/** The market whose currency is the shop's own. */
export const HOME = MARKETS.US

/** Numeric ids are JSON numbers in webhooks; those of the demo fit a double. */
export const numeric = (id: string): number => Number(id)

/** A global id, e.g. gid://shopify/Order/6120000000001. */
export const gid = (kind: string, id: string): string => `gid://shopify/${kind}/${id}`

/** The shop's clock stands at UTC-8, and Shopify writes order times with the shop's offset. */
export const shopTime = (at: number): string => `${new Date(at - 8 * 3_600_000).toISOString().slice(0, 19)}-08:00`

/** An amount in both currencies, minor units in, decimal text out. */
export const bag = (shop: number, presentment: number, market: Market) => ({
  shop_money: { amount: decimal(shop, SHOP_CURRENCY), currency_code: SHOP_CURRENCY },
  presentment_money: { amount: decimal(presentment, market.currency), currency_code: market.currency },
})

/** Minor units of the shop's currency as decimal text. */
export const usd = (minor: number): string => decimal(minor, SHOP_CURRENCY)

/** A piece's full name, e.g. "Trail Lantern - Forest". */
export const variantTitle = (line: Line): string => `${line.product.title} - ${line.variant.title}`
