import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { Brand } from '../lib/brand.ts'

/** Text that a normaliser of this file made. Only such text can be hashed, so raw input cannot be by mistake. */
export type Normalised<Kind extends string = string> = Brand<string, 'Normalised'> & { readonly __kind?: Kind }

export type Email = Normalised<'email'>
/** E.164, with the plus sign. */
export type Phone = Normalised<'phone'>
export type PersonName = Normalised<'name'>
export type Company = Normalised<'company'>
export type Street = Normalised<'street'>
export type City = Normalised<'city'>
/** ISO 3166-2 code without its country ("CA"), else the region's name. */
export type Region = Normalised<'region'>
export type PostalCode = Normalised<'postalCode'>
/** ISO 3166-1 alpha-2, upper case. */
export type Country = Normalised<'country'>
/** YYYY-MM-DD. */
export type BirthDate = Normalised<'birthDate'>
export type Gender = Normalised<'gender'>
export type CustomerId = Normalised<'customerId'>
export type ClientId = Normalised<'clientId'>

/** The person behind an event, in normalised clear values; platforms' own variants are made from them. */
export interface Identity {
  readonly email?: Email
  readonly phone?: Phone
  readonly firstName?: PersonName
  readonly lastName?: PersonName
  readonly company?: Company
  readonly birthDate?: BirthDate
  readonly gender?: Gender
  readonly street?: Street
  readonly city?: City
  readonly region?: Region
  readonly postalCode?: PostalCode
  readonly country?: Country
  readonly customerId?: CustomerId
  readonly clientId?: ClientId
  readonly ip?: string
  readonly userAgent?: string
  /** BCP 47. */
  readonly language?: string
}

const made = <T extends Normalised>(text: string): T => text as T

/** Trimmed, composed (NFC, so that both spellings of "é" give one hash), not empty. ASCII needs no composing. */
const clean = (text: string | undefined, longest = 320): string | undefined => {
  const trimmed = text?.trim()
  if (!trimmed || trimmed.length > longest) return undefined
  return ASCII.test(trimmed) ? trimmed : trimmed.normalize('NFC')
}
const ASCII = /^[\x20-\x7e]*$/

const plain =
  <T extends Normalised>(longest: number) =>
  (text: string | undefined): T | undefined => {
    const value = clean(text, longest)
    return value === undefined ? undefined : made<T>(value)
  }

const EMAIL = /^[^\s@,;:<>()"]{1,64}@[^\s@,;:<>()"]+\.[^\s@,;:<>()".]+$/

/** Trimmed and lower-cased; undefined when it is not an address. Dots and plus tags stay. */
export const email = (text: string | undefined): Email | undefined => {
  const value = clean(text)?.toLowerCase()
  return value !== undefined && EMAIL.test(value) ? made<Email>(value) : undefined
}

const E164 = /^\+[1-9]\d{7,14}$/
/** A zero right behind where a country's code may end: perhaps the trunk zero of "+44 (0)20…", which does not belong there. */
const TRUNK_ZERO = /^\+[1-9]\d{0,2}0/

/** E.164, read as dialled in `country` when it has no country code of its own; undefined when it cannot be a number. */
export const phone = (text: string | undefined, country?: string): Phone | undefined => {
  const value = clean(text, 40)
  if (value === undefined) return undefined
  if (E164.test(value) && !TRUNK_ZERO.test(value)) return made<Phone>(value)
  // "0041..." is how much of the world dials "+41...".
  const dialled = value.startsWith('00') ? `+${value.slice(2)}` : value
  const parsed = parsePhoneNumberFromString(dialled, country ? { defaultCountry: country as CountryCode } : {})
  return parsed?.isPossible() && E164.test(parsed.number) ? made<Phone>(parsed.number) : undefined
}

export const personName = plain<PersonName>(100)
export const company = plain<Company>(200)
export const street = plain<Street>(300)
export const city = plain<City>(120)
export const postalCode = plain<PostalCode>(20)
export const customerIdentifier = plain<CustomerId>(100)
export const clientIdentifier = plain<ClientId>(100)

/** A region's code; Shopify writes some with their country ("JP-13"), which is cut off. */
export const region = (text: string | undefined): Region | undefined => {
  const value = clean(text, 120)
  if (value === undefined) return undefined
  return made<Region>(/^[A-Za-z]{2}-[A-Za-z0-9]{1,3}$/.test(value) ? value.slice(3).toUpperCase() : value)
}

export const country = (text: string | undefined): Country | undefined => {
  const value = clean(text)?.toUpperCase()
  return value !== undefined && /^[A-Z]{2}$/.test(value) ? made<Country>(value) : undefined
}

/** YYYY-MM-DD out of that form, YYYYMMDD or an ISO instant; undefined for a date that does not exist. */
export const birthDate = (text: string | undefined): BirthDate | undefined => {
  const found = /^(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?$/.exec(clean(text) ?? '')
  if (!found) return undefined
  const iso = `${found[1]}-${found[2]}-${found[3]}`
  const time = Date.parse(`${iso}T00:00:00Z`)
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso ? undefined : made<BirthDate>(iso)
}

const FEMALE = new Set(
  'f w female woman feminine femme féminin feminin weiblich frau femminile femmina donna femenino femenina mujer feminino feminina mulher vrouw vrouwelijk kvinna kvinde kvinne kobieta'.split(
    ' ',
  ),
)
const MALE = new Set(
  'm male man masculine homme masculin männlich maennlich mann maschile maschio uomo masculino hombre homem mannelijk mand mężczyzna'.split(
    ' ',
  ),
)
const NEITHER = new Set('n nonbinary non-binary diverse divers other'.split(' '))

/**
 * "f", "m" or "n" (neither, as somebody said of themselves), out of what people and systems write. Undefined for what
 * says nothing, as "unknown" and "prefer not to say": that is no gender, and would be a false one to match by.
 */
export const gender = (text: string | undefined): Gender | undefined => {
  const value = clean(text)?.toLowerCase()
  if (value === undefined) return undefined
  if (FEMALE.has(value)) return made<Gender>('f')
  if (MALE.has(value)) return made<Gender>('m')
  return NEITHER.has(value) ? made<Gender>('n') : undefined
}

/** A visitor's IPv4 or IPv6 address; undefined for anything else, for 0.0.0.0 and for "::". */
export const ip = (text: string | undefined): string | undefined => {
  const value = text?.trim().replace(/^::ffff:(?=\d+\.)/i, '')
  if (!value || value.length > 45 || value === '0.0.0.0' || value === '::') return undefined
  return IPV4.test(value) || isIpv6(value) ? value : undefined
}
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/

/** Colon-separated groups of up to four hex digits: eight of them, or fewer around one "::". */
const isIpv6 = (text: string): boolean => {
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  return (
    groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) &&
    (halves.length === 2 ? groups.length < 8 : groups.length === 8)
  )
}

/** A browser's own user agent string, at most 1,024 characters. */
export const userAgent = (text: string | undefined): string | undefined => clean(text, 1024)

/** BCP 47, the first of an Accept-Language list: "en-US,en;q=0.9" -> "en-US". */
export const language = (text: string | undefined): string | undefined => {
  const first = clean(text)?.split(/[,;]/)[0]?.trim()
  return first !== undefined && /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(first) ? first : undefined
}

const FIELDS: { readonly [K in keyof Required<Identity>]: (text: string, home?: string) => Identity[K] | undefined } = {
  email,
  phone,
  firstName: personName,
  lastName: personName,
  company,
  birthDate,
  gender,
  street,
  city,
  region,
  postalCode,
  country,
  customerId: customerIdentifier,
  clientId: clientIdentifier,
  ip,
  userAgent,
  language,
}

export const IDENTITY_FIELDS = Object.keys(FIELDS) as readonly (keyof Identity)[]

/**
 * An identity out of raw text values; what cannot be read is left out. Undefined when nothing is left. Phones are read
 * as dialled in the country of the address. Normalising what is normalised changes nothing.
 */
export const identityFrom = (raw: { readonly [K in keyof Identity]?: string | undefined }): Identity | undefined => {
  const kept: Record<string, string> = {}
  const home = typeof raw.country === 'string' ? country(raw.country) : undefined
  let any = false
  for (const field in FIELDS) {
    const text = raw[field as keyof Identity]
    if (typeof text !== 'string') continue
    const value = FIELDS[field as keyof Identity](text, home)
    if (value === undefined) continue
    kept[field] = value
    any = true
  }
  return any ? (kept as Identity) : undefined
}
