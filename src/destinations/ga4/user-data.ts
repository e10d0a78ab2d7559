import type { Sha256 } from '../../event/hash.ts'
import type {
  City,
  Country,
  CustomerId,
  Email,
  Identity,
  PersonName,
  Phone,
  PostalCode,
  Region,
  Street,
} from '../../event/identity.ts'
import { lettersAndSpaces, oneGmailBox, withoutPunctuation } from '../../event/variants.ts'
import type { Normalizers } from '../destination.ts'
import { ipAddress } from '../google-data-manager/ip-address.ts'
import { asItIs, hashed, hashOf } from '../identifiers.ts'

/** The person, as the Measurement Protocol wants it. The Data Manager API has other forms of names. */
export interface UserData {
  sha256_email_address?: readonly [Sha256]
  sha256_phone_number?: readonly [Sha256]
  address?: readonly [Address]
}

interface Address {
  sha256_first_name: Sha256
  sha256_last_name: Sha256
  sha256_street?: Sha256
  city?: string
  region?: string
  postal_code: string
  country: string
}

/** Forms of the Measurement Protocol: names, streets and cities lose their symbols, names and cities their digits too. */
export const normalizers = {
  // Its page speaks of dots only; the newer rule that Google's interfaces share cuts the plus tag too.
  email: hashed<Email>(oneGmailBox),
  phone: hashed<Phone>(asItIs),
  firstName: hashed<PersonName>(lettersAndSpaces),
  lastName: hashed<PersonName>(lettersAndSpaces),
  street: hashed<Street>(withoutPunctuation),
  city: { digests: [], form: (city: City) => lettersAndSpaces(city) },
  region: { digests: [], form: (region: Region) => lettersAndSpaces(region) },
  postalCode: { digests: [], form: (code: PostalCode) => code.replace(/[.~]/g, '').trim() || undefined },
  country: { digests: [], form: asItIs<Country> },
  // `user_id`. Google forbids addresses there; some shops use one as their customers' number.
  customerId: { digests: [], form: (id: CustomerId) => (id.includes('@') ? undefined : id) },
  ip: ipAddress,
} satisfies Normalizers

/** Undefined where there is nothing to match on. */
export const userDataOf = (identity: Identity): UserData | undefined => {
  const email = hashOf(identity, 'email', normalizers.email)
  const phone = hashOf(identity, 'phone', normalizers.phone)
  const address = addressOf(identity)
  if (email === undefined && phone === undefined && address === undefined) return undefined
  const user: UserData = {}
  if (email !== undefined) user.sha256_email_address = [email]
  if (phone !== undefined) user.sha256_phone_number = [phone]
  if (address !== undefined) user.address = [address]
  return user
}

/** With one of name, postal code and country missing Google's tag takes no address, so none is told here either. */
const addressOf = (identity: Identity): Address | undefined => {
  const { city, region, postalCode, country } = identity
  const code = postalCode && normalizers.postalCode.form(postalCode)
  if (code === undefined || country === undefined) return undefined
  const firstName = hashOf(identity, 'firstName', normalizers.firstName)
  const lastName = hashOf(identity, 'lastName', normalizers.lastName)
  if (firstName === undefined || lastName === undefined) return undefined
  const street = hashOf(identity, 'street', normalizers.street)
  const town = city && normalizers.city.form(city)
  const state = region && normalizers.region.form(region)
  const address: Address = { sha256_first_name: firstName, sha256_last_name: lastName, postal_code: code, country }
  if (street !== undefined) address.sha256_street = street
  if (town !== undefined) address.city = town
  if (state !== undefined) address.region = state
  return address
}
