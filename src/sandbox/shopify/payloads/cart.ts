import { VENDOR } from '../catalogue.ts'
import type { Market } from '../markets.ts'
import { type Cart, type Line, totalsOf } from '../sale.ts'
import { bag, HOME, numeric, usd, variantTitle } from './fields.ts'

export const cartPayload = (cart: Cart, market: Market) => ({
  id: cart.token,
  token: cart.token,
  line_items: cart.lines.map((line) => cartLine(line, cart, market)),
  note: null,
  updated_at: new Date(cart.updatedAt).toISOString(),
  created_at: new Date(cart.createdAt).toISOString(),
})

const cartLine = (line: Line, cart: Cart, market: Market) => {
  const [shop] = totalsOf({ cart: { ...cart, lines: [line] } }, HOME).lines
  const [presentment] = totalsOf({ cart: { ...cart, lines: [line] } }, market).lines
  const unit = bag(shop?.unit ?? 0, presentment?.unit ?? 0, market)
  const whole = bag(shop?.before ?? 0, presentment?.before ?? 0, market)
  return {
    id: numeric(line.variant.id),
    properties: null,
    quantity: line.quantity,
    variant_id: numeric(line.variant.id),
    key: `${line.variant.id}:${cart.key}`,
    discounted_price: unit.shop_money.amount,
    discounts: [],
    gift_card: false,
    grams: line.variant.grams,
    line_price: whole.shop_money.amount,
    original_line_price: whole.shop_money.amount,
    original_price: unit.shop_money.amount,
    price: unit.shop_money.amount,
    product_id: numeric(line.product.id),
    sku: line.variant.sku,
    taxable: true,
    title: variantTitle(line),
    total_discount: usd(0),
    vendor: VENDOR,
    discounted_price_set: unit,
    line_price_set: whole,
    original_line_price_set: whole,
    price_set: unit,
    total_discount_set: bag(0, 0, market),
    parent_relationship: null,
  }
}
