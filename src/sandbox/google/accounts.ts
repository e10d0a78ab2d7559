import { arrayAt, isObject, textAt } from '../../lib/json.ts'
import type { Account, ReadAccount } from '../kit/accounts.ts'
import { SANDBOX_USER, SERVICE_ACCOUNT_EMAIL } from './credentials.ts'

/** What one Ads event counts as: Google Ads knows no event names. */
export interface ConversionAction {
  readonly id: string
  /** Unique within its account; conversions stand under it. */
  readonly name: string
  /** By which the browser’s tag names it. */
  readonly label: string
  /** WEBPAGE for website conversions, UPLOAD_CLICKS for offline ones; any other kind takes no events. */
  readonly type: 'WEBPAGE' | 'UPLOAD_CLICKS' | 'CLICK_TO_CALL'
  /** Counts one conversion per click; such a one takes no gbraid and no wbraid. */
  readonly onePerClick?: boolean
}

/** Its `tokens` are the service accounts, by email, and the refresh tokens of the people who are its users. */
export interface AdsAccount extends Account {
  readonly accountType: 'GOOGLE_ADS'
  readonly conversionActions: readonly ConversionAction[]
  /** Manager accounts that may stand as loginAccount. */
  readonly managers: readonly string[]
  /** False: the terms for customer data were not accepted. */
  readonly termsSigned?: boolean
  /** False: enhanced conversions for leads are off. */
  readonly enhancedForLeads?: boolean
}

/** A GA4 property; `tokens` as of an Ads account. */
export interface PropertyAccount extends Account {
  readonly accountType: 'GOOGLE_ANALYTICS_PROPERTY'
  readonly measurementIds: readonly string[]
  readonly subpropertyOrRollup?: boolean
}

export type GoogleAccount = AdsAccount | PropertyAccount

const USERS = [SERVICE_ACCOUNT_EMAIL, SANDBOX_USER.refreshToken]

export const DEFAULT_ACCOUNTS: readonly GoogleAccount[] = [
  {
    id: '1234567890',
    tokens: USERS,
    accountType: 'GOOGLE_ADS',
    tagId: '987654321',
    managers: ['9876543210'],
    conversionActions: [
      { id: '7001002003', name: 'purchase', label: 'sandbox_purchase', type: 'WEBPAGE' },
      { id: '7001002004', name: 'others', label: 'sandbox_others', type: 'WEBPAGE' },
    ],
  },
  {
    id: '345678901',
    tokens: USERS,
    accountType: 'GOOGLE_ANALYTICS_PROPERTY',
    measurementIds: ['G-TEST123456'],
  },
]

const ID: Readonly<Record<GoogleAccount['accountType'], RegExp>> = {
  GOOGLE_ADS: /^\d{10}$/,
  GOOGLE_ANALYTICS_PROPERTY: /^\d{1,20}$/,
}

/** Whether an id has the form that its kind of account has: 10 digits without hyphens, digits. */
export const isAccountId = (accountType: GoogleAccount['accountType'], id: string): boolean => ID[accountType].test(id)

/**
 * Reads `{id, conversionActions: {"7001002003": "purchase"}, managers?, tagId?, token?}`, or
 * `{id, accountType: "GOOGLE_ANALYTICS_PROPERTY", measurementIds: ["G-…"], token?}`. Without a token the sandbox’s own
 * service account and user may write to it. A tag names an action that was told so by its name.
 */
export const readAccount: ReadAccount<GoogleAccount> = (body, known) => {
  const accountType = textAt(body, 'accountType') ?? 'GOOGLE_ADS'
  const id = textAt(body, 'id') ?? ''
  const token = textAt(body, 'token')
  const before = known.find((account) => account.id === id)
  const tokens = token === undefined ? USERS : [...new Set([...(before?.tokens ?? []), token])]
  const texts = (key: string): readonly string[] => arrayAt(body, key).map(String)
  if (accountType === 'GOOGLE_ANALYTICS_PROPERTY') {
    if (!isAccountId(accountType, id)) return 'id must be the digits of a property'
    return { id, tokens, accountType, measurementIds: texts('measurementIds') }
  }
  if (accountType !== 'GOOGLE_ADS') return 'accountType must be GOOGLE_ADS or GOOGLE_ANALYTICS_PROPERTY'
  if (!isAccountId(accountType, id)) return 'id must be 10 digits without hyphens'
  const told = isObject(body) && isObject(body.conversionActions) ? body.conversionActions : {}
  const conversionActions = Object.entries(told).map(
    ([action, name]): ConversionAction => ({ id: action, name: String(name), label: String(name), type: 'WEBPAGE' }),
  )
  if (new Set(conversionActions.map(({ name }) => name)).size < conversionActions.length)
    return 'conversionActions must have names of their own'
  const tagId = textAt(body, 'tagId')
  return {
    id,
    tokens,
    accountType,
    conversionActions,
    managers: texts('managers'),
    ...(tagId === undefined ? {} : { tagId }),
  }
}
