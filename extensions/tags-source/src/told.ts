/** What browser tags tell of, in our words. */
export type TagEventName =
  | 'page_viewed'
  | 'product_viewed'
  | 'collection_viewed'
  | 'searched'
  | 'product_added'
  | 'checkout_started'
  | 'payment_info_added'
  | 'order_placed'

/** A product as a tag names it. Ids are Shopify's numbers as text, the price is of one piece in the shopper's currency. */
export interface TagItem {
  readonly product: string
  readonly variant: string
  readonly sku?: string | undefined
  readonly title?: string | undefined
  readonly vendor?: string | undefined
  readonly category?: string | undefined
  readonly price: number
  readonly quantity: number
}

/** One event for all tags. */
export interface TagEvent {
  readonly name: TagEventName
  /** The id that the server tells as well, by which the platform takes the two for one. */
  readonly id: string
  readonly currency?: string | undefined
  readonly value?: number | undefined
  /** Before tax and shipping, where that is another. */
  readonly subtotal?: number | undefined
  readonly items: readonly TagItem[]
  readonly query?: string | undefined
  readonly collection?: string | undefined
  readonly order?: string | undefined
  /** The page that was viewed is a product's own, and product_viewed tells of it too. */
  readonly ofProduct?: boolean
}

/** One platform's account, as the merchant entered it. */
export interface TagAccount {
  readonly id: string
  /** How its catalogue names products: {country}, {product}, {variant} and {sku} are filled in. */
  readonly catalog: string
  /** Where it differs from the tag's own: the platform's name of an event. */
  readonly names?: Partial<Record<TagEventName, string>>
  /** Which of a purchase's two values is told; the total unless told. */
  readonly value?: 'total' | 'subtotal'
  /** Conversion labels of Google Ads by event. */
  readonly labels?: Partial<Record<TagEventName, string>>
}

/** Who looks on: SHA-256 of the email address and of the customer's id. Nothing is in clear. */
export interface TagPerson {
  readonly email?: string | undefined
  readonly customer?: string | undefined
}

/** What a tag knows when it begins. */
export interface TagStart {
  readonly account: TagAccount
  readonly person: TagPerson
  /** The visitor opted out of the sale of data: the platform's limited use. */
  readonly limited: boolean
}

/** A product's id in a catalogue; undefined where the product lacks something that the template names. */
export const catalogId = (template: string, country: string, item: TagItem): string | undefined => {
  let complete = true
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const part =
      name === 'country' ? country : name === 'product' || name === 'variant' || name === 'sku' ? item[name] : ''
    if (!part) complete = false
    return part ?? ''
  })
  return complete ? filled : undefined
}

/** Rounded as money is shown: sums of halves and thirds have tails. */
export const rounded = (amount: number): number => Math.round(amount * 1000) / 1000

export const pieces = (items: readonly TagItem[]): number => items.reduce((sum, { quantity }) => sum + quantity, 0)
