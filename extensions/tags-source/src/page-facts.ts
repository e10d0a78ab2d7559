import type { TagAccount, TagItem, TagPerson } from './told.ts'

/** A product as Liquid tells it: prices in hundredths of the shopper's currency, texts empty where there is none. */
interface LiquidProduct {
  readonly id: number | string
  readonly title: string
  readonly vendor: string
  readonly type: string
  /** The variant that the page shows first. */
  readonly variant: number | string
  /** Every variant: its SKU and price. */
  readonly variants: readonly { readonly id: number | string; readonly sku: string; readonly price: number }[]
}

/** What the block writes into the page: the merchant's settings and what the page shows (blocks/tags.liquid). */
export interface PageFacts {
  readonly accounts: Readonly<Record<string, TagAccount>>
  readonly criteo: string
  readonly country: string
  readonly currency: string
  /** Shopify's page type: product, collection, search, cart, index … */
  readonly type: string
  readonly product: LiquidProduct | null
  readonly collection: string | null
  readonly query: string | null
  readonly cartCount: number
  readonly person: TagPerson
  /** Address of the asset with the platforms' tags. */
  readonly platforms: string
  /** Where the demo's imitations of the platforms stand; the block never writes it. */
  readonly via?: string
}

export const FACTS_ID = 'converlay-tags'

/** The block's facts; undefined where the block is not on the page or cannot be read. */
export const readFacts = (): PageFacts | undefined => {
  try {
    return JSON.parse(document.getElementById(FACTS_ID)?.textContent ?? '') as PageFacts
  } catch {
    return undefined
  }
}

/** A variant of the page's product; undefined for those of other products. */
export const itemOf = ({ product }: PageFacts, variant: string, quantity: number): TagItem | undefined => {
  const found = product?.variants.find(({ id }) => String(id) === variant)
  if (!product || !found) return undefined
  return {
    product: String(product.id),
    variant,
    sku: found.sku,
    title: product.title,
    vendor: product.vendor,
    category: product.type,
    price: found.price / 100,
    quantity,
  }
}
