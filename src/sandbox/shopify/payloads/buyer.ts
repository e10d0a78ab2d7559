import { SHOP_CURRENCY } from '../markets.ts'
import type { Buyer } from '../sale.ts'
import { gid, numeric, shopTime } from './fields.ts'

/** Where an order or checkout is billed and shipped to. */
export const address = (buyer: Buyer) => ({
  first_name: buyer.firstName,
  address1: buyer.address1,
  phone: buyer.phone,
  city: buyer.city,
  zip: buyer.zip,
  province: buyer.market.province || null,
  country: buyer.market.name,
  last_name: buyer.lastName,
  address2: null,
  company: null,
  latitude: null,
  longitude: null,
  name: `${buyer.firstName} ${buyer.lastName}`,
  country_code: buyer.market.country,
  province_code: buyer.market.provinceCode || null,
})

/** The customer of an order or checkout, last changed at `updatedAt` (ms since 1970). */
export const customer = (buyer: Buyer, updatedAt: number) => ({
  id: numeric(buyer.customerId),
  created_at: shopTime(buyer.since),
  updated_at: shopTime(updatedAt),
  first_name: buyer.firstName,
  last_name: buyer.lastName,
  state: 'disabled',
  note: null,
  verified_email: true,
  multipass_identifier: null,
  tax_exempt: false,
  email: buyer.email,
  phone: buyer.phone,
  currency: SHOP_CURRENCY,
  tax_exemptions: [],
  admin_graphql_api_id: gid('Customer', buyer.customerId),
  default_address: {
    id: numeric(buyer.addressId),
    customer_id: numeric(buyer.customerId),
    first_name: buyer.firstName,
    last_name: buyer.lastName,
    company: null,
    address1: buyer.address1,
    address2: null,
    city: buyer.city,
    province: buyer.market.province || null,
    country: buyer.market.name,
    zip: buyer.zip,
    phone: buyer.phone,
    name: `${buyer.firstName} ${buyer.lastName}`,
    province_code: buyer.market.provinceCode || null,
    country_code: buyer.market.country,
    country_name: buyer.market.name,
    default: true,
  },
})
