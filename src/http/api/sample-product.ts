import type { ShopRecord, Store } from '../../store/store.ts'

/** What a catalogue template may name, out of the shop's own newest product. */
export interface SampleProduct {
  readonly title?: string
  readonly country?: string
  readonly product?: string
  readonly variant?: string
  readonly sku?: string
}

/** Events looked through for a product. */
const LOOKED_THROUGH = 100

/** A product that somebody looked at, put into the cart or bought lately; only the country where there was none. */
export const sampleProduct = async (store: Store, { shop, facts }: ShopRecord): Promise<SampleProduct> => {
  const home = facts.country === undefined ? {} : { country: facts.country }
  for (const { event } of await store.newest(shop, LOOKED_THROUGH)) {
    const line = event?.commerce?.items?.find(({ productId, variantId }) => productId && variantId)
    if (!line) continue
    return {
      ...home,
      ...(line.title === undefined ? {} : { title: line.title }),
      ...(line.productId === undefined ? {} : { product: line.productId }),
      ...(line.variantId === undefined ? {} : { variant: line.variantId }),
      ...(line.sku === undefined ? {} : { sku: line.sku }),
    }
  }
  return home
}
