import { isClickParam } from '../event/browser-ids.ts'

const EMAIL = /[^\s@,;:<>()"/?&=]+@[^\s@,;:<>()"/?&=]+\.[a-z\u00a1-\uffff]{2,}/i
/** "+41 79 123 45 67", "0041791234567", "0791234567". Ids begin with no zero. */
const DIALLED = /^(?:\+|0)[\d\s()./-]+$/
/** "(415) 555-0132", "415.555.0132": digits in groups. */
const GROUPED = /^\(?\d+(?:[\s()./-]+\d+)+$/
/** "4155550132": what a number of North America is, and a barcode or a moment is not. */
const BARE = /^1?[2-9]\d{2}[2-9]\d{6}$/

const digitsIn = (text: string): number => text.replace(/\D/g, '').length

const isPhone = (text: string): boolean => {
  const digits = digitsIn(text)
  return digits >= 9 && digits <= 15 && (DIALLED.test(text) || GROUPED.test(text))
}

/** Whether text holds an e-mail address or is a phone number. */
const isPersonal = (text: string): boolean => EMAIL.test(text) || isPhone(text.trim())

/** The same of what somebody looked for, which is less often an id of something. */
export const isPersonalSearch = (query: string): boolean => {
  const text = decodedFully(query)
  return isPersonal(text) || BARE.test(text.trim())
}

const BARE_IN_WORDS = /\b1?[2-9]\d{2}[2-9]\d{6}\b/
const IN_WORDS = /(?:\+|\b0\d|\(\d|\b[2-9]\d{2}[\s.)-])[\d\s()./-]{7,}\d/g

/** Whether a page's title says an e-mail address or a phone number, as those of search pages repeat what was looked for. */
export const isPersonalTitle = (title: string): boolean =>
  EMAIL.test(decodedFully(title)) ||
  BARE_IN_WORDS.test(title) ||
  (title.match(IN_WORDS) ?? []).some((part) => digitsIn(part) >= 9)

/** Parameters in which stores look for something. */
const SEARCH = new Set(['q', 'query', 'search', 's', 'keyword', 'keywords', 'term'])

/** What parameters that say a person, or open something to whoever has the URL, have in their names. */
const NAMES = new Set(
  (
    'email mail phone telephone tel mobile cell msisdn name firstname lastname fullname username surname fname lname ' +
    'address address1 address2 addr street token key apikey password passwd pass pwd secret'
  ).split(' '),
)

/** "customer[email]", "firstName", "e-mail", "billing_address" in words. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/e[-_]mail/gi, 'email')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)

/** Names of campaigns, which advertisers put there themselves. */
const CAMPAIGN = /^utm_/i

/** URL-decoded until nothing changes, since what one page escaped another escapes again; broken escapes end it. */
const decodedFully = (text: string): string => {
  let clear = text
  for (let times = 0; times < 3 && clear.includes('%'); times++) {
    try {
      clear = decodeURIComponent(clear)
    } catch {
      return clear.replace(/%40/g, '@')
    }
  }
  return clear
}

const isPersonalPair = (pair: string): boolean => {
  const equals = pair.indexOf('=')
  const name = decodedFully(equals === -1 ? pair : pair.slice(0, equals))
  // Spaces are written as plus signs, a phone number's own comes first.
  const value = equals === -1 ? '' : decodedFully(pair.slice(equals + 1)).replace(/(?!^)\+/g, ' ')
  if (EMAIL.test(value) || EMAIL.test(name)) return true
  if (isClickParam(name)) return false
  if (!CAMPAIGN.test(name) && wordsOf(name).some((word) => NAMES.has(word))) return true
  return SEARCH.has(name.toLowerCase()) ? isPersonalSearch(value) : isPersonal(value)
}

/** A path with "-" where it said an e-mail address: some stores' pages of accounts and subscriptions do. */
const withoutPersonalSegments = (path: string): string =>
  path.includes('@') || path.includes('%')
    ? path
        // A name to sign in with stands before the host.
        .replace(/^(https?:\/\/)[^/]*@/, '$1')
        .split('/')
        .map((segment) => (EMAIL.test(decodedFully(segment)) ? '-' : segment))
        .join('/')
    : path

/** A URL without what says who somebody is in its path or its parameters, or holds keys there. Click ids stay. */
export const withoutPersonalParts = (url: string): string => {
  const question = url.indexOf('?')
  const path = withoutPersonalSegments(question === -1 ? url : url.slice(0, question))
  if (question === -1) return path
  const pairs = url.slice(question + 1).split('&')
  const kept = pairs.filter((pair) => !isPersonalPair(pair))
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`
}
