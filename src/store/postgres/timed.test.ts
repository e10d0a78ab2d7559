import { expect, test } from 'vitest'
import { StoreFault } from '../fault.ts'
import { timed } from './timed.ts'

test('calls are counted by name, those that fail too, and everything else is as it was', async () => {
  const told: string[] = []
  const failed = Promise.resolve(1)
  const store = timed(
    {
      append: async (count: number) => count + 1,
      settle: () => Promise.reject(new StoreFault('away', 'The database cannot be reached.')),
      failed,
    },
    (operation, ms) => told.push(`${operation} ${ms >= 0}`),
  )
  expect(await store.append(1)).toBe(2)
  await expect(store.settle()).rejects.toThrow(StoreFault)
  expect(store.failed).toBe(failed)
  // As a runtime does that replaces a part of it.
  expect(await { ...store }.append(2)).toBe(3)
  expect(told).toEqual(['append true', 'settle true', 'append true'])
})
