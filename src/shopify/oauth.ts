import { createHmac, randomBytes } from 'node:crypto'
import { type Shop, shopFrom } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import { deriveKey } from '../lib/seal.ts'
import type { ShopifyApp } from './app.ts'
import { readSignedQuery } from './query-hmac.ts'
import { hmacHolds } from './signed.ts'

/** Where Shopify sends the merchant back to; it stands in the app's settings there. */
export const CALLBACK_PATH = '/auth/callback'

/** How long a merchant may take to say yes; that of Shopify's own library. */
export const STATE_LIFE = 60 * SECOND

/** The beginning of an authorization: where to send the browser, and the cookie that must come back with it. */
export interface Authorization {
  readonly url: string
  readonly cookie: string
}

type Signer = Pick<ShopifyApp, 'clientId' | 'secrets'>

/**
 * A key of its own, not the client secret: with that, our signature over a cookie would be a valid one over a webhook of
 * the same bytes.
 */
const stateKey = (secret: string): Uint8Array =>
  deriveKey(Buffer.from(secret), new Uint8Array(0), 'converlay oauth state')

/** Begins an authorization. The state binds browser, shop and time. */
export const beginAuthorization = (
  app: Signer & Pick<ShopifyApp, 'scopes'>,
  shop: Shop,
  appUrl: string,
  now: number,
): Authorization => {
  const state = randomBytes(32).toString('hex')
  const query = new URLSearchParams({
    client_id: app.clientId,
    scope: app.scopes.join(','),
    redirect_uri: appUrl + CALLBACK_PATH,
    state,
  })
  const claim = `${state}.${now + STATE_LIFE}.${shop}`
  const mac = createHmac('sha256', stateKey(app.secrets[0])).update(claim).digest('base64url')
  return { url: `https://${shop}/admin/oauth/authorize?${query}`, cookie: `${mac}.${claim}` }
}

/** What came back from Shopify, believed only with its signature and this browser's cookie. */
export type Authorized =
  | { readonly ok: true; readonly shop: Shop; readonly code: string; readonly signedAt: number }
  | { readonly ok: false; readonly problem: 'stale' | 'invalid' }

export const readCallback = (app: Signer, search: string, cookie: string | undefined, now: number): Authorized => {
  const signed = readSignedQuery(search, app.secrets, now)
  if (!signed.ok) return signed
  const [, mac = '', claim = '', state = '', until = '', host = ''] =
    /^([\w-]{43})\.(([0-9a-f]{64})\.(\d{13})\.([a-z0-9.-]{1,80}))$/.exec(cookie ?? '') ?? []
  const keys = app.secrets.map(stateKey)
  const code = signed.query.get('code') ?? ''
  const isOurs =
    hmacHolds(claim, mac, 'base64url', keys) &&
    sameState(state, signed.query.get('state') ?? '', keys) &&
    shopFrom(host) === signed.shop
  if (!isOurs || !/^[\w-]{1,256}$/.test(code)) return { ok: false, problem: 'invalid' }
  if (now >= Number(until)) return { ok: false, problem: 'stale' }
  return { ok: true, shop: signed.shop, code, signedAt: signed.signedAt }
}

/** Compared by their HMACs, so that the time tells nothing. */
const sameState = (ours: string, theirs: string, [key]: readonly Uint8Array[]): boolean =>
  key !== undefined &&
  hmacHolds(theirs, createHmac('sha256', key).update(ours).digest('hex'), 'hex', [key]) &&
  theirs.length === ours.length
