import { randomBytes } from 'node:crypto'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { shortHash } from '../../src/store/unique-ids.ts'
import { type FlushTrace, flushReader } from './flush-trace.ts'
import { isTaken, keepPosting } from './load.ts'
import { startVictim, type VictimOptions } from './start-victim.ts'
import { FLUSHES, straceArgs, whyNoTracing } from './strace.ts'
import { atLeast, none, type Suite } from './suite.ts'

const ANSWERS = { short: 400, full: 4000, nightly: 20_000 }
/** Enough to see whether the planted bug is seen. */
const HASTY_ANSWERS = 100

/** A page of the log and the head of a request. */
export const TRACED_BYTES = 4200
export const TRACED_CALLS: readonly string[] = ['read', 'write', 'writev', 'pwrite64', ...FLUSHES]

/** No 2xx leaves a socket before the flush that covers its commit has ended. */
export const flushOrder: Suite = {
  name: 'flush-order',
  run: async ({ goal, notRun }, size) => {
    const why = whyNoTracing()
    if (why) return notRun('flush before answer', why)
    const seen = await serve(ANSWERS[size])
    goal(atLeast('answers looked at', seen.answers, ANSWERS[size], 'answers'))
    goal(atLeast('flushes of the log', seen.flushed, 1, 'flushes'))
    goal(none('answered before the flush ended', seen.early, 'answers'))
    const hasty = await serve(HASTY_ANSWERS, 'hasty')
    goal(atLeast('planted: answer before append, seen', hasty.early.length, 1, 'answers'))
  },
}

/** The real server under eight senders, traced until so many requests were taken. */
const serve = async (answers: number, bug?: VictimOptions['bug']): Promise<FlushTrace> => {
  const root = mkdtempSync(join(tmpdir(), 'converlay-flush-'))
  const output = join(root, 'trace')
  const sandbox = await startSandbox({ port: 0 })
  try {
    const victim = await startVictim({
      dataDir: join(root, 'data'),
      masterKey: randomBytes(32),
      sandboxUrl: sandbox.url,
      before: ['strace', ...straceArgs({ calls: TRACED_CALLS, bytes: TRACED_BYTES, fast: true, output })],
      ...(bug ? { bug } : {}),
    })
    const enough = new AbortController()
    let taken = 0
    let made = 0
    // One in ten is sent twice: a repeat is answered at once, and was flushed long ago.
    const next = () => made++ - (made % 10 === 0 ? 1 : 0)
    const told = (_: string, status: number) => {
      if (isTaken(status) && ++taken >= answers) enough.abort()
    }
    await Promise.all(Array.from({ length: 8 }, () => keepPosting(victim.pool, enough.signal, next, told)))
    await victim.pool.destroy()
    victim.child.disconnect()
    await victim.ended
    return await readTrace(output)
  } finally {
    await sandbox.close()
    rmSync(root, { recursive: true, force: true })
  }
}

export const readTrace = async (file: string): Promise<FlushTrace> => {
  const { read, seen } = flushReader(shortHash)
  for await (const line of createInterface({ input: createReadStream(file) })) read(line)
  return seen
}
