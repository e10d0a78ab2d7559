import { describe, expect, it } from 'vitest'
import { sha256 } from './hash.ts'
import { birthDate, city, country, email, personName, phone, postalCode } from './identity.ts'
import { dateDigits, digitsOnly, lettersOnly, lowerCase, shortPostalCode } from './variants.ts'

const made = <T>(value: T | undefined): T => value ?? expect.fail('not normalised')

describe('platforms’ variants', () => {
  it('a phone without its plus sign', () => {
    expect(digitsOnly(made(phone('+14155550132')))).toBe('14155550132')
  })

  it('a name in lower case, its punctuation kept', () => {
    expect(lowerCase(made(personName("Valéry O'Neil-Sato")))).toBe("valéry o'neil-sato")
  })

  it('a city as letters and digits of any script', () => {
    expect(lettersOnly(made(city('St. Gallen')))).toBe('stgallen')
    expect(lettersOnly(made(city('San José')))).toBe('sanjosé')
    expect(lettersOnly(made(city('東京都')))).toBe('東京都')
    expect(lettersOnly(made(city('--')))).toBeUndefined()
  })

  it('a date as digits', () => {
    expect(dateDigits(made(birthDate('1990-04-15')))).toBe('19900415')
  })

  it('a postal code of the United States as five digits, others in full', () => {
    expect(shortPostalCode(made(postalCode('95112-1234')), country('US'))).toBe('95112')
    expect(shortPostalCode(made(postalCode('95112-1234')), undefined)).toBe('95112')
    expect(shortPostalCode(made(postalCode('SW1A 1AA')), country('GB'))).toBe('sw1a1aa')
  })
})

describe('a hash', () => {
  it('is the SHA-256 of the normalised text in UTF-8, as lower-case hex', () => {
    expect(sha256(made(email('Test@Example.com ')))).toBe(
      '973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b',
    )
    expect(sha256(made(personName('é')))).toBe(sha256(made(personName('e\u0301'))))
  })
})
