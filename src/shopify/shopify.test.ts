import { expect, it, onTestFinished } from 'vitest'
import { HOUR, MINUTE } from '../lib/duration.ts'
import type { HttpRequest, HttpResponse } from '../lib/http.ts'
import { reply, SHOP, smallWorld } from '../pipeline/double.ts'
import { createAccounts } from '../sandbox/shopify/accounts.ts'
import { answerToken, TOKEN_PATH } from '../sandbox/shopify/oauth.ts'
import { sessionToken } from '../sandbox/shopify/session-tokens.ts'
import type { ShopifyApp } from './app.ts'
import { startShopify } from './shopify.ts'

const REGISTERED = { clientId: 'client-id', secret: 'shpss_secret', scopes: ['read_orders'], redirectUrls: () => [] }
const APP: ShopifyApp = { clientId: 'client-id', secrets: ['shpss_secret'], scopes: ['read_orders'] }

/** Our app and Shopify's token endpoint; of the shop itself nothing can be asked. */
const started = async (app: Partial<ShopifyApp> = {}) => {
  const { runtime, store, clock, connection } = await smallWorld()
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
  return { world, store, clock, connection, accounts, asked, shopify, visit }
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
