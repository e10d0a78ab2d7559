import { expect, it } from 'vitest'
import { catalogIdFrom, isCatalogTemplate } from './catalog.ts'

const line = { productId: '7890123456789', variantId: '44112233445566', sku: 'LINEN-M' }

it.each([
  ['shopify_{country}_{product}_{variant}', 'shopify_US_7890123456789_44112233445566'],
  ['{variant}', '44112233445566'],
  ['{sku}', 'LINEN-M'],
  ['{product}-{product}', '7890123456789-7890123456789'],
])('%s is %s', (template, id) => {
  expect(catalogIdFrom(template)(line, 'US')).toBe(id)
})

it('is absent where the line lacks what the template names', () => {
  expect(catalogIdFrom('{product}_{variant}')({ productId: '1' }, 'US')).toBeUndefined()
})

it.each(['', 'fixed', '{country}', '{product}_{colour}'])('refuses the template "%s"', (template) => {
  expect(isCatalogTemplate(template)).toBe(false)
})
