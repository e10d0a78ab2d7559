import type { Choice } from './catalogue.ts'
import { inMarket, type Market } from './markets.ts'

/** What the demo store knows about a sale; webhooks and pixel events are two spellings of it. */
export interface Line extends Choice {
  readonly quantity: number
}

export interface Cart {
  readonly token: string
  /** Hex part of the line keys. */
  readonly key: string
  readonly lines: readonly Line[]
  /** ms since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
}

export interface Buyer {
  readonly customerId: string
  readonly addressId: string
  readonly email: string
  readonly phone: string | null
  readonly firstName: string
  readonly lastName: string
  readonly address1: string
  readonly city: string
  readonly zip: string
  readonly market: Market
  readonly firstOrder: boolean
  readonly since: number
}

/** The browser that buys, as the checkout sees it. */
export interface Browser {
  readonly ip: string
  readonly userAgent: string
  readonly language: string
}

export interface Checkout {
  readonly token: string
  readonly number: number
  readonly cart: Cart
  readonly market: Market
  readonly landingSite: string
  readonly referringSite: string
  readonly noteAttributes: readonly { readonly name: string; readonly value: string }[]
  readonly createdAt: number
  readonly updatedAt: number
  readonly buyer?: Buyer
  /** What the buyer typed before everything is known. */
  readonly email?: string
  readonly shippingChosen?: boolean
  /** Whole percent off every line. */
  readonly discount?: { readonly code: string; readonly percent: number }
}

export interface Order {
  readonly id: string
  readonly number: number
  readonly token: string
  readonly confirmation: string
  readonly checkout: Checkout & { readonly buyer: Buyer }
  readonly browser: Browser
  readonly createdAt: number
  readonly updatedAt: number
}

/** Minor units of the shop's currency. */
const SHIPPING = 799

/** All sums of a checkout in the minor units of one currency, so that they add up in that currency. */
export interface Totals {
  readonly lines: readonly {
    readonly unit: number
    readonly before: number
    readonly discount: number
    readonly after: number
  }[]
  readonly before: number
  readonly discount: number
  readonly subtotal: number
  readonly shipping: number
  readonly total: number
}

/** Sums in the currency of a market; the US market's are the shop's own. */
export const totalsOf = (checkout: Pick<Checkout, 'cart' | 'discount' | 'shippingChosen'>, market: Market): Totals => {
  const percent = checkout.discount?.percent ?? 0
  const lines = checkout.cart.lines.map(({ variant, quantity }) => {
    const unit = inMarket(variant.price, market)
    const before = unit * quantity
    const discount = Math.round((before * percent) / 100)
    return { unit, before, discount, after: before - discount }
  })
  const add = (pick: (line: Totals['lines'][number]) => number) => lines.reduce((sum, line) => sum + pick(line), 0)
  const shipping = checkout.shippingChosen ? inMarket(SHIPPING, market) : 0
  const subtotal = add((line) => line.after)
  return {
    lines,
    before: add((line) => line.before),
    discount: add((line) => line.discount),
    subtotal,
    shipping,
    total: subtotal + shipping,
  }
}
