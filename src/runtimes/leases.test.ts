import { beforeEach, describe, expect, it } from 'vitest'
import type { Shop } from '../event/event.ts'
import { LONGEST_REQUEST } from '../lib/http.ts'
import { silentLog } from '../lib/log.ts'
import { type HandClock, handClock } from '../pipeline/double.ts'
import { mayAsk } from '../pipeline/ownership.ts'
import { LEASE, type Leases } from '../store/postgres/leases.ts'
import type { Workers } from '../store/postgres/workers.ts'
import { type Held, startLeases } from './leases.ts'

/** The desk at which processes ask, on the tests' clock; `away` takes it out of reach. */
const deskOf = (clock: HandClock, shops: readonly Shop[]) => {
  const rows = new Map(shops.map((shop) => [shop, { owner: '', epoch: 0, until: 0, cleanly: true }]))
  const workers = new Map<string, number>()
  const state = { away: false }
  const reach = () => {
    if (state.away) throw new Error('PostgreSQL cannot be reached')
  }
  const leaseOf = (shop: Shop, { epoch, until }: { epoch: number; until: number }) => ({
    shop,
    epoch,
    until,
    left: until - clock.now(),
  })
  const desk: Leases & Workers = {
    async claim(owner, limit) {
      reach()
      const free = [...rows].filter(([, row]) => row.owner === '' || row.until <= clock.now()).slice(0, limit)
      return free.map(([shop, row]) => {
        Object.assign(row, { owner, epoch: row.epoch + 1, until: clock.now() + LEASE })
        return leaseOf(shop, row)
      })
    },
    async renew(owner) {
      reach()
      const own = [...rows].filter(([, row]) => row.owner === owner)
      for (const [, row] of own) row.until = clock.now() + LEASE
      return own.map(([shop, row]) => leaseOf(shop, row))
    },
    async release(owner, some) {
      reach()
      for (const [shop, row] of rows) if (row.owner === owner && (some?.includes(shop) ?? true)) row.owner = ''
    },
    heldBy: async (owner) =>
      [...rows].filter(([, row]) => row.owner === owner).map(([shop, row]) => leaseOf(shop, row)),
    async here(name) {
      reach()
      workers.set(name, clock.now() + LEASE)
      return { workers: [...workers.values()].filter((until) => until > clock.now()).length, shops: rows.size }
    },
    async gone(name) {
      workers.delete(name)
    },
  }
  return { desk, state, ownerOf: (shop: Shop) => rows.get(shop)?.owner }
}

const SHOPS = Array.from({ length: 7 }, (_, n) => `shop-${n}.myshopify.com` as Shop)

describe('leases of shops', () => {
  let clock: HandClock
  let world: ReturnType<typeof deskOf>
  const start = (name: string): Held =>
    startLeases(world.desk, name, { clock, log: silentLog, monotonic: () => clock.now() })
  beforeEach(() => {
    clock = handClock()
    world = deskOf(clock, SHOPS)
  })

  it('one process has all shops, and keeps them', async () => {
    const one = start('one')
    await clock.turn(10 * LEASE)
    expect(one.shops()).toHaveLength(7)
    for (const shop of SHOPS) expect(one.of(shop)?.fence).toBe(1)
    await one.stop()
    expect(world.ownerOf(SHOPS[0] as Shop)).toBe('')
  })

  it('shared out over those who are there: what is too much is given back when nothing of it is under way', async () => {
    const one = start('one')
    await clock.turn(1)
    const work = Promise.withResolvers<void>()
    const left: Shop[] = []
    one.join({
      gained() {},
      leave: async (shop) => {
        left.push(shop)
        await work.promise
      },
    })
    const two = start('two')
    await clock.turn(20_000)
    expect(left).toHaveLength(3)
    for (const shop of left) expect(one.of(shop)).toBeUndefined()
    expect(two.shops()).toEqual([])
    work.resolve()
    await clock.turn(20_000)
    expect([one.shops().length, two.shops().length]).toEqual([4, 3])
    const three = start('three')
    await clock.turn(30_000)
    expect([one, two, three].map((held) => held.shops().length).every((count) => count >= 1 && count <= 3)).toBe(true)
    await Promise.all([one.stop(), two.stop(), three.stop()])
  })

  it('given back at a stop, they are another’s at once; after a kill, when the lease is over', async () => {
    const one = start('one')
    await clock.turn(1)
    await one.stop()
    const two = start('two')
    await clock.turn(1)
    expect(two.shops()).toHaveLength(7)
    expect(two.of(SHOPS[0] as Shop)?.fence).toBe(2)
    world.state.away = true
    await clock.turn(LEASE - 1)
    world.state.away = false
    await two.stop()
  })

  it('an owner that cannot renew starts no request in the last 30 seconds, and has no shop when the lease is over', async () => {
    const one = start('one')
    await clock.turn(1)
    const shop = SHOPS[0] as Shop
    const hold = one.of(shop)
    world.state.away = true
    await clock.turn(LEASE - LONGEST_REQUEST - 1)
    expect(hold && mayAsk(hold)).toBe(true)
    await clock.turn(2)
    expect(hold && mayAsk(hold)).toBe(false)
    await clock.turn(LONGEST_REQUEST)
    expect(one.of(shop)).toBeUndefined()
    // Nobody took it meanwhile: it is still its own, and has to be looked at, for nobody did.
    const gained: Shop[] = []
    one.join({ gained: (again) => gained.push(again), leave: async () => {} })
    gained.length = 0
    world.state.away = false
    await clock.turn(10_000)
    expect(one.of(shop)?.fence).toBe(1)
    expect(gained).toContain(shop)
    await one.stop()
  })

  it('what another process took while this one was away is not its own any more', async () => {
    const one = start('one')
    await clock.turn(1)
    world.state.away = true
    await clock.turn(2 * LEASE)
    world.state.away = false
    await world.desk.claim('two', 7)
    await clock.turn(10_000)
    for (const shop of SHOPS) expect(one.of(shop)).toBeUndefined()
    await one.stop()
    expect(world.ownerOf(SHOPS[0] as Shop)).toBe('two')
  })
})
