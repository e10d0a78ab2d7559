import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../src/lib/duration.ts'
import { installationOf } from '../src/pipeline/installation.ts'
import { adminWith, askAdmin } from '../src/shopify/admin.ts'
import { UNINSTALLED } from '../src/shopify/app-life.ts'
import { createTokens } from '../src/shopify/tokens.ts'
import { ACCOUNT, conversions, sample, until } from './harness.ts'
import { APP, OTHER, SHOP, type ShopifyWorld, startShopifyWorld } from './shopify-world.ts'

/** One installation's life, from the merchant's yes to the erasure, as one story: each chapter begins where the last one ended. */
describe('the life of an installation', () => {
  let world: ShopifyWorld
  beforeAll(async () => {
    world = await startShopifyWorld()
  })
  afterAll(() => world.stop())

  const store = () => world.engine.runtime.store
  /** What was asked for this shop: jobs of the engine look after the other one too. */
  const grants = () => world.shopify.grants().filter(({ shop }) => shop === SHOP)
  const refreshes = () => grants().filter(({ grant }) => grant === 'refresh_token').length
  const connection = async () => (await store().connections(SHOP))[0]
  const order = (id: number) => {
    const made = sample('order_create')
    return { ...made, id, created_at: new Date(world.clock.now()).toISOString(), processed_at: null }
  }
  const purchases = async () => (await conversions(world, 'checkout')).map(({ eventId }) => eventId)
  const arrives = (id: number) =>
    until(`order ${id} at the platform`, async () => (await purchases()).includes(`pur_${id}`))
  const admin = () => {
    const { send, clock } = world.engine.runtime
    const tokens = createTokens(world.engine.runtime, APP)
    return adminWith({ send, clock, tokens, stopping: new AbortController().signal })
  }
  const SHOP_NAME = 'query name { shop { name } }'

  it('begins when the app is opened in the admin: access is there, and the pixel’s record with our address', async () => {
    world.shopify.install(SHOP)
    const page = await world.open(SHOP)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain(
      `frame-ancestors https://${SHOP} https://admin.shopify.com`,
    )
    expect(page.headers.get('x-frame-options')).toBeNull()
    const html = await page.text()
    expect(html).toMatch(
      /^<!doctype html>\s*<html[^>]*>\s*<head><meta name="shopify-api-key" content="client-id-of-the-app"><script src="https:\/\/cdn\.shopify\.com\/shopifycloud\/app-bridge\.js"><\/script>/,
    )
    await until('the pixel’s record', () => world.shopify.accounts.installation(SHOP)?.pixel)
    expect(world.shopify.accounts.installation(SHOP)?.pixel?.settings).toBe(
      JSON.stringify({ beaconUrl: world.engine.addresses.beacon }),
    )
    expect(await store().shop(SHOP)).toMatchObject({
      facts: { country: 'US', currency: 'USD', timezone: 'America/Los_Angeles', url: 'https://northfern.example' },
    })
    expect(grants()).toHaveLength(1)
    const shown = await world.api(SHOP, `/shops/${SHOP}/installation`)
    expect(await shown.json()).toMatchObject({ state: 'installed', pixel: 'connected', troubles: [] })
  })

  it('a session token shows its own shop and no other', async () => {
    world.shopify.install(OTHER)
    await world.open(OTHER)
    expect(await (await world.api(SHOP, '/shops')).json()).toMatchObject({ shops: [{ shop: SHOP }] })
    expect(await (await world.api(OTHER, '/shops')).json()).toMatchObject({ shops: [{ shop: OTHER }] })
    for (const path of [`/shops/${OTHER}/overview`, `/live?shop=${OTHER}`, `/shops/${OTHER}/connections/1`, '/live'])
      expect((await world.api(SHOP, path)).status, path).toBe(404)
    expect(await (await world.api(SHOP, '/session')).json()).toMatchObject({ signedIn: true, embedded: true })
  })

  it('an order that Shopify tells of arrives at a platform that was connected in the admin', async () => {
    const body = { destination: 'pinterest', settings: ACCOUNT }
    expect((await world.api(SHOP, `/shops/${SHOP}/connections`, { method: 'POST', body })).status).toBe(201)
    expect((await world.shopify.tell(SHOP, 'orders/create', order(5001))).status).toBe(200)
    await arrives(5001)
  })

  it('a pixel record that somebody deleted is made again when the app is loaded', async () => {
    world.shopify.accounts.removePixel(SHOP)
    await world.open(SHOP)
    await until('the pixel’s record', () => world.shopify.accounts.installation(SHOP)?.pixel)
  })

  it('twenty callers in two processes who find the token at its end share one refresh', async () => {
    world.clock.turn(HOUR)
    const processes = [admin(), admin()]
    const before = refreshes()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, caller) => askAdmin(processes[caller % 2] ?? admin(), SHOP, SHOP_NAME)),
    )
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(refreshes() - before).toBe(1)
  })

  it('a refresh whose answer got lost is recovered with the refresh token that we have', async () => {
    world.clock.turn(HOUR)
    world.sandbox.faults.set('shopify', { mode: 'reset-after-processing' })
    const before = refreshes()
    const asked = admin()
    expect(await asked.tokens.of(SHOP)).toMatchObject({ ok: false, problem: 'unreachable' })
    const lost = refreshes() - before
    expect(lost).toBeGreaterThan(0)
    world.sandbox.faults.clear('shopify')
    expect(await askAdmin(asked, SHOP, SHOP_NAME)).toMatchObject({ ok: true })
    expect(refreshes() - before).toBeGreaterThan(lost)
  })

  it('other permissions are known when Shopify has told of them, and what is missing is said', async () => {
    const fewer = APP.scopes.filter((scope) => scope !== 'write_pixels')
    expect((await world.shopify.changeScopes(SHOP, fewer)).status).toBe(200)
    await until('the new permissions', async () => {
      const known = await installationOf(store(), SHOP)
      return known?.scopes.includes('write_pixels') === false
    })
    const shown = (await (await world.api(SHOP, `/shops/${SHOP}/installation`)).json()) as { troubles: string[] }
    expect(shown.troubles).toEqual([expect.stringContaining('write_pixels')])
    await world.shopify.changeScopes(SHOP, APP.scopes)
  })

  it('what the shop says of itself is kept, the newest word last', async () => {
    const at = (ms: number) => new Date(world.clock.now() + ms).toISOString()
    const told = { domain: 'shop.example', country_code: 'DE', iana_timezone: 'Europe/Berlin' }
    await world.shopify.tell(SHOP, 'shop/update', { ...told, currency: 'EUR', updated_at: at(0) })
    await world.shopify.tell(SHOP, 'shop/update', { ...told, currency: 'DKK', updated_at: at(-MINUTE) })
    await until('both to be carried out', async () => {
      const waiting = await store().entries(SHOP, 'notice', { limit: 9 })
      return waiting.length === 0 && (await store().shop(SHOP))?.facts.country === 'DE'
    })
    expect((await store().shop(SHOP))?.facts).toEqual({
      country: 'DE',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
      url: 'https://shop.example',
    })
  })

  it('uninstalled: access is forgotten, nothing is sent or taken from its pixel, and nobody can switch it on', async () => {
    const asked = grants().length
    expect((await world.shopify.uninstall(SHOP)).status).toBe(200)
    await until('the connection to stop', async () => (await connection())?.state === 'paused')
    expect((await connection())?.trouble).toBe(UNINSTALLED)
    expect((await store().entry(SHOP, 'token', 'app'))?.value).toEqual({})
    expect(await admin().tokens.of(SHOP)).toMatchObject({ ok: false, problem: 'not_installed' })

    // Shopify may still have told of an order before.
    expect((await world.shopify.tell(SHOP, 'orders/create', order(5002))).status).toBe(200)
    const id = (await connection())?.id
    const { dashboard, beacon } = world.engine.addresses
    const headers = { origin: dashboard, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
    const resumed = await fetch(`${dashboard}/api/shops/${SHOP}/connections/${id}/state`, {
      method: 'PUT',
      headers,
      body: JSON.stringify({ state: 'active' }),
    })
    expect(resumed.status).toBe(409)
    expect(await resumed.json()).toEqual({ error: UNINSTALLED })
    // Capture looks a shop up every two seconds.
    await until('beacons to be refused', async () => {
      const answer = await fetch(beacon, { method: 'POST', body: JSON.stringify({ v: 1, shop: SHOP, events: [] }) })
      return answer.status === 404
    })
    expect(await purchases()).not.toContain('pur_5002')
    expect(grants().length).toBe(asked)
  })

  it('installed again: sending goes on with what waited, and the old uninstallation told once more changes nothing', async () => {
    world.clock.turn(MINUTE)
    const uninstalledAt = (await installationOf(store(), SHOP))?.since ?? 0
    world.shopify.install(SHOP)
    await world.open(SHOP)
    await arrives(5002)
    await world.shopify.tell(SHOP, 'orders/create', order(5003))
    await arrives(5003)
    expect(await connection()).toMatchObject({ state: 'active' })
    expect((await connection())?.trouble).toBeUndefined()

    const late = { kind: 'uninstalled', at: uninstalledAt }
    await store().saveEntry(SHOP, 'notice', 'late', late, { at: world.clock.now() })
    await world.shopify.changeScopes(SHOP, APP.scopes)
    await until('the late notice to be looked at', async () => !(await store().entry(SHOP, 'notice', 'late')))
    expect(await connection()).toMatchObject({ state: 'active' })
    expect(await admin().tokens.of(SHOP)).toMatchObject({ ok: true })
  })

  it('48 hours after an uninstallation the app is told to erase', async () => {
    world.clock.turn(48 * HOUR)
    await until('shop/redact', () =>
      world.shopify.deliveries().some(({ topic, status }) => topic === 'shop/redact' && status === 200),
    )
    await until('the erasure', async () => (await store().entries(SHOP, 'data_request', { limit: 1 }))[0])
    // It came back a minute after it had left. What it is since then, nobody asked to erase.
    expect((await store().shop(SHOP))?.installedAt).toBeGreaterThan(0)
    expect(await connection()).toMatchObject({ state: 'active' })
    expect(await admin().tokens.of(SHOP)).toMatchObject({ ok: true })
    const orders = (await store().read(SHOP, 0, 99)).filter(({ name }) => name === 'order_placed')
    expect(orders.map(({ event }) => event?.id)).toEqual([...orders.slice(1).map(() => undefined), 'pur_5003'])
  })

  it('an uninstallation told after the store had the app again, which nobody had noticed, does not take it down', async () => {
    // Shopify's word of it is still under way.
    world.shopify.accounts.remove(SHOP)
    const uninstalledAt = world.clock.now()
    world.clock.turn(MINUTE)
    world.shopify.install(SHOP)
    const before = await installationOf(store(), SHOP)
    await until('this installation’s access', async () => {
      await world.open(SHOP)
      const known = await installationOf(store(), SHOP)
      return (known?.grantedAt ?? 0) > uninstalledAt
    })
    expect((await installationOf(store(), SHOP))?.since).toBe(before?.since)

    const late = { kind: 'uninstalled', at: uninstalledAt }
    await store().saveEntry(SHOP, 'notice', 'later', late, { at: world.clock.now() })
    await world.shopify.changeScopes(SHOP, APP.scopes)
    await until('the late notice to be looked at', async () => !(await store().entry(SHOP, 'notice', 'later')))
    // Which also says where what is to be erased of the one before ends.
    const known = await installationOf(store(), SHOP)
    expect(known).toMatchObject({ state: 'installed', since: known?.grantedAt, uninstalledAt })
    expect(await connection()).toMatchObject({ state: 'active' })
    expect(await askAdmin(admin(), SHOP, SHOP_NAME)).toMatchObject({ ok: true })
  })
})
