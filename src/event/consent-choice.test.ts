import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY, EVERYWHERE } from './consent.ts'
import { DEFAULT_CHOICE, policyOf } from './consent-choice.ts'

const shopify = { requiredIn: ['GB', 'US-CA'] }

describe('the policy for unknown answers', () => {
  it('follows the store’s settings in Shopify unless the merchant chose otherwise', () => {
    expect(policyOf(DEFAULT_CHOICE, shopify)).toEqual(shopify)
    expect(policyOf({ mode: 'listed', regions: ['JP'] }, shopify)).toEqual({ requiredIn: ['JP'] })
    expect(policyOf({ mode: 'everywhere', regions: ['JP'] }, shopify)).toEqual({ requiredIn: [EVERYWHERE] })
  })

  it('is the law’s usual list while the store’s settings are not known', () => {
    expect(policyOf(DEFAULT_CHOICE, undefined)).toEqual(DEFAULT_POLICY)
  })

  it('asks nowhere where the store’s settings say so', () => {
    expect(policyOf(DEFAULT_CHOICE, { requiredIn: [] })).toEqual({ requiredIn: [] })
  })
})
