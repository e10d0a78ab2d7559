import { describe, expect, it } from 'vitest'
import type { LineItem } from '../event/event.ts'
import { type IdentityRecord, StoreFault } from '../store/store.ts'
import { addedUnseen, startCarts } from './carts.ts'
import { NOW, order, SHOP, smallWorld } from './double.ts'
import { startProjector } from './projector.ts'

const at = new Date(NOW).toISOString()
const state = (...items: readonly LineItem[]) => ({
  ...order({ id: `cart_c1_${NOW}`, name: 'cart_updated', seenBy: ['shopify-webhook:carts/update'] }),
  commerce: { currency: 'USD', cartToken: 'c1', updatedAt: at, items },
})
const line = (variantId: string, quantity: number, price = '49.00'): LineItem => ({ variantId, quantity, price })
const cart = (lines: Record<string, number>): IdentityRecord => ({ lines, seenAt: NOW })
const saw = (...added: readonly string[]): IdentityRecord => ({ added, seenAt: NOW })

describe('what a cart gained without the pixel seeing it', () => {
  it('is one product_added for every variant that grew, with what it grew by', () => {
    const added = addedUnseen(state(line('1', 3), line('2', 1, '89.50')), cart({ '1': 1 }), undefined)
    expect(added).toMatchObject([
      {
        id: `atc_c1_1_${NOW}`,
        name: 'product_added',
        occurredAt: at,
        commerce: {
          currency: 'USD',
          value: '98.00',
          cartToken: 'c1',
          numItems: 2,
          items: [{ variantId: '1', quantity: 2, price: '49.00', total: '98.00' }],
        },
      },
      { id: `atc_c1_2_${NOW}`, commerce: { value: '89.50', numItems: 1 } },
    ])
  })

  it('is nothing where the cart shrank or stayed', () => {
    expect(addedUnseen(state(line('1', 2), line('2', 1)), cart({ '1': 2, '2': 4 }), undefined)).toEqual([])
  })

  it('leaves out the variant that the cart’s browser told of, up to a minute before', () => {
    const grown = state(line('1', 1), line('2', 1))
    const ids = (client: IdentityRecord) => addedUnseen(grown, undefined, client).map((one) => one.id)
    expect(ids(saw(`1 ${NOW + 900}`))).toEqual([`atc_c1_2_${NOW}`])
    expect(ids(saw(`1 ${NOW - 60_000}`))).toEqual([`atc_c1_2_${NOW}`])
    expect(ids(saw(`1 ${NOW - 60_001}`))).toHaveLength(2)
  })

  it('has an exact value however many pieces', () => {
    const [added] = addedUnseen(state(line('1', 4321, '0.35')), undefined, undefined)
    expect(added?.commerce).toMatchObject({ value: '1512.35', numItems: 4321, items: [{ price: '0.35' }] })
  })

  it('has no value where the price is unknown', () => {
    const [added] = addedUnseen(state({ variantId: '1', quantity: 1 }), undefined, undefined)
    expect(added?.commerce).toEqual({
      currency: 'USD',
      cartToken: 'c1',
      items: [{ variantId: '1', quantity: 1 }],
      numItems: 1,
    })
  })

  it('of a cart without a token or a time is nothing', () => {
    const { cartToken: _, ...untold } = state(line('1', 1)).commerce
    expect(addedUnseen({ ...state(), commerce: untold }, undefined, undefined)).toEqual([])
  })
})

describe('a cart whose comparison meets a failing store', () => {
  it('is compared again when the store is back, and others beside it', async () => {
    const world = await smallWorld({ hold: 1000 })
    const projector = await startProjector(world.runtime)
    const { identities } = world.store
    let asked = 0
    world.store.identities = () => {
      asked++
      return Promise.reject(new StoreFault('broken', 'disk'))
    }
    const carts = startCarts(world.runtime, projector)
    await world.clock.turn(0)
    const other = { ...state(line('2', 1)), id: `cart_c2_${NOW}` as ReturnType<typeof state>['id'] }
    carts.take([
      { shop: SHOP, event: state(line('1', 2)), at: NOW },
      { shop: SHOP, event: { ...other, commerce: { ...other.commerce, cartToken: 'c2' } }, at: NOW },
    ])
    await world.clock.turn(20_000)
    expect(asked).toBeGreaterThan(1)
    expect(asked).toBeLessThan(10)
    expect(await world.store.head(SHOP)).toBe(0)
    world.store.identities = identities
    await world.clock.turn(20_000)
    const added = (await world.store.read(SHOP, 0, 9)).map(({ event }) => event?.id)
    expect(added.toSorted()).toEqual([`atc_c1_1_${NOW}`, `atc_c2_2_${NOW}`])
    await Promise.all([carts.stop(), world.clock.turn(0)])
    await projector.stop()
  })
})
