import { describe, expect, it } from 'vitest'
import type { Shop } from '../../event/event.ts'
import { openWake, SHOP, stillClock } from './double.ts'
import { liveTicks } from './live.ts'

const follow = () => {
  const clock = stillClock()
  const wake = openWake()
  const end = new AbortController()
  const said: string[] = []
  const ended = liveTicks({ wake, clock }, SHOP, end.signal, {
    tick: async () => said.push('tick'),
    beat: async () => said.push('beat'),
  })
  /** Lets everything run that does not wait for the clock. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return { clock, wake, end, said, ended, settle }
}

describe('the live view', () => {
  it('ticks at once, then at most twice a second however much happens', async () => {
    const { clock, wake, end, said, ended, settle } = follow()
    for (let burst = 0; burst < 100; burst++) wake.arrived(SHOP)
    await settle()
    expect(said).toEqual(['tick'])
    for (let burst = 0; burst < 100; burst++) wake.settled(SHOP)
    await settle()
    expect(said).toEqual(['tick'])
    clock.pass(500)
    await settle()
    expect(said).toEqual(['tick', 'tick'])
    end.abort()
    await ended
  })

  it('stays silent about other shops, with a heartbeat', async () => {
    const { clock, wake, end, said, ended, settle } = follow()
    wake.arrived('other.myshopify.com' as Shop)
    await settle()
    expect(said).toEqual([])
    clock.pass(15_000)
    await settle()
    expect(said).toEqual(['beat'])
    end.abort()
    await ended
  })

  it('leaves no listener behind', async () => {
    const { wake, end, ended } = follow()
    expect(wake.listeners()).toBe(2)
    end.abort()
    await ended
    expect(wake.listeners()).toBe(0)
  })
})
