import { describe, expect, test } from 'vitest'
import { HOUR } from '../../lib/duration.ts'
import { retentionOf } from '../keeping-times.ts'
import { NOW, OTHER, SHOP } from '../testing.ts'
import type { Given } from './given.ts'

export const describeEntries = (given: Given): void => {
  describe('small documents of a shop', () => {
    const save = (key: string, value: unknown, change: { was?: number; until?: number } = {}) =>
      given.store.saveEntry(SHOP, 'product', key, value, { at: NOW, ...change })

    test('are what was saved last, with a version that counts the changes', async () => {
      expect(await given.store.entry(SHOP, 'product', '1')).toBeUndefined()
      expect(await save('1', { vendor: 'Lantern' })).toBe(true)
      expect(await save('1', { vendor: 'Kettle', tags: ['a'] })).toBe(true)
      expect(await given.store.entry(SHOP, 'product', '1')).toEqual({
        key: '1',
        value: { vendor: 'Kettle', tags: ['a'] },
        version: 2,
        at: NOW,
      })
      expect(await given.store.entry(SHOP, 'audit', '1')).toBeUndefined()
      expect(await given.store.entry(OTHER, 'product', '1')).toBeUndefined()
    })

    test('of several who saw the same version, one replaces it', async () => {
      const made = await Promise.all([1, 2, 3, 4].map((n) => save('1', n, { was: 0 })))
      expect(made.filter(Boolean)).toHaveLength(1)
      const changed = await Promise.all([5, 6, 7, 8].map((n) => save('1', n, { was: 1 })))
      expect(changed.filter(Boolean)).toHaveLength(1)
      expect(await save('1', undefined, { was: 1 })).toBe(false)
      expect(await save('1', undefined, { was: 2 })).toBe(true)
      expect(await save('1', undefined, { was: 2 })).toBe(false)
      expect(await save('1', undefined, { was: 0 })).toBe(true)
      expect(await given.store.entry(SHOP, 'product', '1')).toBeUndefined()
    })

    test('are listed by key, in pages, from either end', async () => {
      for (const key of ['b', 'a', 'D', 'c']) await save(key, key)
      await given.store.saveEntry(SHOP, 'audit', 'x', 'x', { at: NOW })
      const keys = async (query: { limit: number; after?: string; descending?: boolean }) =>
        (await given.store.entries(SHOP, 'product', query)).map(({ key }) => key)
      expect(await keys({ limit: 9 })).toEqual(['D', 'a', 'b', 'c'])
      expect(await keys({ limit: 2, after: 'D' })).toEqual(['a', 'b'])
      expect(await keys({ limit: 2, descending: true })).toEqual(['c', 'b'])
      expect(await keys({ limit: 9, descending: true, after: 'b' })).toEqual(['a', 'D'])
      expect(await given.store.entries(OTHER, 'product', { limit: 9 })).toEqual([])
    })

    test('go when their time is over, where they have one', async () => {
      await save('stays', 1)
      await save('later', 1, { until: NOW + 2 * HOUR })
      await save('goes', 1, { until: NOW + HOUR - 1 })
      await given.store.retain(retentionOf(undefined), NOW + HOUR, 100)
      const left = await given.store.entries(SHOP, 'product', { limit: 9 })
      expect(left.map(({ key }) => key)).toEqual(['later', 'stays'])
    })
  })
}
