import type { Event, LineItem } from '../../event/event.ts'
import { linesOf } from '../amounts.ts'
import { catalogIdOf } from '../catalog.ts'
import type { Settings } from './settings.ts'
import { cut, LONGEST } from './text.ts'

/** A product in Google's words; one of the first two is always there. */
export interface GaItem {
  item_id?: string
  item_name?: string
  item_brand?: string
  item_category?: string
  item_variant?: string
  price?: number
  quantity?: number
}

const MOST_ITEMS = 200
/** So many items fit into a request however long their texts are: at most 3 kB each. */
const FEW_ITEMS = 30
/** Bytes of the items of one event, which leave room for the rest of its request. */
const ITEMS_BYTES = 115_000

/** The event's products as far as Google could tell them apart. */
export const gaItems = ({ commerce, store }: Event, settings: Settings, withPrices: boolean): readonly GaItem[] => {
  const items: GaItem[] = []
  for (const line of linesOf(commerce)) {
    if (items.length === MOST_ITEMS) break
    const item = itemOf(line, productIdOf(line, catalogIdOf(line, settings, store)), withPrices)
    if (item !== undefined) items.push(item)
  }
  return fitting(items)
}

/**
 * The id in the catalogue, else what there is: lines without a product (a gift wrap, a custom item) are bought too, and
 * the Data Manager API knows products by nothing else.
 */
const productIdOf = ({ sku, variantId, productId, lineId }: LineItem, catalogId: string | undefined) =>
  catalogId ?? sku ?? variantId ?? productId ?? lineId

const itemOf = (line: LineItem, id: string | undefined, withPrice: boolean): GaItem | undefined => {
  if (id === undefined && line.title === undefined) return undefined
  const item: GaItem = {}
  if (id !== undefined) item.item_id = cut(id, LONGEST.value)
  if (line.title !== undefined) item.item_name = cut(line.title, LONGEST.value)
  if (line.vendor !== undefined) item.item_brand = cut(line.vendor, LONGEST.value)
  const category = line.category ?? line.type
  if (category !== undefined) item.item_category = cut(category, LONGEST.value)
  if (line.variantTitle !== undefined) item.item_variant = cut(line.variantTitle, LONGEST.value)
  const price = Number(line.price)
  if (withPrice && price >= 0) item.price = price
  if (line.quantity !== undefined && line.quantity >= 1) item.quantity = Math.trunc(line.quantity)
  return item
}

/** As many of the items as a request has room for. */
const fitting = (items: GaItem[]): GaItem[] => {
  if (items.length <= FEW_ITEMS) return items
  let kept = items
  while (Buffer.byteLength(JSON.stringify(kept)) > ITEMS_BYTES) kept = kept.slice(0, Math.floor(kept.length * 0.9))
  return kept
}
