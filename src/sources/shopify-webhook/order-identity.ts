import { type Identity, identityFrom } from '../../event/identity.ts'
import { type Json, objectAt, textAt } from '../../lib/json.ts'
import { shopifyIdAt } from '../ids.ts'
import { firstEmail, firstPhone, firstPlace, type Place } from '../person.ts'

/**
 * Who ordered (or checks out). Email: the order's, its contact email, the customer's. Phone: the first of order,
 * customer, billing and shipping that parses. Name and address: as one whole from billing, else shipping, else the
 * customer's default address.
 */
export const orderIdentity = (order: Json, flags: Set<string>, browser: BuyersBrowser = {}): Identity | undefined => {
  const customer = objectAt(order, 'customer')
  const billing = placeOf(objectAt(order, 'billing_address'))
  const shipping = placeOf(objectAt(order, 'shipping_address'))
  const usual = placeOf(objectAt(customer, 'default_address'))
  const nameOnly: Place = { firstName: textAt(customer, 'first_name'), lastName: textAt(customer, 'last_name') }
  const place = firstPlace([billing, shipping, usual, nameOnly])
  return identityFrom({
    email: firstEmail([textAt(order, 'email'), textAt(order, 'contact_email'), textAt(customer, 'email')], flags),
    phone: firstPhone(
      [
        { text: textAt(order, 'phone'), country: place.country },
        { text: textAt(customer, 'phone'), country: usual.country ?? place.country },
        { text: textAt(objectAt(order, 'billing_address'), 'phone'), country: billing.country },
        { text: textAt(objectAt(order, 'shipping_address'), 'phone'), country: shipping.country },
      ],
      flags,
    ),
    ...place,
    customerId: shopifyIdAt(customer, 'id'),
    ...browser,
  })
}

/** What an order of the online store knows about the browser it was made with. */
export interface BuyersBrowser {
  readonly ip?: string | undefined
  readonly userAgent?: string | undefined
  readonly language?: string | undefined
}

/** IP address, user agent and language of the buyer. On orders made by staff they would be the staff's. */
export const buyersBrowser = (order: Json): BuyersBrowser => {
  if (textAt(order, 'source_name')?.toLowerCase() !== 'web') return {}
  const details = objectAt(order, 'client_details')
  return {
    ip: textAt(details, 'browser_ip'),
    userAgent: textAt(details, 'user_agent'),
    language: textAt(details, 'accept_language'),
  }
}

/** A Shopify address in raw values; the region as its code, else its name. */
export const placeOf = (address: Json): Place => ({
  firstName: textAt(address, 'first_name'),
  lastName: textAt(address, 'last_name'),
  company: textAt(address, 'company'),
  street: textAt(address, 'address1'),
  city: textAt(address, 'city'),
  region: textAt(address, 'province_code') ?? textAt(address, 'province'),
  postalCode: textAt(address, 'zip'),
  country: textAt(address, 'country_code'),
})
