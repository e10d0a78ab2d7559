import { expect, test } from 'vitest'
import { lru } from './lru.ts'

test('it never holds more than its limit, and keeps what is used', () => {
  const map = lru<number, string>(100)
  map.set(0, 'used')
  for (let key = 1; key <= 1000; key++) {
    map.set(key, `value ${key}`)
    expect(map.get(0)).toBe('used')
  }
  const held = Array.from({ length: 1001 }, (_, key) => key).filter((key) => map.get(key) !== undefined)
  expect(held.length).toBeLessThanOrEqual(100)
  expect(map.get(1000)).toBe('value 1000')
  expect(map.get(1)).toBeUndefined()
})

test('what was cleared is gone', () => {
  const map = lru<string, number>(10)
  map.set('a', 1)
  map.clear()
  expect(map.get('a')).toBeUndefined()
})
