import { spawn, spawnSync } from 'node:child_process'
import { text } from 'node:stream/consumers'

/** Calls by which a process changes files. Which of fsync and fdatasync is used depends on how SQLite was built. */
export const FLUSHES: readonly string[] = ['fsync', 'fdatasync']
export const WRITES: readonly string[] = ['pwrite64', 'ftruncate', 'unlink', 'rename', ...FLUSHES]

/** Why processes cannot be traced here; undefined when they can. */
export const whyNoTracing = (): string | undefined => {
  const tried = spawnSync('strace', ['-qq', '-f', '-e', 'trace=none', 'true'], { encoding: 'utf8' })
  if (tried.error) return 'no strace'
  return tried.status === 0 ? undefined : 'strace may not trace here'
}

export interface Tracing {
  readonly calls: readonly string[]
  /** Only calls that touch one of these files count. */
  readonly files?: readonly string[]
  /** What is done to a call, in strace's words: "signal=SIGKILL:when=3". */
  readonly inject?: { readonly calls: readonly string[]; readonly what: string }
  /** Where the trace goes. */
  readonly output: string
  /** Bytes of each buffer that are printed, as hexadecimal. */
  readonly bytes?: number
  /** Stops at the traced calls only. Faster; signals are not injected then. */
  readonly fast?: boolean
}

/** The command line of strace in front of another one. */
export const straceArgs = ({ calls, files = [], inject, output, bytes, fast = false }: Tracing): readonly string[] => [
  '-f',
  '-qq',
  '-ttt',
  '-yy',
  ...(fast ? ['--seccomp-bpf'] : []),
  ...(bytes === undefined ? ['-s', '0'] : ['-s', String(bytes), '-xx']),
  ...files.flatMap((file) => ['-P', file]),
  '-e',
  `trace=${calls.join(',')}`,
  ...(inject ? ['-e', `inject=${inject.calls.join(',')}:${inject.what}`] : []),
  '-o',
  output,
]

export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program under strace to its end, whatever end that is. */
export const runTraced = async (tracing: Tracing, command: readonly string[]): Promise<Ended> => {
  const child = spawn('strace', [...straceArgs(tracing), ...command], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<Pick<Ended, 'status' | 'signal'>>((resolve) =>
    child.once('close', (status, signal) => resolve({ status, signal })),
  )
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { ...(await ended), stdout, stderr }
}
