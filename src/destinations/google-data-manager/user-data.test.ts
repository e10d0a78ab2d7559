import { describe, expect, it } from 'vitest'
import { sha256 } from '../../event/hash.ts'
import { type Identity, identityFrom, type Normalised } from '../../event/identity.ts'
import { normalizers, userDataOf } from './user-data.ts'

const person = (raw: { readonly [Field in keyof Identity]?: string }): Identity =>
  identityFrom(raw) ?? expect.fail('nobody')
const identifiers = (raw: Parameters<typeof person>[0]) => userDataOf(person(raw))?.userIdentifiers

/** Field, what the shop has, what Google wants, and its SHA-256. */
const VECTORS = [
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
  [
    'email',
    'CloudySanFrancisco@GMAIL.com',
    'cloudysanfrancisco@gmail.com',
    '223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4',
  ],
  ['phone', '+1 (650) 555-0182', '+16505550182', '22df9376598c91ead1e038463590cfc60d78fe0ccb7cfae00df708ee5e95a374'],
  ['phone', '+1-800-555-0100', '+18005550100', 'fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30'],
  ['phone', '+44 20 7946 0958', '+442079460958', 'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d'],
  ['phone', '0044 20 7946 0958', '+442079460958', 'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d'],
  ['firstName', 'Dr. Anna', 'anna', '55579b557896d0ce1764c47fed644f9b35f58bad620674af23f356d80ed0c503'],
  ['firstName', '  José ', 'josé', 'd994e1d001886fe5b45b1267bd1fa2b752ac50742579bd3dad7b2a2aa0ed6866'],
  ['firstName', '  Jose\u0301 ', 'josé', 'd994e1d001886fe5b45b1267bd1fa2b752ac50742579bd3dad7b2a2aa0ed6866'],
  ['firstName', 'Mary-Jane', 'mary-jane', '11853b05f2d2ec2cb8124b57ab72ea7cc50501aa485c66b382cf2a967471dab6'],
  ['lastName', "O'Brien, Jr.", "o'brien", '65b87174be3b1b122e2b0929f0b84888637d31a4a83bb96a860bcff411f5e668'],
  ['lastName', 'Kuznetsov', 'kuznetsov', 'cc9280ea6ffbb9eeab4448de64a66dba6015ef0c26363ec3ef5340f7592e7c1d'],
  ['lastName', 'van der Berg III', 'van der berg', 'a6fe68a719fbd8e4466cb6992d9a64dd1f6837e26dfc5a024f1393f51d3737c0'],
  ['lastName', 'Doe', 'doe', '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f'],
] as const

describe('a person at Google', () => {
  it.each(VECTORS)('%s %j is %j', (field, raw, normalised, hash) => {
    const value = person({ [field]: raw })[field]
    const form = normalizers[field].form as (value: unknown) => Normalised | undefined
    expect(form(value)).toBe(normalised)
    expect(sha256(normalised as Normalised)).toBe(hash)
  })

  it.each([
    ['email', 'jane doe@example.com'],
    ['email', '+@gmail.com'],
    ['firstName', 'Mr.'],
    ['lastName', ', Jr.'],
  ] as const)('%s %j is nothing', (field, raw) => {
    const value = identityFrom({ [field]: raw })?.[field]
    const form = normalizers[field].form as (value: unknown) => Normalised | undefined
    expect(value && form(value)).toBeUndefined()
  })

  it('is told by e-mail address, phone number and address, the country and postal code of it in clear', () => {
    expect(
      identifiers({
        email: 'Jane.Doe+shop@Gmail.com',
        phone: '+44 20 7946 0958',
        firstName: 'Dr. Anna',
        lastName: 'Doe',
        country: 'gb',
        postalCode: ' SW1A 1AA ',
        city: 'London',
      }),
    ).toEqual([
      { emailAddress: 'd6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69' },
      { phoneNumber: 'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d' },
      {
        address: {
          givenName: '55579b557896d0ce1764c47fed644f9b35f58bad620674af23f356d80ed0c503',
          familyName: '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f',
          regionCode: 'GB',
          postalCode: 'SW1A 1AA',
        },
      },
    ])
    expect(identifiers({ firstName: 'Anna', lastName: 'Doe', country: 'us', postalCode: ' 94043 ' })).toMatchObject([
      { address: { regionCode: 'US', postalCode: '94043' } },
    ])
  })

  it('has an address only when all four parts of it are known', () => {
    const whole = { firstName: 'Anna', lastName: 'Doe', country: 'GB', postalCode: 'SW1A 1AA' }
    expect(identifiers(whole)).toHaveLength(1)
    for (const missing of ['firstName', 'lastName', 'country', 'postalCode'] as const)
      expect(identifiers({ ...whole, [missing]: '' })).toBeUndefined()
    expect(identifiers({ ...whole, firstName: 'Dr.' })).toBeUndefined()
  })

  it('of whom nothing is known is nobody', () => {
    expect(userDataOf(undefined)).toBeUndefined()
    expect(identifiers({ city: 'London', ip: '203.0.113.9' })).toBeUndefined()
  })
})
