import { digitsOf, fromMinor } from '../../lib/money.ts'

/** Where the demo store sells: prices are kept in US dollars and shown in the buyer's currency at a fixed rate. */
export interface Market {
  readonly country: Country
  readonly name: string
  readonly currency: string
  /** Units of the currency for one US dollar. */
  readonly rate: number
  readonly language: string
  /** Consent must be asked for before anything that is not needed. */
  readonly consentRequired: boolean
  readonly city: string
  readonly province: string
  readonly provinceCode: string
  readonly zip: string
  /** Dialling code and an invented number in the form of the country. */
  readonly phone: string
}

export const COUNTRIES = ['US', 'GB', 'DE', 'FR', 'CA', 'AU', 'JP'] as const
export type Country = (typeof COUNTRIES)[number]

export const SHOP_CURRENCY = 'USD'

// biome-ignore format: a table
export const MARKETS: Readonly<Record<Country, Market>> = {
  US: { country: 'US', name: 'United States', currency: 'USD', rate: 1, language: 'en-US', consentRequired: false, city: 'Portland', province: 'Oregon', provinceCode: 'OR', zip: '97214', phone: '+15035550142' },
  GB: { country: 'GB', name: 'United Kingdom', currency: 'GBP', rate: 0.78, language: 'en-GB', consentRequired: true, city: 'Bristol', province: 'England', provinceCode: 'ENG', zip: 'BS1 4DJ', phone: '+441632960142' },
  DE: { country: 'DE', name: 'Germany', currency: 'EUR', rate: 0.92, language: 'de-DE', consentRequired: true, city: 'Freiburg im Breisgau', province: '', provinceCode: '', zip: '79098', phone: '+493023125142' },
  FR: { country: 'FR', name: 'France', currency: 'EUR', rate: 0.92, language: 'fr-FR', consentRequired: true, city: 'Besançon', province: '', provinceCode: '', zip: '25000', phone: '+33199005142' },
  CA: { country: 'CA', name: 'Canada', currency: 'CAD', rate: 1.36, language: 'en-CA', consentRequired: false, city: 'Nanaimo', province: 'British Columbia', provinceCode: 'BC', zip: 'V9R 5S5', phone: '+12505550142' },
  AU: { country: 'AU', name: 'Australia', currency: 'AUD', rate: 1.52, language: 'en-AU', consentRequired: false, city: 'Hobart', province: 'Tasmania', provinceCode: 'TAS', zip: '7000', phone: '+61370105142' },
  JP: { country: 'JP', name: 'Japan', currency: 'JPY', rate: 150, language: 'ja-JP', consentRequired: false, city: 'Matsumoto', province: 'Nagano', provinceCode: 'JP-20', zip: '390-0874', phone: '+81263555142' },
}

export const isCountry = (text: string | undefined): text is Country => COUNTRIES.some((one) => one === text)

/** Minor units of the shop's currency as minor units of the market's. */
export const inMarket = (shopMinor: number, market: Market): number =>
  Math.round((shopMinor / 100) * market.rate * 10 ** digitsOf(market.currency))

/** Decimal text of minor units, as Shopify's webhooks spell money. */
export const decimal = (minor: number, currency: string): string => fromMinor(BigInt(minor), currency)

/** A JSON number of minor units, as the pixel spells money. */
export const amount = (minor: number, currency: string): number => minor / 10 ** digitsOf(currency)

/** Money as a page shows it, e.g. "$49.00". */
export const shown = (minor: number, market: Market): string =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency: market.currency }).format(
    amount(minor, market.currency),
  )
