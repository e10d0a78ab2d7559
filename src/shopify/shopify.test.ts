import { expect, it, onTestFinished } from 'vitest'
import { HOUR, MINUTE } from '../lib/duration.ts'
import type { HttpRequest, HttpResponse } from '../lib/http.ts'
import { reply, SHOP, smallWorld } from '../pipeline/double.ts'
import { installationOf } from '../pipeline/installation.ts'
import { createAccounts } from '../sandbox/shopify/accounts.ts'
import { answerToken, TOKEN_PATH } from '../sandbox/shopify/oauth.ts'
import { sessionToken } from '../sandbox/shopify/session-tokens.ts'
import type { ShopifyApp } from './app.ts'
import { uninstalled } from './app-life.ts'
import { startShopify } from './shopify.ts'
import { forgetTokens } from './tokens.ts'

const REGISTERED = { clientId: 'client-id', secret: 'shpss_secret', scopes: ['read_orders'], redirectUrls: () => [] }
const APP: ShopifyApp = { clientId: 'client-id', secrets: ['shpss_secret'], scopes: ['read_orders'] }

/** Our app and Shopify's token endpoint; of the shop itself nothing can be asked. */
const started = async (app: Partial<ShopifyApp> = {}) => {
  const { runtime, store, clock } = await smallWorld()
  const accounts = createAccounts({ ...REGISTERED, ownShops: [SHOP] }, [SHOP], clock.now)
  accounts.agree(SHOP)
  const asked: string[] = []
  const world = {
    ...runtime,
    /** What answers for the token endpoint, while it is set. */
    instead: undefined as HttpResponse | undefined,
    send: async ({ method, url, headers, body = '' }: HttpRequest): Promise<HttpResponse> => {
      const { hostname: host, pathname: path, searchParams: query } = new URL(url)
      if (path !== TOKEN_PATH) return reply(404, '')
      const { grant_type: grant = 'code' } = JSON.parse(body) as { grant_type?: string }
      asked.push(grant.replace(/.*:/, ''))
      if (world.instead) return world.instead
      const answer = answerToken(accounts, { method, host, path, query, headers, body, ip: '', now: clock.now() })
      return reply(answer.status, String(answer.body))
    },
  }
  const shopify = startShopify(world, { ...APP, ...app }, undefined)
  onTestFinished(() => shopify.stop())
  const visit = () =>
    shopify.visited({
      shop: SHOP,
      text: sessionToken(REGISTERED, SHOP, clock.now()),
      issuedAt: clock.now(),
      user: '42',
    })
  return { world, store, clock, accounts, asked, shopify, visit }
}

it('a visit mends access that could not be renewed, and shows the pages meanwhile', async () => {
  const { world, clock, asked, shopify, visit } = await started()
  expect(await visit()).toEqual({ ok: true })
  expect(await visit()).toEqual({ ok: true })
  expect(asked).toEqual(['token-exchange'])
  await clock.turn(HOUR + MINUTE)
  world.instead = reply(400, { error: 'invalid_request' })
  expect(await shopify.tokens.of(SHOP)).toMatchObject({ ok: false, problem: 'unreachable' })
  world.instead = reply(503, '')
  expect(await visit()).toEqual({ ok: true })
  world.instead = undefined
  expect(await visit()).toEqual({ ok: true })
  expect(await shopify.tokens.of(SHOP)).toMatchObject({ ok: true })
  expect(asked).toEqual(['token-exchange', 'refresh_token', 'token-exchange', 'token-exchange'])
})

it('the one store comes back by itself when it is installed again (it stayed away until a restart)', async () => {
  const { world, store, clock, accounts, shopify } = await started({ shop: SHOP })
  await clock.turn(0)
  expect(await installationOf(store, SHOP)).toMatchObject({ state: 'installed' })

  accounts.remove(SHOP)
  await uninstalled(world, SHOP, clock.now())
  await clock.turn(10 * MINUTE)
  expect(await shopify.tokens.of(SHOP)).toMatchObject({ ok: false, problem: 'not_installed' })
  expect(await store.connections(SHOP)).toMatchObject([{ state: 'paused' }])

  accounts.agree(SHOP)
  await clock.turn(MINUTE)
  expect(await installationOf(store, SHOP)).toMatchObject({ state: 'installed' })
  expect(await shopify.tokens.of(SHOP)).toMatchObject({ ok: true })
  expect(await store.connections(SHOP)).toMatchObject([{ state: 'active' }])
})

it('the one store’s access that is lost is asked for again within a minute', async () => {
  const { world, store, clock, asked, shopify } = await started({ shop: SHOP })
  await clock.turn(10 * MINUTE)
  expect(asked).toEqual(['client_credentials'])
  await forgetTokens(world, SHOP)
  await clock.turn(MINUTE)
  expect(await shopify.tokens.of(SHOP)).toMatchObject({ ok: true })
  expect(await installationOf(store, SHOP)).toMatchObject({ state: 'installed' })
})
