import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Point, pointsIn, spread } from './kill-points.ts'
import { integrityFaults, storeFaults } from './storage-check.ts'
import { oldFolder, oneMoreRound, openForSession, type Told } from './storage-session.ts'
import { runTraced, WRITES, whyNoTracing } from './strace.ts'
import { atLeast, none, type Suite } from './suite.ts'

const KILLS = { short: 30, full: 520, nightly: 2000 }
/** Processes at a time. */
const AT_ONCE = 2

const VICTIM = [process.execPath, fileURLToPath(new URL('./storage-victim.ts', import.meta.url))]

interface Killed {
  readonly point: Point
  readonly killed: boolean
  readonly acknowledged: number
  /** In plain words, what was wrong afterwards. */
  readonly faults: readonly string[]
}

/** kill -9 at every call by which a store changes its files: opening, migrating, appending, settling, erasing, closing. */
export const storageKills: Suite = {
  name: 'storage-calls',
  run: async ({ goal, notRun }, size) => {
    const why = whyNoTracing()
    if (why) return notRun('kill -9 at storage calls', why)
    const root = mkdtempSync(join(tmpdir(), 'converlay-calls-'))
    try {
      const groups = await dryRun(root)
      const points = [...spread(groups.values(), KILLS[size])]
      const done: Killed[] = []
      const worker = async () => {
        for (let point = points.pop(); point; point = points.pop()) done.push(await killAt(root, point))
      }
      await Promise.all(Array.from({ length: AT_ONCE }, worker))
      const faults = done.flatMap(({ point, faults }) =>
        faults.map((fault) => `${point.call} ${point.n} of ${point.file.slice(root.length)}: ${fault}`),
      )
      for (const fault of faults) console.error(fault)
      const kills = done.filter(({ killed }) => killed).length
      const calls = [...groups.values()].reduce((all, { length }) => all + length, 0)
      goal({ of: 'calls that change files', value: calls, unit: 'calls', goal: 'a spread of them', ok: calls > 500 })
      // How the log is carried over beside the commits differs from run to run: a few calls are not reached.
      goal(atLeast('kill -9 at one of them', kills, Math.floor(KILLS[size] * 0.95), 'kills'))
      const acknowledged = done.reduce((all, one) => all + one.acknowledged, 0)
      goal(atLeast('acknowledged before', acknowledged, 100 * kills, 'events'))
      goal(none('lost, half or out of balance', faults, 'faults'))
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  },
}

const dryRun = async (root: string): Promise<ReadonlyMap<string, readonly Point[]>> => {
  const folder = join(root, 'data')
  const output = join(root, 'trace')
  oldFolder(join(root, 'old'))
  cpSync(join(root, 'old'), folder, { recursive: true })
  const { status, stderr } = await runTraced({ calls: WRITES, output }, [...VICTIM, folder])
  if (status !== 0) throw new Error(`the session does not end well by itself: ${stderr}`)
  return pointsIn(readFileSync(output, 'utf8'), folder)
}

let made = 0

const killAt = async (root: string, point: Point): Promise<Killed> => {
  const folder = join(root, `data-${++made}`)
  cpSync(join(root, 'old'), folder, { recursive: true })
  try {
    const { signal, stdout } = await runTraced(
      {
        calls: [point.call],
        files: [point.file.replace(join(root, 'data'), folder)],
        inject: { calls: [point.call], what: `signal=SIGKILL:when=${point.n}` },
        output: '/dev/null',
      },
      [...VICTIM, folder],
    )
    const told = toldIn(stdout)
    const acknowledged = told.reduce((all, one) => all + ('acknowledged' in one ? one.acknowledged.length : 0), 0)
    return { point, killed: signal === 'SIGKILL', acknowledged, faults: await faultsAfter(folder, told) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The last line may have been cut off by the kill; what it would have told was not told. */
const toldIn = (stdout: string): Told[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Told)

const faultsAfter = async (folder: string, told: Told[]): Promise<readonly string[]> => {
  try {
    const store = await openForSession(folder)
    const faults: string[] = []
    try {
      faults.push(...(await storeFaults(store, told)))
      await oneMoreRound(store, (more) => told.push(more))
      faults.push(...(await storeFaults(store, told)))
    } finally {
      await store.close()
    }
    return [...faults, ...integrityFaults(folder)]
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
