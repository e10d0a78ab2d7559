import { SHOP_CURRENCY } from '../markets.ts'
import { type Order, totalsOf } from '../sale.ts'
import { bag, gid, HOME, numeric, shopTime, usd } from './fields.ts'
import { lineBasics } from './order-line.ts'

/** A refund of every piece of an order, shipping included. */
export const refundPayload = (order: Order, refund: { readonly id: string; readonly at: number }) => {
  const { market } = order.checkout
  const shop = totalsOf(order.checkout, HOME)
  const presentment = totalsOf(order.checkout, market)
  const nothing = bag(0, 0, market)
  const unsettled = (currency: string) => ({ amount: '0.0', currency })
  const at = shopTime(refund.at)
  return {
    id: numeric(refund.id),
    order_id: numeric(order.id),
    created_at: at,
    note: null,
    user_id: 101_000_000_001,
    processed_at: at,
    duties: [],
    total_duties_set: nothing,
    return: null,
    refund_shipping_lines: [
      {
        id: numeric(refund.id) + 1,
        shipping_line: { id: numeric(order.id) + 1, title: 'Standard', price: usd(shop.shipping), code: 'Standard' },
        subtotal_amount_set: bag(shop.shipping, presentment.shipping, market),
        tax_amount_set: nothing,
      },
    ],
    restock: true,
    admin_graphql_api_id: gid('Refund', refund.id),
    order_adjustments: [],
    refund_line_items: order.checkout.cart.lines.map((line, index) => {
      const { basics, shop: own, presentment: theirs } = lineBasics(order, index)
      return {
        id: numeric(refund.id) + 2 + index,
        quantity: line.quantity,
        line_item_id: basics.id,
        location_id: 85_500_000_001,
        restock_type: 'return',
        // Numbers, unlike everywhere else: Shopify's own samples have them so.
        subtotal: own.after / 100,
        total_tax: 0,
        subtotal_set: bag(own.after, theirs.after, market),
        total_tax_set: nothing,
        line_item: basics,
      }
    }),
    transactions: [
      {
        id: numeric(refund.id) + 50,
        order_id: numeric(order.id),
        kind: 'refund',
        gateway: 'shopify_payments',
        status: 'success',
        message: null,
        created_at: at,
        test: false,
        authorization: null,
        location_id: null,
        user_id: 101_000_000_001,
        parent_id: numeric(order.id) + 60,
        processed_at: at,
        device_id: null,
        error_code: null,
        source_name: '1830279',
        receipt: {},
        amount: usd(shop.total),
        currency: SHOP_CURRENCY,
        payment_id: `#${order.number}.1`,
        total_unsettled_set: {
          presentment_money: unsettled(market.currency),
          shop_money: unsettled(SHOP_CURRENCY),
        },
        manual_payment_gateway: false,
        amount_rounding: null,
        admin_graphql_api_id: gid('OrderTransaction', String(numeric(refund.id) + 50)),
      },
    ],
  }
}
