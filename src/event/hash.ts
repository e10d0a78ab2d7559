import { hash as digest } from 'node:crypto'
import type { Brand } from '../lib/brand.ts'
import type { Normalised } from './identity.ts'

/** SHA-256, 64 lower-case hex digits, of a normalised value in UTF-8. */
export type Sha256 = Brand<string, 'Sha256'>

/** Codes of countries, regions and genders are few and in nearly every event: each is hashed once. */
const codes = new Map<Normalised, Sha256>()
const LONGEST_CODE = 2
const MOST_CODES = 4096

/**
 * Accepts only what a normaliser made; an empty value cannot be among them. crypto.hash is 2 to 3x createHash here.
 * Longer values are not remembered: ten hashes take 4 us, and keeping them for the next destination took 4 us more.
 */
export const sha256 = (value: Normalised): Sha256 => {
  if (value.length > LONGEST_CODE) return digest('sha256', value, 'hex') as Sha256
  const known = codes.get(value)
  if (known !== undefined) return known
  const hashed = digest('sha256', value, 'hex') as Sha256
  if (codes.size < MOST_CODES) codes.set(value, hashed)
  return hashed
}

/** How platforms want identifiers: SHA-256, MD5, or the SHA-256 of the MD5's hex digits. */
export type Digest = 'sha256' | 'md5' | 'sha256md5'

const md5 = (value: Normalised): string => digest('md5', value, 'hex')

export const DIGESTS: Readonly<Record<Digest, (value: Normalised) => string>> = {
  sha256,
  md5,
  sha256md5: (value) => digest('sha256', md5(value), 'hex'),
}
