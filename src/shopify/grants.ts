import type { Shop } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import type { HttpRequest, HttpResponse } from '../lib/http.ts'
import { isObject, type Json, numberAt, parseJson, textAt } from '../lib/json.ts'
import { type ShopifyApp, scopesFrom } from './app.ts'

/** A shop's access to the Admin API. Offline tokens expire after an hour and come with a refresh token for the next one. */
export interface Access {
  readonly token: string
  /** ms since 1970. */
  readonly expiresAt: number
  readonly scopes: readonly string[]
  /** Absent on access by client credentials: the app's own secret gets the next one. */
  readonly refresh?: { readonly token: string; readonly expiresAt?: number }
}

/** What access is asked for with. */
export type Grant =
  | { readonly by: 'session_token'; readonly text: string }
  | { readonly by: 'code'; readonly code: string }
  | { readonly by: 'refresh_token'; readonly token: string }
  | { readonly by: 'client_credentials' }

/**
 * stale: the session token is too old, a fresh one may do. refused: this grant will never do. unreachable: the moment is
 * to blame, or Shopify's answer cannot be read.
 */
export type Granted =
  | { readonly ok: true; readonly access: Access }
  | { readonly ok: false; readonly problem: 'stale' | 'refused' | 'unreachable'; readonly message: string }

/** Asks a shop for access. Offline tokens always as expiring ones: the others are no longer given to public apps. */
export const grantRequest = (shop: Shop, { clientId, secrets }: ShopifyApp, grant: Grant): HttpRequest => ({
  method: 'POST',
  url: `https://${shop}/admin/oauth/access_token`,
  to: 'shop',
  headers: { 'content-type': 'application/json', accept: 'application/json' },
  body: JSON.stringify({ client_id: clientId, client_secret: secrets[0], ...asked(grant) }),
})

const asked = (grant: Grant): Readonly<Record<string, string>> => {
  switch (grant.by) {
    case 'session_token':
      return {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: grant.text,
        subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
        requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token',
        expiring: '1',
      }
    case 'code':
      return { code: grant.code, expiring: '1' }
    case 'refresh_token':
      return { grant_type: 'refresh_token', refresh_token: grant.token }
    case 'client_credentials':
      return { grant_type: 'client_credentials' }
  }
}

const LIMITS = { depth: 8, values: 200 }

/** Shopify's words that a refresh token is dead, or that the app is not on the store. */
const ENDS_A_LINE: ReadonlySet<string> = new Set(['invalid_grant', 'application_not_installed'])

/** Reads Shopify's answer. */
export const readGrant = (grant: Grant, { status, body }: HttpResponse, now: number): Granted => {
  const parsed = parseJson(body, LIMITS)
  const answer = parsed.ok ? parsed.value : null
  if (status === 200) return read(grant, answer, now)
  const error = textAt(answer, 'error') ?? ''
  if (error === 'invalid_subject_token') return failed('stale', 'The session has ended. Reload the page.')
  // Our own mistake, and no reason to give up the tokens of every store.
  if (error === 'invalid_client')
    return failed(
      'unreachable',
      'Shopify does not know the app by its client id and secret. Check SHOPIFY_API_KEY and SHOPIFY_API_SECRET.',
    )
  // A refresh token is all the access there is without the merchant: no other word gives it up.
  if (grant.by === 'refresh_token' && !ENDS_A_LINE.has(error))
    return failed('unreachable', 'Shopify did not renew the access. It is tried again.')
  // A 400 without the words of OAuth comes from something in between.
  if ((status === 400 || status === 401 || status === 403) && /^[a-z_]{1,60}$/.test(error))
    return failed('refused', `Shopify refused the access (${error}).`)
  return failed('unreachable', 'Shopify did not answer. Try again in a minute.')
}

const read = (grant: Grant, answer: Json, now: number): Granted => {
  const token = textAt(answer, 'access_token')
  const lasts = isObject(answer) ? numberAt(answer, 'expires_in') : undefined
  const refresh = textAt(answer, 'refresh_token')
  const refreshLasts = numberAt(answer, 'refresh_token_expires_in')
  // One without an end is none of ours: taken for "never", it would not be refreshed again (platform sheet 1.2).
  if (token === undefined || lasts === undefined || lasts <= 0)
    return failed('unreachable', 'Shopify’s answer lacks a token or its end.')
  if (refresh === undefined && grant.by !== 'client_credentials')
    return failed('unreachable', 'Shopify’s answer lacks a refresh token.')
  return {
    ok: true,
    access: {
      token,
      expiresAt: now + lasts * SECOND,
      scopes: scopesFrom(textAt(answer, 'scope') ?? ''),
      ...(refresh === undefined
        ? {}
        : {
            refresh: {
              token: refresh,
              ...(refreshLasts === undefined ? {} : { expiresAt: now + refreshLasts * SECOND }),
            },
          }),
    },
  }
}

const failed = (problem: 'stale' | 'refused' | 'unreachable', message: string): Granted => ({
  ok: false,
  problem,
  message,
})
