import { sign } from 'node:crypto'
import { HOUR, MINUTE, SECOND } from '../../lib/duration.ts'
import type { HttpRequest, HttpResponse } from '../../lib/http.ts'
import { numberAt, textAt } from '../../lib/json.ts'
import { answerBody } from '../answer-body.ts'
import type { TokenAnswer, TokenSource } from '../destination.ts'
import { said } from '../verdict-from-status.ts'
import { quoting, uncertain } from '../verified.ts'
import type { Credentials, ServiceAccount } from './credentials.ts'

const TOKEN_URL = 'https://oauth2.googleapis.com/token'
/** The one scope that opens the Data Manager API; a token for Google Ads alone is refused there. */
const SCOPE = 'https://www.googleapis.com/auth/datamanager'

/** A token is given up this long before it ends, so that none ends on the way. */
const EARLY = MINUTE

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A statement that Google takes for a sign-in of the service account, valid for an hour (RFC 7523, RS256). */
const assertion = ({ client_email, private_key }: ServiceAccount, now: Date): string => {
  const issued = Math.floor(now.getTime() / SECOND)
  const claims = { iss: client_email, scope: SCOPE, aud: TOKEN_URL, iat: issued, exp: issued + HOUR / SECOND }
  const signed = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}`
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), private_key).toString('base64url')}`
}

/** The request for an access token. The same for the same moment: an RS256 signature has nothing random in it. */
const tokenRequest = (credentials: Credentials, now: Date): HttpRequest => {
  const form =
    'refreshToken' in credentials
      ? {
          grant_type: 'refresh_token',
          client_id: credentials.clientId,
          client_secret: credentials.clientSecret,
          refresh_token: credentials.refreshToken,
        }
      : { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion(credentials, now) }
  return {
    method: 'POST',
    url: TOKEN_URL,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  }
}

/** Google’s error codes that mean the credentials, and what to do about each. All others are about the moment. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  [
    'invalid_grant',
    'Google does not accept this sign-in: the key or the consent was withdrawn or has ended, or this server’s clock is wrong. Enter new credentials. A refresh token of an OAuth app in testing ends after 7 days.',
  ],
  [
    'invalid_client',
    'Google does not know this OAuth client, or its secret is wrong. Copy both from the Google Cloud console.',
  ],
  ['deleted_client', 'This OAuth client was deleted. Create a new one in the Google Cloud console and connect again.'],
  ['disabled_client', 'This OAuth client was disabled. Look it up in the Google Cloud console and connect again.'],
  [
    'unauthorized_client',
    'Google does not allow these credentials to ask for this access. Use a key of a service account.',
  ],
  ['access_denied', 'Access was refused to these credentials. Ask your Google Workspace administrator, or use others.'],
  ['admin_policy_enforced', 'A rule of your Google Workspace forbids this access. Ask your administrator.'],
  ['org_internal', 'This OAuth client is only for members of its own organisation. Use a client of yours.'],
  [
    'invalid_scope',
    'These credentials cannot be given access to the Data Manager API. Use a key of a service account.',
  ],
])

const refused = (message: string): TokenAnswer => ({ outcome: 'failed', message })

const readToken = (response: HttpResponse, now: Date): TokenAnswer => {
  const answer = answerBody(response)
  if (response.status >= 200 && response.status < 300) {
    const token = textAt(answer, 'access_token')
    const seconds = numberAt(answer, 'expires_in')
    if (token !== undefined && seconds !== undefined) {
      // Told for consents of people, who may have left a box unticked.
      const scope = textAt(answer, 'scope')
      if (scope !== undefined && !scope.split(' ').includes(SCOPE))
        return refused(
          `The sign-in does not include the Data Manager API. Give the consent again with the scope ${SCOPE.replace('https://', '')}.`,
        )
      return { outcome: 'granted', token, expiresAt: now.getTime() + seconds * SECOND - EARLY }
    }
  }
  const code = textAt(answer, 'error')
  const words = said(textAt(answer, 'error_description'))
  const refusal = code === undefined ? undefined : REFUSALS.get(code)
  if (refusal !== undefined) return refused(quoting(refusal, 'Google', words))
  return { outcome: 'unknown', message: uncertain('Google', response, words).message }
}

/** How an access token is had for a connection; undefined credentials mean that its settings need none. */
export const tokenSource = <Settings>(
  credentialsOf: (settings: Settings) => Credentials | undefined,
): TokenSource<Settings> => ({
  request: (settings, now) => {
    const credentials = credentialsOf(settings)
    return credentials && tokenRequest(credentials, now)
  },
  read: readToken,
})
