import type { Event } from '../../event/event.ts'
import type { Country, CustomerId } from '../../event/identity.ts'
import { countryName } from '../../event/variants.ts'
import type { Normalizers } from '../destination.ts'
import { asItIs, inClear } from '../identifiers.ts'

interface Location {
  address1?: string
  city?: string
  region?: string
  country?: string
  zip?: string
}

/** The person, in clear: Klaviyo is the store's address book, and the hash of an address would be one more person in it. */
export interface ProfileAttributes {
  email?: string
  phone_number?: string
  external_id?: string
  anonymous_id?: string
  _kx?: string
  first_name?: string
  last_name?: string
  organization?: string
  locale?: string
  location?: Location
}

export interface Profile {
  readonly type: 'profile'
  readonly attributes: ProfileAttributes
}

/** Klaviyo's form of each identifier: nothing is hashed, and names keep their case, since they stand in mails. */
export const normalizers = {
  // Dots and plus tags stay: to Klaviyo they are other people.
  email: inClear,
  phone: inClear,
  firstName: inClear,
  lastName: inClear,
  company: inClear,
  street: inClear,
  city: inClear,
  region: inClear,
  postalCode: inClear,
  // Free text at Klaviyo; its own Shopify integration writes names, and segments compare texts.
  country: { digests: [], form: (country: Country) => countryName(country) },
  customerId: inClear,
  // The client's id is not among them: one address under several external ids merges or splits people.
  externalId: { digests: [], form: asItIs<CustomerId> },
  language: inClear,
} satisfies Normalizers

/**
 * The person of an event; undefined where Klaviyo could not tell who it is. It would take an event with nothing but
 * its own browser id as well, but such people count for nothing and fill the account.
 */
export const profileOf = ({ identity, ids }: Pick<Event, 'identity' | 'ids'>): Profile | undefined => {
  const { email, phone, customerId } = identity ?? {}
  const exchangeId = ids?.kx ?? ids?.klaExchangeId
  if (email === undefined && phone === undefined && customerId === undefined && exchangeId === undefined)
    return undefined
  const attributes: ProfileAttributes = {}
  if (email !== undefined) attributes.email = email
  if (phone !== undefined) attributes.phone_number = phone
  if (customerId !== undefined) attributes.external_id = customerId
  // The browser's history before it was known: in the checkout, where Klaviyo's snippet does not run, only this links it.
  if (ids?.klaCid !== undefined) attributes.anonymous_id = ids.klaCid
  // It names the person whom a mail was sent to. Beside an address or number it can only add nothing, or contradict:
  // mails are forwarded, and two people would become one.
  if (exchangeId !== undefined && email === undefined && phone === undefined) attributes._kx = exchangeId
  if (identity !== undefined) {
    if (identity.firstName !== undefined) attributes.first_name = identity.firstName
    if (identity.lastName !== undefined) attributes.last_name = identity.lastName
    if (identity.company !== undefined) attributes.organization = identity.company
    if (identity.language !== undefined) attributes.locale = identity.language
    const location = locationOf(identity)
    if (location !== undefined) attributes.location = location
  }
  return { type: 'profile', attributes }
}

const locationOf = (identity: NonNullable<Event['identity']>): Location | undefined => {
  const location: Location = {}
  if (identity.street !== undefined) location.address1 = identity.street
  if (identity.city !== undefined) location.city = identity.city
  if (identity.region !== undefined) location.region = identity.region
  const country = identity.country && normalizers.country.form(identity.country)
  if (country !== undefined) location.country = country
  if (identity.postalCode !== undefined) location.zip = identity.postalCode
  for (const _ in location) return location
  return undefined
}
