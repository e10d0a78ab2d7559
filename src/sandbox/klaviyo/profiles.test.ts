import { describe, expect, it } from 'vitest'
import { ORDERED_PRODUCTS, PLACED_ORDER } from './examples.ts'
import { BULK, EMAIL, event, klaviyo, NOW, named, profile, SITE, send } from './sending.ts'

describe('what a profile shows', () => {
  it('is each metric with the number of its events and their value', () => {
    const sandbox = klaviyo()
    send(sandbox, { body: PLACED_ORDER })
    send(sandbox, { path: BULK, body: ORDERED_PRODUCTS })
    send(sandbox, { body: event({ ...named('Placed Order'), value: 10.1, value_currency: 'USD' }) })
    send(sandbox, { body: event({ profile: profile({ anonymous_id: 'a1' }) }) })
    expect(sandbox.query('profiles', new URLSearchParams({ account: SITE }))).toMatchObject([
      {
        account: SITE,
        identifiers: { email: [EMAIL] },
        metrics: [
          { name: 'Placed Order', count: 2, value: { EUR: '84.90', USD: '10.10' } },
          { name: 'Ordered Product', count: 2, value: { EUR: '90.00' } },
        ],
      },
      { identifiers: { anonymous_id: ['a1'] }, metrics: [{ name: 'Submitted Lead', count: 1, value: {} }] },
    ])
    expect(sandbox.query('profiles', new URLSearchParams({ account: 'Other1' }))).toEqual([])
    const page = sandbox.adsManager(NOW)
    expect(page).toContain('<th scope="row">Placed Order</th><td>2</td><td>84.90 EUR + 10.10 USD</td>')
    expect(page).toContain(`<code>${EMAIL}</code>`)
  })

  it('is nothing before the first event', () => {
    expect(klaviyo().adsManager(NOW)).toContain('No profile yet.')
  })
})

describe('matching', () => {
  const people = [{ email: 'John.Smith+promo@Example.com', phone: '+442079460958' }]
  it.each<[string, object, readonly string[]]>([
    [
      'address and number as Klaviyo keeps them',
      { email: EMAIL, phone_number: '+442079460958' },
      ['email', 'phone_number'],
    ],
    ['an address in capitals', { email: 'John.Smith+promo@Example.com' }, []],
    ['an address without its tag', { email: 'john.smith@example.com' }, []],
    ['a number with the national zero', { phone_number: '+4402079460958' }, []],
  ])('%s', (_, who, matched) => {
    const sandbox = klaviyo()
    expect(sandbox.tell('people', { people })).toBeUndefined()
    send(sandbox, { body: event({ profile: profile({ ...who }) }) })
    expect(sandbox.conversions()).toMatchObject([{ matched }])
  })
})
