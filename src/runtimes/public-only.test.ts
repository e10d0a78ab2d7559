import type { LookupFunction } from 'node:net'
import { describe, expect, it } from 'vitest'
import { publicOnly } from './public-only.ts'

const found = (address: string) => ({ address, family: address.includes(':') ? 6 : 4 })

/** What a connection to a name with these addresses is told. */
const lookedUp = (addresses: readonly string[], all = true) =>
  new Promise((resolve) => {
    const resolver: LookupFunction = (_name, _options, done) => done(null, addresses.map(found))
    publicOnly(resolver)('hooks.example.com', { all }, (fault, ...told) => resolve(fault ?? told))
  })

describe('a name', () => {
  it.each([
    ...['1.1.1.1', '8.8.8.8', '9.255.255.255', '100.63.255.255', '100.128.0.1', '172.15.255.255', '172.32.0.1'],
    ...['192.169.0.1', '198.17.255.255', '223.255.255.255', '2606:4700::1111', '2a00::1', '2001:4860:4860::8888'],
  ])('leads to %s', async (address) => {
    expect(await lookedUp([address])).toEqual([[found(address)]])
  })

  it.each([
    ['nowhere in particular', ['0.0.0.0', '0.1.2.3', '::']],
    ['this machine', ['127.0.0.1', '127.8.8.8', '::1']],
    ['a private network', ['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12::1']],
    ['the same cable', ['169.254.169.254', 'fe80::1', 'fe80::1%lo']],
    ['a carrier’s inside (CGNAT)', ['100.64.0.1', '100.127.255.255']],
    ['many at once', ['224.0.0.1', '239.1.1.1', '255.255.255.255', 'ff02::1']],
    ['an IPv4 address in IPv6', ['::7f00:1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '2002:7f00:1::']],
    ['one through Teredo', ['2001::1']],
    ['examples and benchmarks', ['192.0.2.1', '198.51.100.1', '203.0.113.7', '198.18.0.1', '2001:db8::1', '3fff::1']],
    ['what is no address', ['hooks.example.com', '']],
  ])('does not lead to %s', async (_, addresses) => {
    for (const address of addresses) expect(await lookedUp([address]), address).toMatchObject({ code: 'NOT_PUBLIC' })
  })

  it('leads nowhere when one of its addresses is not public, in any place, or when it has none', async () => {
    expect(await lookedUp(['8.8.8.8', '10.0.0.1'])).toMatchObject({ code: 'NOT_PUBLIC' })
    expect(await lookedUp(['::1', '8.8.8.8'], false)).toMatchObject({ code: 'NOT_PUBLIC' })
    expect(await lookedUp([])).toMatchObject({ code: 'NOT_PUBLIC' })
  })

  it('is looked up once, so what was checked is what is connected to', async () => {
    const answers = ['8.8.8.8', '127.0.0.1']
    const changing: LookupFunction = (_name, _options, done) => done(null, answers.splice(0, 1).map(found))
    const told = () =>
      new Promise((resolve) =>
        publicOnly(changing)('hooks.example.com', { all: true }, (fault, all) => resolve(fault ?? all)),
      )
    expect(await told()).toEqual([found('8.8.8.8')])
    expect(await told()).toMatchObject({ code: 'NOT_PUBLIC' })
  })

  it('leads to its first address, where one is asked for', async () => {
    expect(await lookedUp(['8.8.8.8', '1.1.1.1'], false)).toEqual(['8.8.8.8', 4])
  })

  it('that cannot be resolved says so', async () => {
    const lost: LookupFunction = (_name, _options, done) =>
      done(Object.assign(new Error('?'), { code: 'ENOTFOUND' }), [])
    const told = await new Promise((resolve) => publicOnly(lost)('nowhere.invalid', {}, resolve))
    expect(told).toMatchObject({ code: 'ENOTFOUND' })
  })
})
