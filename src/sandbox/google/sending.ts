import { createPrivateKey, sign } from 'node:crypto'
import { expect } from 'vitest'
import { SECOND } from '../../lib/duration.ts'
import { ask, told } from '../kit/asking.ts'
import type { Refusal } from '../kit/reading.ts'
import type { Answer, Platform } from '../platform.ts'
import { DEFAULT_ACCOUNTS } from './accounts.ts'
import { SANDBOX_USER, SCOPE, sandboxServiceAccount, TOKEN_URI } from './credentials.ts'
import { createGoogleAds, type GoogleAdsOptions } from './platform.ts'

// What the tests of this folder send, and to whom.

/** An hour after the sheet’s purchase. */
export const NOW = Date.parse('2026-11-20T15:03:22.000Z')
export const CUSTOMER = '1234567890'
export const PROPERTY = '345678901'
/** An Ads account that nobody but somebody else may write to. */
export const FOREIGN = '5555555555'
/** janedoe@gmail.com */
export const EMAIL = 'd6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69'

export const google = (options: GoogleAdsOptions = {}): Platform =>
  createGoogleAds({
    accounts: [
      ...DEFAULT_ACCOUNTS,
      { id: FOREIGN, tokens: ['somebody-else'], accountType: 'GOOGLE_ADS', managers: [], conversionActions: [] },
    ],
    users: [
      SANDBOX_USER,
      { clientId: 'other-client', clientSecret: 'other-secret', refreshToken: 'somebody-else', scope: SCOPE },
      { ...SANDBOX_USER, refreshToken: 'ads-only', scope: 'https://www.googleapis.com/auth/adwords' },
    ],
    ...options,
  })

export const tokenRequest = (to: Platform, form: Readonly<Record<string, string>>, at = NOW): Answer =>
  ask(to, {
    url: TOKEN_URI,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    at,
  })

export const REFRESH = {
  grant_type: 'refresh_token',
  client_id: SANDBOX_USER.clientId,
  client_secret: SANDBOX_USER.clientSecret,
  refresh_token: SANDBOX_USER.refreshToken,
}

export const signIn = (to: Platform, form: Readonly<Record<string, string>> = REFRESH, at = NOW): string =>
  told(tokenRequest(to, form, at)).access_token

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The service account’s JWT with claims, header or key changed. */
export const assertion = (
  claims: object = {},
  header: object = {},
  key: string = sandboxServiceAccount().private_key,
): string => {
  const { client_email, private_key_id } = sandboxServiceAccount()
  const head = part({ alg: 'RS256', typ: 'JWT', kid: private_key_id, ...header })
  const iat = NOW / SECOND
  const body = part({ iss: client_email, scope: SCOPE, aud: TOKEN_URI, iat, exp: iat + 3600, ...claims })
  const signature = sign('RSA-SHA256', Buffer.from(`${head}.${body}`), createPrivateKey(key))
  return `${head}.${body}.${signature.toString('base64url')}`
}

export const byJwt = (jwt: string) => ({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: jwt })

export interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly at?: number
}

const API = 'https://datamanager.googleapis.com/v1'

/** Signs in and sends; `headers` replace those of the sign-in. */
export const ingest = (to: Platform, body: unknown, sent: Sent = {}): Answer => {
  const at = sent.at ?? NOW
  const headers = { authorization: `Bearer ${signIn(to, REFRESH, at)}`, 'content-type': 'application/json' }
  return ask(to, { url: `${API}/events:ingest`, headers, ...sent, body, at })
}

export const status = (to: Platform, requestId: string, at = NOW, form: typeof REFRESH = REFRESH): Answer =>
  ask(to, {
    url: `${API}/requestStatus:retrieve?${new URLSearchParams({ requestId })}`,
    headers: { authorization: `Bearer ${signIn(to, form, at)}` },
    at,
  })

export const adsDestination = (over: object = {}) => ({
  operatingAccount: { accountType: 'GOOGLE_ADS', accountId: CUSTOMER },
  productDestinationId: '7001002003',
  ...over,
})

export const propertyDestination = (over: object = {}) => ({
  operatingAccount: { accountType: 'GOOGLE_ANALYTICS_PROPERTY', accountId: PROPERTY },
  productDestinationId: 'G-TEST123456',
  ...over,
})

const CONSENT = { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' }

/** A purchase for Google Ads. */
export const conversion = (over: object = {}) => ({
  transactionId: 'SHOP-1',
  eventTimestamp: '2026-11-20T14:03:22Z',
  eventSource: 'WEB',
  currency: 'EUR',
  conversionValue: 84.9,
  consent: CONSENT,
  userData: { userIdentifiers: [{ emailAddress: EMAIL }] },
  ...over,
})

export const toAds = (...events: readonly unknown[]) => ({ destinations: [adsDestination()], encoding: 'HEX', events })

/** A page view for Google Analytics. */
export const visit = (over: object = {}) => ({
  eventName: 'page_view',
  clientId: '1234567890.1763800000',
  eventTimestamp: '2026-11-20T14:03:22Z',
  consent: CONSENT,
  additionalEventParameters: [
    { parameterName: 'session_id', value: '1763812345' },
    { parameterName: 'engagement_time_msec', value: '100' },
  ],
  ...over,
})

export const toProperty = (...events: readonly unknown[]) => ({
  destinations: [propertyDestination()],
  encoding: 'HEX',
  events,
})

export const tagHit = (to: Platform, fields: Readonly<Record<string, string>>, at = NOW, tag = '987654321'): Answer =>
  ask(to, {
    url: `https://www.googleadservices.com/pagead/conversion/${tag}/?${new URLSearchParams(fields)}`,
    headers: { 'user-agent': 'Mozilla/5.0' },
    at,
  })

export const refusals = (platform: Platform) => platform.query('refusals', new URLSearchParams()) as readonly Refusal[]

/** The fields that a 400 names. */
export const violations = (answer: Answer) => {
  const { error } = told(answer)
  expect([answer.status, error.code, error.status]).toEqual([400, 400, 'INVALID_ARGUMENT'])
  expect(error.details.map((detail: { '@type': string }) => detail['@type'])).toEqual([
    'type.googleapis.com/google.rpc.ErrorInfo',
    'type.googleapis.com/google.rpc.BadRequest',
    'type.googleapis.com/google.rpc.RequestInfo',
  ])
  return error.details[1].fieldViolations as readonly { field: string; reason?: string; description: string }[]
}

/** Status, status word and reason of a refusal of a whole request. */
export const reasonOf = (answer: Answer): readonly unknown[] => {
  const { error } = told(answer)
  return [answer.status, error.status, error.details[0].reason]
}

/** Expects that one event is refused for one field, which names the request’s only complaint. */
export const expectOnly = (body: unknown, reason: string | undefined, field: string): void => {
  const sandbox = google()
  expect(violations(ingest(sandbox, body))).toEqual([
    { field, description: expect.any(String), ...(reason === undefined ? {} : { reason }) },
  ])
  expect(sandbox.conversions()).toEqual([])
  expect(refusals(sandbox)).toMatchObject([{ status: 400, code: reason ?? 'INVALID_ARGUMENT' }])
}
