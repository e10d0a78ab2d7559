/** What a reason of Google’s means for the event or the connection that it is given for. */
export type Meaning = 'connection' | 'moment' | 'informational' | 'event'

/** The account, its terms or the settings are not as they have to be: no event is to blame. */
const CONNECTION = new Set([
  'USER_PERMISSION_DENIED',
  'PERMISSION_DENIED',
  'SERVICE_DISABLED',
  'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
  'OPERATING_ACCOUNT_LOGIN_ACCOUNT_MISMATCH',
  'INVALID_CONVERSION_ACTION_ID',
  'INVALID_CONVERSION_ACTION_TYPE',
  'INVALID_DESTINATION',
  'DESTINATION_ACCOUNT_TYPE_MISMATCH',
  'EVENT_SOURCE_AND_DESTINATION_MISMATCH',
  'INVALID_PROPERTY_TYPE',
  'INVALID_STREAM_TYPE',
  'GOOGLE_ANALYTICS_SUBPROPERTY_OR_ROLLUP_PROPERTY_NOT_ALLOWED',
])
/** Families of such reasons; CUSTOM_VARIABLE_NOT_ENABLED is about one event and ends differently. */
const CONNECTION_FAMILY = /NOT_ALLOWLISTED|_TERMS_NOT_SIGNED$|_NOT_ENABLED_/

const MOMENT = new Set([
  'RESOURCE_EXHAUSTED',
  'RATE_LIMIT_EXCEEDED',
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
  'INTERNAL_ERROR',
  'ABORTED',
  'CANCELLED',
])

/** Google has the conversion already, or may not use it: the event arrived, and sending it again changes nothing. */
const INFORMATIONAL: ReadonlyMap<string, string> = new Map([
  ['DUPLICATE_TRANSACTION_ID', 'Google had this transaction already, from the tag or from an earlier request.'],
  ['DUPLICATE_GCLID', 'Google had a conversion of this click and time already.'],
  ['DENIED_CONSENT', 'Google took it and may not use it: consent for ad user data is denied.'],
  [
    'NO_CONSENT',
    'Google took it and may not use it: the account has not consented to sharing data with Google’s ad services.',
  ],
  ['UNKNOWN_CONSENT', 'Google took it and may not use it: it does not know of the shopper’s consent.'],
])

/** The reason without the prefix that later answers put before it. */
export const plainReason = (reason: string): string => reason.replace(/^PROCESSING_(?:ERROR|WARNING)_(?:REASON_)?/, '')

export const meaningOf = (reason: string): Meaning => {
  if (CONNECTION.has(reason) || CONNECTION_FAMILY.test(reason)) return 'connection'
  if (MOMENT.has(reason)) return 'moment'
  return INFORMATIONAL.has(reason) ? 'informational' : 'event'
}

/** In words what an informational reason says; undefined for all others. */
export const informationOf = (reason: string): string | undefined => INFORMATIONAL.get(reason)

/** What a person can do about the commonest reasons that are the connection’s matter. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^SERVICE_DISABLED$/,
    'The Data Manager API is switched off in the Google Cloud project of these credentials. Switch it on there and try again in a few minutes.',
  ],
  [
    /^ACCESS_TOKEN_SCOPE_INSUFFICIENT$/,
    'The credentials do not include the Data Manager API. Use a service account key, or give the consent again.',
  ],
  [
    /_TERMS_NOT_SIGNED$/,
    'The customer data terms are not accepted yet. Accept them in Google Ads under Goals, Settings.',
  ],
  [
    /_NOT_ENABLED_/,
    'Enhanced conversions are switched off in this account. Switch them on in Google Ads under Goals, Settings.',
  ],
  [/NOT_ALLOWLISTED/, 'Google has not opened this way of sending to this account yet.'],
  [
    /^INVALID_CONVERSION_ACTION_ID$/,
    'Google knows no such conversion action in this account. Copy its number from the account that owns it, not from the manager.',
  ],
  [
    /^INVALID_CONVERSION_ACTION_TYPE$/,
    'The conversion action is of a kind that takes nothing from servers. Choose one whose source is the website.',
  ],
  [
    /^OPERATING_ACCOUNT_LOGIN_ACCOUNT_MISMATCH$/,
    'The manager account is not linked with the account that data is sent to. Check both numbers.',
  ],
  [
    /PERMISSION_DENIED$/,
    'The credentials may not write to this account. Invite their e-mail address as a user; if it is a user of a manager account only, enter the manager account too.',
  ],
  [
    /^GOOGLE_ANALYTICS_SUBPROPERTY_OR_ROLLUP_PROPERTY_NOT_ALLOWED$/,
    'Google takes no events for subproperties and roll-up properties. Enter the source property.',
  ],
]

/** What a person can do about a reason; undefined where only Google’s own words help. */
export const adviceOn = (reason: string): string | undefined => ADVICE.find(([form]) => form.test(reason))?.[1]
