import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HttpRequest } from '../lib/http.ts'
import { type Sender, startSender } from './send.ts'

const REQUEST: HttpRequest = {
  method: 'POST',
  url: 'https://api.example.com/v5/events?test=true',
  headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
  body: '{"data":[]}',
}

let server: Server
let sender: Sender
let answer: RequestListener
beforeEach(async () => {
  answer = (_, response) => response.end()
  server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  sender = startSender(
    new Set(['api.example.com']),
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

describe('an answer', () => {
  it('comes back as status, lower-case headers and text', async () => {
    answer = (_, response) => response.writeHead(429, { 'Retry-After': '7', 'X-Two': ['a', 'b'] }).end('{"code":7}')
    const told = await sender.send(REQUEST)
    expect(told).toMatchObject({ status: 429, body: '{"code":7}' })
    expect(told.headers).toMatchObject({ 'retry-after': '7', 'x-two': 'a, b' })
  })

  it('that redirects is returned, not followed', async () => {
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
    const lost = startSender(new Set(['api.example.com']), () => new URL('http://nowhere.invalid/'))
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
  sender = startSender(new Set())
})
