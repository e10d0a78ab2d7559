import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pinterest } from '../destinations/pinterest/pinterest.ts'
import { localWake } from '../runtimes/wake.ts'
import { type Delivery, startDelivery } from './deliver.ts'
import { judged, order, SHOP, type Small, seenByPixel, smallWorld } from './double.ts'
import { inspect } from './inspect.ts'

let world: Small
let delivery: Delivery
beforeEach(async () => {
  world = await smallWorld({ wake: localWake() })
  delivery = startDelivery(world.runtime)
})
afterEach(() => delivery.stop())

const told = async (seq: number) => {
  const story = await inspect(world.runtime, SHOP, seq)
  const [first] = story?.deliveries ?? []
  if (!story || !first) throw new Error('there is no story')
  return { story, first }
}
const send = async (...ids: readonly string[]) => {
  await world.append(...ids.map((id) => seenByPixel({ id, name: 'product_viewed' })))
  world.runtime.wake.arrived(SHOP)
  await world.clock.turn(2000)
}

describe('an event’s story', () => {
  it('shows of the answer to a batch this event’s own part', async () => {
    world.platform.answer = (events) => judged(events, (one) => (one.event_id === 'sh-2' ? 'too long ago' : undefined))
    await send('sh-1', 'sh-2', 'sh-3')
    expect((await told(2)).first).toMatchObject({ outcome: 'rejected', request: { exact: true } })
    const [attempt] = (await told(2)).first.attempts
    expect(attempt?.outOf).toBe(3)
    expect(JSON.parse(attempt?.answer ?? '')).toEqual({
      events: [{ status: 'failed', error_message: 'too long ago', warning_message: '' }],
    })
    expect((await told(3)).first.attempts[0]?.answer).toContain('processed')
  })

  it('shows the whole answer where the event travelled alone', async () => {
    await send('sh-1')
    const [attempt] = (await told(1)).first.attempts
    expect(attempt).not.toHaveProperty('outOf')
    expect(attempt?.answer).toContain('processed')
  })

  it('shows the whole answer where the request cannot be rendered as it was: nobody knows its order then', async () => {
    await send('sh-1', 'sh-2')
    await world.store.updateConnection(SHOP, world.connection.id, {
      settings: { adAccountId: '549755885175', conversionToken: 'pina_test_token', productView: 'view_content' },
    })
    const { first } = await told(2)
    expect(first.request?.exact).toBe(false)
    expect(first.attempts[0]).not.toHaveProperty('outOf')
  })

  it('says what it waits for', async () => {
    await world.append(seenByPixel())
    expect((await told(1)).first.explained).toContain('on its way out')
    await world.store.updateConnection(SHOP, world.connection.id, { state: 'paused' })
    expect((await told(1)).first.explained).toContain('the connection is paused')
  })

  it('is told without a request where the mapper crashes for the event', async () => {
    const crash = () => {
      throw new TypeError('no such field')
    }
    const broken = { ...pinterest, toItems: crash }
    const { runtime } = world
    await world.append(order())
    const story = await inspect({ ...runtime, destinations: new Map([['pinterest', broken]]) }, SHOP, 1)
    expect(story?.deliveries[0]).toMatchObject({ outcome: 'waiting', attempts: [] })
    expect(story?.deliveries[0]).not.toHaveProperty('request')
  })
})
