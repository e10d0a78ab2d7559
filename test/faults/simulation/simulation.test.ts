import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { violationsOf } from './invariants.ts'
import { plant } from './plant.ts'
import { PLANTED_BUGS } from './planted.ts'
import { simulate } from './simulate.ts'
import { fingerprint } from './trace.ts'

describe('a day of a whole installation, with everything that may go wrong', () => {
  it.each([1, 2, 3, 4, 5])(
    'breaks no invariant (seed %i)',
    async (seed) => {
      const world = await simulate(seed)
      expect(world.acknowledged.length).toBeGreaterThan(50)
      expect(await violationsOf(world)).toEqual([])
    },
    120_000,
  )

  it('goes the same way again', async () => {
    expect(fingerprint(await simulate(6))).toBe(fingerprint(await simulate(6)))
  }, 120_000)
})

test.each(PLANTED_BUGS)('the planted bug still has its place in the sources: $name', async (bug) => {
  const text = await readFile(join(import.meta.dirname, '../../..', bug.file), 'utf8')
  expect(plant(text, bug)).toBeTypeOf('string')
})
