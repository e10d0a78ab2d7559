import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'converlay-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** Runs the program as a person does, without any setting in the environment. */
const converlay = (...argv: readonly string[]): Promise<Ended> => converlayWith({}, ...argv)

const converlayWith = (settings: Readonly<Record<string, string>>, ...argv: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, TZ: 'UTC', ...settings }
    execFile(process.execPath, [MAIN, ...argv], { env, timeout: 30_000 }, (fault, out, err) =>
      resolve({ status: typeof fault?.code === 'number' ? fault.code : fault ? -1 : 0, out, err }),
    )
  })

describe('a command that only looks', () => {
  it('says that nothing is here yet, and leaves no folder and no key behind', async () => {
    const home = mkdtempSync(join(folder, 'look-'))
    const settings = join(folder, 'settings.json')
    writeFileSync(settings, '{"adAccountId":"not a number","conversionToken":"pina_x"}')
    const data = ['--data', join(home, 'data')]
    const stored = ['--shop', 'demo.myshopify.com', '--connection', '1']
    const [doctor, doctorJson, shops, connections, file, verify, disconnect, connect] = await Promise.all([
      converlay('doctor', ...data),
      converlay('doctor', '--json', ...data),
      converlay('shops', 'list', ...data),
      converlay('connections', ...data),
      converlay('verify', '--destination', 'pinterest', '--settings', settings, ...data),
      converlay('verify', ...stored, ...data),
      converlay('disconnect', ...stored, ...data),
      converlay(
        'connect',
        '--shop',
        'demo.myshopify.com',
        '--destination',
        'pinterest',
        '--settings',
        settings,
        ...data,
      ),
    ])
    expect(doctor).toMatchObject({ status: 0, out: expect.stringContaining('nothing here yet') })
    expect(JSON.parse(doctorJson?.out ?? '')).toMatchObject({ ok: true, capture: { beacon: expect.any(String) } })
    expect(shops).toEqual({ status: 0, out: '', err: '' })
    expect(connections).toEqual({ status: 0, out: '', err: '' })
    expect(file).toMatchObject({ status: 1, out: expect.stringContaining('failed') })
    expect(verify).toMatchObject({ status: 1, err: expect.stringContaining('no such connection') })
    expect(disconnect).toMatchObject({ status: 1, err: expect.stringContaining('no connection 1') })
    expect(connect).toMatchObject({ status: 1, err: expect.stringContaining('shops add') })
    expect(readdirSync(home)).toEqual([])
  }, 60_000)

  it('shows what is there, once something is', async () => {
    const home = mkdtempSync(join(folder, 'made-'))
    const data = ['--data', join(home, 'data')]
    expect(await converlay('shops', 'add', 'demo.myshopify.com', '--country', 'us', ...data)).toMatchObject({
      status: 0,
    })
    const [shops, doctor] = await Promise.all([converlay('shops', ...data), converlay('doctor', ...data)])
    expect(JSON.parse(shops.out)).toMatchObject({ shop: 'demo.myshopify.com', country: 'US', events: 0 })
    expect(doctor).toMatchObject({ status: 0, out: expect.stringContaining('1 shop(s)') })
    rmSync(join(home, 'data.key'))
    expect(await converlay('doctor', ...data)).toMatchObject({ status: 1, out: expect.stringContaining('is missing') })
  }, 60_000)
})

describe('start', () => {
  it.each(['capture', 'deliver', 'jobs', 'dashboard'])('refuses --role %s without a database', async (role) => {
    const { status, err } = await converlay('start', '--role', role, '--data', join(folder, 'role'))
    expect(status).toBe(2)
    expect(err).toContain('CONVERLAY_DATABASE_URL')
  })

  it('refuses a role that there is not, and names those that there are', async () => {
    const { status, err } = await converlay('start', '--role', 'everything', '--data', join(folder, 'role'))
    expect({ status, err }).toEqual({
      status: 2,
      err: 'There is no role "everything". There are: all, capture, deliver, jobs, dashboard.\n',
    })
  })

  const shared = {
    CONVERLAY_DATABASE_URL: 'postgres://converlay@127.0.0.1:1/converlay',
    CONVERLAY_MASTER_KEY: '07'.repeat(32),
    SHOPIFY_API_SECRET: 'a-client-secret',
  }

  it.each([
    ['a spool that a restart may empty', { CONVERLAY_SPOOL: '/tmp/converlay-spool' }, 'a restart may empty'],
    ['a database without a common key', { CONVERLAY_MASTER_KEY: '' }, 'need one master key'],
    ['a database without a client secret', { SHOPIFY_API_SECRET: '' }, 'Set SHOPIFY_API_SECRET'],
    ['a database that is none', { CONVERLAY_DATABASE_URL: 'mysql://x' }, 'postgres://user:password@host'],
    [
      'a spool without a database',
      { CONVERLAY_DATABASE_URL: '', CONVERLAY_SPOOL: '/var/lib/spool' },
      'CONVERLAY_SPOOL is',
    ],
  ])('refuses %s', async (_, change, said) => {
    const { status, err } = await converlayWith(
      { ...shared, ...change },
      'start',
      '--port',
      '0',
      '--data',
      join(folder, 'shared'),
    )
    expect({ status, err }).toEqual({ status: 2, err: expect.stringContaining(said) })
  })

  it('ends with a sentence when the database cannot be reached and there is no spool', async () => {
    const ended = await converlayWith(shared, 'start', '--role', 'deliver', '--data', join(folder, 'away'))
    expect(ended).toMatchObject({ status: 1, err: expect.stringContaining('PostgreSQL cannot be reached') })
  })

  it('a second one on the same data folder is refused', async () => {
    const data = join(folder, 'twice')
    const first = spawn(process.execPath, [MAIN, 'start', '--sandbox', '--port', '0', '--data', data], {
      env: { PATH: process.env.PATH, TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      await new Promise((resolve) => first.stdout.once('data', resolve))
      const { status, err } = await converlay('start', '--sandbox', '--port', '0', '--data', data)
      expect(status).toBe(1)
      expect(err).toContain('Another Converlay is running on this data folder. Stop it first')
    } finally {
      first.kill('SIGTERM')
      await new Promise((resolve) => first.once('exit', resolve))
    }
  }, 60_000)

  it('names the port that is taken, says what to do, and ends', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const ended = await converlay('start', '--role', 'all', '--port', String(port), '--data', join(folder, 'taken'))
    other.close()
    expect(ended.status).toBe(1)
    expect(ended.err).toMatch(new RegExp(`^Port ${port} is in use\\. .*--port \\d+\\n$`))
  }, 60_000)
})

describe('decode', () => {
  it('tells wrong usage on standard error and ends with 2', async () => {
    const order = fileURLToPath(new URL('../sources/samples/order_create.json', import.meta.url))
    const { status, out, err } = await converlay('decode', '--source', 'webhooks', order)
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(err).toContain('is not known')
  })
})
