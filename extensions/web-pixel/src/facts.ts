import type { RegisterInit } from '@shopify/web-pixels-extension'

export type Init = RegisterInit

export interface Consent {
  readonly analytics: boolean
  readonly marketing: boolean
  readonly preferences: boolean
  readonly saleOfData: boolean
  readonly gpc?: boolean
}

/** Shopify's answer in one spelling, with the browser's own opt-out signal where it tells. */
export const consentOf = (privacy: Init['customerPrivacy']): Consent => {
  const gpc = 'globalPrivacyControl' in navigator ? navigator.globalPrivacyControl : undefined
  return {
    analytics: privacy.analyticsProcessingAllowed,
    marketing: privacy.marketingAllowed,
    preferences: privacy.preferencesProcessingAllowed,
    saleOfData: privacy.saleOfDataAllowed,
    ...(typeof gpc === 'boolean' ? { gpc } : {}),
  }
}

/** A cart's id without the key that opens the cart. */
export const cartToken = (id: string | null | undefined): string | undefined => id?.split('?', 1)[0] || undefined

export interface Customer {
  readonly id: string
  readonly email?: string
  readonly phone?: string
}

/** The customer who is logged in. */
export const customerOf = ({ data: { customer } }: Init): Customer | undefined =>
  customer?.id
    ? {
        id: customer.id,
        ...(customer.email ? { email: customer.email } : {}),
        ...(customer.phone ? { phone: customer.phone } : {}),
      }
    : undefined

export interface Store {
  readonly country: string
  readonly currency: string
  readonly url: string
}

export const storeOf = ({ context, data: { shop } }: Init): Store => ({
  country: shop.countryCode,
  currency: shop.paymentSettings.currencyCode,
  url: shop.storefrontUrl ?? context.document.location.origin,
})
