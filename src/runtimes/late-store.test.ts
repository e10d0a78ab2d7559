import { describe, expect, it } from 'vitest'
import { SHOP } from '../pipeline/double.ts'
import { openMemory } from '../store/memory/memory.ts'
import { type Store, StoreFault } from '../store/store.ts'
import { lateStore } from './late-store.ts'

describe('a store that may be away', () => {
  it('tells all who ask at once, and lets one of them a second try whether it is back', async () => {
    const memory = openMemory()
    let now = 0
    let tries = 0
    let away = true
    const store: Store = {
      ...memory,
      shop: (shop) => {
        tries++
        return away ? Promise.reject(new StoreFault('away', 'gone')) : memory.shop(shop)
      },
    }
    const late = lateStore(
      async () => store,
      () => now,
    )
    const ask = () =>
      late.store.shop(SHOP).then(
        () => 'answered',
        (fault: StoreFault) => fault.kind,
      )
    expect(await ask()).toBe('away')
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['away', 'away', 'away'])
    expect(tries).toBe(1)
    now = 1000
    expect(await Promise.all([ask(), ask()])).toEqual(['away', 'away'])
    expect(tries).toBe(2)
    away = false
    now = 2000
    expect(await ask()).toBe('answered')
    expect(await Promise.all([ask(), ask()])).toEqual(['answered', 'answered'])
  })

  it('is opened by whoever needs it first, and again after it could not be', async () => {
    let opened = 0
    let now = 0
    const late = lateStore(
      async () => {
        if (++opened === 1) throw new StoreFault('away', 'not there yet')
        return openMemory()
      },
      () => now,
    )
    await expect(late.store.shop(SHOP)).rejects.toMatchObject({ kind: 'away' })
    now = 1000
    expect(await late.store.shop(SHOP)).toBeUndefined()
    await late.open()
    expect(opened).toBe(2)
    await late.close()
  })
})
