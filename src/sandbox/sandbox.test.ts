import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PURCHASE } from './pinterest/examples.ts'
import { createPlatforms } from './platforms.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'

/** Just after the worked purchase happened. */
const NOW = 1_795_341_660_000

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, now: () => NOW })
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.reset())

const EVENTS = '/api.pinterest.com/v5/ad_accounts/549755885175/events'

const send = (init: RequestInit = {}): Promise<Response> =>
  fetch(sandbox.url + EVENTS, {
    method: 'POST',
    headers: { authorization: 'Bearer pina_sandbox_token', 'content-type': 'application/json' },
    body: JSON.stringify(PURCHASE),
    ...init,
  })

const tell = (path: string, body: unknown = {}): Promise<Response> =>
  fetch(`${sandbox.url}/control/${path}`, { method: 'POST', body: JSON.stringify(body) })

const ask = async (path: string): Promise<unknown> => (await fetch(`${sandbox.url}/control/${path}`)).json()

describe('over HTTP', () => {
  it("takes a platform's host as the first path segment and tells what it counted", async () => {
    expect((await send()).status).toBe(200)
    expect(await ask('pinterest/events?account=549755885175')).toMatchObject([
      {
        name: 'checkout',
        eventId: 'checkout-6001234567890',
        sources: { tag: 0, server: 1 },
        value: '129.90',
        orderId: '6001234567890',
      },
    ])
    expect(await ask('pinterest/events?account=1')).toEqual([])
  })

  it('keeps every raw request, so that repeats can be told apart', async () => {
    await send()
    await send()
    expect(await ask('pinterest/requests')).toEqual([
      expect.objectContaining({ status: 200, body: JSON.stringify(PURCHASE) }),
      expect.objectContaining({ status: 200, body: JSON.stringify(PURCHASE) }),
    ])
    expect(await ask('pinterest/events')).toMatchObject([{ count: 2 }])
  })

  it('takes further accounts', async () => {
    await tell('pinterest/accounts', { id: '77', token: 'pina_77' })
    const answer = await fetch(`${sandbox.url}/api.pinterest.com/v5/ad_accounts/77/events`, {
      method: 'POST',
      headers: { authorization: 'Bearer pina_77', 'content-type': 'application/json' },
      body: JSON.stringify(PURCHASE),
    })
    expect(answer.status).toBe(200)
    expect((await tell('pinterest/accounts', { id: '78', token: 'secret' })).status).toBe(400)
  })

  it('refuses a body beyond 4 MiB', async () => {
    expect((await send({ body: ' '.repeat(4 * 1024 * 1024 + 1) })).status).toBe(413)
  })

  it('serves the tag script, the ads managers and nothing else', async () => {
    expect(await (await fetch(`${sandbox.url}/s.pinimg.com/ct/core.js`)).text()).toContain('_epik')
    expect(await (await fetch(sandbox.url)).text()).toContain('<h1>Ads manager</h1>')
    expect((await fetch(`${sandbox.url}/graph.example.com/v1`)).status).toBe(404)
    expect((await tell('people', { people: [] })).status).toBe(200)
    expect((await tell('people', {})).status).toBe(400)
  })
})

describe('every platform', () => {
  /** They are the same at every sandbox; that of the tests runs only later. */
  const platforms = Object.entries(createPlatforms({}))

  it('has hosts of its own', () => {
    const hosts = platforms.flatMap(([, platform]) => platform.hosts)
    expect(hosts).toEqual([...new Set(hosts)])
  })

  describe.each(platforms)('%s', (slug, platform) => {
    it('stands under its slug, on a page that links all platforms', async () => {
      expect(platform.slug).toBe(slug)
      const page = await (await fetch(`${sandbox.url}/${slug}`)).text()
      expect(page).toContain(`<a href="/${slug}" aria-current="page">${platform.name}</a>`)
      for (const [other] of platforms) expect(page).toContain(`<a href="/${other}"`)
      expect(page).toContain(`${platform.name} sandbox, account `)
    })

    it('answers the same queries', async () => {
      for (const list of ['events', 'requests', 'refusals', 'test-events'])
        expect(await ask(`${slug}/${list}`)).toEqual([])
      expect(await ask(`${slug}/accounts`)).toEqual(
        expect.arrayContaining([expect.not.objectContaining({ tokens: expect.anything() })]),
      )
      expect((await fetch(`${sandbox.url}/control/${slug}/weather`)).status).toBe(404)
    })

    it('has every browser path under one of its hosts', () => {
      for (const path of platform.browserPaths)
        expect(platform.hosts.some((host) => path.startsWith(`${host}/`))).toBe(true)
    })

    it.each([401, 403, 429, 500, 503] as const)('fails in its own words when told %i', async (failure) => {
      const mode = String(failure)
      await tell('faults', { platform: slug, mode, times: 1 })
      const { status, body } = platform.failing(failure)
      const answer = await fetch(`${sandbox.url}/${platform.hosts[0]}/`, { method: 'POST', body: '{}' })
      expect([answer.status, (await answer.text()).length]).toEqual([status, body.length])
      expect(await ask('faults')).toEqual({ fired: { [slug]: { [mode]: 1 } } })
    })

    it('has no page for a path that it does not know', async () => {
      const [host] = platform.hosts
      expect((await fetch(`${sandbox.url}/${host}/nobody/was/here`)).status).toBeGreaterThanOrEqual(400)
    })
  })
})

describe('faults', () => {
  const arm = (mode: string, more: object = {}) => tell('faults', { platform: 'pinterest', mode, times: 1, ...more })
  const counted = async () => ((await ask('pinterest/events')) as unknown[]).length

  it.each([
    ['429', 429],
    ['401', 401],
    ['403', 403],
    ['500', 500],
    ['503', 503],
  ])('%s answers so once, in the words of the platform, and records nothing', async (mode, status) => {
    await arm(mode)
    const answer = await send()
    expect(answer.status).toBe(status)
    expect(await answer.json()).toEqual({ code: expect.any(Number), message: expect.any(String) })
    expect(await counted()).toBe(0)
    expect((await send()).status).toBe(200)
    expect(await ask('faults')).toEqual({ fired: { pinterest: { [mode]: 1 } } })
  })

  it('429-retry-after says when to come back', async () => {
    await arm('429-retry-after', { ms: 7000 })
    expect((await send()).headers.get('retry-after')).toBe('7')
  })

  it('200-html answers as a proxy would', async () => {
    await arm('200-html')
    expect(await (await send()).text()).toContain('<!doctype html>')
    expect(await counted()).toBe(0)
  })

  it('200-errors refuses every event in a 200', async () => {
    await arm('200-errors')
    const answer = await send()
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ num_events_processed: 0, events: [{ status: 'failed' }] })
    expect(await counted()).toBe(0)
  })

  it.each([
    ['reset', 0],
    ['reset-after-read', 0],
    ['reset-after-processing', 1],
  ])('%s breaks the connection; %i events recorded', async (mode, recorded) => {
    await arm(mode)
    await expect(send()).rejects.toThrow()
    expect(await counted()).toBe(recorded)
  })

  it('hang never answers', async () => {
    await arm('hang')
    const ending = new AbortController()
    const answer = send({ signal: ending.signal })
    // The request has been taken as soon as the fault counts as fired.
    await expect.poll(() => sandbox.faults.fired()).toEqual({ pinterest: { hang: 1 } })
    ending.abort()
    await expect(answer).rejects.toThrow()
  })

  it('slow answers as usual, later', async () => {
    await arm('slow', { ms: 5 })
    expect((await send()).status).toBe(200)
    expect(await counted()).toBe(1)
  })

  it('fires without end until it is taken back', async () => {
    await arm('500', { times: undefined })
    expect([(await send()).status, (await send()).status]).toEqual([500, 500])
    await arm('none')
    expect((await send()).status).toBe(200)
  })

  it('says what it does not know', async () => {
    expect((await arm('earthquake')).status).toBe(400)
    expect((await tell('faults', { platform: 'myspace', mode: '500' })).status).toBe(400)
    expect((await tell('weather')).status).toBe(404)
  })
})
