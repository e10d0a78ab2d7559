import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readSessionToken } from './session-token.ts'

const SECRET = 'shpss_current'
const OLD = 'shpss_before'
const APP = { clientId: 'client-id', secrets: [SECRET, OLD] as [string, ...string[]] }
const SHOP = 'demo.myshopify.com'
const NOW = Date.parse('2026-11-22T10:00:00.000Z')
const SECONDS = NOW / 1000

const CLAIMS = {
  iss: `https://${SHOP}/admin`,
  dest: `https://${SHOP}`,
  aud: 'client-id',
  sub: '42',
  exp: SECONDS + 60,
  nbf: SECONDS,
  iat: SECONDS,
  jti: 'f8912129-1af6-4cad-9ca3-76b0f7621087',
  sid: 'aaea182f2732d44c23057c0fea584021a4485b2bd25d3eb7fd349313ad24c685',
}
const HEAD = { alg: 'HS256', typ: 'JWT' }

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const hmac = (text: string, secret = SECRET, algorithm = 'sha256') =>
  createHmac(algorithm, secret).update(text).digest('base64url')
const token = (claims: unknown = CLAIMS, head: unknown = HEAD, secret = SECRET): string => {
  const text = `${part(head)}.${part(claims)}`
  return `${text}.${hmac(text, secret)}`
}
const changed = (change: Readonly<Record<string, unknown>>) => token({ ...CLAIMS, ...change })
const without = (name: keyof typeof CLAIMS) => {
  const { [name]: _, ...rest } = CLAIMS
  return token(rest)
}

const good = token()
const [HEAD_PART = '', BODY_PART = '', SIGNATURE = ''] = good.split('.')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const rs256 = `${part({ alg: 'RS256', typ: 'JWT' })}.${BODY_PART}`
const text = JSON.stringify(CLAIMS)

/** Each of them would open a door in some reader of tokens. */
const CRAFTED: readonly (readonly [string, string])[] = [
  ['no algorithm, without a signature', `${part({ alg: 'none' })}.${BODY_PART}.`],
  ['no algorithm, signed all the same', token(CLAIMS, { alg: 'none', typ: 'JWT' })],
  ['no algorithm, in capitals', token(CLAIMS, { alg: 'NONE', typ: 'JWT' })],
  ['RS256 with somebody’s key', `${rs256}.${sign('sha256', Buffer.from(rs256), rsa.privateKey).toString('base64url')}`],
  ['RS256 in the head, our secret as HMAC', token(CLAIMS, { alg: 'RS256', typ: 'JWT' })],
  ['HS384 in the head', token(CLAIMS, { alg: 'HS384', typ: 'JWT' })],
  ['HS512, signed with it', `${HEAD_PART}.${BODY_PART}.${hmac(`${HEAD_PART}.${BODY_PART}`, SECRET, 'sha512')}`],
  ['a list of algorithms', token(CLAIMS, { alg: ['HS256'], typ: 'JWT' })],
  ['the algorithm twice', token(CLAIMS, '{"alg":"HS256","alg":"none","typ":"JWT"}')],
  ['another kind of token', token(CLAIMS, { alg: 'HS256', typ: 'at+jwt' })],
  ['an extension that must be understood', token(CLAIMS, { ...HEAD, crit: ['exp'] })],
  ['another key', token(CLAIMS, HEAD, 'shpss_stranger')],
  [
    'an empty key',
    `${HEAD_PART}.${BODY_PART}.${createHmac('sha256', '').update(`${HEAD_PART}.${BODY_PART}`).digest('base64url')}`,
  ],
  ['a signature with one bit less', `${HEAD_PART}.${BODY_PART}.${SIGNATURE.slice(0, -1)}`],
  ['a signature in hex', `${HEAD_PART}.${BODY_PART}.${Buffer.from(SIGNATURE, 'base64url').toString('hex')}`],
  ['a padded signature', `${good}=`],
  ['a signature of other claims', `${HEAD_PART}.${part({ ...CLAIMS, sub: '1' })}.${SIGNATURE}`],
  ['a swapped head', `${part({ typ: 'JWT', alg: 'HS256' })}.${BODY_PART}.${SIGNATURE}`],
  ['expired', changed({ exp: SECONDS - 10 })],
  ['not yet valid', changed({ nbf: SECONDS + 11 })],
  ['issued in the future', changed({ iat: SECONDS + 11 })],
  ['an end as text', changed({ exp: String(SECONDS + 60) })],
  ['an end in fractions', changed({ exp: SECONDS + 60.5 })],
  ['an end beyond every number', token(text.replace(String(SECONDS + 60), '1e400'))],
  ['no end', without('exp')],
  ['no beginning', without('nbf')],
  ['another app', changed({ aud: 'client-id-2' })],
  ['several apps', changed({ aud: ['client-id', 'client-id-2'] })],
  ['no app', without('aud')],
  ['iss of another shop than dest', changed({ iss: 'https://other.myshopify.com/admin' })],
  ['dest of another shop than iss', changed({ dest: 'https://other.myshopify.com' })],
  ['iss without the admin', changed({ iss: `https://${SHOP}` })],
  ['a foreign host', changed({ iss: 'https://evil.example/admin', dest: 'https://evil.example' })],
  [
    'a host that only begins like a shop',
    changed({ iss: `https://${SHOP}.evil.example/admin`, dest: `https://${SHOP}.evil.example` }),
  ],
  ['a shop in capitals', changed({ iss: 'https://DEMO.myshopify.com/admin', dest: 'https://DEMO.myshopify.com' })],
  ['a shop behind somebody’s name', changed({ iss: `https://a@${SHOP}/admin`, dest: `https://a@${SHOP}` })],
  ['a shop with a port', changed({ iss: `https://${SHOP}:444/admin`, dest: `https://${SHOP}:444` })],
  ['a shop in clear', changed({ iss: `http://${SHOP}/admin`, dest: `http://${SHOP}` })],
  ['a shop with a space', changed({ dest: `https://${SHOP} ` })],
  ['a list of shops', changed({ dest: [`https://${SHOP}`] })],
  ['the app twice', token(text.replace('"aud":', '"aud":"client-id-2","aud":'))],
  [
    'the shop twice, once behind an escape',
    token(text.replace('"dest":', '"\\u0064est":"https://other.myshopify.com","dest":')),
  ],
  ['nobody', without('sub')],
  ['somebody who is no number', changed({ sub: '42; DROP' })],
  ['claims in a list', token([CLAIMS])],
  ['no JSON', token('not json')],
  ['cut in the middle', good.slice(0, good.length / 2)],
  ['a part more', `${good}.${SIGNATURE}`],
  ['only dots', '..'],
  ['a line break behind it', `${good}\n`],
  ['huge', token({ ...CLAIMS, padding: 'x'.repeat(100_000) })],
  ['nothing', ''],
]

const read = (given: string, now = NOW) => readSessionToken(given, APP, now)

describe('a session token', () => {
  it('tells shop, member of staff and time', () => {
    expect(read(good)).toEqual({ ok: true, token: { shop: SHOP, user: '42', issuedAt: NOW, text: good } })
  })

  it('signed with the secret before is still one', () => {
    expect(read(token(CLAIMS, HEAD, OLD)).ok).toBe(true)
  })

  it('is good from ten seconds before its time to ten seconds after, and then stale', () => {
    const end = (SECONDS + 60) * 1000
    expect([read(good, NOW - 10_000).ok, read(good, end + 9_999).ok]).toEqual([true, true])
    expect(read(good, NOW - 10_001)).toEqual({ ok: false, problem: 'stale' })
    expect(read(good, end + 10_000)).toEqual({ ok: false, problem: 'stale' })
  })

  it.each(CRAFTED)('crafted is none: %s', (_, crafted) => {
    expect(read(crafted).ok).toBe(false)
  })

  it(`of ${CRAFTED.length} crafted ones none is taken, and 40 have been tried at least`, () => {
    expect(CRAFTED.filter(([, crafted]) => read(crafted).ok)).toEqual([])
    expect(CRAFTED.length).toBeGreaterThanOrEqual(40)
  })

  it('is never good under no secret at all', () => {
    expect(readSessionToken(token(CLAIMS, HEAD, ''), { ...APP, secrets: [''] }, NOW).ok).toBe(false)
  })
})
