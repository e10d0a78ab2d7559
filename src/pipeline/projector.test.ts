import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Event } from '../event/event.ts'
import type { Projection } from '../store/projection.ts'
import { NOW, order, SHOP, type Small, seenByPixel, smallWorld, stored } from './double.ts'
import { type Projector, startProjector } from './projector.ts'

let world: Small
let projector: Projector
beforeEach(async () => {
  world = await smallWorld()
  projector = await startProjector(world.runtime)
})
afterEach(() => projector.stop())

/** Appends an event and tells the projector, as capture does. */
const arrive = async (event: Event) => {
  await world.append(event)
  projector.take([{ shop: SHOP, event, at: world.clock.now(), seq: await world.store.head(SHOP) }])
}
const known = async (key: 'client:phone' | 'customer:77' | 'checkout:token-of-the-order') =>
  (await world.store.identities(SHOP, [key])).get(key)
const unprojected = async () => (await world.store.unprojected(100)).length
const shows = (ids: object = {}) =>
  seenByPixel({ id: 'sh-000002', ids, commerce: { checkoutToken: 'token-of-the-order' } })

/** Saves as the store does, until told to fail. */
const counted = () => {
  const { saveProjection } = world.store
  const saves: Projection[] = []
  const state = { saves, broken: false }
  world.store.saveProjection = (projection) => {
    if (state.broken) return Promise.reject(new Error('disk'))
    saves.push(projection)
    return saveProjection(projection)
  }
  return state
}

describe('what arrived', () => {
  it('is written soon after, together', async () => {
    const { saves } = counted()
    await arrive(shows({ epik: 'click' }))
    await arrive(order())
    await world.clock.turn(100)
    expect(saves).toHaveLength(1)
    expect(await known('client:phone')).toMatchObject({ ids: { epik: 'click' }, customerId: '77' })
    expect(await known('customer:77')).toMatchObject({ clients: ['phone'] })
  })

  it('that teaches nothing new is only counted, once a second', async () => {
    const { saves } = counted()
    await arrive(seenByPixel())
    await world.clock.turn(100)
    for (let n = 3; n < 8; n++) await arrive(seenByPixel({ id: `sh-00000${n}` }))
    await world.clock.turn(100)
    expect(saves).toHaveLength(1)
    await world.clock.turn(2000)
    expect(saves.map(({ changes, arrivals }) => [changes.length, arrivals[0]?.count])).toEqual([
      [1, 1],
      [0, 5],
    ])
  })

  it('wakes delivery when it is written', async () => {
    const order: string[] = []
    const { saveProjection } = world.store
    world.store.saveProjection = async (projection) => {
      await saveProjection(projection)
      order.push('written')
    }
    await projector.stop()
    projector = await startProjector({
      ...world.runtime,
      wake: { ...world.runtime.wake, arrived: () => order.push('woken') },
    })
    await arrive(seenByPixel())
    await world.clock.turn(100)
    expect(order).toEqual(['written', 'woken'])
  })

  it('is written by a stop', async () => {
    await arrive(seenByPixel())
    await projector.stop()
    expect(await known('client:phone')).toBeDefined()
    expect(await unprojected()).toBe(0)
  })
})

describe('a crash', () => {
  it('costs nothing: what the log has and nobody learned is learned at the next start', async () => {
    await world.append(shows({ epik: 'click' }), order())
    expect(await unprojected()).toBe(2)
    await projector.stop()
    projector = await startProjector(world.runtime)
    expect(await known('customer:77')).toMatchObject({ clients: ['phone'] })
    expect(await unprojected()).toBe(0)
    const counts = (await world.store.rollups(SHOP, 0)).map(({ name, count }) => [name, count])
    expect(counts).toEqual([
      ['page_viewed', 1],
      ['order_placed', 1],
    ])
  })
})

describe('a crash before a part was learned from', () => {
  const completed = seenByPixel({
    id: 'pur_1001',
    name: 'order_placed',
    part: true,
    ids: { epik: 'click' },
    commerce: { orderId: '1001', checkoutToken: 'token-of-the-order' },
  })
  const keep = (part: Event, receivedAt: number) =>
    world.store.append({ shop: SHOP, events: [], parts: [stored(part, receivedAt)], orders: [] })
  const restart = async () => {
    await projector.stop()
    projector = await startProjector(world.runtime)
  }

  it('costs nothing while there is no event yet', async () => {
    await keep(completed, NOW)
    await restart()
    expect(await known('checkout:token-of-the-order')).toMatchObject({ clientId: 'phone', ids: { epik: 'click' } })
  })

  it('costs nothing when events around it were learned from, and takes back nothing of them', async () => {
    await arrive(seenByPixel({ ids: { epik: 'newer click' } }))
    await world.clock.turn(2000)
    expect(await unprojected()).toBe(0)
    await keep(completed, NOW - 5000)
    await restart()
    expect(await known('checkout:token-of-the-order')).toMatchObject({ clientId: 'phone' })
    expect(await known('client:phone')).toMatchObject({ ids: { epik: 'newer click' } })
  })

  it('costs nothing when events after it wait too', async () => {
    await keep(completed, NOW)
    await world.clock.turn(300_000)
    await world.append(order())
    await world.clock.turn(300_000)
    await world.append(seenByPixel())
    await restart()
    expect(await known('customer:77')).toMatchObject({ clients: ['phone'] })
  })

  it('is over for parts of long before the last event', async () => {
    await keep(completed, NOW)
    await world.clock.turn(300_000)
    await arrive(seenByPixel())
    await world.clock.turn(2000)
    await restart()
    expect(await known('checkout:token-of-the-order')).toBeUndefined()
  })
})

describe('erasing a person', () => {
  it('also takes what is in memory, written or not: a later sighting begins anew', async () => {
    await arrive(shows({ epik: 'click' }))
    await world.clock.turn(100)
    await arrive(order())
    expect(await projector.forget(SHOP, ['77'])).toBeGreaterThan(0)
    expect(await known('client:phone')).toBeUndefined()
    expect(await known('customer:77')).toBeUndefined()
    await arrive(seenByPixel({ id: 'sh-000009', ids: { ttclid: 'new' } }))
    await world.clock.turn(3000)
    const client = await known('client:phone')
    expect(client).toMatchObject({ ids: { ttclid: 'new' } })
    expect(client?.ids).not.toHaveProperty('epik')
    expect(client).not.toHaveProperty('customerId')
  })

  it('erases nobody while what was learned cannot be written', async () => {
    const state = counted()
    state.broken = true
    await arrive(shows({ epik: 'click' }))
    await expect(projector.forget(SHOP, ['phone'])).rejects.toThrow('disk')
    expect((await world.store.read(SHOP, 0, 1))[0]?.event).toBeDefined()
    state.broken = false
    expect(await projector.forget(SHOP, ['phone'])).toBeGreaterThan(0)
    expect((await world.store.read(SHOP, 0, 1))[0]?.gone).toBe('redacted')
  })

  it('lets what is known of other shoppers stand', async () => {
    await arrive(seenByPixel({ identity: { clientId: 'tablet' }, ids: { epik: 'of-the-tablet' } }))
    await arrive(shows())
    await projector.forget(SHOP, ['phone'])
    const tablet = (await world.store.identities(SHOP, ['client:tablet'])).get('client:tablet')
    expect(tablet?.ids?.epik).toBe('of-the-tablet')
  })
})

describe('a store that fails for a while', () => {
  it('loses nothing of what was learned meanwhile and counts nothing twice', async () => {
    const state = counted()
    state.broken = true
    await arrive(shows({ epik: 'click' }))
    await world.clock.turn(3000)
    await arrive(order())
    await world.clock.turn(3000)
    expect(await known('client:phone')).toBeUndefined()
    expect(await unprojected()).toBe(2)
    state.broken = false
    await world.clock.turn(3000)
    expect(await known('client:phone')).toMatchObject({ ids: { epik: 'click' }, customerId: '77' })
    expect(await known('checkout:token-of-the-order')).toMatchObject({ clientId: 'phone', customerId: '77' })
    expect(await unprojected()).toBe(0)
    expect((await world.store.rollups(SHOP, 0)).map(({ count }) => count)).toEqual([1, 1])
  })

  it('when records are read: what arrived is kept and learned from later', async () => {
    const { identities } = world.store
    world.store.identities = () => Promise.reject(new Error('disk'))
    await arrive(shows({ epik: 'click' }))
    await world.clock.turn(3000)
    world.store.identities = identities
    await world.clock.turn(3000)
    expect(await known('client:phone')).toMatchObject({ ids: { epik: 'click' } })
  })

  it('a record that was changed on purpose meanwhile is not overwritten by what had waited', async () => {
    const state = counted()
    state.broken = true
    await arrive(seenByPixel({ commerce: { cartToken: 'c1' } }))
    await world.clock.turn(100)
    state.broken = false
    await projector.update(SHOP, 'cart:c1', (cart) => ({ ...cart, lines: { '1': 2 }, seenAt: NOW }))
    await world.clock.turn(3000)
    const cart = (await world.store.identities(SHOP, ['cart:c1'])).get('cart:c1')
    expect(cart).toMatchObject({ clientId: 'phone', lines: { '1': 2 } })
  })

  it('a choice of consent is not taken for kept when it could not be written', async () => {
    const state = counted()
    state.broken = true
    const refused = { marketing: false, at: new Date(NOW).toISOString() }
    const refuse = () =>
      projector.update(SHOP, 'client:phone', (known) => ({ ...known, consent: refused, seenAt: NOW }))
    await expect(refuse()).rejects.toThrow('disk')
    state.broken = false
    await refuse()
    expect(await known('client:phone')).toMatchObject({ consent: refused })
  })

  it('does not keep a stop from ending; the next start learns it', async () => {
    const state = counted()
    state.broken = true
    await arrive(shows())
    await projector.stop()
    state.broken = false
    projector = await startProjector(world.runtime)
    expect(await known('client:phone')).toBeDefined()
  })
})

it('tells capture when too much is waiting', () => {
  const event = seenByPixel()
  projector.take(Array.from({ length: 50_001 }, () => ({ shop: SHOP, event, at: NOW })))
  expect(projector.behind).toBe(true)
})

it('learns from a flood piece by piece, so that no record is forgotten before its event is looked at', async () => {
  await arrive(seenByPixel({ ids: { epik: 'click-of-the-phone' } }))
  await world.clock.turn(100)
  const { saveProjection } = world.store
  world.store.saveProjection = ({ changes, ...rest }) =>
    saveProjection({ ...rest, changes: changes.filter(({ key }) => key === 'client:phone') })
  const visitors = ['phone', ...Array.from({ length: 50_000 }, (_, n) => `client-${n}`)]
  projector.take(
    visitors.map((clientId) => {
      const event = seenByPixel({ identity: { clientId }, ids: { ttclid: 'click-of-the-flood' } })
      return { shop: SHOP, at: NOW, event }
    }),
  )
  await world.clock.turn(5000)
  expect((await known('client:phone'))?.ids).toMatchObject({ epik: 'click-of-the-phone', ttclid: 'click-of-the-flood' })
})
