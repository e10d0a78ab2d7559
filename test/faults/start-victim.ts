import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'

/** How a process ended: by itself with a status, or by a signal. */
export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
}

/** A server in a process of its own. */
export interface Spawned {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

/** One that listens, and a way to talk to it. */
export interface Victim extends Spawned {
  readonly pool: Pool
}

export interface VictimOptions {
  readonly dataDir: string
  readonly masterKey: Buffer
  readonly sandboxUrl: string
  /** What goes before the command, as strace does. */
  readonly before?: readonly string[]
  /** A planted bug (victim.ts). */
  readonly bug?: 'hasty'
  /** The dashboard's port; capture takes the next one. Any, unless told. */
  readonly port?: number
}

export const spawnVictim = ({ dataDir, masterKey, sandboxUrl, before = [], bug, port = 0 }: VictimOptions): Spawned => {
  const script = fileURLToPath(new URL('./victim.ts', import.meta.url))
  const told = [dataDir, masterKey.toString('hex'), sandboxUrl, String(port), bug ?? '']
  const [program = '', ...rest] = [...before, process.execPath, script, ...told]
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  return { child, ended: new Promise((resolve) => child.once('exit', (status, signal) => resolve({ status, signal }))) }
}

export const startVictim = async (options: VictimOptions): Promise<Victim> => {
  const { child, ended } = spawnVictim(options)
  const line = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('\n')) resolve(text)
    })
    child.once('exit', (code) => reject(new Error(`the process ended with ${code} before it listened`)))
  })
  const { webhooks } = JSON.parse(line) as { webhooks: string }
  return { child, ended, pool: new Pool(new URL(webhooks).origin, { connections: 8 }) }
}
