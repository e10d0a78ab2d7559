import { type Packing, type Planned, type Skip, skip } from '../destination.ts'
import { toldConsent } from '../google-data-manager/ad-consent.ts'
import { type Consent, type IngestDestination, ingestRequests } from '../google-data-manager/ingest.ts'
import { type UserData, userDataOf } from '../google-data-manager/user-data.ts'
import type { GaEvent } from './ga-event.ts'
import type { GaItem } from './ga-items.ts'
import type { Person } from './person.ts'
import type { Settings } from './settings.ts'

/** An event of an Analytics web stream as the Data Manager API takes it. */
export interface IngestedEvent {
  eventName: string
  clientId: string
  userId?: string
  transactionId?: string
  /** RFC 3339. */
  eventTimestamp: string
  /** Documented as optional; without it the whole request is refused. */
  eventSource: 'WEB'
  currency?: string
  conversionValue?: number
  consent?: Consent
  userData?: UserData
  eventDeviceInfo?: { userAgent?: string; ipAddress?: string }
  cartData?: { couponCodes?: readonly [string]; items?: readonly CartItem[] }
  additionalEventParameters: readonly Parameter[]
}

interface CartItem {
  itemId: string
  quantity?: number
  unitPrice?: number
  additionalItemParameters?: readonly Parameter[]
}

/** Values are text, those of numbers too. */
interface Parameter {
  readonly parameterName: string
  readonly value: string
}

/** What settings have in this way of sending. */
export type Access = Pick<Settings, 'measurementId'> & { readonly propertyId: string }

/** Ids that pass Google's validation and are refused live: one character, or a word that stands for no id. */
const NO_TRANSACTION = /^(?:.|123|null|undefined|none|transaction_id)$/i

/** Parameters with a field of their own; all others are listed by name. */
const WITH_FIELD: ReadonlySet<string> = new Set(['transaction_id', 'currency', 'value', 'coupon', 'items'])
const ITEM_WITH_FIELD: ReadonlySet<string> = new Set(['item_id', 'quantity', 'price'])

/** `idField`: what the order's id was made of, to be blamed for one that Google refuses. */
export const ingested = (
  { name, timestamp_micros, params }: GaEvent,
  person: Person,
  idField: string,
): IngestedEvent | Skip => {
  const { transaction_id, currency, value, coupon } = params
  if (transaction_id !== undefined && NO_TRANSACTION.test(transaction_id)) return skip('invalid_field', idField)
  const items = params.items?.flatMap(cartItem) ?? []
  if (params.items !== undefined && items.length === 0) return skip('missing_field', 'commerce.items')
  const sent: IngestedEvent = {
    eventName: name,
    clientId: person.clientId,
    eventTimestamp: new Date(timestamp_micros / 1000).toISOString(),
    eventSource: 'WEB',
    additionalEventParameters: listed(params, WITH_FIELD),
  }
  if (person.userId !== undefined) sent.userId = person.userId
  if (transaction_id !== undefined) sent.transactionId = transaction_id
  if (currency !== undefined) sent.currency = currency
  if (value !== undefined) sent.conversionValue = value
  const consent = toldConsent(person.consent)
  if (consent !== undefined) sent.consent = consent
  const user = userDataOf(person.identity)
  if (user !== undefined) sent.userData = user
  if (person.userAgent !== undefined || person.ip !== undefined) {
    sent.eventDeviceInfo = {}
    if (person.userAgent !== undefined) sent.eventDeviceInfo.userAgent = person.userAgent
    if (person.ip !== undefined) sent.eventDeviceInfo.ipAddress = person.ip
  }
  if (coupon !== undefined || items.length > 0) {
    sent.cartData = {}
    if (coupon !== undefined) sent.cartData.couponCodes = [coupon]
    if (items.length > 0) sent.cartData.items = items
  }
  return sent
}

/** Here a product is its id: one that has a name only is left out. */
const cartItem = (item: GaItem): readonly CartItem[] => {
  if (item.item_id === undefined) return []
  const sent: CartItem = { itemId: item.item_id }
  if (item.quantity !== undefined) sent.quantity = item.quantity
  if (item.price !== undefined) sent.unitPrice = item.price
  const others = listed(item, ITEM_WITH_FIELD)
  if (others.length > 0) sent.additionalItemParameters = others
  return [sent]
}

const listed = (params: object, except: ReadonlySet<string>): readonly Parameter[] =>
  Object.entries(params).flatMap(([parameterName, value]) =>
    except.has(parameterName) ? [] : [{ parameterName, value: String(value) }],
  )

/** The property's web stream; the credentials are a user of the property itself. */
const streamOf = ({ measurementId, propertyId }: Access): IngestDestination => {
  const property = { accountType: 'GOOGLE_ANALYTICS_PROPERTY', accountId: propertyId } as const
  return { operatingAccount: property, loginAccount: property, productDestinationId: measurementId }
}

export const ingestedRequests = (
  events: readonly IngestedEvent[],
  access: Access,
  how: Packing,
): readonly Planned<IngestedEvent>[] => ingestRequests(events, [streamOf(access)], how)

/** An event that Google looks at and does not keep. */
export const probe = (now: Date): IngestedEvent => ({
  eventName: 'converlay_test',
  clientId: '1000000000.1000000000',
  eventTimestamp: now.toISOString(),
  eventSource: 'WEB',
  additionalEventParameters: [],
})
