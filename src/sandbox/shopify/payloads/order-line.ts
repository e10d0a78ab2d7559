import { VENDOR } from '../catalogue.ts'
import { type Order, totalsOf } from '../sale.ts'
import { bag, gid, HOME, numeric, usd, variantTitle } from './fields.ts'

/** What an order's line and its copy in a refund share. */
export const lineBasics = (order: Order, index: number) => {
  const line = order.checkout.cart.lines[index]
  const shop = totalsOf(order.checkout, HOME).lines[index]
  const presentment = totalsOf(order.checkout, order.checkout.market).lines[index]
  if (!line || !shop || !presentment) throw new Error(`order has no line ${index}`)
  const { market } = order.checkout
  const id = String(numeric(order.id) * 2 + index)
  return {
    shop,
    presentment,
    basics: {
      id: numeric(id),
      admin_graphql_api_id: gid('LineItem', id),
      fulfillable_quantity: line.quantity,
      fulfillment_service: 'manual',
      fulfillment_status: null,
      gift_card: false,
      grams: line.variant.grams,
      name: variantTitle(line),
      price: usd(shop.unit),
      price_set: bag(shop.unit, presentment.unit, market),
      product_exists: true,
      product_id: numeric(line.product.id),
      properties: [],
      quantity: line.quantity,
      requires_shipping: true,
      sku: line.variant.sku,
      taxable: true,
      title: line.product.title,
      total_discount: usd(0),
      total_discount_set: bag(0, 0, market),
      variant_id: numeric(line.variant.id),
      variant_inventory_management: 'shopify',
      variant_title: line.variant.title,
      vendor: VENDOR,
      tax_lines: [],
      duties: [],
      discount_allocations: shop.discount
        ? [
            {
              amount: usd(shop.discount),
              amount_set: bag(shop.discount, presentment.discount, market),
              discount_application_index: 0,
            },
          ]
        : [],
    },
  }
}

/** A line of an order, by its place in the cart. */
export const orderLine = (order: Order, index: number) => {
  const { basics } = lineBasics(order, index)
  return { ...basics, attributed_staffs: [], current_quantity: basics.quantity, sales_line_item_group_id: null }
}
