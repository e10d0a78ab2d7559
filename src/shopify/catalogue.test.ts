import { describe, expect, it, onTestFinished } from 'vitest'
import type { Event } from '../event/event.ts'
import { startNotices } from '../jobs/notices.ts'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { startDelivery } from '../pipeline/deliver.ts'
import { order, SHOP, smallWorld } from '../pipeline/double.ts'
import { startProjector } from '../pipeline/projector.ts'
import { localWake } from '../runtimes/wake.ts'
import { PRODUCTS } from '../sandbox/shopify/catalogue.ts'
import { startCatalogue } from './catalogue.ts'
import { fakeShopify } from './double.ts'

const [LANTERN] = PRODUCTS
if (!LANTERN) throw new Error('nothing is sold')
const line = { productId: LANTERN.id, variantId: LANTERN.variants[0].id, quantity: 2, price: '49.00', total: '98.00' }

const purchase = (id: string, at: number): Event =>
  order({
    id,
    occurredAt: new Date(at).toISOString(),
    commerce: { orderId: id.slice(4), currency: 'USD', value: '105.99', subtotal: '98.00', items: [line] },
  })

const started = async (value: 'total' | 'profit' = 'profit') => {
  const world = await smallWorld({ wake: localWake(), hold: 0 })
  await world.store.updateConnection(SHOP, world.connection.id, { settings: { ...world.settings, value } })
  const shopify = fakeShopify(world.clock)
  const catalogue = startCatalogue(world.runtime, shopify.admin)
  const projector = await startProjector(world.runtime)
  const delivery = startDelivery({ ...world.runtime, catalogue })
  onTestFinished(async () => {
    const ending = Promise.all([catalogue.stop(), delivery.stop(), projector.stop()])
    await world.clock.turn(10 * MINUTE)
    await ending
  })
  const arrive = async (event: Event) => {
    await world.append(event)
    world.runtime.wake.arrived(SHOP)
  }
  const values = () =>
    world.platform.requests.flatMap(({ request }) => {
      const { data } = JSON.parse(request.body ?? '') as {
        data: { custom_data: { value: string; contents: object[] } }[]
      }
      return data.map(({ custom_data }) => custom_data)
    })
  return { ...world, shopify, catalogue, arrive, values }
}

describe('what the catalogue says', () => {
  it('is asked for beside the path, and a purchase told as profit waits for its costs', async () => {
    const { arrive, clock, values, shopify } = await started()
    await arrive(purchase('pur_1001', clock.now()))
    await clock.turn(10 * SECOND)
    // 98.00 less two pieces at 40% of 49.00.
    expect(values()).toMatchObject([{ value: '58.80' }])
    await arrive(purchase('pur_1002', clock.now()))
    await clock.turn(10 * SECOND)
    expect(values()).toHaveLength(2)
    expect(shopify.asked).toHaveLength(1)
  })

  it('lets nothing wait where no profit is told', async () => {
    const { arrive, clock, values, shopify } = await started('total')
    shopify.instead = () => ({ status: 503, headers: {}, body: '' })
    await arrive(purchase('pur_1001', clock.now()))
    await clock.turn(3 * SECOND)
    expect(values()).toMatchObject([{ value: '105.99' }])
  })

  it('is waited for at most 30 seconds; then the subtotal goes', async () => {
    const { arrive, clock, values, shopify } = await started()
    // Shopify takes its time.
    shopify.instead = () => ({ status: 429, headers: { 'retry-after': '60' }, body: '' })
    const since = clock.now()
    await arrive(purchase('pur_1001', since))
    await clock.turn(28 * SECOND)
    expect(values()).toEqual([])
    await clock.turn(5 * SECOND)
    expect(values()).toMatchObject([{ value: '98.00' }])
  })

  it('lets nothing wait for a store that may not be asked', async () => {
    const { arrive, clock, values, shopify } = await started()
    shopify.api.setStatus(SHOP, 402)
    await arrive(purchase('pur_1001', clock.now()))
    await clock.turn(5 * SECOND)
    await arrive(purchase('pur_1002', clock.now()))
    await clock.turn(5 * SECOND)
    expect(values()).toHaveLength(2)
    expect(shopify.asked).toHaveLength(1)
  })

  it('is asked for again when the product changed, and type, category, vendor and tags come along', async () => {
    const { catalogue, clock, shopify, runtime, store } = await started()
    const known = async () => {
      await catalogue.of(SHOP, [line])
      await clock.turn(2 * SECOND)
      return (await catalogue.of(SHOP, [line])).get(line.variantId)
    }
    expect(await known()).toEqual({
      type: 'Light',
      category: 'Sporting Goods > Outdoor Recreation > Camping & Hiking > Light',
      vendor: 'North Fern',
      tags: ['outdoor', 'lantern'],
      cost: '19.60',
      currency: 'USD',
    })
    shopify.api.edit(SHOP, LANTERN.id, { type: 'Lanterns', cost: 2500 })
    await clock.turn(MINUTE)
    expect((await known())?.type).toBe('Light')
    const told = { kind: 'product_changed', at: clock.now(), product: LANTERN.id }
    await store.saveEntry(SHOP, 'notice', 'n1', told, { at: clock.now() })
    const notices = startNotices({ ...runtime, store })
    await clock.turn(2 * MINUTE)
    expect(await known()).toMatchObject({ type: 'Lanterns', cost: '25.00' })
    const ending = notices.stop()
    await clock.turn(MINUTE)
    await ending
  })

  it('is asked for 250 variants at a time', async () => {
    const { catalogue, clock, shopify } = await started()
    const lines = Array.from({ length: 600 }, (_, n) => ({ productId: '1', variantId: String(1 + n) }))
    await catalogue.of(SHOP, lines)
    await clock.turn(MINUTE)
    const sizes = shopify.asked.map(
      ({ body }) => (JSON.parse(body) as { variables: { ids: string[] } }).variables.ids.length,
    )
    expect(sizes).toEqual([250, 250, 100])
    // That the store has none of them is known then.
    expect((await catalogue.of(SHOP, lines)).size).toBe(600)
    await clock.turn(MINUTE)
    expect(shopify.asked).toHaveLength(3)
  })
})
