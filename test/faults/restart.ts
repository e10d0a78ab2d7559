import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { buildDashboard } from '../../src/http/build-dashboard.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { until } from '../harness.ts'
import { isTaken, keepPosting } from './load.ts'
import { CONNECTIONS, seedPending } from './pending-store.ts'
import { spawnVictim } from './start-victim.ts'
import { atMost, type Suite } from './suite.ts'

const PENDING = { short: 100_000, full: 1_000_000, nightly: 10_000_000 }
/** Requests to the platform until the memory is looked at. */
const SETTLED_IN = 100
const MEBIBYTE = 1024 * 1024

/** A start after a kill while very much waits to be sent. */
export const restart: Suite = {
  name: 'restart',
  run: async ({ goal }, size) => {
    const root = mkdtempSync(join(tmpdir(), 'converlay-restart-'))
    const masterKey = randomBytes(32)
    const sandbox = await startSandbox({ port: 0 })
    try {
      await buildDashboard()
      await seedPending(join(root, 'data'), masterKey, PENDING[size])
      const seen = await start(join(root, 'data'), masterKey, sandbox)
      const after = `with ${PENDING[size]} events pending at ${CONNECTIONS} connections`
      const within = (of: string, seconds: number, most: number) =>
        goal({ ...atMost(of, seconds, most, 's'), goal: `<= ${most} ${after}` })
      within('first acknowledgement', seen.acknowledged, 3)
      within('first delivery', seen.delivered, 15)
      goal(atMost('largest memory', seen.bytes / MEBIBYTE, 512, 'MiB'))
    } finally {
      await sandbox.close()
      rmSync(root, { recursive: true, force: true })
    }
  },
}

interface Started {
  /** Seconds from the start of the process. */
  readonly acknowledged: number
  readonly delivered: number
  /** The most memory that it ever had. */
  readonly bytes: number
}

const start = async (dataDir: string, masterKey: Buffer, sandbox: Sandbox): Promise<Started> => {
  const port = await freePort()
  const began = performance.now()
  const since = () => (performance.now() - began) / 1000
  const victim = spawnVictim({ dataDir, masterKey, sandboxUrl: sandbox.url, port: port - 1 })
  const pool = new Pool(`http://127.0.0.1:${port}`)
  try {
    const delivered = until(
      'the first delivery',
      () => (sandbox.pinterest.requests().length > 0 ? since() : false),
      300_000,
    )
    const acknowledged = await until(
      'the first acknowledgement',
      async () => {
        const enough = new AbortController()
        let taken = false
        await keepPosting(
          pool,
          enough.signal,
          () => 1,
          (_, status) => {
            taken = isTaken(status)
            enough.abort()
          },
        )
        return taken ? since() : false
      },
      300_000,
    )
    const first = await delivered
    await until('it to settle in', () => sandbox.pinterest.requests().length >= SETTLED_IN, 300_000)
    return { acknowledged, delivered: first, bytes: largestMemory(victim.child.pid) }
  } finally {
    victim.child.kill('SIGKILL')
    await victim.ended
    await pool.destroy()
  }
}

/** VmHWM of a process, where the system tells it. */
const largestMemory = (pid: number | undefined): number => {
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0))
    })
  })
