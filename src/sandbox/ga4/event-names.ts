/** Names of events, parameters, items’ fields: a letter, then letters, digits and underscores. */
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/
/** Longest name of an event or a parameter, characters. */
export const LONGEST_NAME = 40

const RESERVED: ReadonlySet<string> = new Set([
  'error',
  'first_open',
  'first_visit',
  'in_app_purchase',
  'os_update',
  'screen_view',
  'session_start',
  'user_engagement',
])
/** Families of events that Google’s own code sends. */
const RESERVED_FAMILIES = ['ad_', 'app_', 'notification_']
/** For events, parameters and user properties alike. */
const RESERVED_PREFIXES = ['_', 'firebase_', 'ga_', 'google_']

const beginsWithOne = (name: string, beginnings: readonly string[]): boolean =>
  beginnings.some((beginning) => name.startsWith(beginning))

/** Whether an event, parameter or user property may be called so, but for the names that are reserved. */
export const isName = (name: string, longest: number = LONGEST_NAME): boolean =>
  NAME.test(name) && name.length <= longest

/** Whether a parameter or user property begins like Google’s own. */
export const isReservedPrefix = (name: string): boolean => beginsWithOne(name, RESERVED_PREFIXES)

/** Whether an event of that name is Google’s own to send. */
export const isReservedEvent = (name: string): boolean =>
  RESERVED.has(name) || beginsWithOne(name, RESERVED_FAMILIES) || isReservedPrefix(name)

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** Whether a text is the upper-case code of a currency (ISO 4217). */
export const isCurrency = (text: string): boolean => CURRENCIES.has(text)

/** Longest value of a parameter, characters. */
const LONGEST_VALUE = 100
/** Not in the sheet: the exceptions of Google’s page on collection limits (support.google.com/analytics/answer/9267744). */
const LONGER_VALUES: ReadonlyMap<string, number> = new Map([
  ['page_title', 300],
  ['page_referrer', 420],
  ['page_location', 1000],
])

/** How long a parameter’s value may be, characters; 500 for all on Analytics 360, which nobody may count on. */
export const longestValueOf = (parameter: string): number => LONGER_VALUES.get(parameter) ?? LONGEST_VALUE
