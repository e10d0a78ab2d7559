import { describe, expect, it } from 'vitest'
import { handClock, SHOP } from '../pipeline/double.ts'
import { askConsentPolicy } from './consent-policy.ts'
import { fakeShopify } from './double.ts'

const ask = (answer?: object) => {
  const shopify = fakeShopify(handClock())
  if (answer) shopify.instead = () => ({ status: 200, headers: {}, body: JSON.stringify(answer) })
  return askConsentPolicy(shopify.admin, SHOP)
}
const told = (...consentPolicy: object[]) => ask({ data: { consentPolicy } })

describe('where the store’s privacy settings have visitors asked', () => {
  it('is what Shopify says', async () => {
    expect(await ask()).toEqual({ requiredIn: ['GB', 'DE', 'FR'] })
  })

  it('may be a part of a country, everywhere, or nowhere', async () => {
    const rule = { countryCode: 'US', regionCode: 'CA', consentRequired: true }
    expect(await told(rule)).toEqual({ requiredIn: ['US-CA'] })
    expect(await told({ ...rule, regionCode: 'US-CA' })).toEqual({ requiredIn: ['US-CA'] })
    expect(await told({ ...rule, consentRequired: false })).toEqual({ requiredIn: [] })
    expect(await told({ countryCode: null, regionCode: null, consentRequired: true })).toEqual({ requiredIn: ['*'] })
    expect(await told()).toEqual({ requiredIn: [] })
  })

  it('stays unknown where Shopify does not say: the merchant did not grant the scope', async () => {
    const errors = [{ message: 'Access denied for consentPolicy field.', extensions: { code: 'ACCESS_DENIED' } }]
    expect(await ask({ data: null, errors })).toBeUndefined()
    expect(await ask({ data: { consentPolicy: null }, errors })).toBeUndefined()
    expect(await ask({ data: {} })).toBeUndefined()
  })
})
