import { type Choice, type Product, VENDOR } from './catalogue.ts'
import { amount, inMarket, type Market } from './markets.ts'
import { type Buyer, type Cart, type Checkout, type Line, type Order, totalsOf } from './sale.ts'

/** The `data` of Shopify's pixel events: ids are texts, amounts are numbers in the buyer's currency. */
const money = (minor: number, market: Market) => ({
  amount: amount(minor, market.currency),
  currencyCode: market.currency,
})

export const productVariant = ({ product, variant }: Choice, market: Market) => ({
  id: variant.id,
  image: { src: null },
  price: money(inMarket(variant.price, market), market),
  product: {
    id: product.id,
    title: product.title,
    type: product.type,
    untranslatedTitle: product.title,
    url: `/products/${product.handle}`,
    vendor: VENDOR,
  },
  sku: variant.sku,
  title: variant.title,
  untranslatedTitle: variant.title,
})

const firstVariant = (product: Product, market: Market) =>
  productVariant({ product, variant: product.variants[0] }, market)

export const productViewed = (choice: Choice, market: Market) => ({ productVariant: productVariant(choice, market) })

export const collectionViewed = (products: readonly Product[], market: Market) => ({
  collection: {
    id: '480000000001',
    title: 'All gear',
    productVariants: products.map((product) => firstVariant(product, market)),
  },
})

export const searchSubmitted = (query: string, products: readonly Product[], market: Market) => ({
  searchResult: { query, productVariants: products.map((product) => firstVariant(product, market)) },
})

export const cartLine = (line: Line, market: Market) => ({
  merchandise: productVariant(line, market),
  quantity: line.quantity,
  cost: { totalAmount: money(inMarket(line.variant.price, market) * line.quantity, market) },
})

export const productAddedToCart = (line: Line, market: Market) => ({ cartLine: cartLine(line, market) })

/** The cart as in init.data.cart and cart_viewed. */
export const pixelCart = (cart: Cart, market: Market) => ({
  id: cart.token,
  lines: cart.lines.map((line) => cartLine(line, market)),
  cost: { totalAmount: money(totalsOf({ cart }, market).before, market) },
  totalQuantity: cart.lines.reduce((sum, line) => sum + line.quantity, 0),
  attributes: [],
})

export const cartViewed = (cart: Cart | undefined, market: Market) => ({ cart: cart ? pixelCart(cart, market) : null })

const address = (buyer: Buyer) => ({
  address1: buyer.address1,
  address2: null,
  city: buyer.city,
  country: buyer.market.country,
  countryCode: buyer.market.country,
  firstName: buyer.firstName,
  lastName: buyer.lastName,
  phone: buyer.phone,
  province: buyer.market.provinceCode || null,
  provinceCode: buyer.market.provinceCode || null,
  zip: buyer.zip,
})

/** The checkout of all five checkout events; `order` exists once it is completed. */
export const checkoutData = (checkout: Checkout, order?: Pick<Order, 'id'>) => {
  const { market, buyer } = checkout
  const totals = totalsOf(checkout, market)
  const cash = (minor: number) => money(minor, market)
  const application = checkout.discount && {
    allocationMethod: 'ACROSS',
    targetSelection: 'ALL',
    targetType: 'LINE_ITEM',
    title: checkout.discount.code,
    type: 'DISCOUNT_CODE',
    value: { percentage: checkout.discount.percent },
  }
  return {
    checkout: {
      attributes: checkout.noteAttributes.map(({ name, value }) => ({ key: name, value })),
      billingAddress: buyer ? address(buyer) : null,
      buyerAcceptsEmailMarketing: false,
      buyerAcceptsSmsMarketing: false,
      currencyCode: market.currency,
      delivery: {
        selectedDeliveryOptions: checkout.shippingChosen
          ? [
              {
                cost: cash(totals.shipping),
                costAfterDiscounts: cash(totals.shipping),
                description: null,
                handle: 'shp-standard-1',
                title: 'Standard',
                type: 'shipping',
              },
            ]
          : [],
      },
      discountApplications: application ? [application] : [],
      discountsAmount: cash(totals.discount),
      email: buyer?.email ?? checkout.email ?? '',
      lineItems: checkout.cart.lines.map((line, index) => ({
        discountAllocations: application
          ? [{ amount: cash(totals.lines[index]?.discount ?? 0), discountApplication: application }]
          : [],
        finalLinePrice: cash(totals.lines[index]?.after ?? 0),
        id: line.variant.id,
        properties: [],
        quantity: line.quantity,
        sellingPlanAllocation: null,
        title: line.product.title,
        variant: productVariant(line, market),
      })),
      localization: {
        country: { isoCode: market.country },
        language: { isoCode: market.language },
        market: { handle: market.country.toLowerCase(), id: 'gid://shopify/Market/23500000001' },
      },
      order:
        order && buyer ? { customer: { id: buyer.customerId, isFirstOrder: buyer.firstOrder }, id: order.id } : null,
      phone: '',
      shippingAddress: buyer ? address(buyer) : null,
      shippingLine: { price: cash(totals.shipping) },
      smsMarketingPhone: null,
      subtotalPrice: cash(totals.subtotal),
      token: checkout.token,
      totalPrice: cash(totals.total),
      totalTax: cash(0),
      transactions: order
        ? [
            {
              amount: cash(totals.total),
              gateway: 'shopify_payments',
              paymentMethod: { name: 'Visa', type: 'creditCard' },
            },
          ]
        : [],
    },
  }
}
