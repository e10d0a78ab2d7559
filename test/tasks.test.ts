import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { outcomeOf } from '../src/destinations/outcomes.ts'
import { conversions, sample, settled, startWorld, until, type World } from './harness.ts'
import { ROOT } from './source-scan.ts'

/** An account that the sandbox knows. */
const REDDIT = { pixelId: 'a2_sandboxpixel', accessToken: 'reddit_sandbox_token' }

interface Ended {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** Commands beside a running process, on its data folder, as somebody types them. */
describe('beside a running Converlay', { timeout: 90_000 }, () => {
  let world: World
  let folder: string
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'converlay-tasks-'))
    world = await startWorld({ hold: 0 })
  })
  afterEach(async () => {
    await world.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const converlay = (...argv: readonly string[]): Promise<Ended> =>
    new Promise((resolve) => {
      const env = { PATH: process.env.PATH, CONVERLAY_MASTER_KEY: world.config.masterKey.toString('hex') }
      const whole = [join(ROOT, 'src/main.ts'), ...argv, '--data', world.dataDir]
      execFile(process.execPath, whole, { env, timeout: 60_000 }, (fault, out, err) =>
        resolve({ status: typeof fault?.code === 'number' ? fault.code : fault ? -1 : 0, out, err }),
      )
    })
  const here = () => ['--shop', world.shop, '--connection', String(world.connection.id)]
  const lines = ({ out }: Ended) => out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as object]))
  const buy = async (id: number) => {
    const at = new Date().toISOString()
    const order = { ...sample('order_create'), id, created_at: at, processed_at: at, updated_at: at }
    expect((await world.webhook('orders/create', order)).status).toBe(200)
  }
  const fault = (mode: string | undefined) =>
    fetch(`${world.sandbox.url}/control/${mode ? 'faults' : 'reset'}`, {
      method: 'POST',
      body: JSON.stringify({ platform: 'pinterest', mode }),
    })
  const bought = async () => (await conversions(world, 'checkout')).map(({ eventId }) => eventId)

  it('what was refused is told by its cause, sent again and followed to its end', async () => {
    await fault('200-errors')
    await buy(1001)
    await buy(1002)
    expect(await settled(world, 2)).toEqual(['rejected', 'rejected'])
    await fault(undefined)

    const [group, ...others] = lines(await converlay('dead', ...here(), '--json'))
    expect(others).toEqual([])
    expect(group).toMatchObject({ outcome: 'rejected', count: 2, purchases: 2, currency: 'USD', more: false })
    const { code } = group as { code: string }
    const spoken = await converlay('dead', ...here())
    expect(spoken.out).toMatch(/^2 {2}rejected: .*, purchases of \d+\.\d\d USD\. The newest is event 2\.$/m)

    const planned = await converlay('replay', ...here(), '--dry-run', '--json')
    expect(lines(planned)).toEqual([
      expect.objectContaining({ plan: { total: 2, atMost: false, counts: { rejected: 2 }, warnings: [] } }),
    ])
    expect(await bought()).toEqual([])

    const [, ...progress] = lines(await converlay('replay', ...here(), '--code', code, '--follow', '--json'))
    expect(progress.at(-1)).toMatchObject({ kind: 'replay', state: 'done', done: 2, total: 2, tried: 2 })
    expect((await bought()).sort()).toEqual(['pur_1001', 'pur_1002'])
    const { out } = await converlay('tasks', '--shop', world.shop)
    expect(out).toBe(`${world.shop}  Task 1, replay of connection 1, done: 2 of 2 looked at, 2 tried\n`)
    expect(await converlay('dead', ...here())).toMatchObject({ status: 0, out: 'There are no dead letters.\n' })

    // Delivered ones go once more only where that is said twice.
    const again = ['replay', ...here(), '--outcome', 'delivered', '--event', 'order_placed']
    expect(await converlay(...again)).toMatchObject({ status: 1, err: expect.stringContaining('--yes') })
    expect(await converlay(...again, '--yes', '--follow')).toMatchObject({ status: 0 })
    expect((await conversions(world, 'checkout')).map(({ sources }) => sources.server)).toEqual([2, 2])
  })

  it('a connection is paused, and what waits goes out as soon as it is resumed', async () => {
    expect(lines(await converlay('pause', ...here()))).toEqual([{ shop: world.shop, connection: 1, state: 'paused' }])
    await buy(1001)
    expect(lines(await converlay('resume', ...here()))).toMatchObject([{ state: 'active' }])
    // Nothing else happens to the shop: the process has to notice the command by itself.
    await until('the purchase', async () => (await bought()).length === 1)
  })

  it('test mode is switched on, off, and what was tested is sent for real', async () => {
    expect(await converlay('test-mode', 'on', ...here())).toMatchObject({ status: 0 })
    await buy(1001)
    expect(await settled(world)).toEqual(['tested'])
    expect(await bought()).toEqual([])
    expect(await converlay('test-mode', 'off', ...here())).toMatchObject({ err: expect.stringContaining('tested') })
    const sent = await converlay('replay', ...here(), '--outcome', 'tested', '--follow')
    expect(sent.out).toContain('1 event to Pinterest')
    expect(await bought()).toEqual(['pur_1001'])
  })

  it('a platform is connected with what came in before it, and a task is cancelled once', async () => {
    await buy(1001)
    await settled(world)
    const settings = join(folder, 'settings.json')
    writeFileSync(settings, JSON.stringify(REDDIT))
    const connect = ['connect', '--shop', world.shop, '--destination', 'reddit', '--settings', settings]
    const [connected, task] = lines(await converlay(...connect, '--no-verify', '--backfill', '7'))
    expect(connected).toMatchObject({ connection: 2 })
    expect(task).toEqual({ shop: world.shop, connection: 2, task: 1, kind: 'backfill', events: 1 })
    const { store } = world.engine.runtime
    const second = (await store.connections(world.shop))[1]
    if (!second) throw new Error('no second connection')
    await until('the backfill', async () => (await store.tasks(world.shop, { limit: 1 }))[0]?.state === 'done')
    const [byte] = await store.ledger(world.shop, second.id, 1, 1)
    expect(outcomeOf(byte ?? 0)).toBe('delivered')
    expect(await converlay('cancel', '--shop', world.shop, '--task', '1')).toMatchObject({
      status: 1,
      err: expect.stringContaining('no running task 1'),
    })
  })

  it('wrong usage is told with status 2, what cannot be with 1', async () => {
    const all = await Promise.all([
      converlay('replay', ...here(), '--outcome', 'lost'),
      converlay('replay', ...here(), '--from', 'yesterday'),
      converlay('backfill', ...here(), '--days', 'many'),
      converlay('test-mode', 'maybe', ...here()),
      converlay('replay', ...here()),
      converlay('pause', '--shop', world.shop, '--connection', '9'),
    ])
    expect(all.map(({ status }) => status)).toEqual([2, 2, 2, 2, 1, 1])
    for (const { out, err } of all) {
      expect(out).toBe('')
      expect(err).toMatch(/^[\w-].*\.\n$|See: .*\n$/s)
    }
  })

  it('a task that is begun while nothing runs says so, and goes on with the next start', async () => {
    await fault('200-errors')
    await buy(1001)
    expect(await settled(world)).toEqual(['rejected'])
    await fault(undefined)
    const { dataDir, sandbox, config } = world
    await world.engine.stop()
    const begun = await converlay('replay', ...here(), '--follow')
    expect(begun).toMatchObject({ status: 0, err: expect.stringContaining('is not running') })
    const next = await startWorld({ hold: 0, dataDir, sandbox, masterKey: config.masterKey })
    try {
      await until('the purchase', async () => (await bought()).length === 1)
    } finally {
      await next.stop()
    }
  })
})
