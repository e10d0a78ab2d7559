import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Whether one of the keys gives this HMAC-SHA256 of a text. Every key is tried and every comparison takes the same time,
 * so an answer tells neither which key it was nor how much of a guess was right.
 */
export const hmacHolds = (
  text: string,
  claimed: string,
  encoding: 'hex' | 'base64url',
  keys: readonly (string | Uint8Array)[],
): boolean => {
  const given = Buffer.from(claimed)
  let holds = false
  for (const key of keys) {
    // An empty key is a missing setting; with it everybody could sign.
    if (key.length === 0) continue
    const expected = Buffer.from(createHmac('sha256', key).update(text).digest(encoding))
    if (given.length === expected.length && timingSafeEqual(given, expected)) holds = true
  }
  return holds
}
