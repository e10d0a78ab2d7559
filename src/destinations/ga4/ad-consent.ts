import type { Event } from '../../event/event.ts'

/** What Google may do with an event for ads; undefined where nobody was asked. */
export interface AdConsent {
  readonly userData: boolean | undefined
  readonly personalization: boolean | undefined
  /** Whether hashes of the person may go along. */
  readonly identifying: boolean
}

const DENIED: AdConsent = { userData: false, personalization: false, identifying: false }

/**
 * Analytics consent lets an event go to Google Analytics; what Google may use it for beyond that is told with it.
 * Personalised ads need marketing and preferences, both granted, and an opt-out of sale denies everything.
 */
export const adConsentOf = ({ consent }: Pick<Event, 'consent'>, limited: boolean): AdConsent => {
  if (limited) return DENIED
  const { marketing, preferences, analytics } = consent ?? {}
  return {
    userData: marketing,
    personalization: marketing === false || preferences === false ? false : marketing && preferences,
    // Whoever was asked about analytics and not about marketing did not agree to marketing. Where nobody was asked at
    // all, the event goes only in countries that want nobody to be asked.
    identifying: marketing ?? analytics === undefined,
  }
}
