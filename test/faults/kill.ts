import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { outcomeOf } from '../../src/destinations/outcomes.ts'
import type { EventId } from '../../src/event/event.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { startWorld, until } from '../harness.ts'
import { isTaken, keepPosting } from './load.ts'
import { startVictim } from './start-victim.ts'

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
  let made = 0

  for (let kill = 0; kill < kills; kill++) {
    const victim = await startVictim({ dataDir, masterKey, sandboxUrl: sandbox.url })
    const loading = new AbortController()
    const load = Array.from({ length: 8 }, () =>
      keepPosting(
        victim.pool,
        loading.signal,
        () => made++,
        (id, status) => {
          if (isTaken(status)) acknowledged.push(id)
        },
      ),
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
