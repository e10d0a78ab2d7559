import type { Market } from '../shopify/markets.ts'

/** The visitor's choice in the banner; unset while nothing was chosen. */
export const CHOICES = ['accept', 'refuse', 'optout', 'unset'] as const
export type Choice = (typeof CHOICES)[number]

export const isChoice = (text: string | undefined): text is Choice => CHOICES.some((one) => one === text)

/** As the pixel reads it in init.customerPrivacy. */
export interface CustomerPrivacy {
  readonly analyticsProcessingAllowed: boolean
  readonly marketingAllowed: boolean
  readonly preferencesProcessingAllowed: boolean
  readonly saleOfDataAllowed: boolean
}

/**
 * Shopify's predicates combine the region's default with the visitor's choice: where consent must be asked for nothing
 * is allowed before it, elsewhere everything is. Opting out of sale leaves the purposes allowed.
 */
export const privacyOf = (choice: Choice, market: Pick<Market, 'consentRequired'>): CustomerPrivacy => {
  const allowed = choice === 'accept' || choice === 'optout' || (choice === 'unset' && !market.consentRequired)
  return {
    analyticsProcessingAllowed: allowed,
    marketingAllowed: allowed,
    preferencesProcessingAllowed: allowed,
    saleOfDataAllowed: allowed && choice !== 'optout',
  }
}

/** What a pixel declares in its toml under [customer_privacy]. */
export interface PixelPurposes {
  readonly analytics: boolean
  readonly marketing: boolean
  readonly preferences: boolean
  readonly saleOfData: 'enabled' | 'disabled' | 'ldu'
}
