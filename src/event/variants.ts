import type { BirthDate, City, Country, Normalised, PersonName, Phone, PostalCode, Region } from './identity.ts'

/** Platforms' variants of normalised values: each a named function from brand to brand. */
const made = (text: string): Normalised | undefined => (text === '' ? undefined : (text as Normalised))

/** "+14155550132" -> "14155550132". */
export const digitsOnly = (phone: Phone): Normalised | undefined => made(phone.slice(1))

/** "Valéry" -> "valéry"; punctuation stays. */
export const lowerCase = (value: PersonName | Region | Country): Normalised | undefined => made(value.toLowerCase())

/** "St. Gallen" -> "stgallen", "San José" -> "sanjosé": lower case, letters and digits of any script only. */
export const lettersOnly = (value: City): Normalised | undefined =>
  made(value.toLowerCase().replace(/[^\p{L}\p{N}\p{M}]/gu, ''))

/** "1990-04-15" -> "19900415". */
export const dateDigits = (date: BirthDate): Normalised | undefined => made(date.replaceAll('-', ''))

/** US codes cut to five digits ("95112-1234" -> "95112"), others in lower case without spaces and dashes. */
export const shortPostalCode = (code: PostalCode, country: Country | undefined): Normalised | undefined => {
  const bare = code.toLowerCase().replace(/[\s-]/g, '')
  return made(country === 'US' || /^\d{5}-\d{4}$/.test(code) ? bare.slice(0, 5) : bare)
}
