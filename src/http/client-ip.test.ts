import { describe, expect, it } from 'vitest'
import { clientIp, proxiedIp, trustedProxiesOf } from './client-ip.ts'

const from = (
  remoteAddress: string | undefined,
  forwarded?: string,
  proxies: readonly string[] = ['127.0.0.1', '10.0.0.2'],
) =>
  clientIp(
    { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress } },
    trustedProxiesOf(proxies),
  )

describe('the visitor’s address', () => {
  it('is the peer’s own where the peer is no trusted proxy, whatever it claims', () => {
    expect(from('203.0.113.9', '198.51.100.1')).toBe('203.0.113.9')
    expect(from('127.0.0.1', '198.51.100.1', [])).toBe('127.0.0.1')
  })

  it('is what the trusted proxy saw', () => {
    expect(from('127.0.0.1', '203.0.113.9')).toBe('203.0.113.9')
  })

  it('is the last one that is no trusted proxy; what stands before it the visitor may have invented', () => {
    expect(from('127.0.0.1', '198.51.100.1, 203.0.113.9, 10.0.0.2')).toBe('203.0.113.9')
    expect(from('127.0.0.1', '198.51.100.1 ,203.0.113.9,,')).toBe('203.0.113.9')
  })

  it('is written as IPv4 where it comes wrapped into IPv6, in either spelling', () => {
    expect(from('::ffff:203.0.113.9')).toBe('203.0.113.9')
    expect(from('::ffff:127.0.0.1', '::FFFF:203.0.113.9')).toBe('203.0.113.9')
    expect(from('::ffff:7f00:1', '::ffff:cb00:7109')).toBe('203.0.113.9')
  })

  it('loses the port that some proxies add, brackets and zone', () => {
    expect(from('127.0.0.1', '203.0.113.9:50812')).toBe('203.0.113.9')
    expect(from('127.0.0.1', '[2001:db8::7]:50812')).toBe('2001:db8::7')
    expect(from('fe80::1%eth0')).toBe('fe80::1')
  })

  it('is the proxy’s own where the proxy tells nothing', () => {
    expect(from('127.0.0.1')).toBe('127.0.0.1')
    expect(from('127.0.0.1', '')).toBe('127.0.0.1')
    expect(from('127.0.0.1', '10.0.0.2, 127.0.0.1')).toBe('127.0.0.1')
  })

  it('is unknown where the connection is gone, or where the proxy hides it', () => {
    expect(from(undefined, '203.0.113.9')).toBeUndefined()
    expect(from('127.0.0.1', '198.51.100.1, unknown')).toBeUndefined()
  })
})

describe('trusted proxies', () => {
  it('may be ranges, of IPv4 and of IPv6', () => {
    const ranges = ['10.0.0.0/8', 'fd00::/8']
    expect(from('10.200.3.4', '203.0.113.9, 10.1.1.1, fd12::3', ranges)).toBe('203.0.113.9')
    expect(from('::ffff:10.200.3.4', '203.0.113.9', ranges)).toBe('203.0.113.9')
    expect(from('fdff::1', '203.0.113.9', ranges)).toBe('203.0.113.9')
    expect(from('11.0.0.1', '203.0.113.9', ranges)).toBe('11.0.0.1')
    expect(from('fe80::1', '203.0.113.9', ranges)).toBe('fe80::1')
  })

  it.each(['10.0.0', 'localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/8/8', 'fd00::/129', '*'])(
    'are not "%s"',
    (entry) => {
      expect(() => trustedProxiesOf(['127.0.0.1', entry])).toThrow(`"${entry}" is neither an address`)
    },
  )
})

describe('the visitor’s address in a request that Shopify passed on', () => {
  const passedOn = (remoteAddress: string, forwarded?: string) =>
    proxiedIp(
      { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress } },
      trustedProxiesOf(['127.0.0.1', '10.0.0.2']),
    )

  it('is what Shopify saw, also behind our own proxies', () => {
    expect(passedOn('198.51.100.1', '203.0.113.9')).toBe('203.0.113.9')
    expect(passedOn('127.0.0.1', '203.0.113.9, 198.51.100.1')).toBe('203.0.113.9')
    expect(passedOn('127.0.0.1', '192.0.2.66, 203.0.113.9, 198.51.100.1, 10.0.0.2')).toBe('203.0.113.9')
  })

  it('is never Shopify’s own', () => {
    expect(passedOn('198.51.100.1')).toBeUndefined()
    expect(passedOn('127.0.0.1', '198.51.100.1')).toBeUndefined()
    expect(passedOn('198.51.100.1', 'unknown')).toBeUndefined()
  })
})
