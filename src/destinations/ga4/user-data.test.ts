import { describe, expect, it } from 'vitest'
import { sha256 } from '../../event/hash.ts'
import { type Identity, identityFrom, type Normalised } from '../../event/identity.ts'
import { normalizers, userDataOf } from './user-data.ts'

const person = (raw: { readonly [Field in keyof Identity]?: string }): Identity =>
  identityFrom(raw) ?? expect.fail('nobody')
const formOf = (field: keyof typeof normalizers, raw: string) => {
  const value = identityFrom({ [field]: raw })?.[field]
  const form = normalizers[field].form as (value: unknown) => string | undefined
  return value && form(value)
}

/** Field, what the shop has, what Google wants, and its SHA-256. */
const HASHED = [
  [
    'email',
    'alexz@example.com',
    'alexz@example.com',
    '509e933019bb285a134a9334b8bb679dff79d0ce023d529af4bd744d47b4fd8a',
  ],
  [
    'email',
    '  Jane.Doe+shop@Gmail.com ',
    'janedoe@gmail.com',
    'd6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69',
  ],
  [
    'email',
    'John.Smith+promo@Example.com',
    'john.smith+promo@example.com',
    'cf991dc7a38547c40e823984e6dd72e2dfe151c5546ad4a135e193e898d7b613',
  ],
  [
    'email',
    'J.O.H.N@googlemail.com',
    'john@googlemail.com',
    'dc8763aaab45283ab6629579d131ce9dbb5600008d56bd59f5e4efa488b271b2',
  ],
  ['phone', '+1 (650) 555-0182', '+16505550182', '22df9376598c91ead1e038463590cfc60d78fe0ccb7cfae00df708ee5e95a374'],
  ['phone', '0044 20 7946 0958', '+442079460958', 'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d'],
  ['firstName', 'Mary-Jane', 'maryjane', 'f08f448a5e7a9dc3619bb7c129f6a7d5fc6af002cea17ad71dfdc1c68f4d4e0e'],
  ['firstName', '  Jose\u0301 ', 'josé', 'd994e1d001886fe5b45b1267bd1fa2b752ac50742579bd3dad7b2a2aa0ed6866'],
  ['lastName', 'Doe', 'doe', '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f'],
  [
    'street',
    '1600 Amphitheatre Pkwy.',
    '1600 amphitheatre pkwy',
    '22b7e2d69b91e0ef4a88e81a73d897b92fd9c93ccfbe0a860f77db16c26f662e',
  ],
] as const

describe('a person in the Measurement Protocol', () => {
  it.each(HASHED)('%s %j is hashed as %j', (field, raw, normalised, hash) => {
    expect(formOf(field, raw)).toBe(normalised)
    expect(sha256(normalised as Normalised)).toBe(hash)
  })

  it.each([
    ['lastName', "O'Brien 3", 'obrien'],
    ['city', 'St. Gallen 2', 'st gallen'],
    ['region', 'JP-13', undefined],
    ['region', 'New South Wales', 'new south wales'],
    ['postalCode', ' 94043 ', '94043'],
    ['postalCode', '1050~013.', '1050013'],
    ['country', 'us', 'US'],
    ['customerId', '7001234567890', '7001234567890'],
    ['customerId', 'jane@example.com', undefined],
    ['email', 'jane doe@example.com', undefined],
    ['email', '+@gmail.com', undefined],
  ] as const)('%s %j is %j', (field, raw, form) => {
    expect(formOf(field, raw)).toBe(form)
  })

  it('has an address only with name, postal code and country', () => {
    const whole = { firstName: 'Anna', lastName: 'Doe', country: 'GB', postalCode: 'SW1A 1AA' }
    expect(userDataOf(person(whole))).toEqual({
      address: [
        {
          sha256_first_name: '55579b557896d0ce1764c47fed644f9b35f58bad620674af23f356d80ed0c503',
          sha256_last_name: '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f',
          postal_code: 'SW1A 1AA',
          country: 'GB',
        },
      ],
    })
    for (const missing of ['firstName', 'lastName', 'country', 'postalCode'] as const)
      expect(userDataOf(person({ ...whole, [missing]: '' }))).toBeUndefined()
    expect(userDataOf(person({ ...whole, firstName: '2' }))).toBeUndefined()
  })
})
