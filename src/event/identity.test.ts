import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  birthDate,
  country,
  email,
  gender,
  IDENTITY_FIELDS,
  identityFrom,
  ip,
  language,
  phone,
  region,
} from './identity.ts'

describe('identity', () => {
  it('an email address is trimmed and in lower case; its dots and tags stay', () => {
    expect(email('  Maya.Okafor+Camp@Example.COM ')).toBe('maya.okafor+camp@example.com')
    for (const none of [
      undefined,
      '',
      ' ',
      'maya',
      'maya@',
      '@example.com',
      'a b@example.com',
      'a@b',
      'a@b@c.d',
      'x'.repeat(400),
    ])
      expect(email(none)).toBeUndefined()
  })

  it('a phone is E.164, read as dialled in its country', () => {
    expect(phone('+1 (415) 555-0132')).toBe('+14155550132')
    expect(phone('(415) 555-0132', 'US')).toBe('+14155550132')
    expect(phone('0041 44 668 18 00', 'US')).toBe('+41446681800')
    expect(phone('044 668 18 00', 'CH')).toBe('+41446681800')
    for (const none of ['415 555 0132', '12', 'call me', '']) expect(phone(none)).toBeUndefined()
    expect(phone('12', 'US')).toBeUndefined()
    expect(phone('044 668 18 00', 'Atlantis')).toBeUndefined()
  })

  it('both spellings of an accented letter are one', () => {
    expect(identityFrom({ firstName: 'Vale\u0301ry' })).toEqual({ firstName: 'Valéry' })
  })

  it('a region is its code without the country, else its name', () => {
    expect(region('JP-13')).toBe('13')
    expect(region('us-or')).toBe('OR')
    expect(region('Île-de-France')).toBe('Île-de-France')
    expect(country('us')).toBe('US')
    expect(country('USA')).toBeUndefined()
  })

  it('a birth date is a date that exists', () => {
    expect(birthDate('19900415')).toBe('1990-04-15')
    expect(birthDate('1990-04-15T00:00:00Z')).toBe('1990-04-15')
    expect(birthDate('1990-02-30')).toBeUndefined()
  })

  it('a gender is f, m or n', () => {
    expect(['Female', 'm', 'divers'].map((text) => gender(text))).toEqual(['f', 'm', 'n'])
    for (const f of ['femme', 'Weiblich', 'mujer', 'F']) expect(gender(f)).toBe('f')
    for (const m of ['Homme', 'männlich', 'MA\u0308NNLICH', 'hombre']) expect(gender(m)).toBe('m')
    for (const n of ['n', 'nonbinary', 'Non-Binary', 'diverse', 'other']) expect(gender(n)).toBe('n')
  })

  it('no gender is made of what says none', () => {
    for (const none of ['unknown', 'Prefer not to say', 'undisclosed', 'u', '-', ''])
      expect(gender(none)).toBeUndefined()
  })

  it('an IP address is one that a visitor can have', () => {
    for (const good of ['203.0.113.9', '2001:db8:4:20::17', '::1']) expect(ip(good)).toBe(good)
    expect(ip('::ffff:203.0.113.9')).toBe('203.0.113.9')
    for (const none of ['0.0.0.0', '::', '256.1.1.1', '1.2.3', '1:2', '1::2::3', 'localhost', '203.0.113.9, 10.0.0.1'])
      expect(ip(none)).toBeUndefined()
  })

  it('a language is the first of what the browser accepts', () => {
    expect(language('de-CH,de;q=0.9,en;q=0.8')).toBe('de-CH')
    expect(language('*')).toBeUndefined()
  })

  it('holds nothing empty, and is absent when nothing is left', () => {
    expect(identityFrom({ email: '', city: ' ', phone: 'none' })).toBeUndefined()
    expect(identityFrom({ email: '', city: 'Portland' })).toEqual({ city: 'Portland' })
  })

  it('normalising what is normalised changes nothing', () => {
    const raw = fc.record(
      Object.fromEntries(IDENTITY_FIELDS.map((field) => [field, fc.string({ unit: 'grapheme', maxLength: 40 })])),
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(raw, (texts) => {
        const once = identityFrom(texts)
        expect(once === undefined ? undefined : identityFrom(once)).toEqual(once)
      }),
    )
  })
})
