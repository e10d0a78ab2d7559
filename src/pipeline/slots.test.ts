import { expect, it } from 'vitest'
import { klaviyo } from '../destinations/klaviyo/klaviyo.ts'
import { meta } from '../destinations/meta/meta.ts'
import { pinterest } from '../destinations/pinterest/pinterest.ts'
import { SECOND } from '../lib/duration.ts'
import { handClock } from './double.ts'
import { createSlots } from './slots.ts'

type Taken = (() => void) | undefined

const world = () => {
  const clock = handClock()
  const slots = createSlots(clock)
  return { clock, slots, all: (count: number, of: typeof meta) => Array.from({ length: count }, () => slots.take(of)) }
}

it('a platform has 32 requests under way where each carries many events, 256 where it carries one', async () => {
  for (const [destination, most] of [[pinterest, 32] as const, [klaviyo, 256] as const]) {
    const { clock, all } = world()
    const taken = Promise.all(all(most + 1, destination))
    await clock.turn(2 * SECOND)
    expect((await taken).filter((leave) => leave === undefined)).toHaveLength(1)
  }
})

it('a platform that hangs with all of its room leaves room to the others', async () => {
  const { slots, all } = world()
  await Promise.all(all(256, klaviyo))
  await Promise.all(all(32, pinterest))
  expect(await slots.take(meta)).toBeDefined()
})

it('who waits is let in when somebody leaves, in the order of asking', async () => {
  const { all } = world()
  const inside = await Promise.all(all(32, pinterest))
  const order: number[] = []
  const waiting = all(3, pinterest).map(async (taken: Promise<Taken>, place) => {
    const leave = await taken
    order.push(place)
    leave?.()
  })
  inside[0]?.()
  await Promise.all(waiting)
  expect(order).toEqual([0, 1, 2])
})

it('who leaves lets in who can go, though somebody else has waited longer for a platform that is full', async () => {
  const { clock, all, slots } = world()
  const held = await Promise.all(all(256, klaviyo))
  const others = await Promise.all([...all(32, pinterest), ...all(32, meta)])
  let isIn = false
  const full = slots.take(pinterest)
  const free = slots.take(meta).then((leave) => {
    isIn = leave !== undefined
  })
  others[40]?.()
  await free
  expect(isIn).toBe(true)
  held[0]?.()
  await clock.turn(2 * SECOND)
  expect(await full).toBeUndefined()
})
