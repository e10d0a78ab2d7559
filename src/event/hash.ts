import { hash as digest } from 'node:crypto'
import type { Brand } from '../lib/brand.ts'
import type { Normalised } from './identity.ts'

/** SHA-256, 64 lower-case hex digits, of a normalised value in UTF-8. */
export type Sha256 = Brand<string, 'Sha256'>

/** Accepts only what a normaliser made; an empty value cannot be among them. crypto.hash is 3x createHash here. */
export const sha256 = (value: Normalised): Sha256 => digest('sha256', value, 'hex') as Sha256

/** How platforms want identifiers: SHA-256, MD5, or the SHA-256 of the MD5's hex digits. */
export type Digest = 'sha256' | 'md5' | 'sha256md5'

const md5 = (value: Normalised): string => digest('md5', value, 'hex')

export const DIGESTS: Readonly<Record<Digest, (value: Normalised) => string>> = {
  sha256,
  md5,
  sha256md5: (value) => digest('sha256', md5(value), 'hex'),
}

/** One event's hashes, each computed once however many destinations want it. */
const perEvent = new WeakMap<object, Map<string, Sha256>>()

/** sha256, remembered for as long as `owner` (the event's identity) lives. */
export const sha256Once = (owner: object, value: Normalised): Sha256 => {
  const known = perEvent.get(owner) ?? new Map<string, Sha256>()
  if (known.size === 0) perEvent.set(owner, known)
  const hashed = known.get(value) ?? sha256(value)
  known.set(value, hashed)
  return hashed
}
