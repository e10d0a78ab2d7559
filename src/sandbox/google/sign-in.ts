import { randomBytes, verify } from 'node:crypto'
import { HOUR, MINUTE, SECOND } from '../../lib/duration.ts'
import { isObject, type Json, parseJson } from '../../lib/json.ts'
import type { Reading } from '../kit/reading.ts'
import { json, type PlatformRequest } from '../platform.ts'
import { KEY_ID, type SandboxUser, SERVICE_ACCOUNT_EMAIL, serviceAccountPublicKey, TOKEN_URI } from './credentials.ts'

/** Who an access token speaks for. */
export interface Grant {
  /** A service account’s email, or a user’s refresh token. */
  readonly principal: string
  readonly scopes: readonly string[]
  /** ms since 1970. */
  readonly expires: number
}

/** How long an access token works, s. */
const LIFETIME = 3599
/** How far the clocks of a JWT’s maker and of Google may be apart. The sheet names none. */
const SKEW = 5 * MINUTE
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const KNOWN_SCOPE = /^https:\/\/www\.googleapis\.com\/auth\/[\w.]+$/

/** What is wrong with a request for a token, in the words of OAuth 2. */
interface Denied {
  readonly status: 400 | 401
  readonly error: string
  readonly description: string
}

const denied = (status: 400 | 401, error: string, description: string): Denied => ({ status, error, description })
const badGrant = (description: string): Denied => denied(400, 'invalid_grant', description)

/** The token endpoint and the tokens that it gave. */
export const createSignIn = (users: readonly SandboxUser[]) => {
  const grants = new Map<string, Grant>()
  let revoked = false

  const issue = (principal: string, scopes: readonly string[], now: number): string => {
    for (const [token, { expires }] of grants) if (expires < now - HOUR) grants.delete(token)
    const token = `ya29.${randomBytes(32).toString('base64url')}`
    grants.set(token, { principal, scopes, expires: now + LIFETIME * SECOND })
    return token
  }

  const byRefreshToken = (form: URLSearchParams, now: number): Denied | Readonly<Record<string, Json>> => {
    const clients = users.filter(({ clientId }) => clientId === form.get('client_id'))
    if (clients.length === 0) return denied(401, 'invalid_client', 'The OAuth client was not found.')
    const signedIn = clients.filter(({ clientSecret }) => clientSecret === form.get('client_secret'))
    if (signedIn.length === 0) return denied(401, 'invalid_client', 'Unauthorized')
    const user = signedIn.find(({ refreshToken }) => refreshToken === form.get('refresh_token'))
    if (!user || revoked) return badGrant('Token has been expired or revoked.')
    return {
      access_token: issue(user.refreshToken, user.scope.split(' '), now),
      expires_in: LIFETIME,
      scope: user.scope,
    }
  }

  const byServiceAccount = (form: URLSearchParams, now: number): Denied | Readonly<Record<string, Json>> => {
    const scopes = scopesOf(form.get('assertion') ?? '', now)
    if ('error' in scopes) return scopes
    if (revoked) return badGrant('Invalid grant: account not found')
    // Google tells no scope here: what was asked for was granted.
    return { access_token: issue(SERVICE_ACCOUNT_EMAIL, scopes, now), expires_in: LIFETIME }
  }

  const granted = (request: PlatformRequest): Denied | Readonly<Record<string, Json>> => {
    // JSON is said to work too; the form is what OAuth 2 asks for.
    if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? ''))
      return denied(400, 'invalid_request', 'The body must be a form.')
    const form = new URLSearchParams(request.body)
    switch (form.get('grant_type')) {
      case JWT_BEARER:
        return byServiceAccount(form, request.now)
      case 'refresh_token':
        return byRefreshToken(form, request.now)
      case null:
        return denied(400, 'invalid_request', 'Required parameter is missing: grant_type')
      default:
        return denied(400, 'unsupported_grant_type', 'Invalid grant_type')
    }
  }

  return {
    /** POST /token. */
    answer: (request: PlatformRequest): Reading => {
      const told = granted(request)
      if (!isDenied(told)) return { answer: json(200, { ...told, token_type: 'Bearer' }), account: '' }
      const { status, error, description } = told
      return {
        answer: json(status, { error, error_description: description }),
        account: '',
        refused: [{ code: error, message: description }],
      }
    },
    grantOf: (token: string): Grant | undefined => (revoked ? undefined : grants.get(token)),
    /** Whether everybody’s access is taken back, tokens that were given included. */
    revoke: (value: boolean): void => {
      revoked = value
    },
    clear: (): void => {
      grants.clear()
      revoked = false
    },
  }
}

const isDenied = (told: Denied | Readonly<Record<string, Json>>): told is Denied => 'error' in told

const decoded = (part: string): Json | undefined => {
  const parsed = parseJson(Buffer.from(part, 'base64url').toString('utf8'), { depth: 4, values: 100 })
  return parsed.ok ? parsed.value : undefined
}

/** The scopes that a service account’s JWT asks for, or why it is not taken. */
const scopesOf = (assertion: string, now: number): readonly string[] | Denied => {
  const [head = '', claims = '', signature = '', ...more] = assertion.split('.')
  const header = decoded(head)
  const told = decoded(claims)
  if (!isObject(header) || !isObject(told) || signature === '' || more.length > 0)
    return badGrant('Invalid JWT: it must be three parts in base64url.')
  if (header.alg !== 'RS256') return badGrant('Invalid JWT: the algorithm must be RS256.')
  if (told.iss !== SERVICE_ACCOUNT_EMAIL) return badGrant('Invalid grant: account not found')
  if (header.kid !== undefined && header.kid !== KEY_ID) return badGrant('Invalid JWT Signature.')
  const signed = Buffer.from(`${head}.${claims}`)
  if (!verify('RSA-SHA256', signed, serviceAccountPublicKey(), Buffer.from(signature, 'base64url')))
    return badGrant('Invalid JWT Signature.')
  if (told.aud !== TOKEN_URI) return badGrant(`Invalid JWT: aud must be ${TOKEN_URI}.`)
  if (told.sub !== undefined && told.sub !== told.iss)
    return denied(401, 'unauthorized_client', 'Client is unauthorized to retrieve access tokens using this method.')
  const { iat, exp } = told
  if (!Number.isInteger(iat) || !Number.isInteger(exp) || !isCurrent(Number(iat), Number(exp), now))
    return badGrant(
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    )
  const scopes = typeof told.scope === 'string' ? told.scope.split(' ').filter((scope) => scope !== '') : []
  return scopes.length > 0 && scopes.every((scope) => KNOWN_SCOPE.test(scope))
    ? scopes
    : denied(400, 'invalid_scope', 'Invalid OAuth scope or ID token audience provided.')
}

/** `iat` and `exp` in seconds, at most an hour apart, around now. */
const isCurrent = (iat: number, exp: number, now: number): boolean =>
  exp > iat && exp - iat <= HOUR / SECOND && exp * SECOND > now && iat * SECOND <= now + SKEW
