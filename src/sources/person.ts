import { type Email, email, type Phone, phone } from '../event/identity.ts'

/** The first email address that is one; texts that are none are flagged when none is found. */
export const firstEmail = (texts: readonly (string | undefined)[], flags: Set<string>): Email | undefined => {
  for (const text of texts) {
    const found = email(text)
    if (found) return found
  }
  if (texts.some((text) => text !== undefined)) flags.add('email_unreadable')
  return undefined
}

export interface PhoneCandidate {
  readonly text: string | undefined
  /** The country of the address it stands with. */
  readonly country: string | undefined
}

/** The first phone that parses in its own country; flagged when there were phones and none did. */
export const firstPhone = (candidates: readonly PhoneCandidate[], flags: Set<string>): Phone | undefined => {
  for (const { text, country } of candidates) {
    const found = phone(text, country)
    if (found) return found
  }
  if (candidates.some(({ text }) => text !== undefined)) flags.add('phone_unreadable')
  return undefined
}

/** Raw values of an address, with the name that stands in it. */
export interface Place {
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly company?: string | undefined
  readonly street?: string | undefined
  readonly city?: string | undefined
  readonly region?: string | undefined
  readonly postalCode?: string | undefined
  readonly country?: string | undefined
}

/**
 * Name and address as one whole, from the first place that says anything: two places are never mixed, since a mix
 * belongs to nobody.
 */
export const firstPlace = (places: readonly Place[]): Place =>
  places.find((place) => Object.values(place).some((text) => text !== undefined)) ?? {}
