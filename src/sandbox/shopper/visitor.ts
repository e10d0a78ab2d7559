import type { Random } from '../random.ts'
import { COUNTRIES, MARKETS, type Market } from '../shopify/markets.ts'
import type { Browser, Buyer } from '../shopify/sale.ts'
import { type CustomerPrivacy, privacyOf } from '../store/consent.ts'

/**
 * What a simulated shopper does about consent. withdrawn: accepts first and takes it back in the checkout, while the
 * pixel still runs.
 */
export type ConsentKind = 'granted' | 'optout' | 'unset' | 'refused' | 'withdrawn'
export type BlockerKind = 'none' | 'tag' | 'all'

/** One browser on one visit. */
export interface Visitor {
  readonly browser: Browser
  readonly screen: { readonly width: number; readonly height: number }
  readonly clientId: string
  readonly market: Market
  readonly consent: ConsentKind
  readonly blocker: BlockerKind
  readonly privacy: CustomerPrivacy
  readonly pixelRuns: boolean
  readonly tagRuns: boolean
  /** Query of the landing page, with its question mark, or empty. */
  readonly click: string
  readonly referrer: string
  readonly cookies: Readonly<Record<string, string>>
}

interface Device {
  readonly userAgent: string
  readonly width: number
  readonly height: number
}

const DEVICES: readonly [Device, ...Device[]] = [
  {
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1',
    width: 390,
    height: 844,
  },
  {
    userAgent:
      'Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
    width: 412,
    height: 915,
  },
  {
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    width: 1440,
    height: 900,
  },
  {
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    width: 1920,
    height: 1080,
  },
  {
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0',
    width: 1680,
    height: 1050,
  },
  {
    userAgent:
      'Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
    width: 820,
    height: 1180,
  },
]

/** The networks that RFC 5737 keeps for documentation. */
const NETWORKS: readonly [string, ...string[]] = ['203.0.113', '198.51.100', '192.0.2']

const CLICKS: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['epik', 'https://www.pinterest.com/'],
  ['epik', 'https://www.pinterest.com/'],
  ['epik', 'https://www.pinterest.com/'],
  ['fbclid', 'https://l.instagram.com/'],
  ['gclid', 'https://www.google.com/'],
  ['ttclid', 'https://www.tiktok.com/'],
  ['ScCid', 'https://www.snapchat.com/'],
  ['rdt_cid', 'https://www.reddit.com/'],
]

const clickValue = (param: string, random: Random): string => {
  if (param === 'epik') return `dj0yJnU9${random.token(32)}`
  if (param === 'ScCid') return random.uuid()
  if (param === 'rdt_cid') return String(5_000_000_000_000 + random.between(0, 999_999_999))
  return random.token(40)
}

const consentOf = (random: Random): ConsentKind => {
  const share = random.next()
  if (share < 0.62) return 'granted'
  if (share < 0.72) return 'optout'
  if (share < 0.84) return 'unset'
  return share < 0.94 ? 'refused' : 'withdrawn'
}

const blockerOf = (random: Random): BlockerKind => {
  const share = random.next()
  if (share < 0.68) return 'none'
  return share < 0.88 ? 'tag' : 'all'
}

const CHOICE = { granted: 'accept', optout: 'optout', unset: 'unset', refused: 'refuse', withdrawn: 'accept' } as const

/**
 * A browser by chance, or another one of a shopper who was here before. That one answers about consent and blocks the
 * pixel as before: consent follows the customer, so two different answers would leave the outcome to chance.
 */
export const visitorBy = (random: Random, at: number, before?: Visitor): Visitor => {
  const market = before?.market ?? MARKETS[random.pick(COUNTRIES)]
  const device = random.pick(DEVICES)
  const consent = before?.consent ?? consentOf(random)
  const blocker = before?.blocker ?? blockerOf(random)
  const privacy = privacyOf(CHOICE[consent], market)
  const pixelRuns = blocker !== 'all' && privacy.analyticsProcessingAllowed && privacy.marketingAllowed
  const tagRuns = blocker === 'none' && privacy.marketingAllowed
  const clicked = random.chance(0.55)
  const [param, referrer] = random.pick(CLICKS)
  const value = clickValue(param, random)
  const visitorNumber = random.between(1_000_000_000, 2_000_000_000)
  const seconds = Math.floor(at / 1000)
  return {
    browser: {
      ip: `${random.pick(NETWORKS)}.${random.between(1, 254)}`,
      userAgent: device.userAgent,
      language: market.language,
    },
    screen: { width: device.width, height: device.height },
    clientId: random.uuid(),
    market,
    consent,
    blocker,
    privacy,
    pixelRuns,
    tagRuns,
    click: clicked ? `?${param}=${value}` : '',
    referrer: clicked ? referrer : '',
    cookies: tagRuns
      ? {
          ...(clicked && param === 'epik' ? { _epik: value } : {}),
          _fbp: `fb.1.${seconds}000.${visitorNumber}`,
          _ga: `GA1.1.${visitorNumber}.${seconds}`,
        }
      : {},
  }
}

const FIRST_NAMES: readonly [string, ...string[]] = [
  'Maya',
  'Jonas',
  'Aiko',
  'Léa',
  'Tom',
  'Priya',
  'Zoë',
  'Ben',
  'Ines',
  'Oskar',
]
const LAST_NAMES: readonly [string, ...string[]] = [
  'Okafor',
  'Brandt',
  'Tanaka',
  "O'Doe-Smith",
  'Moreau',
  'Nair',
  'Lind',
  'Hughes',
]

const ascii = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase()

/** A person by chance, known to the store as a customer. */
export const buyerBy = (random: Random, market: Market, since: number): Buyer => {
  const firstName = random.pick(FIRST_NAMES)
  const lastName = random.pick(LAST_NAMES)
  const customerId = String(7_400_000_000_000 + Math.floor(random.next() * 500_000_000_000))
  return {
    customerId,
    addressId: String(Number(customerId) + 1_900_000_000_000),
    email: `${ascii(firstName)}.${ascii(lastName)}.${random.hex(6)}@example.com`,
    phone: random.chance(0.7) ? `${market.phone.slice(0, -3)}${random.between(100, 199)}` : null,
    firstName,
    lastName,
    address1: `${random.between(1, 1900)} Larkspur Ave`,
    city: market.city,
    zip: market.zip,
    market,
    firstOrder: true,
    since,
  }
}
