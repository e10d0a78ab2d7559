import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../lib/duration.ts'
import { NOW } from './double.ts'
import { createPlatformBreaker, type PlatformBreaker } from './platform-breaker.ts'

const names = (count: number) => Array.from({ length: count }, (_, place) => `connection ${place}`)
/** Numbers that look random and are the same in every run. */
const numbers =
  (seed = 1) =>
  () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }

/** A platform whose connections were asked once each within a second, the first `failing` of them in vain. */
const platformWith = (count: number, failing: number): PlatformBreaker => {
  const platform = createPlatformBreaker()
  for (const [place, name] of names(count).entries()) {
    platform.ask(name, false, NOW, 0)
    platform.tell(name, place >= failing, false, NOW)
  }
  return platform
}

/** Whether it works again is asked once each probe, until three went well; when it closed. */
const healed = (platform: PlatformBreaker, from: number): number => {
  for (let now = from; ; now += SECOND)
    if (platform.ask('connection 0', true, now, 0) === 'probe' && platform.tell('connection 0', true, true, now))
      return now
}

describe('a platform is down for all of its connections', () => {
  it.each([
    ['when 12 of 20 fail', 20, 12, true],
    ['not when 11 of 20 fail', 20, 11, false],
    ['not when all of 19 fail: each has its own breaker', 19, 19, false],
    ['when 600 of 1,000 fail', 1000, 600, true],
  ])('%s', (_, count, failing, isOpen) => {
    expect(platformWith(count, failing).isOpen()).toBe(isOpen)
  })

  it('not for what failed more than two minutes ago', () => {
    const platform = platformWith(20, 11)
    platform.tell('connection 12', false, false, NOW + 3 * MINUTE)
    expect(platform.isOpen()).toBe(false)
  })
})

describe('while it is down', () => {
  it('one connection asks for all of them every 15 s, whichever comes first', () => {
    const platform = platformWith(100, 100)
    const random = numbers()
    const probes: number[] = []
    for (let now = NOW; now < NOW + 5 * MINUTE; now += 100)
      for (const name of names(100))
        if (platform.ask(name, true, now, random()) === 'probe') {
          probes.push(now - NOW)
          platform.tell(name, false, true, now)
        }
    expect(probes).toEqual(Array.from({ length: 19 }, (_, place) => (place + 1) * 15 * SECOND))
  })

  it('it is asked again at once after a probe that went well, and works again after three', () => {
    const platform = platformWith(20, 20)
    expect(healed(platform, NOW)).toBe(NOW + 17 * SECOND)
    expect(platform.isOpen()).toBe(false)
  })

  it('a late answer of a request from before does not mean that it works', () => {
    const platform = platformWith(20, 20)
    for (const name of names(3)) platform.tell(name, true, false, NOW + SECOND)
    expect(platform.isOpen()).toBe(true)
  })
})

/** Everybody asks when told, until they may go: how many went in each second. */
const goneBySecond = (platform: PlatformBreaker, count: number, from: number): readonly number[] => {
  const random = numbers()
  const due = new Map(names(count).map((name) => [name, from]))
  const gone = new Map<number, number>()
  for (let now = from; due.size > 0 && now < from + HOUR; now += 100)
    for (const [name, at] of due) {
      if (at > now) continue
      const told = platform.ask(name, true, now, random())
      if (typeof told === 'number') due.set(name, now + told)
      else {
        due.delete(name)
        platform.tell(name, true, false, now)
        const second = Math.floor((now - from) / SECOND)
        gone.set(second, (gone.get(second) ?? 0) + 1)
      }
    }
  expect(due.size).toBe(0)
  return [...Array((Math.max(...gone.keys()) || 0) + 1).keys()].map((second) => gone.get(second) ?? 0)
}

describe('a thousand connections that failed together', () => {
  it('come back within two minutes, at most one in a hundred in the same second', () => {
    const platform = platformWith(1000, 1000)
    for (const name of names(1000)) platform.rest(name, NOW + HOUR, 0)
    const gone = goneBySecond(platform, 1000, healed(platform, NOW + 6 * HOUR))
    expect(Math.max(...gone)).toBeLessThanOrEqual(10)
    expect(gone.length).toBeLessThanOrEqual(120)
  })

  it('try again one after the other too while the platform is not down for enough of them', () => {
    const platform = platformWith(1000, 500)
    const again = new Map<number, number>()
    const due = new Map(names(500).map((name) => [name, NOW + SECOND]))
    for (let now = NOW; now < NOW + MINUTE; now += 100)
      for (const [name, at] of due) {
        if (at > now) continue
        const told = platform.ask(name, true, now, 0)
        due.set(name, now + (typeof told === 'number' ? told : SECOND))
        if (told === 'go') again.set(Math.floor(now / SECOND), (again.get(Math.floor(now / SECOND)) ?? 0) + 1)
      }
    // A tenth of the thousand first attempts of that minute.
    expect([...again.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(101)
    expect(Math.max(...again.values())).toBeLessThanOrEqual(10)
  })
})

it('a few connections try again as their own lanes say', () => {
  const platform = platformWith(5, 5)
  for (const name of names(5)) expect(platform.ask(name, true, NOW, 0)).toBe('go')
})
