import { expect, it } from 'vitest'
import { DAY, HOUR } from '../lib/duration.ts'
import type { Fields } from '../lib/log.ts'
import { SHOP, seenByPixel, smallWorld } from '../pipeline/double.ts'
import { watchExpiry } from './watch-expiry.ts'

it('a connection whose events will be too old in 72 hours is logged, once a day, until they went out', async () => {
  const world = await smallWorld()
  await world.append(seenByPixel())
  const warned: Fields[] = []
  const log = { ...world.runtime.log, warn: (_: string, fields: Fields = {}) => void warned.push(fields) }
  const watch = watchExpiry({ ...world.runtime, log })
  const limit = world.outlet.destination.limits.maxAge
  await world.clock.turn(limit - 3 * DAY - HOUR)
  expect(warned).toEqual([])
  await world.clock.turn(2 * HOUR)
  expect(warned).toEqual([
    {
      shop: SHOP,
      destination: 'pinterest',
      connection: 1,
      since: new Date(Date.parse('2026-11-22T10:00:00Z') + limit).toISOString(),
    },
  ])
  await world.clock.turn(DAY)
  expect(warned).toHaveLength(2)
  await watch.stop()
})
