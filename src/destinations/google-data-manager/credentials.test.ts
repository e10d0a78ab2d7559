import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { credentials } from './credentials.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** As Google gives it out. */
const file = {
  type: 'service_account',
  project_id: 'shop-example',
  private_key_id: '0a1b2c',
  private_key: pem,
  client_email: 'converlay@shop-example.iam.gserviceaccount.com',
  client_id: '1234567890',
  token_uri: 'https://elsewhere.example.com/token',
}
const key = { type: 'service_account', client_email: file.client_email, private_key: pem.trim() }
const oauth = {
  clientId: '42-x.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-example',
  refreshToken: '1//03example',
}

const problem = (given: unknown) => credentials.safeParse(given).error?.issues[0]?.message

describe('credentials', () => {
  it('are a service account’s key as an object or as the text of its file', () => {
    expect(credentials.parse(key)).toEqual(key)
    expect(credentials.parse(`\n${JSON.stringify(file, undefined, 2)}\n`)).toEqual(key)
  })

  it('keep nothing else of the file, above all no address to which the key would be shown', () => {
    expect(JSON.stringify(credentials.parse(file))).not.toContain('elsewhere')
  })

  it('are an OAuth client with its refresh token, as an object or as text', () => {
    expect(credentials.parse(oauth)).toEqual(oauth)
    expect(credentials.parse(JSON.stringify(oauth))).toEqual(oauth)
  })

  it('stay what they are when they are read again, as stored settings are', () => {
    for (const given of [file, oauth])
      expect(credentials.parse(credentials.parse(given))).toEqual(credentials.parse(given))
  })

  it('may have their line breaks written as two characters', () => {
    expect(credentials.parse({ ...file, private_key: pem.replaceAll('\n', '\\n') })).toEqual(key)
  })

  it('are refused with a sentence', () => {
    const { privateKey: curve } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    expect(problem({ ...file, private_key: pem.slice(0, 400) })).toMatch(/^The private key .* cannot be read\./)
    expect(problem({ ...file, private_key: curve.export({ type: 'pkcs8', format: 'pem' }).toString() })).toMatch(
      /^The private key .* cannot be read\./,
    )
    expect(problem(JSON.stringify(file).slice(0, -20))).toMatch(/^This is not the text of a key file\./)
    expect(problem('sk-live-1234')).toMatch(/^This is not the text of a key file\./)
    expect(problem({ web: { client_id: '42-x.apps.googleusercontent.com' } })).toMatch(
      /^This is no service account key/,
    )
    expect(problem({ ...file, client_email: undefined })).toMatch(/^This is no service account key/)
    expect(problem({ ...oauth, clientSecret: '' })).toMatch(/^An OAuth sign-in needs/)
    expect(problem(42)).toMatch(/^Paste the whole key file/)
  })

  it('are one secret field in a form', () => {
    expect(z.toJSONSchema(credentials, { io: 'input' })).toMatchObject({ secret: true, label: 'Service account key' })
  })
})
