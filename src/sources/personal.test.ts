import { describe, expect, it } from 'vitest'
import { isPersonalSearch, isPersonalTitle, withoutPersonalParts } from './personal.ts'

describe('a URL', () => {
  it.each<[string, string]>([
    ['an e-mail address', '/p?a=1&x=jane%40example.com&b=2'],
    ['one as it is', '/p?a=1&x=Jane.Doe+Shop@Example.co.uk&b=2'],
    ['one escaped twice', '/p?a=1&x=jane%2540example.com&b=2'],
    ['one in another URL', '/p?a=1&back=https%3A%2F%2Fshop.example%2F%3Fe%3Djane%40example.com&b=2'],
    ['one in a broken escape', '/p?a=1&x=jane%40example.com%zz&b=2'],
    ['one as a campaign', '/p?a=1&utm_content=jane%40example.com&b=2'],
    ['one as a parameter’s name', '/p?a=1&jane%40example.com&b=2'],
    ['one as a click id', '/p?a=1&epik=jane%40example.com&b=2'],
    ['a phone number with its country', '/p?a=1&x=%2B14155550132&b=2'],
    ['one with spaces', '/p?a=1&x=+41+79+123+45+67&b=2'],
    ['one as dialled abroad', '/p?a=1&x=0041791234567&b=2'],
    ['one as dialled at home', '/p?a=1&x=079%20123%2045%2067&b=2'],
    ['one in groups', '/p?a=1&x=(415)%20555-0132&b=2'],
    ['one that was looked for', '/search?a=1&q=4155550132&b=2'],
    ...[
      'email',
      'customer[email]',
      'customer%5Bemail%5D',
      'e-mail',
      'userEmail',
      'phone',
      'tel',
      'first_name',
      'lastName',
      'name',
      'address1',
      'shipping_address',
      'token',
      'key',
      'api_key',
      'access-token',
      'password',
    ].map((name) => [`a parameter called ${name}`, `/p?a=1&${name}=Canary&b=2`] satisfies [string, string]),
  ])('is kept without %s', (_, url) => {
    const [path] = url.split('?')
    expect(withoutPersonalParts(url)).toBe(`${path}?a=1&b=2`)
  })

  it.each([
    '/products/a',
    '/products/a?variant=44112233445566',
    '/a?utm_source=news&utm_campaign=2026-11-22&utm_id=4155550132&utm_name=spring',
    '/a?fbclid=IwAR2x-y_z&gclid=Cj0KCQ&ScCid=1111-2222-3333-4444&rdt_cid=5001234567890123456&_kx=abc%3D',
    '/a?_ga=2.123456789.987654321.1763812345&t=1763812345000&page=2&sort_by=price-ascending',
    '/search?q=linen+shirt&type=product',
    '/search?q=9780306406157',
    '/a?keyboard=qwerty&monkey=1&telescope=2&broken=%zz',
  ])('is as it is, where it says nothing of a person: %s', (url) => {
    expect(withoutPersonalParts(url)).toBe(url)
  })

  it.each([
    ['https://shop.example/account/jane.doe@example.com/orders?a=1', 'https://shop.example/account/-/orders?a=1'],
    ['https://shop.example/unsubscribe/Jane%40example.com', 'https://shop.example/unsubscribe/-'],
    ['https://shop.example/u/jane%2540example.com?email=x', 'https://shop.example/u/-'],
    ['https://jane:secret@shop.example/a', 'https://shop.example/a'],
    ['https://shop.example/@maker/caf%C3%A9', 'https://shop.example/@maker/caf%C3%A9'],
  ])('says no e-mail address in its path: %s', (url, kept) => {
    expect(withoutPersonalParts(url)).toBe(kept)
  })

  it('that says nothing else has no query', () => {
    expect(withoutPersonalParts('https://shop.example/p?email=jane@example.com')).toBe('https://shop.example/p')
  })
})

describe('a search', () => {
  it.each([
    'jane@example.com',
    ' jane%40example.com',
    'order of jane@example.com',
    '+41 79 123 45 67',
    '4155550132',
    '(415) 555-0132',
    '14155550132',
  ])('for %j is personal', (query) => {
    expect(isPersonalSearch(query)).toBe(true)
  })

  it.each([
    'linen shirt',
    '100% wool',
    '9780306406157',
    '012345678905 mug',
    'size 42',
    '@brand',
    '2026-11-22',
    '44112233445566',
  ])('for %j is not', (query) => {
    expect(isPersonalSearch(query)).toBe(false)
  })
})

it('a title that repeats a person’s address or number is personal', () => {
  for (const title of [
    'Search: 0 results for "jane@example.com" – Shop',
    'Results for +41 79 123 45 67',
    'Results for (415) 555-0132',
    'Results for 4155550132',
  ])
    expect(isPersonalTitle(title)).toBe(true)
  for (const title of [
    'Thank you - North Fern Supply',
    'Lamp 2.0 (2026-11-22)',
    'EAN 4006381333931',
    'Set of 12, 100 x 200 cm',
  ])
    expect(isPersonalTitle(title)).toBe(false)
})
