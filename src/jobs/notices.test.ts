import { expect, it, onTestFinished } from 'vitest'
import { type Shop, shopFrom } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import { SHOP, smallWorld } from '../pipeline/double.ts'
import { UNINSTALLED } from '../shopify/app-life.ts'
import { type Notice, noticeKey } from '../sources/notice.ts'
import { startNotices } from './notices.ts'

const OTHER = shopFrom('other.myshopify.com') as Shop

const begun = async () => {
  const { runtime, store, clock } = await smallWorld()
  /** What was written of effects, in order. */
  const effects: string[] = []
  const world = {
    ...runtime,
    /** A product whose change cannot be noted. */
    poison: undefined as string | undefined,
    store: {
      ...store,
      saveEntry: (async (shop, kind, key, ...change) => {
        if (kind === 'product' && key === world.poison) throw new Error('a product that cannot be kept')
        if (kind === 'product' || kind === 'installation') effects.push(`${kind} of ${shop}`)
        return store.saveEntry(shop, kind, key, ...change)
      }) satisfies typeof store.saveEntry,
    },
  }
  /** Kept as intake keeps it. */
  const told = (shop: Shop, webhookId: string, notice: Notice) =>
    store.saveEntry(shop, 'notice', noticeKey(notice, webhookId), notice, { at: clock.now() })
  const changed = (shop: Shop, product: string) =>
    told(shop, `of ${product}`, { kind: 'product_changed', at: clock.now(), product })
  const waiting = (shop: Shop) => store.entries(shop, 'notice', { limit: 1000 })
  const begin = () => {
    const notices = startNotices(world)
    onTestFinished(() => notices.stop())
    return notices
  }
  return { world, store, clock, effects, told, changed, waiting, begin }
}

it('a thousand products changed in bulk are noted at once, and an uninstallation is not behind them', async () => {
  const { store, clock, effects, told, changed, waiting, begin } = await begun()
  for (let product = 1; product <= 999; product++) await changed(SHOP, String(product))
  await told(SHOP, 'the last one', { kind: 'uninstalled', at: clock.now() })
  begin()
  await clock.turn(0)
  expect(await waiting(SHOP)).toEqual([])
  expect(effects[0]).toBe(`installation of ${SHOP}`)
  expect(effects).toHaveLength(1000)
  expect(await store.connections(SHOP)).toMatchObject([{ state: 'paused', trouble: UNINSTALLED }])
})

it('a shop with a thousand notices lets another shop’s have their turn', async () => {
  const { store, clock, effects, told, changed, waiting, begin } = await begun()
  await store.saveShop({ shop: OTHER, facts: {}, installedAt: 1 })
  for (let product = 1; product <= 1000; product++) await changed(SHOP, String(product))
  await told(OTHER, 'the only one', { kind: 'uninstalled', at: clock.now() })
  begin()
  await clock.turn(0)
  expect(await waiting(OTHER)).toEqual([])
  expect(effects.indexOf(`installation of ${OTHER}`)).toBeLessThanOrEqual(50)
})

it('a notice that fails each time holds up no other, and is carried out when it can be', async () => {
  const { world, clock, effects, changed, waiting, begin } = await begun()
  for (let product = 1; product <= 120; product++) await changed(SHOP, String(product))
  world.poison = '60'
  const notices = begin()
  await clock.turn(0)
  expect((await waiting(SHOP)).map(({ value }) => value)).toMatchObject([{ product: '60' }])
  expect(effects).toHaveLength(119)
  await changed(SHOP, '121')
  notices.look(SHOP)
  await clock.turn(0)
  expect(effects).toHaveLength(120)
  world.poison = undefined
  await clock.turn(15 * SECOND)
  expect(await waiting(SHOP)).toEqual([])
})
