import { describe, expect, it } from 'vitest'
import { adConsentOf, toldConsent } from './ad-consent.ts'

describe('what Google may do for ads', () => {
  it.each([
    [undefined, undefined],
    [{ analytics: true }, undefined],
    [{ preferences: true }, undefined],
    [{ marketing: true }, { adUserData: 'CONSENT_GRANTED' }],
    [
      { marketing: true, preferences: true },
      { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' },
    ],
    [
      { marketing: true, preferences: false },
      { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_DENIED' },
    ],
    [{ preferences: false }, { adPersonalization: 'CONSENT_DENIED' }],
    [
      { marketing: false, preferences: true },
      { adUserData: 'CONSENT_DENIED', adPersonalization: 'CONSENT_DENIED' },
    ],
  ])('after %o is %o', (consent, told) => {
    expect(toldConsent(adConsentOf(consent, false))).toEqual(told)
  })

  it('is nothing after an opt-out of sale, by whichever sign', () => {
    const granted = { marketing: true, preferences: true }
    const denied = { userData: false, personalization: false }
    expect(adConsentOf(granted, true)).toEqual(denied)
    expect(adConsentOf({ ...granted, saleOfData: false }, false)).toEqual(denied)
    expect(adConsentOf({ ...granted, gpc: true }, false)).toEqual(denied)
  })
})
