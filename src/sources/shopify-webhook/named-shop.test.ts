import { expect, it } from 'vitest'
import { namedShop } from './named-shop.ts'

it.each([
  ['customers/redact', { shop_id: 1, shop_domain: 'Demo.myshopify.com' }],
  ['shop/update', { domain: 'northfern.example', myshopify_domain: 'demo.myshopify.com' }],
  ['shop/update', { domain: 'renamed.myshopify.com', myshopify_domain: 'demo.myshopify.com' }],
  ['app/uninstalled', { domain: 'demo.myshopify.com' }],
])('%s names its shop: %o', (topic, body) => {
  expect(namedShop(topic, body)).toBe('demo.myshopify.com')
})

it.each([
  ['orders/create', { id: 1, domain: 'other.myshopify.com' }],
  ['shop/update', { domain: 'northfern.example', myshopify_domain: null }],
  ['shop/redact', { shop_domain: '{shop}.myshopify.com' }],
  ['shop/redact', 'text'],
  [undefined, []],
])('%s names none: %o', (topic, body) => {
  expect(namedShop(topic, body)).toBeUndefined()
})
