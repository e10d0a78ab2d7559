import { generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { exampleAnswer } from '../examples.ts'
import type { Credentials } from './credentials.ts'
import { tokenSource } from './token.ts'

const NOW = new Date('2026-11-22T10:00:00Z')
const SCOPE = 'https://www.googleapis.com/auth/datamanager'
const source = tokenSource((settings: { readonly credentials?: Credentials }) => settings.credentials)

const formOf = (credentials: Credentials) => {
  const request = source.request({ credentials }, NOW)
  expect(request).toMatchObject({
    method: 'POST',
    url: 'https://oauth2.googleapis.com/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  return Object.fromEntries(new URLSearchParams(request?.body))
}
const read = (status: number, body: unknown) => source.read(exampleAnswer(status, body), NOW)

describe('a token', () => {
  it('is had for a statement that the service account signed, issued now and valid for an hour', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const form = formOf({
      type: 'service_account',
      client_email: 'converlay@shop-example.iam.gserviceaccount.com',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    })
    expect(form.grant_type).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
    const [header = '', claims = '', signature = ''] = (form.assertion ?? '').split('.')
    const plain = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
    expect(plain(header)).toEqual({ alg: 'RS256', typ: 'JWT' })
    expect(plain(claims)).toEqual({
      iss: 'converlay@shop-example.iam.gserviceaccount.com',
      scope: SCOPE,
      aud: 'https://oauth2.googleapis.com/token',
      iat: 1795341600,
      exp: 1795345200,
    })
    expect(
      verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url')),
    ).toBe(true)
  })

  it('is had for a refresh token', () => {
    expect(formOf({ clientId: '42-x', clientSecret: 'a b&c', refreshToken: '1//03+x' })).toEqual({
      grant_type: 'refresh_token',
      client_id: '42-x',
      client_secret: 'a b&c',
      refresh_token: '1//03+x',
    })
  })

  it('is not asked for without credentials', () => {
    expect(source.request({}, NOW)).toBeUndefined()
  })

  it('is given up a minute before it ends', () => {
    const granted = { outcome: 'granted', token: 'ya29.example', expiresAt: NOW.getTime() + 3_539_000 }
    expect(read(200, { access_token: 'ya29.example', expires_in: 3599, token_type: 'Bearer' })).toEqual(granted)
    expect(
      read(200, { access_token: 'ya29.example', expires_in: 3599, scope: `openid ${SCOPE}`, token_type: 'Bearer' }),
    ).toEqual(granted)
  })

  it('that does not open the Data Manager API is refused', () => {
    const answer = read(200, {
      access_token: 'ya29.example',
      expires_in: 3599,
      scope: 'https://www.googleapis.com/auth/adwords',
    })
    expect(answer).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('scope www.googleapis.com/auth/datamanager'),
    })
  })

  it.each([
    [400, 'invalid_grant', 'Token has been expired or revoked.'],
    [400, 'invalid_grant', 'Invalid JWT Signature.'],
    [401, 'invalid_client', 'The OAuth client was not found.'],
    [401, 'deleted_client', 'The OAuth client was deleted.'],
    [401, 'unauthorized_client', 'Client is unauthorized to retrieve access tokens using this method.'],
    [400, 'access_denied', 'Account restricted'],
    [400, 'admin_policy_enforced', 'Access blocked'],
    [400, 'invalid_scope', 'Invalid OAuth scope'],
  ])('is refused to these credentials: %i %s, %s', (status, error, error_description) => {
    const answer = read(status, { error, error_description })
    expect(answer).toMatchObject({ outcome: 'failed', message: expect.stringContaining(error_description) })
    expect(answer).toMatchObject({ message: expect.stringMatching(/^[A-Z].*\.$/s) })
  })

  it.each([
    [0, ''],
    [200, '<html></html>'],
    [200, {}],
    [200, { access_token: 'ya29.example' }],
    [400, { error: 'invalid_request' }],
    [400, { error: { code: 400, status: 'INVALID_ARGUMENT' } }],
    [429, { error: 'rate_limit_exceeded' }],
    [500, { error: 'internal_failure' }],
    [503, ''],
  ])('may be had the next time: %i %j', (status, body) => {
    expect(read(status, body)).toMatchObject({ outcome: 'unknown', message: expect.stringMatching(/^[A-Z].*\.$/s) })
  })
})
