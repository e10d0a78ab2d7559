import type { Sha256 } from '../../event/hash.ts'
import type { Country, Email, Identity, PersonName, Phone, PostalCode } from '../../event/identity.ts'
import { oneGmailBox, withoutNameSuffix, withoutTitle } from '../../event/variants.ts'
import type { Normalizers } from '../destination.ts'
import { asItIs, hashed, hashOf } from '../identifiers.ts'

/** Each has exactly one of its fields. */
export type UserIdentifier =
  | { readonly emailAddress: Sha256 }
  | { readonly phoneNumber: Sha256 }
  | { readonly address: Address }

/** All four or none: with one missing Google refuses the whole event. */
interface Address {
  readonly givenName: Sha256
  readonly familyName: Sha256
  readonly regionCode: string
  readonly postalCode: string
}

export interface UserData {
  readonly userIdentifiers: readonly UserIdentifier[]
}

/** Names follow Google's own formatter, which keeps apostrophes and hyphens; a comment in its schema says otherwise. */
export const normalizers = {
  email: hashed<Email>(oneGmailBox),
  phone: hashed<Phone>(asItIs),
  firstName: hashed<PersonName>(withoutTitle),
  lastName: hashed<PersonName>(withoutNameSuffix),
  // A region is a country here.
  country: { digests: [], form: asItIs<Country> },
  postalCode: { digests: [], form: asItIs<PostalCode> },
} satisfies Normalizers

const addressOf = (identity: Identity): Address | undefined => {
  const { country, postalCode } = identity
  if (country === undefined || postalCode === undefined) return undefined
  const givenName = hashOf(identity, 'firstName', normalizers.firstName)
  const familyName = hashOf(identity, 'lastName', normalizers.lastName)
  if (givenName === undefined || familyName === undefined) return undefined
  return {
    givenName,
    familyName,
    regionCode: normalizers.country.form(country),
    postalCode: normalizers.postalCode.form(postalCode),
  }
}

/** The person as the Data Manager API wants it; undefined where there is nothing to match on. */
export const userDataOf = (identity: Identity | undefined): UserData | undefined => {
  if (identity === undefined) return undefined
  const userIdentifiers: UserIdentifier[] = []
  const emailAddress = hashOf(identity, 'email', normalizers.email)
  if (emailAddress !== undefined) userIdentifiers.push({ emailAddress })
  const phoneNumber = hashOf(identity, 'phone', normalizers.phone)
  if (phoneNumber !== undefined) userIdentifiers.push({ phoneNumber })
  const address = addressOf(identity)
  if (address !== undefined) userIdentifiers.push({ address })
  return userIdentifiers.length === 0 ? undefined : { userIdentifiers }
}
