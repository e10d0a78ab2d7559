import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SECOND } from '../../lib/duration.ts'
import { ask, told } from '../kit/asking.ts'
import { SCOPE, sandboxServiceAccount, TOKEN_URI } from './credentials.ts'
import {
  assertion,
  byJwt,
  conversion,
  google,
  ingest,
  NOW,
  REFRESH,
  reasonOf,
  refusals,
  signIn,
  toAds,
  tokenRequest,
} from './sending.ts'

const SECONDS = NOW / SECOND
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('an access token', () => {
  it('is given for a service account’s JWT', () => {
    const sandbox = google()
    const answer = tokenRequest(sandbox, byJwt(assertion()))
    expect([answer.status, told(answer)]).toEqual([
      200,
      { access_token: expect.stringMatching(/^ya29\./), expires_in: 3599, token_type: 'Bearer' },
    ])
    const headers = bearer(told(answer).access_token)
    expect(ingest(sandbox, toAds(conversion()), { headers }).status).toBe(200)
    expect(refusals(sandbox)).toEqual([])
  })

  it('is given for a refresh token, with the scopes that were granted', () => {
    const answer = tokenRequest(google(), REFRESH)
    expect([answer.status, told(answer)]).toEqual([
      200,
      { access_token: expect.stringMatching(/^ya29\./), expires_in: 3599, scope: SCOPE, token_type: 'Bearer' },
    ])
  })

  it('works for 3,599 seconds', () => {
    const sandbox = google()
    const headers = bearer(signIn(sandbox))
    const event = conversion()
    const at = (seconds: number) => ingest(sandbox, toAds(event), { headers, at: NOW + seconds * SECOND })
    expect(at(3598).status).toBe(200)
    expect(reasonOf(at(3599))).toEqual([401, 'UNAUTHENTICATED', 'ACCESS_TOKEN_EXPIRED'])
  })

  it('is taken back with the access, and none is given any more', () => {
    const sandbox = google()
    const headers = bearer(signIn(sandbox))
    expect(sandbox.tell('settings', { revoked: true })).toBeUndefined()
    expect(ingest(sandbox, toAds(conversion()), { headers }).status).toBe(401)
    expect(told(tokenRequest(sandbox, REFRESH)).error).toBe('invalid_grant')
    expect(told(tokenRequest(sandbox, byJwt(assertion()))).error).toBe('invalid_grant')
    sandbox.tell('settings', { revoked: false })
    expect(ingest(sandbox, toAds(conversion()), { headers }).status).toBe(200)
  })
})

it('the key file is one as Google gives it, the same at every start', () => {
  const file = sandboxServiceAccount()
  expect(file).toMatchObject({
    type: 'service_account',
    client_email: 'converlay@sandbox-project.iam.gserviceaccount.com',
    token_uri: 'https://oauth2.googleapis.com/token',
  })
  expect(file.private_key.split('\n')[0]).toMatch(/^-----BEGIN .*KEY-----$/)
  expect(sandboxServiceAccount()).toEqual(file)
})

describe('no access token', () => {
  const strange = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
  const jwt = (claims: object, header: object = {}) => byJwt(assertion(claims, header))

  it.each<[string, Readonly<Record<string, string>>, number, string, string]>([
    ['for another client', { ...REFRESH, client_id: 'x' }, 401, 'invalid_client', 'not found'],
    ['for a wrong client secret', { ...REFRESH, client_secret: 'x' }, 401, 'invalid_client', 'Unauthorized'],
    ['for a wrong refresh token', { ...REFRESH, refresh_token: 'x' }, 400, 'invalid_grant', 'expired or revoked'],
    [
      'for the refresh token of another client',
      { ...REFRESH, refresh_token: 'somebody-else' },
      400,
      'invalid_grant',
      'expired or revoked',
    ],
    ['for another kind of grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 'grant_type'],
    ['without a grant', {}, 400, 'invalid_request', 'grant_type'],
    ['for no JWT', byJwt('abc'), 400, 'invalid_grant', 'three parts'],
    [
      'for a JWT without its signature',
      byJwt(`${assertion().split('.').slice(0, 2).join('.')}.`),
      400,
      'invalid_grant',
      'three parts',
    ],
    ['signed by another key', byJwt(assertion({}, {}, String(strange))), 400, 'invalid_grant', 'Invalid JWT Signature'],
    ['for the id of another key', jwt({}, { kid: 'x' }), 400, 'invalid_grant', 'Invalid JWT Signature'],
    ['for another algorithm', jwt({}, { alg: 'HS256' }), 400, 'invalid_grant', 'RS256'],
    ['for nobody’s email', jwt({ iss: 'x@example.com' }), 400, 'invalid_grant', 'account not found'],
    ['for another audience', jwt({ aud: 'https://www.googleapis.com/' }), 400, 'invalid_grant', 'aud'],
    ['that has expired', jwt({ iat: SECONDS - 3600, exp: SECONDS }), 400, 'invalid_grant', '60 minutes'],
    ['for more than an hour', jwt({ exp: SECONDS + 3601 }), 400, 'invalid_grant', '60 minutes'],
    ['that is to come', jwt({ iat: SECONDS + 301, exp: SECONDS + 900 }), 400, 'invalid_grant', '60 minutes'],
    ['in milliseconds', jwt({ iat: NOW, exp: NOW + 3600 }), 400, 'invalid_grant', '60 minutes'],
    ['without times', jwt({ iat: undefined, exp: undefined }), 400, 'invalid_grant', '60 minutes'],
    ['without a scope', jwt({ scope: '' }), 400, 'invalid_scope', 'scope'],
    ['for an unknown scope', jwt({ scope: 'datamanager' }), 400, 'invalid_scope', 'scope'],
    ['for somebody else', jwt({ sub: 'jane@example.com' }), 401, 'unauthorized_client', 'unauthorized'],
  ])('%s', (_, form, status, error, words) => {
    const sandbox = google()
    const answer = tokenRequest(sandbox, form)
    expect([answer.status, told(answer)]).toEqual([
      status,
      { error, error_description: expect.stringContaining(words) },
    ])
    expect(refusals(sandbox)).toMatchObject([{ account: '', status, code: error }])
  })

  it('for a JSON body, a GET or another path', () => {
    const sandbox = google()
    expect(told(ask(sandbox, { url: TOKEN_URI, body: REFRESH, at: NOW })).error).toBe('invalid_request')
    expect(ask(sandbox, { url: TOKEN_URI, at: NOW }).status).toBe(404)
    expect(ask(sandbox, { url: 'https://oauth2.googleapis.com/tokens', body: REFRESH, at: NOW }).status).toBe(404)
  })
})

describe('events are refused', () => {
  const send = (headers: Readonly<Record<string, string>>, sandbox = google()) =>
    reasonOf(ingest(sandbox, toAds(conversion()), { headers }))

  it('without a token, with an unknown one, with a key', () => {
    expect(send({})).toEqual([401, 'UNAUTHENTICATED', 'CREDENTIALS_MISSING'])
    expect(send({ 'x-goog-api-key': 'AIza' })).toEqual([401, 'UNAUTHENTICATED', 'CREDENTIALS_MISSING'])
    expect(send(bearer('ya29.x'))).toEqual([401, 'UNAUTHENTICATED', 'ACCESS_TOKEN_UNKNOWN'])
  })

  it('with a token that only carries another scope', () => {
    const sandbox = google()
    const headers = bearer(signIn(sandbox, { ...REFRESH, refresh_token: 'ads-only' }))
    expect(send(headers, sandbox)).toEqual([403, 'PERMISSION_DENIED', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'])
    expect(sandbox.conversions()).toEqual([])
    expect(refusals(sandbox)).toMatchObject([{ status: 403, code: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }])
  })

  it('while the project has not enabled the API', () => {
    const sandbox = google()
    sandbox.tell('settings', { serviceDisabled: true })
    expect(reasonOf(ingest(sandbox, toAds(conversion())))).toEqual([403, 'PERMISSION_DENIED', 'SERVICE_DISABLED'])
  })
})
