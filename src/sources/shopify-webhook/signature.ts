import { createHmac, timingSafeEqual } from 'node:crypto'

const BASE64_SHA256 = /^[A-Za-z0-9+/]{43}=$/

/**
 * Whether one of the app's client secrets signed these raw bytes. Two may be valid at a time: after a rotation Shopify
 * goes on signing with the old one for up to an hour. Every secret is tried, so the time tells nothing about which.
 */
export const signatureHolds = (
  body: Uint8Array,
  signature: string | undefined,
  secrets: readonly string[],
): boolean => {
  if (signature === undefined || !BASE64_SHA256.test(signature)) return false
  const claimed = Buffer.from(signature, 'base64')
  let holds = false
  for (const secret of secrets) {
    // An empty secret is a missing setting; with it everybody could sign.
    if (secret === '') continue
    const expected = createHmac('sha256', secret).update(body).digest()
    if (claimed.length === expected.length && timingSafeEqual(claimed, expected)) holds = true
  }
  return holds
}
