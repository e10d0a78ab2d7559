import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE } from '../lib/duration.ts'
import { silentLog } from '../lib/log.ts'
import { depsWith, SHOP, storeDouble } from './api/double.ts'
import { dashboardApp, startDashboard } from './dashboard.ts'
import { type Owners, ownersIn } from './owner.ts'
import { SESSION_LIFE, WAIT } from './sessions.ts'

const PASSPHRASE = 'four quiet random words'

let assets: string
let dataDir: string

beforeAll(async () => {
  assets = await mkdtemp(join(tmpdir(), 'converlay-assets-'))
  await writeFile(join(assets, 'index.html'), '<title>Converlay</title>')
})
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'converlay-data-'))
  return () => rm(dataDir, { recursive: true })
})
afterAll(() => rm(assets, { recursive: true }))

const addressOf = () => '203.0.113.9'

const appOn = async (host: string, owners?: Owners) => {
  const deps = depsWith(storeDouble())
  const known = owners ?? (await ownersIn(dataDir))
  return {
    app: dashboardApp({ deps, owners: known, host, assets, log: silentLog, addressOf }),
    owners: known,
    clock: deps.clock,
  }
}

const LOCAL = { host: 'localhost:3000' }
/** As a browser sends a change from our own page. */
const own = (host = 'localhost:3000') => ({
  host,
  origin: `http://${host}`,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/json',
})
const post = (body: unknown, headers: Record<string, string> = own()) => ({
  method: 'POST',
  headers,
  body: JSON.stringify(body),
})

describe('until an owner exists, on this machine', () => {
  it.each(['localhost', 'localhost:3000', '127.0.0.1', '127.0.0.1:8080', 'LOCALHOST:3000'])(
    'answers to Host %s',
    async (host) => {
      const { app } = await appOn('127.0.0.1')
      expect((await app.request('/api/shops', { headers: { host } })).status).toBe(200)
    },
  )

  // A site whose name is pointed at 127.0.0.1 carries its own name.
  it.each(['evil.example.com', '192.0.2.7:3000', 'localhost.evil.example.com', '127.0.0.1.nip.example', 'localhost:x'])(
    'refuses Host %s, page and API alike',
    async (host) => {
      const { app } = await appOn('127.0.0.1')
      for (const path of ['/', '/api/shops', '/api/session', '/owner']) {
        const answer = await app.request(path, { headers: { host } })
        expect(answer.status).toBe(421)
        expect(await answer.text()).toMatch(/no owner yet.*Create an owner first\.\n$/)
      }
    },
  )

  it.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])(
    'does not answer through a proxy (%s)',
    async (name) => {
      const { app } = await appOn('127.0.0.1')
      const answer = await app.request('/api/shops', { headers: { ...LOCAL, [name]: '203.0.113.9' } })
      expect(answer.status).toBe(403)
    },
  )

  it('refuses a request without Host', async () => {
    const { app } = await appOn('127.0.0.1')
    expect((await app.request('/api/shops')).status).toBe(421)
  })
})

describe('on any other address', () => {
  it('only the page that makes an owner answers until there is one', async () => {
    const { app } = await appOn('0.0.0.0')
    for (const path of ['/', `/s/${SHOP}`, '/api/shops', `/api/shops/${SHOP}/overview`]) {
      const answer = await app.request(path, { headers: LOCAL })
      expect(answer.status).toBe(403)
      expect(await answer.text()).toContain('one-time link')
    }
    for (const path of ['/owner?token=x', '/api/session'])
      expect((await app.request(path, { headers: LOCAL })).status).toBe(200)
    expect((await app.request('/favicon.svg', { headers: LOCAL })).status).not.toBe(403)
    expect(await (await app.request('/api/session', { headers: LOCAL })).json()).toMatchObject({ owned: false })
  })
})

describe('the owner', () => {
  const become = async (host = '0.0.0.0') => {
    const { app, owners, clock } = await appOn(host)
    const token = owners.invite(clock.now())
    const answer = await app.request('/api/session/owner', post({ token, passphrase: PASSPHRASE }))
    return { app, owners, clock, token, answer, cookie: cookieOf(answer) }
  }
  const cookieOf = (answer: Response): string => answer.headers.get('set-cookie')?.split(';')[0] ?? ''

  it('is made by the one-time token, once, and signed in', async () => {
    const { app, token, answer, cookie } = await become()
    expect(answer.status).toBe(201)
    expect((await app.request('/api/shops', { headers: { ...LOCAL, cookie } })).status).toBe(200)
    const again = await app.request('/api/session/owner', post({ token, passphrase: 'somebody else entirely' }))
    expect(again.status).toBe(409)
  })

  it('is kept as a salted hash that only the data folder’s owner may read', async () => {
    await become()
    const file = join(dataDir, 'owner.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(file, 'utf8')).not.toContain(PASSPHRASE)
    const later = await ownersIn(dataDir)
    expect(later.exists()).toBe(true)
    expect(await later.matches(PASSPHRASE)).toBe(true)
    expect(await later.matches(`${PASSPHRASE}.`)).toBe(false)
  })

  it('is not made by a wrong, old or replaced token, nor with a short passphrase', async () => {
    const { app, owners, clock } = await appOn('0.0.0.0')
    const first = owners.invite(clock.now())
    const token = owners.invite(clock.now())
    const attempt = (given: string, passphrase = PASSPHRASE) =>
      app.request('/api/session/owner', post({ token: given, passphrase }))
    expect((await attempt('x')).status).toBe(403)
    expect((await attempt(first)).status).toBe(403)
    const short = await attempt(token, 'elevenchars')
    expect([short.status, await short.json()]).toEqual([400, { error: 'Use at least 12 characters.' }])
    clock.pass(30 * MINUTE)
    expect((await attempt(token)).status).toBe(403)
    expect(owners.exists()).toBe(false)
  })

  it('is one, even when two use the token at once', async () => {
    const { app, owners, clock } = await appOn('0.0.0.0')
    const token = owners.invite(clock.now())
    const both = await Promise.all(
      ['first passphrase here', 'second passphrase here'].map((passphrase) =>
        app.request('/api/session/owner', post({ token, passphrase })),
      ),
    )
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 403])
  })

  it('is asked for everywhere from then on, on this machine too', async () => {
    const { owners } = await become()
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const { app } = await appOn(host, owners)
      for (const path of ['/api/shops', `/api/shops/${SHOP}/overview`, `/api/live?shop=${SHOP}`, '/api/destinations'])
        expect((await app.request(path, { headers: LOCAL })).status).toBe(401)
      expect((await app.request('/', { headers: LOCAL })).status).toBe(200)
    }
  })

  it('signs in with the passphrase, and out again', async () => {
    const { owners } = await become()
    const { app } = await appOn('0.0.0.0', owners)
    expect((await app.request('/api/session', post({ passphrase: 'wrong passphrase' }))).status).toBe(403)
    const cookie = cookieOf(await app.request('/api/session', post({ passphrase: PASSPHRASE })))
    const asks = () => app.request('/api/shops', { headers: { ...LOCAL, cookie } })
    expect((await asks()).status).toBe(200)
    await app.request('/api/session', { method: 'DELETE', headers: { ...own(), cookie } })
    expect((await asks()).status).toBe(401)
  })

  it('is signed out after a week', async () => {
    const { app, clock, cookie } = await become()
    clock.pass(SESSION_LIFE)
    expect((await app.request('/api/shops', { headers: { ...LOCAL, cookie } })).status).toBe(401)
  })

  it('waits after ten wrong tries, the right passphrase included', async () => {
    const owners: Owners = {
      exists: () => true,
      invite: () => '',
      create: async () => 'exists',
      matches: async (passphrase) => passphrase === PASSPHRASE,
    }
    const { app, clock } = await appOn('0.0.0.0', owners)
    const attempt = async (passphrase: string) => (await app.request('/api/session', post({ passphrase }))).status
    const wrong = await Promise.all(Array.from({ length: 10 }, () => attempt('wrong passphrase')))
    expect(new Set(wrong)).toEqual(new Set([403]))
    expect(await attempt(PASSPHRASE)).toBe(429)
    clock.pass(WAIT)
    expect(await attempt(PASSPHRASE)).toBe(200)
  })

  it('has a cookie that scripts and other sites never see, tied to this host over TLS', async () => {
    const plain = (await become()).answer.headers.get('set-cookie') ?? ''
    expect(plain).toMatch(/^converlay=[\w-]{43};/)
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(plain).toContain(part)
    const { app } = await appOn('0.0.0.0', await ownersIn(dataDir))
    const behindTls = { ...own('dash.example.com'), origin: 'https://dash.example.com', 'x-forwarded-proto': 'https' }
    const secure = await app.request('/api/session', post({ passphrase: PASSPHRASE }, behindTls))
    expect(secure.headers.get('set-cookie')).toMatch(/^__Host-converlay=.*; Secure/)
  })

  it('whose record is damaged keeps the door shut', async () => {
    await writeFile(join(dataDir, 'owner.json'), '{"version":1')
    await expect(ownersIn(dataDir)).rejects.toThrow(/cannot be read\. Restore it/)
  })
})

describe('a change', () => {
  const change = async (headers: Record<string, string>) => {
    const { app } = await appOn('127.0.0.1')
    const path = `/api/shops/${SHOP}/connections/1/state`
    return app.request(path, { method: 'PUT', headers, body: JSON.stringify({ state: 'paused' }) })
  }
  const json = { 'content-type': 'application/json' }

  it('comes from our own page', async () => {
    expect((await change(own())).status).toBe(200)
    expect((await change({ ...LOCAL, ...json, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })

  it.each([
    ['no origin at all', { ...LOCAL, ...json }],
    ['another origin', { ...own(), origin: 'https://evil.example.com' }],
    ['another port of this machine', { ...own(), origin: 'http://localhost:3001' }],
    ['an opaque origin', { ...own(), origin: 'null' }],
    ['a cross-site fetch', { ...own(), 'sec-fetch-site': 'cross-site' }],
    ['a same-site fetch', { ...own(), 'sec-fetch-site': 'same-site' }],
    ['a browser that only names the user', { ...LOCAL, ...json, 'sec-fetch-site': 'none' }],
  ])('from %s is refused', async (_what, headers) => {
    expect((await change(headers)).status).toBe(403)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp'])(
    'sent as %s, as forms can, is refused',
    async (type) => {
      expect((await change({ ...own(), 'content-type': type })).status).toBe(415)
    },
  )

  it('cannot be made by GET', async () => {
    const { app } = await appOn('127.0.0.1')
    for (const path of ['connections/1/state', 'connections/1/test', 'test', 'connections'])
      expect((await app.request(`/api/shops/${SHOP}/${path}`, { headers: LOCAL })).status).toBe(404)
  })

  it('of more than 64 KiB is refused', async () => {
    const { app } = await appOn('127.0.0.1')
    const answer = await app.request('/api/session', post({ passphrase: 'x'.repeat(70_000) }))
    expect(answer.status).toBe(413)
  })
})

describe('every answer', () => {
  it.each(['/', '/api/shops', '/assets/none.js'])(
    'of %s forbids framing, foreign scripts and sniffing',
    async (path) => {
      const { app } = await appOn('127.0.0.1')
      const { headers } = await app.request(path, { headers: LOCAL })
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; " +
          "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      )
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    },
  )

  it('of the API is never cached, an unknown address is plain JSON', async () => {
    const { app } = await appOn('127.0.0.1')
    const answer = await app.request('/api/nothing', { headers: LOCAL })
    expect(answer.status).toBe(404)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toEqual({ error: 'There is no such address.' })
  })

  it('to a path of the pages is the page itself', async () => {
    const { app } = await appOn('127.0.0.1')
    const answer = await app.request(`/s/${SHOP}/events/7`, { headers: LOCAL })
    expect(await answer.text()).toBe('<title>Converlay</title>')
    expect((await app.request('/../owner.json', { headers: LOCAL })).status).toBe(200)
  })

  it('to a fault says nothing of its cause', async () => {
    const deps = depsWith(storeDouble({ shops: () => Promise.reject(new Error('secret path')) }))
    const app = dashboardApp({
      deps,
      owners: await ownersIn(dataDir),
      host: '127.0.0.1',
      assets,
      log: silentLog,
      addressOf,
    })
    const answer = await app.request('/api/shops', { headers: LOCAL })
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('secret')
  })
})

describe('the running dashboard', () => {
  const start = (host: string) => {
    const deps = depsWith(storeDouble())
    const running = startDashboard({ deps, port: 0, host, dataDir, log: silentLog, assets })
    return running.then((dashboard) => ({ dashboard, wake: deps.wake }))
  }

  it('follows a shop over HTTP and closes cleanly with views open', async () => {
    const { dashboard, wake } = await start('127.0.0.1')
    const response = await fetch(`${dashboard.url}/api/live?shop=${SHOP}`)
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toBe(': following\n\n')
    wake.settled(SHOP)
    expect((await reader?.read())?.value).toContain('event: changed')
    await dashboard.close()
    expect((await reader?.read())?.done).toBe(true)
    expect(wake.listeners()).toBe(0)
  })

  it('forgets a view whose browser went away', async () => {
    const { dashboard, wake } = await start('127.0.0.1')
    const away = new AbortController()
    const response = await fetch(`${dashboard.url}/api/live?shop=${SHOP}`, { signal: away.signal })
    const reader = response.body?.getReader()
    await reader?.read()
    expect(wake.listeners()).toBe(2)
    away.abort()
    await expect.poll(() => wake.listeners()).toBe(0)
    await dashboard.close()
  })

  it('needs no owner on this machine, and hands out a one-time link elsewhere', async () => {
    const here = await start('localhost')
    expect(here.dashboard).toMatchObject({ url: expect.stringMatching(/^http:\/\/localhost:\d+$/) })
    expect(here.dashboard.ownerLink).toBeUndefined()
    await here.dashboard.close()

    const { dashboard } = await start('0.0.0.0')
    const link = new URL(dashboard.ownerLink ?? '')
    expect(link.pathname).toBe('/owner')
    const headers = { origin: dashboard.url, 'content-type': 'application/json' }
    const body = JSON.stringify({ token: link.searchParams.get('token'), passphrase: PASSPHRASE })
    const made = await fetch(`${dashboard.url}/api/session/owner`, { method: 'POST', headers, body })
    expect(made.status).toBe(201)
    await dashboard.close()
  })

  it('says when its port is taken', async () => {
    const { dashboard } = await start('127.0.0.1')
    const port = Number(new URL(dashboard.url).port)
    const second = startDashboard({
      deps: depsWith(storeDouble()),
      port,
      host: '127.0.0.1',
      dataDir,
      log: silentLog,
      assets,
    })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await dashboard.close()
  })
})
