import { describe, expect, it } from 'vitest'
import { pageUrlOf, webUrl } from './web-page.ts'

describe('where an event of the web happened', () => {
  const store = { url: 'https://shop.example.com' }

  it('is its page', () => {
    expect(pageUrlOf({ page: { url: 'https://shop.example.com/cart' }, store })).toBe('https://shop.example.com/cart')
  })

  it('is the store where no page is known, or none that a browser could open', () => {
    expect(pageUrlOf({ store })).toBe('https://shop.example.com')
    for (const url of ['about:srcdoc', 'file:///etc/passwd', 'https://', '/cart'])
      expect(pageUrlOf({ page: { url }, store })).toBe('https://shop.example.com')
  })

  it('is nowhere where the store has no address of the web either', () => {
    expect(pageUrlOf({})).toBeUndefined()
    expect(pageUrlOf({ page: { url: 'about:blank' }, store: { url: 'shop.example.com' } })).toBeUndefined()
  })
})

it('a URL of the web goes as it is', () => {
  for (const url of ['http://shop.example.com/?a=b', 'HTTPS://shop.example.com/%C3%BC']) expect(webUrl(url)).toBe(url)
  for (const none of [undefined, '', 'javascript:alert(1)', 'http://[broken']) expect(webUrl(none)).toBeUndefined()
})
