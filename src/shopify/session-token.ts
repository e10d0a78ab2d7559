import { type Shop, shopFrom } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import { isObject, parseJson } from '../lib/json.ts'
import type { ShopifyApp } from './app.ts'
import { hmacHolds } from './signed.ts'

/** Who speaks: a member of a shop's staff, in the shop's admin. */
export interface SessionToken {
  readonly shop: Shop
  /** Shopify's id of the member of staff. */
  readonly user: string
  /** When Shopify made it, ms since 1970, by Shopify's clock. */
  readonly issuedAt: number
  /** As it came, to be exchanged for an access token. */
  readonly text: string
}

/** stale: it was good a moment ago, and whoever sent it can fetch another one. */
export type ReadToken =
  | { readonly ok: true; readonly token: SessionToken }
  | { readonly ok: false; readonly problem: 'stale' | 'invalid' }

/** Shopify's tokens have some 600 characters. */
const LONGEST = 4096
/** How far clocks may differ; that of Shopify's own library. */
const TOLERANCE = 10 * SECOND
const LIMITS = { depth: 4, values: 64 }

const INVALID: ReadToken = { ok: false, problem: 'invalid' }

/**
 * Reads the token that App Bridge sends with each call: a JWT signed with the client secret, good for a minute. Pinned
 * to HS256, and stricter than Shopify's library in comparing `iss` with `dest` (platform sheet 1.3).
 */
export const readSessionToken = (
  text: string,
  app: Pick<ShopifyApp, 'clientId' | 'secrets'>,
  now: number,
): ReadToken => {
  if (text.length > LONGEST) return INVALID
  const parts = text.split('.')
  const [head = '', body = '', signature = ''] = parts
  if (parts.length !== 3 || !hmacHolds(`${head}.${body}`, signature, 'base64url', app.secrets)) return INVALID
  const header = claimsOf(head)
  if (header?.alg !== 'HS256' || ![undefined, 'JWT'].includes(header.typ as undefined) || 'crit' in header)
    return INVALID
  const claims = claimsOf(body)
  if (!claims) return INVALID
  const { iss, dest, aud, sub, exp, nbf, iat } = claims
  const host = typeof dest === 'string' ? dest.slice('https://'.length) : ''
  const shop = shopFrom(host)
  // Compared as a whole: nothing is made of another spelling of a shop's name.
  if (shop === undefined || dest !== `https://${shop}` || iss !== `https://${shop}/admin`) return INVALID
  if (aud !== app.clientId || typeof sub !== 'string' || !/^\d{1,20}$/.test(sub)) return INVALID
  const [ends, begins, issued] = [instantOf(exp), instantOf(nbf), instantOf(iat)]
  if (ends === undefined || begins === undefined || issued === undefined) return INVALID
  if (now >= ends + TOLERANCE || now < begins - TOLERANCE || now < issued - TOLERANCE)
    return { ok: false, problem: 'stale' }
  return { ok: true, token: { shop, user: sub, issuedAt: issued, text } }
}

/** Whole seconds, as ms. */
const instantOf = (claim: unknown): number | undefined =>
  typeof claim === 'number' && Number.isSafeInteger(claim) && claim >= 0 ? claim * SECOND : undefined

const BASE64URL = /^[A-Za-z0-9_-]+$/
/** A text of JSON and, where it is a name, the colon behind it. */
const STRINGS = /"(?:[^"\\]|\\.)*"\s*(:?)/g

/** One part of the token: a flat JSON object in which every name stands once. Of two, another reader may take the other. */
const claimsOf = (part: string): Readonly<Record<string, unknown>> | undefined => {
  if (!BASE64URL.test(part)) return undefined
  const text = Buffer.from(part, 'base64url').toString('utf8')
  const parsed = parseJson(text, LIMITS)
  if (!parsed.ok || !isObject(parsed.value)) return undefined
  const names = [...text.matchAll(STRINGS)].filter(([, colon]) => colon === ':').length
  return names === Object.keys(parsed.value).length ? parsed.value : undefined
}
