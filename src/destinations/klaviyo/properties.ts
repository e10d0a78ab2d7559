import type { Commerce, Event, LineItem } from '../../event/event.ts'
import type { EventName } from '../../event/names.ts'
import { catalogIdOf } from '../catalog.ts'
import { transactionIdOf } from '../transaction-id.ts'
import type { Settings } from './settings.ts'

// Properties are free at Klaviyo, but flows, segments and mail templates look for the names of its guides.

/** A line as `Items` lists it. */
interface Line {
  ProductID?: string
  SKU?: string
  ProductName?: string
  Quantity?: number
  ItemPrice?: number
  RowTotal?: number
  ProductURL?: string
  ImageURL?: string
  ProductCategories?: readonly string[]
}

export interface Properties {
  [name: string]: string | number | readonly string[] | readonly Line[]
}

/** What properties are made from. `priced`: the lines' amounts are in the event's currency, so they may go along. */
export interface Told {
  readonly event: Event
  readonly settings: Settings
  readonly priced: boolean
}

/** Decimal text as the number that Klaviyo wants; undefined for what is none, and below zero. */
export const amount = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const number = Number(text)
  return number >= 0 && number < Number.POSITIVE_INFINITY ? number : undefined
}

/** What Klaviyo is told of an event beside the person, the time and the value. */
export const propertiesOf = (told: Told): Properties => {
  const { event } = told
  return (PROPERTIES[event.name] ?? page)(event, told)
}

const page = ({ page }: Event): Properties => {
  const properties: Properties = {}
  if (page?.url !== undefined) properties.URL = page.url
  if (page?.title !== undefined) properties.PageTitle = page.title
  return properties
}

const product = ({ page, commerce, store }: Event, { settings, priced }: Told): Properties => {
  const line = commerce?.items?.[0] ?? {}
  const properties: Properties = {}
  if (line.title !== undefined) properties.ProductName = line.title
  const id = catalogIdOf(line, settings, store)
  if (id !== undefined) properties.ProductID = id
  if (line.sku !== undefined) properties.SKU = line.sku
  const category = categoryOf(line)
  if (category !== undefined) properties.Categories = [category]
  if (line.imageUrl !== undefined) properties.ImageURL = line.imageUrl
  const url = line.url ?? page?.url
  if (url !== undefined) properties.URL = url
  if (line.vendor !== undefined) properties.Brand = line.vendor
  const price = priced ? amount(line.price) : undefined
  if (price !== undefined) properties.Price = price
  const before = priced ? amount(line.compareAtPrice) : undefined
  if (before !== undefined) properties.CompareAtPrice = before
  return properties
}

const collection = (event: Event): Properties => {
  const properties = page(event)
  const { id, title } = event.collection ?? {}
  if (title !== undefined) properties.CollectionName = title
  if (id !== undefined) properties.CollectionID = id
  return properties
}

const search = (event: Event): Properties => {
  const properties = page(event)
  if (event.search !== undefined) properties.SearchQuery = event.search.query
  return properties
}

/** The line that was added stands out as AddedItem…; Klaviyo's templates for abandoned carts read these. */
const added = (event: Event, told: Told): Properties => {
  const properties: Properties = {}
  const line = event.commerce?.items?.find((one) => !isGone(one))
  const first = line && lineOf(line, event, told)
  if (first !== undefined) {
    if (first.ProductName !== undefined) properties.AddedItemProductName = first.ProductName
    if (first.ProductID !== undefined) properties.AddedItemProductID = first.ProductID
    if (first.SKU !== undefined) properties.AddedItemSKU = first.SKU
    if (first.ProductCategories !== undefined) properties.AddedItemCategories = first.ProductCategories
    if (first.ImageURL !== undefined) properties.AddedItemImageURL = first.ImageURL
    if (first.ProductURL !== undefined) properties.AddedItemURL = first.ProductURL
    if (first.ItemPrice !== undefined) properties.AddedItemPrice = first.ItemPrice
    if (first.Quantity !== undefined) properties.AddedItemQuantity = first.Quantity
  }
  putItems(properties, event, told)
  return properties
}

const checkout = (event: Event, told: Told): Properties => {
  const properties: Properties = {}
  const { checkoutUrl, paymentType } = event.commerce ?? {}
  if (checkoutUrl !== undefined) properties.CheckoutURL = checkoutUrl
  if (paymentType !== undefined) properties.PaymentType = paymentType
  putItems(properties, event, told)
  return properties
}

/**
 * The guides list BillingAddress and ShippingAddress too. An event knows one address, the first that it could read of
 * billing, shipping and the customer's own, and not which of them it is. A mail that calls it the one or the other could
 * be wrong, so it stands in the person's `location` only.
 */
const order = (event: Event, told: Told): Properties => {
  const properties: Properties = {}
  const commerce = event.commerce ?? {}
  const id = transactionIdOf(commerce, told.settings)
  if (id !== undefined) properties.OrderId = id
  if (commerce.reason !== undefined) properties.Reason = commerce.reason
  if (commerce.coupons?.length) properties.DiscountCode = commerce.coupons.join(', ')
  const discount = amount(told.priced ? commerce.discount : commerce.presentment?.discount)
  if (discount) properties.DiscountValue = discount
  putItems(properties, event, told)
  const brands = distinct(commerce, brandOf)
  if (brands.length > 0) properties.Brands = brands
  return properties
}

/** Properties of an Ordered Product: one line of an order, as an event of its own. Undefined where nothing names it. */
export const orderedProduct = (line: LineItem, { event, settings }: Told): Properties | undefined => {
  const id = catalogIdOf(line, settings, event.store)
  if (id === undefined && line.sku === undefined && line.title === undefined) return undefined
  const properties: Properties = {}
  const orderId = transactionIdOf(event.commerce, settings)
  if (orderId !== undefined) properties.OrderId = orderId
  if (id !== undefined) properties.ProductID = id
  if (line.sku !== undefined) properties.SKU = line.sku
  if (line.title !== undefined) properties.ProductName = line.title
  const quantity = piecesOf(line)
  if (quantity !== undefined) properties.Quantity = quantity
  if (line.url !== undefined) properties.ProductURL = line.url
  if (line.imageUrl !== undefined) properties.ImageURL = line.imageUrl
  const category = categoryOf(line)
  if (category !== undefined) properties.Categories = [category]
  if (line.vendor !== undefined) properties.ProductBrand = line.vendor
  return properties
}

const PROPERTIES: { readonly [Name in EventName]?: (event: Event, told: Told) => Properties } = {
  product_viewed: product,
  wishlist_added: product,
  collection_viewed: collection,
  searched: search,
  product_added: added,
  checkout_started: checkout,
  contact_submitted: checkout,
  payment_info_added: checkout,
  order_placed: order,
  order_paid: order,
  order_refunded: order,
  order_cancelled: order,
}

const putItems = (properties: Properties, event: Event, told: Told): void => {
  const { commerce } = event
  if (commerce?.items === undefined) return
  const names = distinct(commerce, nameOf)
  if (names.length > 0) properties.ItemNames = names
  const categories = distinct(commerce, categoryOf)
  if (categories.length > 0) properties.Categories = categories
  const items: Line[] = []
  for (const one of commerce.items) {
    if (isGone(one)) continue
    const line = lineOf(one, event, told)
    if (line !== undefined) items.push(line)
  }
  if (items.length > 0) properties.Items = items
}

/** Undefined for a line of which nothing is known. */
const lineOf = (line: LineItem, { store }: Event, { settings, priced }: Told): Line | undefined => {
  const told: Line = {}
  const id = catalogIdOf(line, settings, store)
  if (id !== undefined) told.ProductID = id
  if (line.sku !== undefined) told.SKU = line.sku
  if (line.title !== undefined) told.ProductName = line.title
  const quantity = piecesOf(line)
  if (quantity !== undefined) told.Quantity = quantity
  const price = priced ? amount(line.price) : undefined
  if (price !== undefined) told.ItemPrice = price
  const total = priced ? amount(line.total) : undefined
  if (total !== undefined) told.RowTotal = total
  if (line.url !== undefined) told.ProductURL = line.url
  if (line.imageUrl !== undefined) told.ImageURL = line.imageUrl
  const category = categoryOf(line)
  if (category !== undefined) told.ProductCategories = [category]
  for (const _ in told) return told
  return undefined
}

const nameOf = ({ title }: LineItem): string | undefined => title
const categoryOf = ({ category, type }: LineItem): string | undefined => category ?? type
const brandOf = ({ vendor }: LineItem): string | undefined => vendor

/** A line of no pieces was taken out of the order again: it is kept for the record only, and no mail may show it. */
export const isGone = ({ quantity }: LineItem): boolean => quantity !== undefined && quantity < 1

const piecesOf = ({ quantity }: LineItem): number | undefined =>
  quantity !== undefined && quantity >= 1 ? Math.trunc(quantity) : undefined

const distinct = ({ items }: Commerce, read: (line: LineItem) => string | undefined): readonly string[] => {
  const values: string[] = []
  for (const line of items ?? []) {
    if (isGone(line)) continue
    const value = read(line)
    if (value !== undefined && !values.includes(value)) values.push(value)
  }
  return values
}
