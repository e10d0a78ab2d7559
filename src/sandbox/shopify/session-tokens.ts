import { createHmac, randomUUID } from 'node:crypto'
import { SECOND } from '../../lib/duration.ts'
import type { RegisteredApp } from './accounts.ts'

/** Life of a session token. */
const LIFE = 60

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const signed = (text: string, secret: string): string => createHmac('sha256', secret).update(text).digest('base64url')

/** The token that App Bridge gives the app's page. `claims` are laid over the usual ones. */
export const sessionToken = (
  { clientId, secret }: Pick<RegisteredApp, 'clientId' | 'secret'>,
  shop: string,
  now: number,
  claims: Readonly<Record<string, unknown>> = {},
): string => {
  const seconds = Math.floor(now / SECOND)
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({
    iss: `https://${shop}/admin`,
    dest: `https://${shop}`,
    aud: clientId,
    sub: '42',
    exp: seconds + LIFE,
    nbf: seconds,
    iat: seconds,
    jti: randomUUID(),
    sid: randomUUID(),
    ...claims,
  })}`
  return `${text}.${signed(text, secret)}`
}

/** Why a token is not exchanged, in Shopify's words; undefined for a good one. */
export const sessionTokenFault = (
  { clientId, secret }: Pick<RegisteredApp, 'clientId' | 'secret'>,
  shop: string,
  token: string,
  now: number,
): string | undefined => {
  const [head = '', body = '', signature = ''] = token.split('.')
  if (signature !== signed(`${head}.${body}`, secret)) return 'The subject token is not signed by this app.'
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Readonly<Record<string, unknown>>
  if (claims.aud !== clientId) return 'The subject token is for another app.'
  if (claims.dest !== `https://${shop}`) return 'The subject token is of another store.'
  return Number(claims.exp) * SECOND <= now ? 'The subject token has expired.' : undefined
}

/** The query with which the admin opens an app, signed: names sorted, joined by &, hex. */
export const signedQuery = (
  { secret }: Pick<RegisteredApp, 'secret'>,
  values: Readonly<Record<string, string>>,
): URLSearchParams => {
  const text = Object.keys(values)
    .sort()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(values[name] ?? '')}`)
    .join('&')
  return new URLSearchParams({ ...values, hmac: createHmac('sha256', secret).update(text).digest('hex') })
}
