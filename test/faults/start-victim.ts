import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'

/** A server in a process of its own that listens, and a way to talk to it. */
export interface Victim {
  readonly child: ChildProcess
  readonly pool: Pool
  /** How it ended, when it has. */
  readonly ended: Promise<{ readonly status: number | null; readonly signal: NodeJS.Signals | null }>
}

export interface VictimOptions {
  readonly dataDir: string
  readonly masterKey: Buffer
  readonly sandboxUrl: string
  /** What goes before the command, as strace does. */
  readonly before?: readonly string[]
  /** A planted bug (victim.ts). */
  readonly bug?: 'hasty'
}

export const startVictim = async ({
  dataDir,
  masterKey,
  sandboxUrl,
  before = [],
  bug,
}: VictimOptions): Promise<Victim> => {
  const script = fileURLToPath(new URL('./victim.ts', import.meta.url))
  const command = [...before, process.execPath, script, dataDir, masterKey.toString('hex'), sandboxUrl, bug ?? '']
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const ended: Victim['ended'] = new Promise((resolve) =>
    child.once('exit', (status, signal) => resolve({ status, signal })),
  )
  const line = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('\n')) resolve(text)
    })
    child.once('exit', (code) => reject(new Error(`the process ended with ${code} before it listened`)))
  })
  const { webhooks } = JSON.parse(line) as { webhooks: string }
  return { child, pool: new Pool(new URL(webhooks).origin, { connections: 8 }), ended }
}
