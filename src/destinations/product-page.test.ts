import { expect, it } from 'vitest'
import { isProductPage } from './product-page.ts'

it.each([
  'https://shop.example.com/products/linen-shirt',
  'https://shop.example.com/products/linen-shirt/?variant=44112233445566#reviews',
  'https://shop.example.com/en-ch/products/linen-shirt',
  'https://shop.example.com/collections/summer/products/linen-shirt',
  'https://shop.example.com/fr/collections/été/products/chemise',
])('%s is a product’s page', (url) => {
  expect(isProductPage(url)).toBe(true)
})

it.each([
  'https://shop.example.com/',
  'https://shop.example.com/products',
  'https://shop.example.com/products/',
  'https://shop.example.com/blogs/products/a-new-shirt',
  'https://shop.example.com/pages/x?next=/products/linen-shirt',
  undefined,
])('%s is not', (url) => {
  expect(isProductPage(url)).toBe(false)
})
