import { createPrivateKey } from 'node:crypto'
import { z } from 'zod'

/** A key of a service account, as Google writes it into the file that it gives out. */
export interface ServiceAccount {
  readonly type: 'service_account'
  readonly client_email: string
  /** PEM, PKCS #8. */
  readonly private_key: string
}

/** An OAuth client of the merchant's own, and the consent that a person gave it. */
export interface RefreshToken {
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
}

export type Credentials = ServiceAccount | RefreshToken

const BAD_KEY =
  'The private key in this key file cannot be read. Create a new key of type JSON in the Google Cloud console and paste the whole file.'
const NO_CREDENTIALS =
  'This is no service account key: it has no client_email or no private_key. Create a key of type JSON in the Google Cloud console and paste the whole file.'
const NO_OAUTH = 'An OAuth sign-in needs clientId, clientSecret and refreshToken, each without spaces or line breaks.'

/** Whether the key can sign what Google wants signed (RS256). */
const isRsaKey = (pem: string): boolean => {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}

const serviceAccount = z.object({
  type: z.literal('service_account', NO_CREDENTIALS),
  client_email: z
    .string(NO_CREDENTIALS)
    .trim()
    .regex(/^[^\s@]+@[^\s@]+$/, NO_CREDENTIALS),
  private_key: z
    .string(NO_CREDENTIALS)
    // Environment variables and some secret stores leave the line breaks as two characters.
    .overwrite((pem) => pem.replaceAll('\\n', '\n').trim())
    .refine(isRsaKey, BAD_KEY),
})

const oneWord = z
  .string(NO_OAUTH)
  .trim()
  .regex(/^[\x21-\x7e]{1,2048}$/, NO_OAUTH)
const refreshToken = z.object({ clientId: oneWord, clientSecret: oneWord, refreshToken: oneWord })

const objectFrom = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * What a merchant enters for a sign-in at Google: a service account's key, pasted as text or given as an object, or an
 * OAuth client with its refresh token. What Google's file holds beside these fields is dropped, the address that gives
 * out tokens above all: we know it, and a file must not be able to name another.
 */
export const credentials = z
  .union([z.string().trim(), z.looseObject({})], 'Paste the whole key file, from the first { to the last }.')
  .transform((given, context): Credentials => {
    const value = typeof given === 'string' ? objectFrom(given) : given
    if (value === undefined) {
      context.addIssue({
        code: 'custom',
        message: 'This is not the text of a key file. Paste the whole file, from the first { to the last }.',
      })
      return z.NEVER
    }
    const read = ('refreshToken' in value ? refreshToken : serviceAccount).safeParse(value)
    if (read.success) return read.data
    context.addIssue({ code: 'custom', message: read.error.issues[0]?.message ?? NO_CREDENTIALS })
    return z.NEVER
  })
  .meta({
    label: 'Service account key',
    help: 'In the Google Cloud console: switch on the Data Manager API, then IAM & Admin, Service accounts, Keys, Add key, JSON. Paste the whole file, and invite the service account’s e-mail address as a user of your Google account. An OAuth client of your own works too, as JSON with clientId, clientSecret and refreshToken.',
    placeholder: '{ "type": "service_account", … }',
    secret: true,
    long: true,
  })
