import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StoreFault } from '../store/store.ts'
import { endOnFailure } from './end-on-failure.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const broken = Promise.resolve(new StoreFault('broken', 'The data folder cannot be read or written. Check the disk.'))

test.each([
  ['stops', () => Promise.resolve()],
  ['cannot stop', () => Promise.reject(new Error('EIO'))],
])('a process whose store is broken says so and ends with status 1 once it %s', async (_, stop) => {
  const exit = vi.fn()
  await endOnFailure(broken, stop, exit)
  expect(exit).toHaveBeenCalledExactlyOnceWith(1)
  expect(process.stderr.write).toHaveBeenCalledExactlyOnceWith(
    'The store is failing: The data folder cannot be read or written. Check the disk. Converlay stops so that it can be started again; nothing that was acknowledged is lost.\n',
  )
})

test('a stop that hangs is not waited for longer than 2 s', async () => {
  const exit = vi.fn()
  const ended = endOnFailure(broken, () => new Promise(() => {}), exit)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(exit).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1_000)
  await ended
  expect(exit).toHaveBeenCalledExactlyOnceWith(1)
})

test('a store that works ends nothing', async () => {
  const exit = vi.fn()
  void endOnFailure(new Promise(() => {}), () => Promise.resolve(), exit)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(exit).not.toHaveBeenCalled()
})
