import { type Html, html, scriptData } from '../html.ts'
import { type Product, VENDOR } from '../shopify/catalogue.ts'
import { amount, inMarket, type Market } from '../shopify/markets.ts'
import type { Blocker } from './layout.ts'

/** The app's theme embed and custom pixel, as the merchant of the demo store switched them on. */
export interface InstalledTags {
  /** Paths of the embed's assets: its own, and the one with the platforms' tags. */
  readonly assets: { readonly embed: string; readonly platforms: string }
  /** What the merchant entered in the block: ids and catalogue templates by platform. */
  readonly accounts: Readonly<Record<string, unknown>>
  /** Criteo's caller id. */
  readonly criteo: string
  /** The custom pixel as generated for the store, with the platforms' scripts at `via`. */
  readonly customPixel: (via: string) => Promise<string>
}

/** What a page tells the embed. */
export interface EmbedPage {
  readonly type: 'index' | 'product' | 'collection' | 'search' | 'cart' | 'page'
  readonly product?: Product
  readonly collection?: string
  readonly query?: string
}

/** Where scripts of platforms come from: the sandbox, or for those who block them a place where nothing is. */
export const scriptsOf = (blocker: Blocker, sandboxUrl: string, storeUrl: string): string =>
  blocker === 'none' ? sandboxUrl : `${storeUrl}/blocked`

/**
 * What the block of extensions/tags writes into a page (blocks/tags.liquid), which only Shopify can render. Prices are
 * in hundredths, as Liquid has them.
 */
export const embedBlock = (
  { accounts, criteo }: InstalledTags,
  { type, product, collection, query }: EmbedPage,
  visit: { readonly market: Market; readonly cartCount: number; readonly via: string },
): Html => {
  const facts = {
    accounts,
    criteo,
    platforms: '/assets/converlay-platforms.js',
    country: 'US',
    currency: visit.market.currency,
    type,
    product: product
      ? {
          id: product.id,
          title: product.title,
          vendor: VENDOR,
          type: product.type,
          variant: product.variants[0].id,
          variants: product.variants.map(({ id, sku, price }) => ({
            id,
            sku,
            price: hundredths(price, visit.market),
          })),
        }
      : null,
    collection: collection ?? null,
    query: query ?? null,
    cartCount: visit.cartCount,
    person: { customer: null },
    via: visit.via,
  }
  return html`<script>try { sessionStorage.setItem('converlay_tags', '1') } catch (_) {}</script>
<script type="application/json" id="converlay-tags">${scriptData(facts)}</script>
<script src="/assets/converlay-tags.js" defer></script>`
}

/** A price as Liquid and the cart's interface have it: in hundredths, also where the currency has none. */
export const hundredths = (price: number, market: Market): number =>
  Math.round(amount(inMarket(price, market), market.currency) * 100)
