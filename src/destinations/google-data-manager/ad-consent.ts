import type { Consent as ShopperConsent } from '../../event/consent.ts'
import type { Consent, ConsentStatus } from './ingest.ts'

/** What Google may do with an event for ads; undefined where nobody was asked. */
export interface AdConsent {
  readonly userData: boolean | undefined
  readonly personalization: boolean | undefined
}

const DENIED: AdConsent = { userData: false, personalization: false }

/**
 * Marketing is what Google calls ad user data. Ads are made for the person only if marketing and preferences were both
 * granted: Google has one word for what the shopper was asked in two. An opt-out of sale denies everything.
 */
export const adConsentOf = (given: ShopperConsent | undefined, limited: boolean): AdConsent => {
  if (limited || given?.saleOfData === false || given?.gpc === true) return DENIED
  const { marketing, preferences } = given ?? {}
  return {
    userData: marketing,
    personalization: marketing === false || preferences === false ? false : marketing && preferences,
  }
}

const status = (granted: boolean): ConsentStatus => (granted ? 'CONSENT_GRANTED' : 'CONSENT_DENIED')

/** In the Data Manager API's words; what is unknown is left out, and undefined where everything is. */
export const toldConsent = ({ userData, personalization }: AdConsent): Consent | undefined => {
  if (userData === undefined && personalization === undefined) return undefined
  const consent: Consent = {}
  if (userData !== undefined) consent.adUserData = status(userData)
  if (personalization !== undefined) consent.adPersonalization = status(personalization)
  return consent
}
