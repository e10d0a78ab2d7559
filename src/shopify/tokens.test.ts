import { beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../lib/duration.ts'
import type { HttpRequest, HttpResponse } from '../lib/http.ts'
import { type HandClock, NOW, reply, SHOP, smallWorld } from '../pipeline/double.ts'
import type { Runtime } from '../pipeline/runtime.ts'
import { createAccounts } from '../sandbox/shopify/accounts.ts'
import { answerToken } from '../sandbox/shopify/oauth.ts'
import { sessionToken } from '../sandbox/shopify/session-tokens.ts'
import { type Store, StoreFault } from '../store/store.ts'
import { createTokens, forgetTokens, REINSTALL, type Tokens } from './tokens.ts'

const APP = { clientId: 'client-id', secrets: ['shpss_secret'] as [string, ...string[]], scopes: ['read_orders'] }

/** Shopify's token endpoint, and what was asked of it. */
let accounts: ReturnType<typeof createAccounts>
let asked: string[]
let clock: HandClock
let store: Store
let send: Runtime['send']
let log: Runtime['log']

const shopifyAnswers = async ({ method, url, headers, body = '' }: HttpRequest): Promise<HttpResponse> => {
  const { hostname: host, pathname: path, searchParams: query } = new URL(url)
  const form = JSON.parse(body) as { grant_type?: string; refresh_token?: string }
  asked.push(form.grant_type?.replace(/.*:/, '') ?? 'code')
  const answer = answerToken(accounts, { method, host, path, query, headers, body, ip: '', now: clock.now() })
  return reply(answer.status, String(answer.body))
}
const processOf = (): Tokens => createTokens({ store, clock, send: (request) => send(request), log }, APP)

beforeEach(async () => {
  const world = await smallWorld()
  clock = world.clock
  store = world.store
  log = world.runtime.log
  asked = []
  const registered = { clientId: 'client-id', secret: 'shpss_secret', scopes: ['read_orders'], redirectUrls: () => [] }
  accounts = createAccounts({ ...registered, ownShops: [SHOP] }, [SHOP], clock.now)
  accounts.agree(SHOP)
  send = shopifyAnswers
})

const install = async (tokens: Tokens) => {
  const text = sessionToken({ clientId: 'client-id', secret: 'shpss_secret' }, SHOP, clock.now())
  expect(await tokens.take(SHOP, { by: 'session_token', text })).toMatchObject({ ok: true })
  asked.length = 0
}
const given = async (tokens: Tokens) => {
  const answer = await tokens.of(SHOP)
  if (!answer.ok) throw new Error(answer.problem)
  return answer.token
}
const works = (token: string) => accounts.scopesOf(SHOP, token) !== undefined

describe('a token', () => {
  it('is not there before the app is installed', async () => {
    expect(await processOf().of(SHOP)).toMatchObject({ ok: false, problem: 'not_installed' })
    expect(asked).toEqual([])
  })

  it('is given as it is until five minutes before its end, and then refreshed', async () => {
    const tokens = processOf()
    await install(tokens)
    const first = await given(tokens)
    await clock.turn(54 * MINUTE)
    expect([await given(tokens), asked.length]).toEqual([first, 0])
    await clock.turn(MINUTE)
    const second = await given(tokens)
    expect([second === first, works(second), asked]).toEqual([false, true, ['refresh_token']])
  })

  it('is sealed at rest and never in a log', async () => {
    const told: unknown[] = []
    const tell = (...what: unknown[]) => void told.push(...what)
    log = { info: tell, warn: tell, error: tell }
    const tokens = processOf()
    await install(tokens)
    const token = await given(tokens)
    await clock.turn(HOUR)
    send = async () => reply(400, { error: 'invalid_grant' })
    await tokens.of(SHOP)
    expect(told).not.toEqual([])
    expect(JSON.stringify(told)).not.toContain(token)
  })

  it('is refreshed once for twenty callers in two processes', async () => {
    const processes = [processOf(), processOf()]
    await install(processes[0] ?? processOf())
    await clock.turn(2 * HOUR)
    const all = Promise.all(Array.from({ length: 20 }, (_, caller) => given(processes[caller % 2] ?? processOf())))
    await clock.turn(MINUTE)
    const answers = await all
    expect([new Set(answers).size, asked]).toEqual([1, ['refresh_token']])
  })

  it('that is still good is given to whoever asks while another process refreshes it', async () => {
    const tokens = processOf()
    await install(tokens)
    const first = await given(tokens)
    await clock.turn(57 * MINUTE)
    const { promise, resolve } = Promise.withResolvers<void>()
    send = async (request) => {
      await promise
      return shopifyAnswers(request)
    }
    const refreshing = given(tokens)
    await clock.turn(0)
    expect(await given(processOf())).toBe(first)
    resolve()
    expect(await refreshing).not.toBe(first)
  })

  it('whose refresher died is refreshed by another when the lease is over', async () => {
    const tokens = processOf()
    await install(tokens)
    await clock.turn(HOUR)
    send = () => new Promise(() => {})
    void tokens.of(SHOP)
    await clock.turn(0)
    send = shopifyAnswers
    const later = given(processOf())
    await clock.turn(34_000)
    expect(asked).toEqual([])
    await clock.turn(2000)
    expect(works(await later)).toBe(true)
  })

  it('that Shopify refused is not given again', async () => {
    const tokens = processOf()
    await install(tokens)
    const first = await given(tokens)
    const second = await tokens.of(SHOP, first)
    expect(second).toMatchObject({ ok: true })
    expect(second).not.toMatchObject({ token: first })
  })
})

describe('a refresh', () => {
  it('whose answer got lost is made again with the refresh token that we have', async () => {
    const tokens = processOf()
    await install(tokens)
    await clock.turn(HOUR)
    send = async (request) => {
      await shopifyAnswers(request)
      return { status: 0, headers: {}, body: '', ambiguous: true }
    }
    expect(await tokens.of(SHOP)).toMatchObject({ ok: false, problem: 'unreachable' })
    send = shopifyAnswers
    expect(works(await given(tokens))).toBe(true)
    expect(asked).toEqual(['refresh_token', 'refresh_token'])
  })

  it('whose answer could not be kept is not used, and is made again', async () => {
    const tokens = processOf()
    await install(tokens)
    await clock.turn(HOUR)
    const save = store.saveEntry
    let left = 1
    store = {
      ...store,
      saveEntry: async (...change) => {
        if (left-- > 0) return save(...change)
        throw new StoreFault('full', 'The disk is full.')
      },
    }
    expect(await processOf().of(SHOP)).toMatchObject({ ok: false, problem: 'unreachable' })
    store = { ...store, saveEntry: save }
    const again = given(processOf())
    await clock.turn(MINUTE)
    expect(works(await again)).toBe(true)
  })

  it.each([
    ['lacks its end', { access_token: 'a', refresh_token: 'r', scope: '' }],
    ['ends at once', { access_token: 'a', refresh_token: 'r', expires_in: 0, scope: '' }],
    ['lacks a refresh token', { access_token: 'a', expires_in: 3600, scope: '' }],
    ['is a page', '<html>'],
  ])('whose answer %s is not taken for one (one without an end was never refreshed again)', async (_, body) => {
    const tokens = processOf()
    await install(tokens)
    await clock.turn(HOUR)
    send = async () => reply(200, body)
    expect(await tokens.of(SHOP)).toMatchObject({ ok: false, problem: 'unreachable' })
    send = shopifyAnswers
    expect(works(await given(tokens))).toBe(true)
  })

  it('that fails for the moment leaves a token that is still good', async () => {
    const tokens = processOf()
    await install(tokens)
    const first = await given(tokens)
    await clock.turn(57 * MINUTE)
    for (const status of [0, 429, 500, 503, 404]) {
      send = async () => reply(status, '')
      expect(await given(tokens), String(status)).toBe(first)
    }
  })

  it('refused for good asks the merchant to open the app, and nobody asks Shopify again', async () => {
    const tokens = processOf()
    await install(tokens)
    await clock.turn(91 * DAY)
    expect(await tokens.of(SHOP)).toEqual({ ok: false, problem: 'reinstall', message: REINSTALL })
    expect([await tokens.has(SHOP), (await processOf().of(SHOP)).ok, asked.length]).toEqual([false, false, 1])
    await install(tokens)
    expect(works(await given(tokens))).toBe(true)
  })

  it('refused because our own client secret is wrong gives up no store’s tokens', async () => {
    const tokens = processOf()
    await install(tokens)
    await clock.turn(HOUR)
    send = async () => reply(401, { error: 'invalid_client' })
    expect(await tokens.of(SHOP)).toMatchObject({
      problem: 'unreachable',
      message: expect.stringContaining('SHOPIFY_API'),
    })
    expect(await tokens.has(SHOP)).toBe(true)
  })

  it.each(['invalid_request', 'temporarily_unavailable', 'server_error', 'unsupported_grant_type'])(
    'refused with "%s" is tried again (any word of OAuth used to give the store up until its merchant came)',
    async (error) => {
      const tokens = processOf()
      await install(tokens)
      await clock.turn(HOUR)
      send = async () => reply(400, { error })
      expect(await tokens.of(SHOP)).toMatchObject({ ok: false, problem: 'unreachable' })
      expect(await tokens.has(SHOP)).toBe(true)
      send = shopifyAnswers
      expect(works(await given(tokens))).toBe(true)
    },
  )

  it.each(['invalid_grant', 'application_not_installed'])('refused with "%s" is over for good', async (error) => {
    const tokens = processOf()
    await install(tokens)
    await clock.turn(HOUR)
    send = async () => reply(400, { error })
    expect(await tokens.of(SHOP)).toMatchObject({ ok: false, problem: 'reinstall' })
    expect(await tokens.has(SHOP)).toBe(false)
  })

  it('that is under way when the app is uninstalled is not kept', async () => {
    const tokens = processOf()
    await install(tokens)
    await clock.turn(HOUR)
    const { promise, resolve } = Promise.withResolvers<void>()
    send = async (request) => {
      const answer = await shopifyAnswers(request)
      await promise
      return answer
    }
    const refreshing = tokens.of(SHOP)
    await clock.turn(0)
    await forgetTokens({ store, clock }, SHOP)
    resolve()
    expect(await refreshing).toMatchObject({ ok: false, problem: 'not_installed' })
    expect((await store.entry(SHOP, 'token', 'app'))?.value).toEqual({})
  })
})

it('a single merchant’s access by client credentials lasts a day and is got anew by itself', async () => {
  const tokens = processOf()
  expect(await tokens.take(SHOP, { by: 'client_credentials' })).toMatchObject({ ok: true })
  const first = await given(tokens)
  await clock.turn(DAY - 6 * MINUTE)
  expect(await given(tokens)).toBe(first)
  await clock.turn(2 * MINUTE)
  const second = await given(tokens)
  expect([second === first, works(second), asked]).toEqual([false, true, ['client_credentials', 'client_credentials']])
  expect(clock.now()).toBeGreaterThan(NOW)
})

it('a single merchant’s access is got anew once Shopify gives it again, whatever it refused with', async () => {
  const tokens = processOf()
  expect(await tokens.take(SHOP, { by: 'client_credentials' })).toMatchObject({ ok: true })
  await clock.turn(DAY)
  for (const error of ['shop_not_permitted', 'invalid_grant', 'application_not_installed']) {
    send = async () => reply(400, { error })
    expect(await tokens.of(SHOP), error).toMatchObject({ ok: false, problem: 'unreachable' })
  }
  send = shopifyAnswers
  expect(works(await given(tokens))).toBe(true)
})

it('a session token that is too old says so, that a fresh one may be sent', async () => {
  const text = sessionToken({ clientId: 'client-id', secret: 'shpss_secret' }, SHOP, clock.now())
  await clock.turn(2 * MINUTE)
  expect(await processOf().take(SHOP, { by: 'session_token', text })).toMatchObject({ ok: false, problem: 'stale' })
})
