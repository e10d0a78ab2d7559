import type {
  BirthDate,
  City,
  ClientId,
  Country,
  CustomerId,
  Email,
  Gender,
  Normalised,
  PersonName,
  Phone,
  PostalCode,
  Region,
  Street,
} from './identity.ts'

/** Platforms' variants of normalised values: each a named function from brand to brand. */
const made = (text: string): Normalised | undefined => (text === '' ? undefined : (text as Normalised))

/** "+14155550132" -> "14155550132". */
export const digitsOnly = (phone: Phone): Normalised | undefined => made(phone.slice(1))

/** "Valéry" -> "valéry"; punctuation stays. */
export const lowerCase = (value: PersonName | Region | Country): Normalised | undefined => made(value.toLowerCase())

/** "St. Gallen" -> "stgallen", "San José" -> "sanjosé": lower case, letters and digits of any script only. */
export const lettersOnly = (value: City | Region): Normalised | undefined =>
  made(value.toLowerCase().replace(/[^\p{L}\p{N}\p{M}]/gu, ''))

/** "1990-04-15" -> "19900415". */
export const dateDigits = (date: BirthDate): Normalised | undefined => made(date.replaceAll('-', ''))

/** US codes cut to five digits ("95112-1234" -> "95112"), others in lower case without spaces and dashes. */
export const shortPostalCode = (code: PostalCode, country: Country | undefined): Normalised | undefined => {
  const bare = code.toLowerCase().replace(/[\s-]/g, '')
  return made(country === 'US' || /^\d{5}-\d{4}$/.test(code) ? bare.slice(0, 5) : bare)
}

/** "O'Brien" -> "obrien", "Anna-Maria De Luca" -> "annamaria de luca": lower case without punctuation; spaces stay. */
export const withoutPunctuation = (name: PersonName | Street): Normalised | undefined =>
  made(
    name
      .toLowerCase()
      .replace(/[\p{P}\p{S}]/gu, '')
      .trim(),
  )

/** "f" and "m" as they are; "n", neither, has no form. */
export const femaleOrMale = (gender: Gender): Normalised | undefined => (gender === 'n' ? undefined : gender)

/** "AB 7f" -> "ab7f": lower case without spaces, in which generations of one platform's libraries differ. */
export const lowerCaseId = (id: CustomerId | ClientId): Normalised | undefined =>
  made(id.toLowerCase().replace(/\s/g, ''))

/** "al.ice$+apple@example.com" -> "alice@example.com": before the @ letters and digits only, and none after a plus sign. */
export const plainMailbox = (email: Email): Normalised | undefined => {
  const at = email.indexOf('@')
  const plus = email.indexOf('+')
  const mailbox = email.slice(0, plus === -1 || plus > at ? at : plus).replace(/[^\p{L}\p{N}]/gu, '')
  return mailbox === '' ? undefined : made(mailbox + email.slice(at))
}

/** "van der Berg" -> "vanderberg": withoutPunctuation in one word; undefined for a name that is one word already. */
export const inOneWord = (name: PersonName): Normalised | undefined => {
  if (!/\s/.test(name)) return undefined
  const words = withoutPunctuation(name)
  const word = words?.replace(/\s/g, '')
  return word === undefined || word === words ? undefined : made(word)
}

/**
 * "San José" -> "sanjos": the letters a to z and digits only. Undefined where nothing is left, and where no other
 * letter was dropped, since lettersOnly then says the same.
 */
export const plainLettersOnly = (city: City): Normalised | undefined =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII
  /^[\x00-\x7f]*$/.test(city) ? undefined : made(city.toLowerCase().replace(/[^a-z0-9]/g, ''))

/** A US state as its two letters ("CA", "California" -> "ca"); of other regions lettersOnly. */
export const stateCode = (region: Region, country: Country | undefined): Normalised | undefined => {
  const letters = lettersOnly(region)
  if (country !== 'US' || letters === undefined) return letters
  return letters.length === 2 ? letters : US_STATES.get(letters)
}

/** US states, the district and the territories: the letters of the name -> the code. */
const US_STATES: ReadonlyMap<string, Normalised> = new Map(
  (
    'alabama al alaska ak arizona az arkansas ar california ca colorado co connecticut ct delaware de ' +
    'districtofcolumbia dc florida fl georgia ga hawaii hi idaho id illinois il indiana in iowa ia kansas ks ' +
    'kentucky ky louisiana la maine me maryland md massachusetts ma michigan mi minnesota mn mississippi ms ' +
    'missouri mo montana mt nebraska ne nevada nv newhampshire nh newjersey nj newmexico nm newyork ny ' +
    'northcarolina nc northdakota nd ohio oh oklahoma ok oregon or pennsylvania pa rhodeisland ri ' +
    'southcarolina sc southdakota sd tennessee tn texas tx utah ut vermont vt virginia va washington wa ' +
    'westvirginia wv wisconsin wi wyoming wy americansamoa as guam gu northernmarianaislands mp puertorico pr ' +
    'virginislands vi'
  )
    .match(/\S+ \S+/g)
    ?.map((pair) => [pair.slice(0, -3), pair.slice(-2) as Normalised]),
)

const GMAIL = /@(?:gmail|googlemail)\.com$/

/**
 * "jane.doe+shop@gmail.com" -> "janedoe@gmail.com": Gmail delivers all of these to one box. Addresses elsewhere keep
 * their dots and plus signs. Undefined where nothing stands before the @ after that.
 */
export const oneGmailBox = (address: Email): Normalised | undefined => {
  if (!GMAIL.test(address)) return address
  const at = address.lastIndexOf('@')
  const box = address.slice(0, at).replace(/\+.*$/s, '').replaceAll('.', '')
  return box === '' ? undefined : made(`${box}${address.slice(at)}`)
}

/** "Dr. Anna" -> "anna": lower case without a title, which has its dot ("Dr Anna" may be a name). Punctuation stays. */
export const withoutTitle = (name: PersonName): Normalised | undefined =>
  made(
    name
      .toLowerCase()
      .replace(/^(?:mr|mrs|ms|dr)\.(?:\s|$)/, '')
      .trim(),
  )

const NAME_SUFFIX = /(?:,\s*|\s+)(?:jr\.?|sr\.?|2nd|3rd|ii|iii|iv|v|vi|cpa|dc|dds|vm|jd|md|phd)\s?$/

/** "O'Brien, Jr." -> "o'brien", "Berg III, PhD" -> "berg", "Kuznetsov" -> "kuznetsov": lower case without suffixes. */
export const withoutNameSuffix = (name: PersonName): Normalised | undefined => {
  let rest = name.toLowerCase()
  while (NAME_SUFFIX.test(rest)) rest = rest.replace(NAME_SUFFIX, '')
  return made(rest)
}

/** "SW1A 1AA" -> "sw1a1aa", "95112-1234" -> "951121234": lower case without spaces and dashes, in full everywhere. */
export const barePostalCode = (code: PostalCode): Normalised | undefined =>
  made(code.toLowerCase().replace(/[\s-]/g, ''))

/** Latin letters that are no letter with a mark, as they are written where a keyboard lacks them. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ı: 'i',
  þ: 'th',
  ð: 'd',
}

/** "São Paulo" -> "saopaulo", "Tromsø" -> "tromso", "東京" -> "東京": lettersOnly in plain Latin letters. */
export const unaccentedLetters = (city: City): Normalised | undefined => {
  const plain = lettersOnly(city)
  if (plain === undefined || /^[a-z0-9]*$/.test(plain)) return plain
  // Letters that only look otherwise ("𝒀", "ⅱ") have no lower case of their own.
  const letters = lettersOnly(city.normalize('NFKC') as City)
  // Marks of other scripts are part of the letter: taking them off would make another one of it.
  const bare = letters
    ?.normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .replace(/[øłßæœđıþð]/g, (letter) => PLAIN_LETTERS[letter] ?? letter)
  return bare === undefined ? undefined : made(bare.normalize('NFC'))
}

/** "en-US" -> "en"; undefined for a language that has no two-letter code ("fil-PH"). */
export const twoLetterLanguage = (tag: string): string | undefined =>
  tag.length === 2 || tag.charAt(2) === '-' ? tag.slice(0, 2).toLowerCase() : undefined

/** "GB" -> "United Kingdom": a country's English name; undefined for a code that no country has. */
export const countryName = (code: Country): Normalised | undefined => {
  let name = COUNTRY_NAMES.get(code)
  if (name === undefined) {
    // ZZ is written for a country that is not known, and has a name that says so.
    name = code === 'ZZ' ? '' : (REGION_NAMES.of(code) ?? '')
    COUNTRY_NAMES.set(code, name)
  }
  return made(name)
}

const REGION_NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
/** At most one for each pair of letters. */
const COUNTRY_NAMES = new Map<Country, string>()

/** "Mary-Jane" -> "maryjane", "St. Gallen 3" -> "st gallen": lower-case letters of any script and the spaces between. */
export const lettersAndSpaces = (value: PersonName | City | Region): Normalised | undefined =>
  made(
    value
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\s]/gu, '')
      .trim(),
  )

/** Addresses of a network's own, of carriers' shared ones and of single links. Loopback is left: one machine may be all. */
const NOT_PUBLIC_IP =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i

/** Whether an address (as identity.ts has it) can be one that a platform saw a visitor at. */
export const isPublicAddress = (ip: string): boolean => !NOT_PUBLIC_IP.test(ip)

/** "203.0.113.9" as it is; undefined for "192.168.0.7", which says where a proxy stands and matches strangers. */
export const publicAddress = (ip: string): string | undefined => (isPublicAddress(ip) ? ip : undefined)
