import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, LookupFunction } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HttpRequest } from '../lib/http.ts'
import { publicOnly } from './public-only.ts'
import { type Sender, startSender } from './send.ts'

const REQUEST: HttpRequest = {
  method: 'POST',
  url: 'https://api.example.com/v5/events?test=true',
  headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
  body: '{"data":[]}',
}

/** Made for these tests; trusted nowhere else. For hooks.example.com, until 2120. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5FpUP1Ab1P+s4Ko4
hPXR6NFTZqcpdsbj0a0G6bAaG4yhRANCAAQzIzx1T/aZVhi/F33JNShV3Po+7gfd
H1qZT+RcS8avuXqowSfesYtHvwlhToaEqMylJwMv7N2z+pbUQrQM2iOB
-----END PRIVATE KEY-----`
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBaTCCAQ6gAwIBAgIBATAKBggqhkjOPQQDAjAcMRowGAYDVQQDDBFob29rcy5l
eGFtcGxlLmNvbTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowHDEa
MBgGA1UEAwwRaG9va3MuZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAQzIzx1T/aZVhi/F33JNShV3Po+7gfdH1qZT+RcS8avuXqowSfesYtHvwlh
ToaEqMylJwMv7N2z+pbUQrQM2iOBoz8wPTAcBgNVHREEFTATghFob29rcy5leGFt
cGxlLmNvbTAdBgNVHQ4EFgQUmS1HZdRz+Zdn9L+XuXO8XYNI4PEwCgYIKoZIzj0E
AwIDSQAwRgIhAP3O8BrKQTW432C55lAz/eVJspQY4xGfQ9333lYeZccHAiEAgbeh
C0FzCL01u6v6pIAXbMXaeM/nEk/oIMTwDY0xjPc=
-----END CERTIFICATE-----`

let server: Server
let sender: Sender
let answer: RequestListener
beforeEach(async () => {
  answer = (_, response) => response.end()
  server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  sender = startSender(
    [{ hosts: ['api.example.com'] }],
    (url) => new URL(url.pathname + url.search, `http://127.0.0.1:${port}`),
  )
})
afterEach(async () => {
  await sender.close()
  server.closeAllConnections()
  server.close()
})

describe('a request', () => {
  it('goes out as it is, with our name', async () => {
    const seen: unknown[] = []
    answer = (request, response) => {
      let body = ''
      request.on('data', (piece) => {
        body += piece
      })
      request.on('end', () => {
        const { authorization, 'user-agent': agent, 'content-type': type } = request.headers
        seen.push({ method: request.method, url: request.url, authorization, agent, type, body })
        response.end()
      })
    }
    await sender.send(REQUEST)
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/v5/events?test=true',
        authorization: 'Bearer secret',
        agent: 'Converlay',
        type: 'application/json',
        body: '{"data":[]}',
      },
    ])
  })

  it.each([
    ['a host that no destination names', 'https://evil.example.com/v5/events'],
    ['a host that only ends like one', 'https://xapi.example.com/v5/events'],
    ['a name before an @', 'https://api.example.com@evil.example.com/'],
    ['a request in clear', 'http://api.example.com/v5/events'],
  ])('to %s is a bug and leaves nobody', async (_, url) => {
    let asked = false
    answer = (_request, response) => {
      asked = true
      response.end()
    }
    await expect(sender.send({ ...REQUEST, url })).rejects.toThrow('no destination names')
    expect(asked).toBe(false)
  })
})

describe('a request’s own name', () => {
  it('wins over ours', async () => {
    let agent: string | undefined
    answer = (request, response) => {
      agent = request.headers['user-agent']
      response.end()
    }
    await sender.send({ ...REQUEST, headers: { 'user-agent': 'Mozilla/5.0 (example)' } })
    expect(agent).toBe('Mozilla/5.0 (example)')
  })
})

describe('a redirect, where the destination names places to be led to', () => {
  const START: HttpRequest = { ...REQUEST, url: 'https://widget.example.com/m/event?version=1' }
  /** What the local server was asked, hosts as the request knew them. */
  let asked: { url: string; method?: string | undefined; body: string; authorization?: string | undefined }[]
  /** Status and place of each redirect, by host and path; anything else is answered with 200. */
  let leads: Readonly<Record<string, readonly [status: number, location?: string]>>
  let follower: Sender

  beforeEach(() => {
    asked = []
    leads = {}
    answer = (request, response) => {
      let body = ''
      request.on('data', (piece) => {
        body += piece
      })
      request.on('end', () => {
        const url = (request.url ?? '').slice(1)
        asked.push({ url, method: request.method, body, authorization: request.headers.authorization })
        const [status, location] = leads[url] ?? [200]
        response.writeHead(status, location === undefined ? {} : { location }).end(`answer of ${url}`)
      })
    }
    const { port } = server.address() as AddressInfo
    follower = startSender(
      [
        { hosts: ['widget.example.com'], redirects: ['.example.com', '.example.net', 'undotted.test'] },
        { hosts: ['api.example.com'] },
      ],
      (url) => new URL(`/${url.host}${url.pathname}${url.search}`, `http://127.0.0.1:${port}`),
    )
  })
  afterEach(() => follower.close())

  const urls = () => asked.map(({ url }) => url)

  it.each([307, 308])('of status %i is followed, with method and body', async (status) => {
    leads = { 'widget.example.com/m/event?version=1': [status, 'https://widget.eu.example.net/m/event?version=1'] }
    expect(await follower.send(START)).toMatchObject({
      status: 200,
      body: 'answer of widget.eu.example.net/m/event?version=1',
    })
    expect(asked).toMatchObject([
      { url: 'widget.example.com/m/event?version=1', method: 'POST', body: '{"data":[]}' },
      { url: 'widget.eu.example.net/m/event?version=1', method: 'POST', body: '{"data":[]}' },
    ])
  })

  it('may lead to another place of the same host, and may say so in short', async () => {
    leads = { 'widget.example.com/m/event?version=1': [307, '/eu/event'] }
    expect(await follower.send(START)).toMatchObject({ status: 200 })
    expect(urls()).toEqual(['widget.example.com/m/event?version=1', 'widget.example.com/eu/event'])
  })

  it('takes the credentials along on its own host only, and not back again', async () => {
    leads = {
      'widget.example.com/m/event?version=1': [307, '/eu'],
      'widget.example.com/eu': [307, 'https://eu.example.com/'],
      'eu.example.com/': [307, 'https://widget.example.com/back'],
    }
    await follower.send(START)
    expect(asked.map(({ url, authorization }) => [url, authorization])).toEqual([
      ['widget.example.com/m/event?version=1', 'Bearer secret'],
      ['widget.example.com/eu', 'Bearer secret'],
      ['eu.example.com/', undefined],
      ['widget.example.com/back', undefined],
    ])
  })

  it.each([
    ['301', [301, 'https://eu.example.com/']],
    ['302', [302, 'https://eu.example.com/']],
    ['303', [303, 'https://eu.example.com/']],
    ['without a place', [307]],
    ['to no address', [307, 'https://']],
    ['in clear', [307, 'http://eu.example.com/']],
    ['to another port', [307, 'https://eu.example.com:8443/']],
    ['with a name before an @', [307, 'https://user@eu.example.com/']],
    ['with a password before an @', [307, 'https://:secret@eu.example.com/']],
    ['to a stranger', [307, 'https://evil.test/']],
    ['to a host whose name only ends alike', [307, 'https://eu.evilexample.com/']],
    ['to a host that only begins alike', [307, 'https://eu.example.com.evil.test/']],
    ['to the bare domain, which is not below itself', [307, 'https://example.com/']],
    ['allowed by a suffix without its dot', [307, 'https://undotted.test/']],
    ['to this machine', [307, 'https://127.0.0.1/']],
  ] as const)('%s is the answer, unfollowed', async (_, lead) => {
    leads = { 'widget.example.com/m/event?version=1': lead }
    expect(await follower.send(START)).toMatchObject({ status: lead[0] })
    expect(urls()).toEqual(['widget.example.com/m/event?version=1'])
  })

  it('that names port 443 is as good as one that names none', async () => {
    leads = { 'widget.example.com/m/event?version=1': [307, 'https://eu.example.com:443/'] }
    expect(await follower.send(START)).toMatchObject({ status: 200 })
  })

  it('is followed five times, then it is the answer', async () => {
    leads = Object.fromEntries(
      ['widget.example.com/m/event?version=1', ...[1, 2, 3, 4, 5].map((hop) => `hop${hop}.example.com/`)].map(
        (from, place) => [from, [307, `https://hop${place + 1}.example.com/`] as const],
      ),
    )
    expect(await follower.send(START)).toMatchObject({
      status: 307,
      headers: { location: 'https://hop6.example.com/' },
    })
    expect(urls().slice(1)).toEqual([1, 2, 3, 4, 5].map((hop) => `hop${hop}.example.com/`))
  })

  it('of another destination’s host is not followed', async () => {
    leads = { 'api.example.com/v5/events?test=true': [307, 'https://eu.example.com/'] }
    expect(await follower.send(REQUEST)).toMatchObject({ status: 307 })
    expect(asked).toHaveLength(1)
  })

  it('does not make the host it leads to one that may be asked', async () => {
    await expect(follower.send({ ...START, url: 'https://eu.example.com/' })).rejects.toThrow('no destination names')
  })
})

/** A resolver that knows one answer to everything. */
const leadsTo =
  (...addresses: string[]): LookupFunction =>
  (_, { all }, done) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    if (all) done(null, found)
    else done(null, found[0]?.address ?? '', found[0]?.family)
  }

describe('a request to an address that the merchant named', () => {
  const HOOK: HttpRequest = { ...REQUEST, to: 'public', url: 'https://hooks.example.com/converlay?shop=1' }
  const REFUSED = {
    status: 0,
    headers: {},
    body: '',
    problem: 'the address does not lead to the public internet',
    ambiguous: false,
  }
  const started: Sender[] = []
  /** A sender that knows such a destination; the sandbox is not for it. */
  const senderTo = (lookup?: LookupFunction) => {
    const sandbox = () => expect.fail('led to the sandbox')
    const one = startSender([{ hosts: 'public' }, { hosts: ['api.example.com'] }], sandbox, lookup)
    started.push(one)
    return one
  }
  afterEach(() => Promise.all(started.splice(0).map((one) => one.close())))

  it('is a bug while no destination has such requests, in clear, or unmarked', async () => {
    await expect(sender.send(HOOK)).rejects.toThrow('no destination makes')
    await expect(senderTo().send({ ...HOOK, url: 'http://hooks.example.com/' })).rejects.toThrow('no destination makes')
    const { to: _, ...unmarked } = HOOK
    await expect(senderTo().send(unmarked)).rejects.toThrow('no destination names')
  })

  it.each([
    ['a name of this machine', 'localhost', undefined],
    ['a name that leads to this machine', 'hooks.example.com', publicOnly(leadsTo('127.0.0.1'))],
    ['a name of which one address is private', 'hooks.example.com', publicOnly(leadsTo('8.8.8.8', '127.0.0.1'))],
    ['an address', '127.0.0.1', undefined],
    ['an address in disguise', '0x7f.1', undefined],
    ['an IPv6 address', '[::1]', undefined],
    ['an IPv4 address as IPv6', '[::ffff:127.0.0.1]', undefined],
  ] as const)('to %s is not made', async (_, host, lookup) => {
    let connections = 0
    server.on('connection', () => connections++)
    const { port } = server.address() as AddressInfo
    expect(await senderTo(lookup).send({ ...HOOK, url: `https://${host}:${port}/` })).toEqual(REFUSED)
    expect(connections).toBe(0)
  })

  it('goes to the addresses that its name has, over TLS, and no further by a redirect', async () => {
    const trusted = getCACertificates('default')
    setDefaultCACertificates([...trusted, CERTIFICATE])
    const asked: unknown[] = []
    const receiver = createSecureServer({ key: KEY, cert: CERTIFICATE }, ({ method, url, headers }, response) => {
      asked.push({ method, url, host: headers.host })
      response.writeHead(307, { location: '/elsewhere' }).end('moved')
    })
    try {
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
      const { port } = receiver.address() as AddressInfo
      const url = `https://hooks.example.com:${port}/converlay?shop=1`
      const told = await senderTo(leadsTo('127.0.0.1')).send({ ...HOOK, url })
      expect(told).toMatchObject({ status: 307, body: 'moved' })
      expect(asked).toEqual([{ method: 'POST', url: '/converlay?shop=1', host: `hooks.example.com:${port}` }])
    } finally {
      receiver.closeAllConnections()
      receiver.close()
      setDefaultCACertificates(trusted)
    }
  })
})

describe('an answer', () => {
  it('comes back as status, lower-case headers and text', async () => {
    answer = (_, response) => response.writeHead(429, { 'Retry-After': '7', 'X-Two': ['a', 'b'] }).end('{"code":7}')
    const told = await sender.send(REQUEST)
    expect(told).toMatchObject({ status: 429, body: '{"code":7}' })
    expect(told.headers).toMatchObject({ 'retry-after': '7', 'x-two': 'a, b' })
  })

  it('that redirects is returned, not followed, where the destination names no place to be led to', async () => {
    let asked = 0
    answer = (_, response) => {
      asked++
      response.writeHead(307, { location: 'https://api.example.com/elsewhere' }).end()
    }
    expect(await sender.send(REQUEST)).toMatchObject({ status: 307 })
    expect(asked).toBe(1)
  })

  it('is read to 1 MiB at most, and the next request goes through', async () => {
    answer = (_, response) => response.end('x'.repeat(3 * 1024 * 1024))
    const { status, body } = await sender.send(REQUEST)
    expect(status).toBe(200)
    expect(body.length).toBeGreaterThan(900 * 1024)
    expect(body.length).toBeLessThanOrEqual(1024 * 1024)
    answer = (_, response) => response.end('small')
    expect(await sender.send(REQUEST)).toMatchObject({ status: 200, body: 'small' })
  })
})

describe('no answer is status 0 with a reason in plain words', () => {
  it('refused: nothing left us', async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect(await sender.send(REQUEST)).toEqual({
      status: 0,
      headers: {},
      body: '',
      problem: 'the connection was refused',
      ambiguous: false,
    })
  })

  it('a name that does not resolve: nothing left us', async () => {
    const lost = startSender([{ hosts: ['api.example.com'] }], () => new URL('http://nowhere.invalid/'))
    const told = await lost.send(REQUEST)
    expect(told).toMatchObject({ status: 0, problem: 'the host name could not be resolved', ambiguous: false })
    await lost.close()
  })

  it('reset after the body was read: the platform may have taken it', async () => {
    answer = (request) => {
      request.resume()
      request.on('end', () => request.socket.resetAndDestroy())
    }
    expect(await sender.send(REQUEST)).toMatchObject({
      status: 0,
      problem: 'the connection broke before an answer came',
      ambiguous: true,
    })
  })

  it('broken in the middle of the answer: the platform may have taken it', async () => {
    answer = (request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"events":')
      request.on('end', () => setImmediate(() => request.socket.resetAndDestroy()))
      request.resume()
    }
    expect(await sender.send(REQUEST)).toMatchObject({ status: 0, body: '', ambiguous: true })
  })

  it('tells nothing of the request: no address, no token, no body', async () => {
    answer = (request) => request.socket.resetAndDestroy()
    expect(JSON.stringify(await sender.send(REQUEST))).not.toMatch(/secret|127\.0\.0\.1|example\.com|data/)
  })
})

it('closing waits for what is under way', async () => {
  let reached = () => {}
  const asked = new Promise<void>((resolve) => {
    reached = resolve
  })
  let finish = () => {}
  answer = (_, response) => {
    finish = () => response.end('late')
    reached()
  }
  const sent = sender.send(REQUEST)
  await asked
  const closed = sender.close()
  finish()
  expect(await sent).toMatchObject({ status: 200, body: 'late' })
  await closed
  sender = startSender([])
})
