import { type Choice, choiceOf, PRODUCTS, VENDOR } from '../catalogue.ts'
import { decimal, SHOP_CURRENCY } from '../markets.ts'
import { gid } from '../payloads/fields.ts'
import type { Node } from './execute.ts'

/** What a merchant changes about a product. */
export interface Edit {
  readonly type?: string
  /** Minor units of the shop's currency. */
  readonly cost?: number
}

/** A variant with its product, as productVariants and nodes give it; a piece costs the store 40% of its price. */
const variantNode = ({ product, variant }: Choice, edits: ReadonlyMap<string, Edit>): Node => {
  const edit = edits.get(product.id)
  return {
    __typename: 'ProductVariant',
    id: gid('ProductVariant', variant.id),
    legacyResourceId: variant.id,
    sku: variant.sku,
    barcode: null,
    price: decimal(variant.price, SHOP_CURRENCY),
    compareAtPrice: null,
    inventoryItem: {
      __typename: 'InventoryItem',
      id: gid('InventoryItem', variant.id),
      unitCost: {
        __typename: 'MoneyV2',
        amount: decimal(edit?.cost ?? Math.round(variant.price * 0.4), SHOP_CURRENCY),
        currencyCode: SHOP_CURRENCY,
      },
    },
    product: {
      __typename: 'Product',
      id: gid('Product', product.id),
      legacyResourceId: product.id,
      title: product.title,
      vendor: VENDOR,
      productType: edit?.type ?? product.type,
      tags: ['outdoor', product.picture],
      category: {
        __typename: 'TaxonomyCategory',
        id: gid('TaxonomyCategory', 'sg-4-2'),
        fullName: `Sporting Goods > Outdoor Recreation > Camping & Hiking > ${product.type}`,
      },
    },
  }
}

export const allVariants = (edits: ReadonlyMap<string, Edit>): readonly Node[] =>
  PRODUCTS.flatMap((product) => product.variants.map((variant) => variantNode({ product, variant }, edits)))

const VARIANT_GID = /^gid:\/\/shopify\/ProductVariant\/(\d+)$/

/** What an id of `nodes` stands for; null for one that the store does not have. */
export const nodeOf = (id: string, edits: ReadonlyMap<string, Edit>): Node | null => {
  const choice = choiceOf(VARIANT_GID.exec(id)?.[1] ?? '')
  return choice ? variantNode(choice, edits) : null
}
