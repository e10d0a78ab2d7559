import { type ChildProcess, fork } from 'node:child_process'
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { outcomeOf } from '../../src/destinations/outcomes.ts'
import type { EventId } from '../../src/event/event.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { SECRET, sample, startWorld, until } from '../harness.ts'

export interface KillReport {
  readonly kills: number
  /** Facts whose message was answered with a 2xx. */
  readonly acknowledged: number
  /** Of those, facts that the store does not hold after all the kills. */
  readonly lost: readonly string[]
  /** Facts that never reached the sandbox and were not skipped for a reason. */
  readonly undelivered: readonly string[]
  /** Orders that the sandbox saw under more than one event id. */
  readonly underSeveralIds: readonly string[]
  /** Orders that the sandbox was sent more than once, under the same id. */
  readonly repeated: number
  /** Outcomes that are not final at the end. */
  readonly open: number
}

/**
 * Kills the process with SIGKILL at random moments under load, starts it again on the same folder, and compares at the
 * end what was acknowledged with what is stored and what the platform has seen.
 */
export const killRounds = async (kills: number): Promise<KillReport> => {
  const sandbox = await startSandbox({ port: 0 })
  const dataDir = await mkdtemp(join(tmpdir(), 'converlay-kill-'))
  const masterKey = randomBytes(32)
  const acknowledged: EventId[] = []
  const template = JSON.stringify(sample('order_create'))
  let made = 0

  for (let kill = 0; kill < kills; kill++) {
    const victim = await start(dataDir, masterKey, sandbox.url)
    const loading = new AbortController()
    const load = Array.from({ length: 8 }, () =>
      keepPosting(victim, loading.signal, acknowledged, () => made++, template),
    )
    // Random moments: from the first commits after the start to a process in full swing.
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 700))
    victim.child.kill('SIGKILL')
    await new Promise((resolve) => victim.child.once('exit', resolve))
    loading.abort()
    await Promise.all(load)
    await victim.pool.destroy()
  }

  const world = await startWorld({ dataDir, masterKey, sandbox, hold: 300 })
  const { store } = world.engine.runtime
  try {
    const head = await store.head(world.shop)
    const seqs = new Map<EventId, number>()
    const lost: string[] = []
    for (const id of acknowledged) {
      const seq = await store.seqOf(world.shop, id)
      if (seq === undefined) lost.push(id)
      else seqs.set(id, seq)
    }
    const bytes = await until(
      'every event to be final',
      async () => {
        const ledger = await store.ledger(world.shop, world.connection.id, 1, head)
        return ledger.every((byte) => byte !== 0 && outcomeOf(byte) !== 'parked') && ledger
      },
      120_000,
    )
    const seen = new Map<string, Set<string>>()
    const times = new Map<string, number>()
    for (const { body } of sandbox.pinterest.requests())
      for (const event of sentEvents(body)) {
        times.set(event.event_id, (times.get(event.event_id) ?? 0) + 1)
        const order = event.custom_data?.order_id
        if (order) seen.set(order, (seen.get(order) ?? new Set()).add(event.event_id))
      }
    return {
      kills,
      acknowledged: acknowledged.length,
      lost,
      undelivered: [...seqs].flatMap(([id, seq]) =>
        outcomeOf(bytes[seq - 1] ?? 0) === 'delivered' && times.has(id) ? [] : [id],
      ),
      underSeveralIds: [...seen].flatMap(([order, ids]) => (ids.size > 1 ? [order] : [])),
      repeated: [...times.values()].filter((count) => count > 1).length,
      open: [...bytes].filter((byte) => byte === 0).length,
    }
  } finally {
    await world.stop()
    await sandbox.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

interface SentEvent {
  readonly event_id: string
  readonly custom_data?: { readonly order_id?: string }
}

const sentEvents = (body: unknown): readonly SentEvent[] =>
  ((typeof body === 'string' ? JSON.parse(body) : body) as { data?: readonly SentEvent[] } | undefined)?.data ?? []

interface Victim {
  readonly child: ChildProcess
  readonly pool: Pool
  readonly webhooks: string
  readonly beacon: string
}

const start = async (dataDir: string, masterKey: Buffer, sandboxUrl: string): Promise<Victim> => {
  const child = fork(
    fileURLToPath(new URL('./victim.ts', import.meta.url)),
    [dataDir, masterKey.toString('hex'), sandboxUrl],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      execArgv: [],
    },
  )
  const line = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('\n')) resolve(text)
    })
    child.once('exit', (code) => reject(new Error(`the process ended with ${code} before it listened`)))
  })
  const { webhooks, beacon } = JSON.parse(line) as { webhooks: string; beacon: string }
  return { child, pool: new Pool(new URL(webhooks).origin, { connections: 8 }), webhooks, beacon }
}

/** Posts orders and beacons one after the other until told to stop, noting the ids of what was answered with a 2xx. */
const keepPosting = async (
  { pool }: Victim,
  signal: AbortSignal,
  acknowledged: EventId[],
  next: () => number,
  template: string,
): Promise<void> => {
  while (!signal.aborted) {
    const n = next()
    const order = n % 4 === 0
    const now = new Date().toISOString()
    const id = order ? `pur_${7_000_000_000_000 + n}` : `sh-kill-${n}-${'0'.repeat(6)}`
    try {
      const { statusCode, body } = order
        ? await pool.request({ path: '/webhooks/shopify', method: 'POST', ...webhook(template, n, now) })
        : await pool.request({
            path: '/b/1',
            method: 'POST',
            headers: {
              'content-type': 'text/plain',
              'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/143.0',
              'x-forwarded-for': '198.51.100.7',
            },
            body: JSON.stringify({
              v: 1,
              shop: 'demo.myshopify.com',
              consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
              events: [
                {
                  id,
                  clientId: `client-${n % 50}`,
                  name: 'page_viewed',
                  timestamp: now,
                  context: { document: { location: { href: 'https://northfern.example/' } } },
                },
              ],
            }),
          })
      await body.dump()
      if (statusCode >= 200 && statusCode < 300) acknowledged.push(id as EventId)
    } catch {
      // The process is gone; what was not answered was not promised.
      return
    }
  }
}

const webhook = (template: string, n: number, now: string) => {
  const order = {
    ...(JSON.parse(template) as object),
    id: 7_000_000_000_000 + n,
    checkout_token: `token${n}`,
    created_at: now,
    processed_at: now,
  }
  const body = JSON.stringify(order)
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': 'demo.myshopify.com',
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(body).digest('base64'),
    },
  }
}
