import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signatureHolds } from './signature.ts'

/** As Shopify signs. */
const sign = (bytes: Uint8Array | string, secret: string) => createHmac('sha256', secret).update(bytes).digest('base64')

const body = Buffer.from('{"id":6120000000001,"note":"Grüße"}')

describe('a webhook’s signature', () => {
  it('is the HMAC-SHA256 of the raw bytes in base64', () => {
    // RFC 4231, test case 2.
    const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    const signature = Buffer.from(expected, 'hex').toString('base64')
    expect(signatureHolds(Buffer.from('what do ya want for nothing?'), signature, ['Jefe'])).toBe(true)
  })

  it('holds with the secret that made it, and after a rotation with the one before', () => {
    expect(signatureHolds(body, sign(body, 'new'), ['new'])).toBe(true)
    expect(signatureHolds(body, sign(body, 'old'), ['new', 'old'])).toBe(true)
  })

  it('fails for another secret, other bytes and any other text', () => {
    const good = sign(body, 'secret')
    expect(signatureHolds(body, sign(body, 'other'), ['secret'])).toBe(false)
    expect(signatureHolds(Buffer.concat([body, Buffer.from(' ')]), good, ['secret'])).toBe(false)
    for (const bad of [
      undefined,
      '',
      'x',
      `${good} `,
      good.slice(0, -1),
      `${good}${good}`,
      good.toLowerCase(),
      'é'.repeat(44),
    ])
      expect(signatureHolds(body, bad, ['secret'])).toBe(false)
  })

  it('never holds without a secret, nor with an empty one', () => {
    expect(signatureHolds(body, sign(body, ''), [])).toBe(false)
    expect(signatureHolds(body, sign(body, ''), [''])).toBe(false)
  })
})
