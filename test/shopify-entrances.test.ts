import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../src/lib/duration.ts'
import { signedQuery } from '../src/sandbox/shopify/session-tokens.ts'
import { until } from './harness.ts'
import { OTHER, SHOP, type ShopifyWorld, startShopifyWorld } from './shopify-world.ts'

/** The ways in from Shopify, each with its own proof, over real HTTP and as through a proxy. */
let world: ShopifyWorld
beforeAll(async () => {
  world = await startShopifyWorld()
})
afterAll(() => world.stop())

const THROUGH_PROXY = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
const dashboard = () => world.engine.addresses.dashboard
const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(dashboard() + path, { headers: { ...THROUGH_PROXY, ...headers }, redirect: 'manual' })
const isInstalled = async (shop: typeof SHOP) => ((await world.engine.runtime.store.shop(shop))?.installedAt ?? 0) > 0

describe('the page in the admin', () => {
  const launched = (change: (query: URLSearchParams) => void): string => {
    const query = world.shopify.launch(SHOP)
    change(query)
    return `/?${query}`
  }

  it.each([
    ['without Shopify’s signature', (query: URLSearchParams) => query.set('hmac', '00')],
    ['with somebody’s shop', (query: URLSearchParams) => query.set('shop', OTHER)],
    ['with a parameter more', (query: URLSearchParams) => query.append('id_token', 'x')],
  ])('is not served %s', async (_, change) => {
    const answer = await get(launched(change))
    expect(answer.status).toBe(400)
    expect(await answer.text()).toMatch(/Open the app from the store’s admin/)
  })

  it('is not served from an address of long ago', async () => {
    const path = launched(() => {})
    world.clock.turn(2 * MINUTE)
    const answer = await get(path)
    expect([answer.status, await answer.text()]).toEqual([
      400,
      'This address is too old. Open the app from the store’s admin again.\n',
    ])
  })

  it('is of one shop: nobody else may frame it, and it loads scripts from us and Shopify only', async () => {
    world.shopify.install(SHOP)
    const policy = (await world.open(SHOP)).headers.get('content-security-policy') ?? ''
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'self'",
        "script-src 'self' https://cdn.shopify.com",
        `frame-ancestors https://${SHOP} https://admin.shopify.com`,
      ]),
    )
    const [, script = ''] =
      /<script type="module" crossorigin src="(\/assets\/[^"]+)"/.exec(await (await world.open(SHOP)).text()) ?? []
    expect((await get(script)).status).toBe(200)
  })

  it('opened outside of the admin it is nobody’s: no App Bridge, no frame', async () => {
    const answer = await fetch(dashboard())
    expect(answer.headers.get('x-frame-options')).toBe('DENY')
    expect(await answer.text()).not.toContain('app-bridge')
  })
})

describe('a call from the admin', () => {
  const call = (token: string, path = '/api/shops') => get(path, { authorization: `Bearer ${token}` })

  it('needs no owner and no cookie, and comes through a proxy', async () => {
    expect((await call(world.shopify.sessionToken(SHOP))).status).toBe(200)
    expect((await get('/api/shops')).status).toBe(403)
  })

  it('with a token that is none, or is over, is asked to bring a fresh one', async () => {
    const old = world.shopify.sessionToken(SHOP)
    world.clock.turn(2 * MINUTE)
    for (const token of ['x', `${world.shopify.sessionToken(SHOP)}x`, old]) {
      const answer = await call(token)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('x-shopify-retry-invalid-session-request')).toBe('1')
    }
  })

  it.each(['/api/session/owner', '/api/anything', `/api/shops/${OTHER}`, `/api/shops/${SHOP.toUpperCase()}/overview`])(
    'does not get to %s',
    async (path) => {
      expect((await call(world.shopify.sessionToken(SHOP), path)).status).toBe(404)
    },
  )

  it('of a shop that did not install the app says why there is nothing', async () => {
    const answer = await call(world.shopify.sessionToken(OTHER))
    expect([answer.status, await answer.json()]).toEqual([
      403,
      { error: 'Shopify refused the access (application_not_installed).' },
    ])
    expect(await isInstalled(OTHER)).toBe(false)
  })
})

describe('standing alone, by authorization', () => {
  const begin = async (path: string) => {
    const answer = await get(path)
    expect(answer.status).toBe(302)
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^__Host-converlay-state=[^;]+; Max-Age=60; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    return { to: new URL(answer.headers.get('location') ?? ''), cookie: cookie.split(';')[0] ?? '' }
  }
  /** The merchant says yes on Shopify's page; where that leads. */
  const agree = async (to: URL): Promise<URL> => {
    const page = await (await fetch(`${world.sandbox.url}/${to.host}${to.pathname}${to.search}`)).text()
    const [, link = ''] = /href="([^"]+)"/.exec(page) ?? []
    const answer = await fetch(world.sandbox.url + link.replaceAll('&amp;', '&'), { redirect: 'manual' })
    return new URL(answer.headers.get('location') ?? '')
  }

  it('a merchant comes from Shopify, agrees there, and the shop is installed', async () => {
    const { to, cookie } = await begin(`/auth?shop=${OTHER}`)
    const back = await agree(to)
    const answer = await get(back.pathname + back.search, { cookie })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `/s/${OTHER}`])
    expect(await isInstalled(OTHER)).toBe(true)
    await until('the pixel’s record', () => world.shopify.accounts.installation(OTHER)?.pixel)

    const again = await get(back.pathname + back.search, { cookie })
    expect(again.status, 'a code is good once').toBe(403)
  })

  it('opened again after it was uninstalled unnoticed it asks for access anew, although there still is some', async () => {
    const opened = () => {
      const timestamp = String(Math.floor(world.clock.now() / SECOND))
      return get(`/?${signedQuery(world.shopify.accounts.app, { shop: OTHER, timestamp })}`)
    }
    expect((await opened()).headers.get('location')).toBe(`/s/${OTHER}`)
    world.shopify.accounts.remove(OTHER)
    world.shopify.install(OTHER)
    expect((await opened()).headers.get('location')).toMatch(`https://${OTHER}/admin/oauth/authorize?`)
  })

  it('the way back is taken only by the browser that set out', async () => {
    const { to } = await begin(`/auth?shop=${SHOP}`)
    const back = await agree(to)
    const grants = world.shopify.grants().length
    expect((await get(back.pathname + back.search)).status).toBe(400)
    const other = await begin(`/auth?shop=${SHOP}`)
    expect((await get(back.pathname + back.search, { cookie: other.cookie })).status).toBe(400)
    expect(world.shopify.grants().length).toBe(grants)
  })

  it.each(['', 'evil.example', 'demo.myshopify.com.evil.example', 'demo_1.myshopify.com', 'demo.shop.dev'])(
    'nobody is led to "%s"',
    async (shop) => {
      const answer = await get(`/auth?shop=${shop}`)
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    },
  )
})

it('a merchant who runs it for the own store alone needs no visit: access comes by client credentials', async () => {
  const own = await startShopifyWorld({ shop: SHOP })
  try {
    await until('the pixel’s record', () => own.shopify.accounts.installation(SHOP)?.pixel)
    expect((await own.engine.runtime.store.shop(SHOP))?.facts.currency).toBe('USD')
    expect(own.shopify.grants()).toEqual([{ shop: SHOP, grant: 'client_credentials', status: 200 }])
  } finally {
    await own.stop()
  }
})
