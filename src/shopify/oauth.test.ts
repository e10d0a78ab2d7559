import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Shop } from '../event/event.ts'
import { signatureHolds } from '../sources/shopify-webhook/signature.ts'
import { beginAuthorization, readCallback, STATE_LIFE } from './oauth.ts'

const SECRET = 'shpss_current'
const APP = {
  clientId: 'client-id',
  secrets: [SECRET] as [string, ...string[]],
  scopes: ['read_orders', 'write_pixels'],
}
const SHOP = 'demo.myshopify.com' as Shop
const NOW = 1_795_341_600_000

const begun = (shop = SHOP, app = APP) => {
  const { url, cookie } = beginAuthorization(app, shop, 'https://converlay.example.com', NOW)
  return { url: new URL(url), cookie, state: new URL(url).searchParams.get('state') ?? '' }
}
const back = (state: string, change: Readonly<Record<string, string>> = {}, at = NOW): string => {
  const values: Record<string, string> = { code: 'abc123', shop: SHOP, state, timestamp: String(at / 1000), ...change }
  const text = Object.keys(values)
    .sort()
    .map((name) => `${name}=${encodeURIComponent(values[name] ?? '')}`)
    .join('&')
  return `?${text}&hmac=${createHmac('sha256', SECRET).update(text).digest('hex')}`
}

describe('an authorization', () => {
  it('begins at the shop’s own page, with what the app asks for', () => {
    const { url, state } = begun()
    expect(`${url.origin}${url.pathname}`).toBe('https://demo.myshopify.com/admin/oauth/authorize')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client-id',
      scope: 'read_orders,write_pixels',
      redirect_uri: 'https://converlay.example.com/auth/callback',
      state,
    })
    expect(state).toMatch(/^[0-9a-f]{64}$/)
    expect(begun().state).not.toBe(state)
  })

  it('ends with the code, in the browser that began it', () => {
    const { cookie, state } = begun()
    expect(readCallback(APP, back(state), cookie, NOW)).toEqual({ ok: true, shop: SHOP, code: 'abc123', signedAt: NOW })
  })

  it('has a minute', () => {
    const { cookie, state } = begun()
    const late = NOW + STATE_LIFE
    expect(readCallback(APP, back(state, {}, late), cookie, late - 1).ok).toBe(true)
    expect(readCallback(APP, back(state, {}, late), cookie, late)).toEqual({ ok: false, problem: 'stale' })
  })

  it('survives a rotation of the secret in between', () => {
    const { cookie, state } = begun(SHOP, { ...APP, secrets: ['shpss_before'] })
    expect(readCallback({ ...APP, secrets: [SECRET, 'shpss_before'] }, back(state), cookie, NOW).ok).toBe(true)
  })

  const { cookie, state } = begun()
  const other = begun()
  it.each([
    ['without the cookie', back(state), undefined],
    ['with the cookie of another authorization', back(state), other.cookie],
    ['with another state', back(other.state), cookie],
    ['without a state', back(''), cookie],
    ['for another shop than it began with', back(state, { shop: 'other.myshopify.com' }), cookie],
    ['with a cookie that was changed', back(state), cookie.replace('demo', 'dem0')],
    ['with a cookie that lives longer', back(state), cookie.replace(/\.\d{13}\./, `.${NOW + 9e9}.`)],
    ['without a code', back(state, { code: '' }), cookie],
    ['with a code that is none', back(state, { code: '../x' }), cookie],
    ['without Shopify’s signature', back(state).replace(/hmac=.*/, 'hmac=00'), cookie],
  ])('is refused %s', (_, search, given) => {
    expect(readCallback(APP, search, given, NOW)).toEqual({ ok: false, problem: 'invalid' })
  })

  it('a state cookie’s signature is no webhook’s signature (the official library signed both with the client secret)', () => {
    const [mac = '', ...rest] = cookie.split('.')
    const claim = Buffer.from(rest.join('.'))
    expect(signatureHolds(claim, Buffer.from(mac, 'base64url').toString('base64'), [SECRET])).toBe(false)
  })
})
