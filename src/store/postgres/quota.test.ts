import { afterAll, expect, test } from 'vitest'
import { newKey } from '../../lib/seal.ts'
import { openPostgres } from './postgres.ts'
import { quotasIn } from './quota.ts'
import { startPostgres } from './server.fixture.ts'

const server = await startPostgres()
const url = await server.newDatabase()
const masterKey = newKey()
const stores = [await openPostgres({ url, masterKey }), await openPostgres({ url, masterKey })]
const [one, two] = stores.map(({ database }) => quotasIn(database))
if (!one || !two) throw new Error('Two processes are needed.')
afterAll(async () => {
  for (const store of stores) await store.close()
  await server.stop()
})

/** One turn in 1,000 s, so that the machine's own pace does not show. */
const RARELY = 1 / 1000
const APART = 1_000_000

test('turns of all processes follow each other evenly, and none is given twice', async () => {
  const reserved = await Promise.all(
    Array.from({ length: 10 }, (_, n) => (n % 2 ? one : two).reserve('google app', RARELY, 1, 99 * APART)),
  )
  const waits = reserved.map(({ wait }) => wait).sort((a, b) => a - b)
  expect(waits.map((wait) => Math.round(wait / APART))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(reserved.every(({ turns }) => turns === 1)).toBe(true)
})

test('several turns are one reservation', async () => {
  expect(await one.reserve('several', RARELY, 3, APART)).toEqual({ turns: 3, wait: 0 })
  const next = await two.reserve('several', RARELY, 2, 9 * APART)
  expect([next.turns, Math.round(next.wait / APART)]).toEqual([2, 3])
})

test('who would have to wait too long reserves nothing and is told how long', async () => {
  await one.reserve('full', RARELY, 2, 0)
  for (const quotas of [one, two, one]) {
    const refused = await quotas.reserve('full', RARELY, 1, 2000)
    expect([refused.turns, Math.round(refused.wait / APART)]).toEqual([0, 2])
  }
})

test('a quota that nobody used for long gives no more than its rate at once', async () => {
  expect(await one.reserve('fast', 5, 5, 0)).toEqual({ turns: 5, wait: 0 })
  expect(await one.reserve('other', RARELY, 1, 0)).toEqual({ turns: 1, wait: 0 })
})
