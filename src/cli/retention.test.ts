import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'converlay-retention-'))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

const retention = (...argv: readonly string[]): Promise<{ status: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const run = [MAIN, 'retention', '--data', join(home, 'data'), ...argv]
    execFile(process.execPath, run, { env: { PATH: process.env.PATH } }, (fault, out, err) =>
      resolve({ status: typeof fault?.code === 'number' ? fault.code : 0, out, err }),
    )
  })

it('looking at keeping times leaves nothing behind; setting, refusing and resetting them does what it says', async () => {
  const looked = await retention()
  expect(looked.out).toContain('attempts          30 days\n  Attempts. ')
  expect(existsSync(join(home, 'data'))).toBe(false)

  const set = await retention('--set', 'attempts=14', 'addresses=3', '--json')
  expect(JSON.parse(set.out)).toMatchObject({ attempts: 14, addresses: 3, messages: 7 })
  const refused = await Promise.all([
    retention('--set', 'addresses=40'),
    retention('--set', 'everything=1'),
    retention('--set', 'attempts'),
  ])
  expect(refused.map(({ status, out }) => [status, out])).toEqual(Array(3).fill([2, '']))
  expect(refused.map(({ err }) => err)).toEqual([
    'addresses must be a whole number of days from 1 to 30.\n',
    expect.stringContaining('There is no keeping time "everything". There are: messages, '),
    '"attempts" cannot be read. Write NAME=DAYS, for example attempts=14.\n',
  ])
  expect((await retention()).out).toContain('attempts          14 days (default: 30)')

  const reset = await retention('--reset', '--set', 'messages=3', '--json')
  expect(JSON.parse(reset.out)).toMatchObject({ attempts: 30, addresses: 7, messages: 3 })
}, 60_000)
