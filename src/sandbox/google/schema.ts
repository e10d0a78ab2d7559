import { closed, each, type Schema, text } from '../json-schema.ts'

/**
 * The request of events:ingest, closed as every request of Google’s APIs is: an unknown name is an error. The fields
 * that only data partners or holders of a cloud key may send (thirdPartyUserData, encryptionInfo) are left out, so they
 * are refused as unknown.
 */
const number: Schema = { type: 'number' }
const integer: Schema = { type: 'integer' }

const oneOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values })
const list = (items: Schema): Schema => ({ type: 'array', items })

/** Pairs of texts, both there. */
const pairs = (name: string, value: string): Schema =>
  list({ ...closed({ [name]: text, [value]: { type: 'string' } }), required: [name, value] })

const CONSENT_STATUS = oneOf('CONSENT_GRANTED', 'CONSENT_DENIED', 'CONSENT_STATUS_UNSPECIFIED')
const CONSENT = closed({ adUserData: CONSENT_STATUS, adPersonalization: CONSENT_STATUS })

/** One that is no account’s own, GOOGLE_ADS or GOOGLE_ANALYTICS_PROPERTY, belongs to parts of the API that are not here. */
const ACCOUNT: Schema = {
  ...closed({ accountType: oneOf('GOOGLE_ADS', 'GOOGLE_ANALYTICS_PROPERTY', 'DATA_PARTNER'), accountId: text }),
  required: ['accountType', 'accountId'],
}

export const DESTINATION: Schema = {
  ...closed({
    reference: text,
    operatingAccount: ACCOUNT,
    loginAccount: ACCOUNT,
    linkedAccount: ACCOUNT,
    productDestinationId: text,
  }),
  required: ['operatingAccount', 'productDestinationId'],
}

const DEVICE = closed({
  ...each([
    'userAgent',
    'ipAddress',
    'category',
    'languageCode',
    'operatingSystem',
    'operatingSystemVersion',
    'model',
    'brand',
    'browser',
    'browserVersion',
  ]),
  ...each(['screenHeight', 'screenWidth'], integer),
})

export const EVENT: Schema = closed({
  destinationReferences: list(text),
  ...each([
    'transactionId',
    'eventTimestamp',
    'lastUpdatedTimestamp',
    'currency',
    'eventName',
    'clientId',
    'appInstanceId',
    'userId',
  ]),
  eventSource: oneOf('WEB', 'APP', 'IN_STORE', 'PHONE', 'MESSAGE', 'OTHER'),
  ...each(['conversionValue', 'conversionCount'], number),
  userData: closed({
    userIdentifiers: list(
      closed({
        ...each(['emailAddress', 'phoneNumber']),
        address: closed(
          each(['givenName', 'familyName', 'regionCode', 'postalCode', 'addressLine', 'city', 'administrativeArea']),
        ),
      }),
    ),
  }),
  adIdentifiers: closed({
    ...each(['gclid', 'gbraid', 'wbraid', 'sessionAttributes', 'mobileDeviceId', 'dclid', 'impressionId', 'matchId']),
    encryptedUserIds: list(text),
    landingPageDeviceInfo: DEVICE,
  }),
  consent: CONSENT,
  eventDeviceInfo: DEVICE,
  eventLocation: closed(
    each(['storeId', 'city', 'subdivisionCode', 'regionCode', 'subcontinentCode', 'continentCode']),
  ),
  cartData: closed({
    ...each(['merchantId', 'merchantFeedLabel', 'merchantFeedLanguageCode']),
    transactionDiscount: number,
    couponCodes: list(text),
    items: list(
      closed({
        ...each(['merchantProductId', 'itemId']),
        // A 64-bit integer, which JSON may write as text.
        quantity: { type: ['integer', 'string'] },
        ...each(['unitPrice', 'conversionValue'], number),
        additionalItemParameters: pairs('parameterName', 'value'),
        customVariables: list({ type: 'object' }),
      }),
    ),
  }),
  customVariables: list({ type: 'object' }),
  userProperties: closed({
    customerType: oneOf('NEW', 'RETURNING', 'REENGAGED'),
    customerValueBucket: oneOf('LOW', 'MEDIUM', 'HIGH'),
    additionalUserProperties: pairs('propertyName', 'value'),
  }),
  additionalEventParameters: pairs('parameterName', 'value'),
  experimentalFields: pairs('field', 'value'),
  callInfo: closed({ startTimestamp: text }),
})

/** The request without its destinations and events, which are looked at one by one. */
export const ROOT: Schema = closed({
  destinations: { type: 'array' },
  events: { type: 'array' },
  consent: CONSENT,
  validateOnly: { type: 'boolean' },
  encoding: oneOf('HEX', 'BASE64'),
})

export interface AccountRef {
  readonly accountType: 'GOOGLE_ADS' | 'GOOGLE_ANALYTICS_PROPERTY' | 'DATA_PARTNER'
  readonly accountId: string
}

/** A destination that fits the schema. */
export interface Destination {
  readonly reference?: string
  readonly operatingAccount: AccountRef
  readonly loginAccount?: AccountRef
  readonly linkedAccount?: AccountRef
  readonly productDestinationId: string
}

export interface Consent {
  readonly adUserData?: string
  readonly adPersonalization?: string
}

export type Encoding = 'HEX' | 'BASE64'

/** A request that fits the schema. */
export interface IngestRequest {
  readonly destinations?: readonly Destination[]
  readonly events?: readonly IngestEvent[]
  readonly consent?: Consent
  readonly validateOnly?: boolean
  readonly encoding?: Encoding
}

export interface UserIdentifier {
  readonly emailAddress?: string
  readonly phoneNumber?: string
  readonly address?: Readonly<Partial<Record<AddressField, string>>>
}

export type AddressField =
  | 'givenName'
  | 'familyName'
  | 'regionCode'
  | 'postalCode'
  | 'addressLine'
  | 'city'
  | 'administrativeArea'

export interface Parameter {
  readonly parameterName: string
  readonly value: string
}

export interface Item {
  readonly merchantProductId?: string
  readonly itemId?: string
  readonly quantity?: number | string
  readonly unitPrice?: number
  readonly additionalItemParameters?: readonly Parameter[]
  readonly customVariables?: readonly unknown[]
}

/** An event that fits the schema. */
export interface IngestEvent {
  readonly destinationReferences?: readonly string[]
  readonly transactionId?: string
  readonly eventTimestamp?: string
  readonly lastUpdatedTimestamp?: string
  readonly eventSource?: string
  readonly currency?: string
  readonly conversionValue?: number
  readonly eventName?: string
  readonly clientId?: string
  readonly appInstanceId?: string
  readonly userId?: string
  readonly userData?: { readonly userIdentifiers?: readonly UserIdentifier[] }
  readonly adIdentifiers?: {
    readonly gclid?: string
    readonly gbraid?: string
    readonly wbraid?: string
    readonly sessionAttributes?: string
  }
  readonly consent?: Consent
  readonly eventDeviceInfo?: { readonly ipAddress?: string; readonly userAgent?: string }
  readonly eventLocation?: { readonly regionCode?: string; readonly subdivisionCode?: string }
  readonly cartData?: { readonly merchantId?: string; readonly items?: readonly Item[] }
  readonly customVariables?: readonly unknown[]
  readonly additionalEventParameters?: readonly Parameter[]
}
