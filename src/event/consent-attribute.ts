import type { Consent } from './consent.ts'

/**
 * The cart attribute in which the tags' embed writes down what the shopper chose, so that the order itself carries it.
 * Apart from consent.ts because the embed's bundle imports it: it must drag nothing along.
 */
export const CONSENT_ATTRIBUTE = '_converlay_consent'

type Choice = Required<Pick<Consent, 'analytics' | 'marketing' | 'preferences' | 'saleOfData' | 'at'>>

/** "1101@2026-11-21T02:00:00.000Z": analytics, marketing, preferences, sale of data, and when it was asked. */
export const writtenConsent = ({ analytics, marketing, preferences, saleOfData, at }: Choice): string =>
  `${[analytics, marketing, preferences, saleOfData].map(Number).join('')}@${at}`

const FORM = /^([01])([01])([01])([01])@(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/

/** The choice that was written down; undefined for any other text. */
export const consentWritten = (text: string | undefined): Choice | undefined => {
  const [, analytics, marketing, preferences, sale, at] = FORM.exec(text ?? '') ?? []
  return at === undefined || Number.isNaN(Date.parse(at))
    ? undefined
    : {
        analytics: analytics === '1',
        marketing: marketing === '1',
        preferences: preferences === '1',
        saleOfData: sale === '1',
        at,
      }
}
