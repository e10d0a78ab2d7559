import type { Commerce } from '../../event/event.ts'
import { arrayAt, booleanAt, compact, type Json, objectAt, textAt } from '../../lib/json.ts'
import { currencyAt, piecesOf } from '../amounts.ts'
import { shopifyIdAt, tokenAt } from '../ids.ts'
import { firstEmail, firstPhone, firstPlace, type Place as PostalPlace } from '../person.ts'
import { checkoutLines, type Place, pixelAmount } from './items.ts'

/** A checkout's money, in the currency the shopper sees. Served to checkout events only: an order's is Shopify's to tell. */
export const checkoutMoney = (checkout: Json, place: Place): Commerce => {
  const currency = currencyAt(checkout, 'currencyCode') ?? currencyAt(objectAt(checkout, 'totalPrice'), 'currencyCode')
  const amount = (key: string) => pixelAmount(objectAt(checkout, key), currency, place.flags)
  const items = checkoutLines(checkout, place)
  const coupons = new Set(
    arrayAt(checkout, 'discountApplications').flatMap((discount) =>
      textAt(discount, 'type') === 'DISCOUNT_CODE' ? (textAt(discount, 'title') ?? []) : [],
    ),
  )
  return compact<Commerce>({
    currency,
    value: amount('totalPrice'),
    subtotal: amount('subtotalPrice'),
    tax: amount('totalTax'),
    shipping: pixelAmount(objectAt(objectAt(checkout, 'shippingLine'), 'price'), currency, place.flags),
    discount: amount('discountsAmount'),
    coupons: coupons.size === 0 ? undefined : [...coupons],
    items: items.length === 0 ? undefined : items,
    numItems: piecesOf(items),
  })
}

/** What a checkout tells beside money; of a completed one also its order and whether it is the customer's first. */
export const checkoutFacts = (checkout: Json, cartToken: string | undefined): Commerce => {
  const order = objectAt(checkout, 'order')
  const first = booleanAt(objectAt(order, 'customer'), 'isFirstOrder')
  return compact<Commerce>({
    orderId: shopifyIdAt(order, 'id'),
    checkoutToken: tokenAt(checkout, 'token'),
    cartToken,
    shippingMethod: textAt(arrayAt(objectAt(checkout, 'delivery'), 'selectedDeliveryOptions')[0], 'title'),
    paymentType: textAt(arrayAt(checkout, 'transactions')[0], 'gateway'),
    customerType: first === undefined ? undefined : first ? 'new' : 'returning',
  })
}

/** Who checks out. Without Shopify's approval for protected data these fields are null. */
export const checkoutPerson = (checkout: Json, flags: Set<string>) => {
  const billing = objectAt(checkout, 'billingAddress')
  const shipping = objectAt(checkout, 'shippingAddress')
  const place = firstPlace([placeOf(billing), placeOf(shipping)])
  return {
    email: firstEmail([textAt(checkout, 'email')], flags),
    phone: firstPhone(
      [
        { text: textAt(checkout, 'phone'), country: place.country },
        { text: textAt(billing, 'phone'), country: countryOf(billing) },
        { text: textAt(shipping, 'phone'), country: countryOf(shipping) },
      ],
      flags,
    ),
    ...place,
    customerId: shopifyIdAt(objectAt(objectAt(checkout, 'order'), 'customer'), 'id'),
  }
}

const countryOf = (address: Json): string | undefined => textAt(address, 'countryCode') ?? textAt(address, 'country')

const placeOf = (address: Json): PostalPlace => ({
  firstName: textAt(address, 'firstName'),
  lastName: textAt(address, 'lastName'),
  street: textAt(address, 'address1'),
  city: textAt(address, 'city'),
  region: textAt(address, 'provinceCode') ?? textAt(address, 'province'),
  postalCode: textAt(address, 'zip'),
  country: countryOf(address),
})

/** Cart attributes: the way in which themes and apps carry cookies to the checkout. */
export const attributesOf = (holder: Json): Record<string, string> => {
  const found: Record<string, string> = {}
  for (const attribute of arrayAt(holder, 'attributes')) {
    const key = textAt(attribute, 'key')
    const value = textAt(attribute, 'value')
    if (key !== undefined && value !== undefined) found[key] = value
  }
  return found
}
