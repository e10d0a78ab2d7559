import { page } from './tag.ts'

/** Shopify's Customer Privacy API on the store's pages: merchant's setting, visitor's region and choice in one answer. */
export interface Privacy {
  analyticsProcessingAllowed(): boolean
  marketingAllowed(): boolean
  preferencesProcessingAllowed(): boolean
  saleOfDataAllowed(): boolean
}

interface ShopifyOnPage {
  readonly customerPrivacy?: Privacy
  readonly analytics?: { publish?(name: string, data: object): void }
  loadFeatures?(features: readonly object[], done: (error?: unknown) => void): void
}

export const shopifyOnPage = (): ShopifyOnPage | undefined => page.Shopify as ShopifyOnPage | undefined

const FEATURE = { name: 'consent-tracking-api', version: '0.1' }

/** The API, loaded where it is not there yet; undefined where that fails: then nothing is allowed. */
export const loadPrivacy = (): Promise<Privacy | undefined> =>
  new Promise((resolve) => {
    const shopify = shopifyOnPage()
    if (shopify?.customerPrivacy || !shopify?.loadFeatures) return resolve(shopify?.customerPrivacy)
    shopify.loadFeatures([FEATURE], (error) => resolve(error ? undefined : shopifyOnPage()?.customerPrivacy))
  })
