import { describe, expect, it } from 'vitest'
import { sha256 } from './hash.ts'
import {
  birthDate,
  city,
  country,
  customerIdentifier,
  email,
  gender,
  personName,
  phone,
  postalCode,
  region,
  street,
} from './identity.ts'
import {
  barePostalCode,
  countryName,
  dateDigits,
  digitsOnly,
  femaleOrMale,
  inOneWord,
  isPublicAddress,
  lettersAndSpaces,
  lettersOnly,
  lowerCase,
  lowerCaseId,
  oneGmailBox,
  plainLettersOnly,
  plainMailbox,
  publicAddress,
  shortPostalCode,
  stateCode,
  twoLetterLanguage,
  unaccentedLetters,
  withoutNameSuffix,
  withoutPunctuation,
  withoutTitle,
} from './variants.ts'

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

describe('variants for names, ids and mailboxes', () => {
  it('a name in lower case without punctuation, its accents kept', () => {
    expect(withoutPunctuation(made(personName("O'Brien")))).toBe('obrien')
    expect(withoutPunctuation(made(personName('O’Brien')))).toBe('obrien')
    expect(withoutPunctuation(made(personName('Anna-Maria De Luca')))).toBe('annamaria de luca')
    expect(withoutPunctuation(made(personName('Raphaël')))).toBe('raphaël')
    expect(withoutPunctuation(made(personName('M.')))).toBe('m')
    expect(withoutPunctuation(made(personName('- 🧵 -')))).toBeUndefined()
  })

  it('a gender where it is one of two', () => {
    expect(femaleOrMale(made(gender('Female')))).toBe('f')
    expect(femaleOrMale(made(gender('m')))).toBe('m')
    expect(femaleOrMale(made(gender('other')))).toBeUndefined()
  })

  it('an id in lower case', () => {
    expect(lowerCaseId(made(customerIdentifier(' AB-7f ')))).toBe('ab-7f')
    expect(lowerCaseId(made(customerIdentifier('ABC 7001')))).toBe('abc7001')
  })

  it('a mailbox of letters and digits, without what follows a plus sign', () => {
    expect(plainMailbox(made(email('Al.ice+Apple@Example.Com')))).toBe('alice@example.com')
    expect(plainMailbox(made(email('Al.ice$+Apple@Example.Com')))).toBe('alice@example.com')
    expect(plainMailbox(made(email('jane_doe-9@my-shop.example.com')))).toBe('janedoe9@my-shop.example.com')
    expect(plainMailbox(made(email('jane@plus+sign.example.com')))).toBe('jane@plus+sign.example.com')
    expect(plainMailbox(made(email('+apple@example.com')))).toBeUndefined()
  })
})

describe('variants for mailboxes and names as Google’s formatter makes them', () => {
  const box = (address: string) => oneGmailBox(made(email(address)))

  it('a Gmail address without dots and plus tag, any other as it is', () => {
    expect(box('  Jane.Doe+shop@Gmail.com ')).toBe('janedoe@gmail.com')
    expect(box('J.O.H.N@googlemail.com')).toBe('john@googlemail.com')
    expect(box('CloudySanFrancisco@GMAIL.com')).toBe('cloudysanfrancisco@gmail.com')
    expect(box('John.Smith+promo@Example.com')).toBe('john.smith+promo@example.com')
    expect(box('jane.doe@gmail.com.example.com')).toBe('jane.doe@gmail.com.example.com')
    expect(box('jane.doe@notgmail.com')).toBe('jane.doe@notgmail.com')
    expect(box('+@gmail.com')).toBeUndefined()
  })

  it('a given name without its title', () => {
    const given = (name: string) => withoutTitle(made(personName(name)))
    expect(given('Dr. Anna')).toBe('anna')
    expect(given('  Jose\u0301 ')).toBe('josé')
    expect(given('Mary-Jane')).toBe('mary-jane')
    expect(given('Drew')).toBe('drew')
    expect(given('Mrs.')).toBeUndefined()
  })

  it('a family name without its suffixes', () => {
    const family = (name: string) => withoutNameSuffix(made(personName(name)))
    expect(family("O'Brien, Jr.")).toBe("o'brien")
    expect(family('Kuznetsov')).toBe('kuznetsov')
    expect(family('van der Berg III')).toBe('van der berg')
    expect(family('Doe, MD, PhD')).toBe('doe')
    expect(family('V')).toBe('v')
    expect(family(', Jr.')).toBeUndefined()
  })
})

describe('platforms’ variants that keep a whole code or a plain place', () => {
  it('a postal code in full, without spaces and dashes', () => {
    expect(barePostalCode(made(postalCode('SW1A 1AA')))).toBe('sw1a1aa')
    expect(barePostalCode(made(postalCode('95112-1234')))).toBe('951121234')
    expect(barePostalCode(made(postalCode('90210')))).toBe('90210')
    expect(barePostalCode(made(postalCode('-')))).toBeUndefined()
  })

  it('a city without accents, where its letters are Latin', () => {
    expect(unaccentedLetters(made(city('Los Angeles')))).toBe('losangeles')
    expect(unaccentedLetters(made(city('São Paulo')))).toBe('saopaulo')
    expect(unaccentedLetters(made(city('Ürümqi')))).toBe('urumqi')
    expect(unaccentedLetters(made(city('東京')))).toBe('東京')
    expect(unaccentedLetters(made(city('ながさき市')))).toBe('ながさき市')
    expect(unaccentedLetters(made(city('--')))).toBeUndefined()
  })

  it('a letter that is none with an accent as it is written without it', () => {
    for (const [name, plain] of [
      ['Tromsø', 'tromso'],
      ['Łódź', 'lodz'],
      ['Gießen', 'giessen'],
      ['Ærøskøbing', 'aeroskobing'],
      ['Œuilly', 'oeuilly'],
      ['Đà Nẵng', 'danang'],
      ['Diyarbakır', 'diyarbakir'],
      ['Þórshöfn', 'thorshofn'],
      ['Fáskrúðsfjörður', 'faskrudsfjordur'],
    ] as const)
      expect(unaccentedLetters(made(city(name)))).toBe(plain)
  })
})

describe('a country’s code as its name', () => {
  it('in English', () => {
    expect(countryName(made(country('gb')))).toBe('United Kingdom')
    expect(countryName(made(country('US')))).toBe('United States')
    expect(countryName(made(country('DE')))).toBe('Germany')
  })

  it('but not for a code that no country has', () => {
    expect(countryName(made(country('QX')))).toBeUndefined()
    expect(countryName(made(country('ZZ')))).toBeUndefined()
  })
})

describe('a language as two letters', () => {
  it('is the first part of its tag, where that has two letters', () => {
    expect(twoLetterLanguage('en-US')).toBe('en')
    expect(twoLetterLanguage('FR')).toBe('fr')
    expect(twoLetterLanguage('fil-PH')).toBeUndefined()
  })
})

describe('platforms’ variants that keep words apart', () => {
  it('letters and spaces only', () => {
    expect(lettersAndSpaces(made(personName('Mary-Jane')))).toBe('maryjane')
    expect(lettersAndSpaces(made(personName('van der Berg 2nd')))).toBe('van der berg nd')
    expect(lettersAndSpaces(made(city('St. Gallen 3')))).toBe('st gallen')
    expect(lettersAndSpaces(made(city('東京都')))).toBe('東京都')
    expect(lettersAndSpaces(made(city('--')))).toBeUndefined()
  })

  it('a street without punctuation, with its number', () => {
    expect(withoutPunctuation(made(street('1600 Amphitheatre Pkwy.')))).toBe('1600 amphitheatre pkwy')
  })
})

describe('platforms’ variants that go beside another form, or name a state', () => {
  it('a name in one word, where it has several', () => {
    expect(inOneWord(made(personName("van der O'Berg")))).toBe('vanderoberg')
    expect(inOneWord(made(personName('Doe-Smith')))).toBeUndefined()
  })

  it('a city as plain letters, where it has others', () => {
    expect(plainLettersOnly(made(city('San José')))).toBe('sanjos')
    expect(plainLettersOnly(made(city('Zürich 8')))).toBe('zrich8')
    expect(plainLettersOnly(made(city('New York')))).toBeUndefined()
    expect(plainLettersOnly(made(city('東京')))).toBeUndefined()
  })

  it('a US state as its two letters, by its code or its name, and other regions as letters', () => {
    const us = country('US')
    expect(stateCode(made(region('CA')), us)).toBe('ca')
    expect(stateCode(made(region('California')), us)).toBe('ca')
    expect(stateCode(made(region('District of Columbia')), us)).toBe('dc')
    expect(stateCode(made(region('West Virginia')), us)).toBe('wv')
    expect(stateCode(made(region('Bavaria')), us)).toBeUndefined()
    expect(stateCode(made(region('New South Wales')), country('AU'))).toBe('newsouthwales')
    expect(stateCode(made(region('Île-de-France')), country('FR'))).toBe('îledefrance')
    expect(stateCode(made(region('CA')), undefined)).toBe('ca')
  })
})

describe('a visitor’s address', () => {
  it('is one of the open internet, of an example in documentation, or of the machine itself', () => {
    for (const ip of [
      '203.0.113.9',
      '2001:db8::1',
      '127.0.0.1',
      '::1',
      '11.0.0.1',
      '172.15.0.1',
      '172.32.0.1',
      '100.63.0.1',
      '100.128.0.1',
      'fd::1',
    ])
      expect(publicAddress(ip)).toBe(ip)
  })

  it('is none of a private network, a carrier’s shared one or a single link', () => {
    for (const ip of [
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.1',
      '192.168.1.7',
      '169.254.169.254',
      '100.64.0.1',
      '100.127.9.9',
      'fc00::1',
      'fd12:3456::1',
      'FD12::1',
      'fe80::1',
      'febf::1',
    ])
      expect(isPublicAddress(ip), ip).toBe(false)
  })
})
