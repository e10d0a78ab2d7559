import { describe, expect, test } from 'vitest'
import { blindIndex, ENVELOPE_BYTES, keyVersion, newKey, open, seal, subjectKey, unwrapKey, wrapKey } from './seal.ts'

const key = newKey()
const place = 'demo.myshopify.com\nevents\n7'
const text = 'ada@example.com bought two lamps ✓'

describe('an envelope', () => {
  test('opens with its key in its place, text and bytes alike', () => {
    expect(open(key, seal(key, text, place), place)?.toString()).toBe(text)
    expect(open(key, seal(key, Buffer.from([0, 1, 255]), place), place)).toEqual(Buffer.from([0, 1, 255]))
    expect(open(key, seal(key, '', place), place)?.length).toBe(0)
  })

  test('adds 30 bytes and shows nothing of its text', () => {
    const sealed = seal(key, text, place)
    expect(sealed.length).toBe(Buffer.byteLength(text) + ENVELOPE_BYTES)
    expect(ENVELOPE_BYTES).toBe(30)
    expect(sealed.includes('ada@')).toBe(false)
  })

  test.each([
    ['another shop', 'other.myshopify.com\nevents\n7'],
    ['another table', 'demo.myshopify.com\nparts\n7'],
    ['another row', 'demo.myshopify.com\nevents\n8'],
  ])('does not open in the place of %s', (_, elsewhere) => {
    expect(open(key, seal(key, text, place), elsewhere)).toBeUndefined()
  })

  test('does not open with another key', () => {
    expect(open(newKey(), seal(key, text, place), place)).toBeUndefined()
  })

  test('does not open when any one of its bytes was changed', () => {
    const sealed = seal(key, text, place)
    for (let at = 0; at < sealed.length; at++) {
      const tampered = Buffer.from(sealed)
      tampered[at] = (tampered[at] ?? 0) ^ 1
      expect(open(key, tampered, place)).toBeUndefined()
    }
  })

  test('does not open when it was cut off', () => {
    const sealed = seal(key, text, place)
    for (const length of [0, 1, ENVELOPE_BYTES - 1, ENVELOPE_BYTES, sealed.length - 1])
      expect(open(key, sealed.subarray(0, length), place)).toBeUndefined()
  })

  test('tells which key it wants', () => {
    expect(keyVersion(seal(key, text, place, 3))).toBe(3)
    expect(keyVersion(Buffer.from('no envelope, although it is long enough'))).toBeUndefined()
  })

  test('never uses a nonce twice', () => {
    const seen = new Set<string>()
    for (let i = 0; i < 20_000; i++) seen.add(seal(key, '', place).toString('latin1', 2, 14))
    expect(seen.size).toBe(20_000)
  })
})

describe('keys', () => {
  test('a subject key follows from shop key and salt, and from nothing less', () => {
    const salt = newKey()
    const bytes = (...from: Parameters<typeof subjectKey>) =>
      subjectKey(...from)
        .export()
        .toString('hex')
    expect(bytes(key, salt)).toBe(bytes(key, salt))
    expect(bytes(key, salt)).not.toBe(bytes(key, newKey()))
    expect(bytes(key, salt)).not.toBe(bytes(newKey(), salt))
  })

  test('a wrapped key comes back only under its wrapping key and name', () => {
    const wrapped = wrapKey(key, newKey(), 'demo.myshopify.com')
    expect(unwrapKey(key, wrapped, 'demo.myshopify.com')?.length).toBe(32)
    expect(unwrapKey(key, wrapped, 'other.myshopify.com')).toBeUndefined()
    expect(unwrapKey(newKey(), wrapped, 'demo.myshopify.com')).toBeUndefined()
  })

  test('a blind index finds a value again within one shop only', () => {
    expect(blindIndex(key, 'ada@example.com')).toEqual(blindIndex(key, 'ada@example.com'))
    expect(blindIndex(key, 'ada@example.com')).not.toEqual(blindIndex(newKey(), 'ada@example.com'))
  })
})
