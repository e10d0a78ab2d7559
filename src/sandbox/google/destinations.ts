import {
  type AdsAccount,
  type ConversionAction,
  type GoogleAccount,
  isAccountId,
  type PropertyAccount,
} from './accounts.ts'
import type { Violation } from './errors.ts'
import { type FieldFault, fault } from './field-fault.ts'
import type { Destination, IngestEvent } from './schema.ts'

interface Place {
  /** As the request wrote it. */
  readonly destination: Destination
}

/** Where events go, found among the accounts. */
export type Target =
  | (Place & { readonly account: AdsAccount; readonly action: ConversionAction })
  | (Place & { readonly account: PropertyAccount; readonly action?: undefined })

export const MOST_DESTINATIONS = 10

export interface Resolved {
  readonly targets: readonly Target[]
  readonly violations: readonly Violation[]
  /** The credential is no user of an account that is named: 403, whatever else is wrong. */
  readonly denied?: boolean
}

/** Finds the accounts and conversion actions that a request names, as far as its credential may write to them. */
export const resolve = (
  destinations: readonly Destination[],
  accounts: readonly GoogleAccount[],
  principal: string,
): Resolved => {
  const targets: Target[] = []
  const violations: Violation[] = [...listViolations(destinations)]
  let denied = false
  destinations.forEach((destination, index) => {
    const found = targetOf(destination, accounts, principal)
    if (found === 'denied') denied = true
    else if ('field' in found) violations.push({ ...found, field: `destinations[${index}].${found.field}` })
    else targets.push(found)
  })
  return { targets, violations, denied }
}

function* listViolations(destinations: readonly Destination[]): Generator<Violation> {
  const field = 'destinations'
  if (destinations.length === 0)
    yield { field, reason: 'REQUIRED_FIELD_MISSING', description: 'At least one destination is required.' }
  if (destinations.length > MOST_DESTINATIONS)
    yield { field, reason: 'TOO_MANY_DESTINATIONS', description: `More than ${MOST_DESTINATIONS} destinations.` }
  const references = destinations.flatMap(({ reference }) => (reference === undefined ? [] : [reference]))
  if (new Set(references).size < references.length)
    yield { field, reason: 'DUPLICATE_DESTINATION_REFERENCE', description: 'A destination reference stands twice.' }
}

const targetOf = (
  destination: Destination,
  accounts: readonly GoogleAccount[],
  principal: string,
): Target | FieldFault | 'denied' => {
  const { operatingAccount, loginAccount = operatingAccount, linkedAccount, productDestinationId } = destination
  const { accountType, accountId } = operatingAccount
  if (accountType === 'DATA_PARTNER')
    return fault('operating_account.account_type', 'INVALID_DESTINATION', 'A data partner owns no events.')
  if (!isAccountId(accountType, accountId))
    return fault(
      'operating_account.account_id',
      'INVALID_FORMAT',
      'An account id is digits, 10 for Ads, without hyphens.',
    )
  // "Only with a DATA_PARTNER login", which the sandbox knows none of.
  if (linkedAccount) return fault('linked_account', 'INVALID_DESTINATION', 'linked_account is for data partners.')
  const account = accounts.find(({ id }) => id === accountId)
  if (!account?.tokens.includes(principal)) return 'denied'
  if (account.accountType !== accountType)
    return fault(
      'operating_account.account_type',
      'DESTINATION_ACCOUNT_TYPE_MISMATCH',
      'The account is of another type.',
    )
  const login = loginFault(account, loginAccount.accountId, accounts, principal)
  if (login) return login
  return account.accountType === 'GOOGLE_ADS'
    ? adsTarget(destination, account, productDestinationId)
    : propertyTarget(destination, account, productDestinationId)
}

/** The login account must be the operating account or one of its managers, and the credential its user. */
const loginFault = (
  account: GoogleAccount,
  login: string,
  accounts: readonly GoogleAccount[],
  principal: string,
): FieldFault | 'denied' | undefined => {
  const managersOf = (one: GoogleAccount) => (one.accountType === 'GOOGLE_ADS' ? one.managers : [])
  if (login === account.id || managersOf(account).includes(login)) return undefined
  const isUserThere = accounts.some(
    (one) => one.tokens.includes(principal) && (one.id === login || managersOf(one).includes(login)),
  )
  return isUserThere
    ? fault(
        'login_account',
        'OPERATING_ACCOUNT_LOGIN_ACCOUNT_MISMATCH',
        'The login account does not manage the other one.',
      )
    : 'denied'
}

const adsTarget = (destination: Destination, account: AdsAccount, id: string): Target | FieldFault => {
  const field = 'product_destination_id'
  const action = account.conversionActions.find((one) => one.id === id)
  // A resource name (customers/…/conversionActions/…) is no id either.
  if (!action) return fault(field, 'INVALID_CONVERSION_ACTION_ID', `The account has no conversion action ${id}.`)
  if (action.type !== 'WEBPAGE' && action.type !== 'UPLOAD_CLICKS')
    return fault(field, 'INVALID_CONVERSION_ACTION_TYPE', 'Only WEBPAGE and UPLOAD_CLICKS actions take events.')
  if (account.termsSigned === false)
    return fault(
      'operating_account',
      'DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED',
      'Accept the customer data terms.',
    )
  if (action.type === 'UPLOAD_CLICKS' && account.enhancedForLeads === false)
    return fault(
      'operating_account',
      'DESTINATION_ACCOUNT_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS',
      'Enhanced conversions for leads are off.',
    )
  return { destination, account, action }
}

const propertyTarget = (destination: Destination, account: PropertyAccount, id: string): Target | FieldFault => {
  if (account.subpropertyOrRollup)
    return fault(
      'operating_account',
      'GOOGLE_ANALYTICS_SUBPROPERTY_OR_ROLLUP_PROPERTY_NOT_ALLOWED',
      'Events go to an ordinary property.',
    )
  // App streams, which a Firebase app id names, are not imitated.
  return account.measurementIds.includes(id)
    ? { destination, account }
    : fault('product_destination_id', 'INVALID_DESTINATION', `The property has no web stream ${id}.`)
}

/** Where one event goes: everywhere, unless it names references. */
export const targetsOf = ({ destinationReferences: references }: IngestEvent, targets: readonly Target[]) =>
  references === undefined || references.length === 0
    ? targets
    : targets.filter(({ destination }) => references.includes(destination.reference ?? ''))
