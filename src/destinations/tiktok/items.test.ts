import { describe, expect, it } from 'vitest'
import { sha256 } from '../../event/hash.ts'
import { identityFrom } from '../../event/identity.ts'
import { hashOf } from '../identifiers.ts'
import { normalizers } from './items.ts'

describe('TikTok’s hashed identifiers', () => {
  const hash = (field: 'email' | 'phone' | 'customerId' | 'firstName' | 'lastName' | 'postalCode', text: string) => {
    const identity = identityFrom({ [field]: text }) ?? expect.fail('not readable')
    return hashOf(identity, field, normalizers[field])
  }

  it.each([
    ['email', '  Jane.Doe+Shop@Example.COM ', 'bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'],
    ['email', 'test@test.com', 'f660ab912ec121d1b1e928a0bb4bc61b15f5ad44d5efdc4e1c92a25e99b8e44a'],
    ['email', 'bugsbunny@warnerbros.com', '67e28cdcc3e845d3a4da05ca9fe5ddb7320a83b4cc2167f0555a3b04f63511e3'],
    ['phone', '+1 (213) 373-4253', '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd'],
    ['phone', '+44 20 7946 0958', 'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d'],
    ['phone', '+1555-555-5555', '910a625c4ba147b544e6bd2f267e130ae14c591b6ba9c25cb8573322dedbebd0'],
    ['phone', '+12345678900', '7f459725e1f658720fd2c41b71737eb3aef333edd9a96704cbddb5b884f0e129'],
    ['customerId', ' 7001234567890 ', '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'],
    ['firstName', 'Jane', '81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2'],
    ['lastName', 'Doe', '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f'],
    ['firstName', 'Zoë ', '2752b88686847fa5c86f47b94ce652b7b3f22a91c37617d451a4db9afa431450'],
    ['firstName', 'Zoe\u0308 ', '2752b88686847fa5c86f47b94ce652b7b3f22a91c37617d451a4db9afa431450'],
    ['postalCode', '90210', 'b83c588da0c6931625f42e0948054a3ade722bfd02c27816305742ed7390ac6c'],
    ['postalCode', 'SW1A 1AA', '830e1d4b9838bab1f5c2acdb23e0b502ff13a9832c4632e8d67a1d43d3b7f614'],
  ] as const)('%s %j', (field, text, digest) => {
    expect(hash(field, text)).toBe(digest)
  })

  it('are never those of an address with its spaces, nor of a phone without its plus sign', () => {
    expect(hash('email', '  jane.doe+shop@example.com ')).not.toBe(
      'd9a363544408bc71deb8e5d62c5c3f47c094c33ae25fbe0f9f031d03f1da37e6',
    )
    expect(hash('phone', '+12133734253')).not.toBe('1f81adb30e11317806be982cc82769fbf8627833a89dd87cb24d282f71828830')
  })

  it('keep the case of an external id: who writes ids with letters writes them alike on tag and server', () => {
    expect(hash('customerId', 'AB-1')).toBe(sha256(identityFrom({ customerId: 'AB-1' })?.customerId ?? expect.fail()))
  })
})

describe('what TikTok reads in clear', () => {
  it.each([
    ['CA', 'US', 'ca'],
    ['California', 'US', 'ca'],
    ['ZH', 'CH', 'zh'],
    ['NSW', 'AU', undefined],
    ['Greater London', 'GB', undefined],
    ['JP-13', 'JP', undefined],
  ])('the region %s of %s is %s', (region, country, code) => {
    const identity = identityFrom({ region, country })
    expect(identity?.region && normalizers.region.form(identity.region, identity.country)).toBe(code)
  })
})
