import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { type EventId, type Shop, shopFrom } from '../../src/event/event.ts'
import { buildDashboard } from '../../src/http/build-dashboard.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { SECRET } from '../harness.ts'
import { readTrace, TRACED_BYTES, TRACED_CALLS } from './flush-order.ts'
import { isTaken, keepPosting } from './load.ts'
import { integrityFaults } from './storage-check.ts'
import { FLUSHES, straceArgs, whyNoTracing } from './strace.ts'
import { atLeast, atMost, none, type Suite } from './suite.ts'

const RUNS = { short: 4, full: 20, nightly: 100 }
/** From a failed call to the end of the process. */
const SECONDS_TO_END = 2

const SHOP = shopFrom('demo.myshopify.com') as Shop

/** The ways in which a disk fails, in strace's words: for good or once, when flushing or when writing. */
const ERRORS = [
  { calls: FLUSHES, from: 15, to: 60, for: '+' },
  { calls: ['pwrite64'], from: 400, to: 1500, for: '+' },
  { calls: FLUSHES, from: 15, to: 60, for: '' },
  { calls: ['pwrite64'], from: 400, to: 1500, for: '' },
] as const

interface Run {
  readonly acknowledged: number
  readonly early: readonly string[]
  readonly lost: readonly EventId[]
  readonly status: number | null
  readonly seconds: number
  /** What was wrong with the store at the next start. */
  readonly faults: readonly string[]
}

/** EIO: nothing is acknowledged after it, the command ends, and the next start finds everything. */
export const diskErrors: Suite = {
  name: 'disk-errors',
  run: async ({ goal, notRun }, size) => {
    const why = whyNoTracing()
    if (why) return notRun('EIO when flushing and writing', why)
    // Not under the eyes of strace, where it takes long.
    await buildDashboard()
    const runs: Run[] = []
    for (let n = 0; n < RUNS[size]; n++) runs.push(await failOnce(ERRORS[n % ERRORS.length] ?? ERRORS[0]))
    const all = <T>(of: (run: Run) => readonly T[]): readonly T[] => runs.flatMap(of)
    const acknowledged = runs.reduce((sum, run) => sum + run.acknowledged, 0)
    goal(atLeast('acknowledged before an EIO', acknowledged, RUNS[size], 'events'))
    goal(
      none(
        'answered without a flush',
        all(({ early }) => early),
        'answers',
      ),
    )
    goal(atLeast('ended with status 1', runs.filter(({ status }) => status === 1).length, RUNS[size], 'runs'))
    goal(atMost('the slowest end', Math.max(...runs.map(({ seconds }) => seconds)), SECONDS_TO_END, 's'))
    goal(
      none(
        'acknowledged and lost',
        all(({ lost }) => lost),
        'events',
      ),
    )
    const clean = runs.filter(({ faults }) => faults.length === 0).length
    goal(atLeast('clean starts afterwards', clean, RUNS[size], 'runs'))
  },
}

/** The real command under load, on a disk that fails at some moment. */
const failOnce = async (error: (typeof ERRORS)[number]): Promise<Run> => {
  const root = mkdtempSync(join(tmpdir(), 'converlay-eio-'))
  const dataDir = join(root, 'data')
  const output = join(root, 'trace')
  const masterKey = randomBytes(32)
  try {
    const empty = await openSqlite({ path: dataDir, masterKey })
    await empty.saveShop({ shop: SHOP, facts: { country: 'US', currency: 'USD' }, installedAt: 1 })
    await empty.close()

    const at = error.from + Math.floor(Math.random() * (error.to - error.from))
    const inject = { calls: error.calls, what: `error=EIO:when=${at}${error.for}` }
    const before = straceArgs({ calls: TRACED_CALLS, bytes: TRACED_BYTES, fast: true, inject, output })
    const { child, webhooks } = await startCommand(['strace', ...before], dataDir, masterKey)
    const ended = new Promise<{ readonly status: number | null; readonly at: number }>((resolve) =>
      child.once('exit', (status) => resolve({ status, at: Date.now() })),
    )
    const pool = new Pool(new URL(webhooks).origin, { connections: 8 })
    const acknowledged: EventId[] = []
    const gone = new AbortController()
    let made = 0
    const load = Array.from({ length: 8 }, () =>
      keepPosting(
        pool,
        gone.signal,
        () => made++,
        (id, status) => {
          if (isTaken(status)) acknowledged.push(id)
        },
      ),
    )
    const end = await ended
    gone.abort()
    await pool.destroy()
    await Promise.all(load)
    const { early, failedAt } = await readTrace(output)
    return {
      acknowledged: acknowledged.length,
      early,
      status: end.status,
      seconds: failedAt === undefined ? Number.POSITIVE_INFINITY : end.at / 1000 - failedAt,
      ...(await startAgain(dataDir, masterKey, acknowledged)),
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** `start` as an operator runs it, for real stores; resolves when it says that it is running. */
const startCommand = async (
  before: readonly string[],
  dataDir: string,
  masterKey: Buffer,
): Promise<{ readonly child: ChildProcess; readonly webhooks: string }> => {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
  const [program = '', ...rest] = [...before, process.execPath, main, 'start', '--data', dataDir, '--port', '0']
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH,
      SHOPIFY_API_SECRET: SECRET,
      CONVERLAY_MASTER_KEY: masterKey.toString('hex'),
      CONVERLAY_TRUSTED_PROXIES: '127.0.0.1',
      CONVERLAY_LOG: 'error',
    },
  })
  const webhooks = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const [, address] = /Webhooks\s+(\S+)/.exec(said) ?? []
      if (address) resolve(address)
    })
    child.once('exit', (status) => reject(new Error(`start ended with ${status} before it was running: ${said}`)))
  })
  return { child, webhooks }
}

const startAgain = async (
  dataDir: string,
  masterKey: Buffer,
  acknowledged: readonly EventId[],
): Promise<Pick<Run, 'lost' | 'faults'>> => {
  const lost: EventId[] = []
  try {
    const store = await openSqlite({ path: dataDir, masterKey })
    for (const id of acknowledged) if ((await store.seqOf(SHOP, id)) === undefined) lost.push(id)
    await store.health()
    await store.close()
    return { lost, faults: integrityFaults(dataDir) }
  } catch (error) {
    return { lost, faults: [error instanceof Error ? error.message : String(error)] }
  }
}
