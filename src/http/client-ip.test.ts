import { describe, expect, it } from 'vitest'
import { clientIp } from './client-ip.ts'

const PROXIES = ['127.0.0.1', '10.0.0.2']
const from = (remoteAddress: string | undefined, forwarded?: string) =>
  clientIp(
    { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress } },
    PROXIES,
  )

describe('the visitor’s address', () => {
  it('is the peer’s own where the peer is no trusted proxy, whatever it claims', () => {
    expect(from('203.0.113.9', '198.51.100.1')).toBe('203.0.113.9')
  })

  it('is what the trusted proxy saw', () => {
    expect(from('127.0.0.1', '203.0.113.9')).toBe('203.0.113.9')
  })

  it('is the last one that is no trusted proxy; what stands before it the visitor may have invented', () => {
    expect(from('127.0.0.1', '198.51.100.1, 203.0.113.9, 10.0.0.2')).toBe('203.0.113.9')
    expect(from('127.0.0.1', '198.51.100.1 ,203.0.113.9,,')).toBe('203.0.113.9')
  })

  it('is written as IPv4 where the socket writes it into IPv6', () => {
    expect(from('::ffff:203.0.113.9')).toBe('203.0.113.9')
    expect(from('::ffff:127.0.0.1', '::ffff:203.0.113.9')).toBe('203.0.113.9')
  })

  it('is the proxy’s own where the proxy tells nothing', () => {
    expect(from('127.0.0.1')).toBe('127.0.0.1')
    expect(from('127.0.0.1', '')).toBe('127.0.0.1')
    expect(from('127.0.0.1', '10.0.0.2, 127.0.0.1')).toBe('127.0.0.1')
  })

  it('is unknown where the connection is gone', () => {
    expect(from(undefined, '203.0.113.9')).toBeUndefined()
  })
})
