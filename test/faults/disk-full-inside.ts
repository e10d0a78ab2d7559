/**
 * A whole installation on a small disk of its own, which is filled to the last byte: prints one figure per line. Runs
 * inside the mount that small-disk.ts makes.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Pool } from 'undici'
import type { Figure } from '../../bench/bench.ts'
import { outcomeOf } from '../../src/destinations/outcomes.ts'
import type { EventId } from '../../src/event/event.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { startWorld, until } from '../harness.ts'
import { isTaken, keepPosting } from './load.ts'
import { integrityFaults } from './storage-check.ts'
import { atLeast, atMost, none } from './suite.ts'

const MEBIBYTE = 1024 * 1024
/** What is left for events after the filler. */
const LEFT = 16 * MEBIBYTE

const [disk = ''] = process.argv.slice(2)
const dataDir = join(disk, 'data')
const filler = join(disk, 'filler')
const goal = (figure: Figure): void => console.log(JSON.stringify(figure))

/** Fills the disk up until so much is free. */
const fillUp = (left: number): void => {
  const fd = openSync(filler, 'a')
  const block = Buffer.alloc(64 * 1024, 1)
  const { bsize } = statfsSync(disk)
  try {
    for (;;) {
      const free = statfsSync(disk).bavail * bsize - left
      if (free <= 0) return
      writeSync(fd, block, 0, Math.min(block.length, free))
    }
  } finally {
    closeSync(fd)
  }
}

const masterKey = randomBytes(32)
const sandbox = await startSandbox({ port: 0 })
const open = () => startWorld({ dataDir, masterKey, sandbox, hold: 300, reserveBytes: 64 * MEBIBYTE })
// Started on a full disk, of which nothing is left but the reserve.
await (await open()).stop()
fillUp(0)
const world = await open()
const { store } = world.engine.runtime
const { shop, connection } = world
const startedWith = existsSync(join(dataDir, 'reserve'))

const acknowledged: EventId[] = []
let made = 0
/** Posts until `enough` says so; the slowest refusal, ms. */
const post = async (enough: (status: number) => boolean): Promise<number> => {
  const pool = new Pool(new URL(world.engine.addresses.webhooks).origin, { connections: 8 })
  const stop = new AbortController()
  let slowest = 0
  const sender = async () => {
    let asked = performance.now()
    await keepPosting(
      pool,
      stop.signal,
      () => {
        asked = performance.now()
        return made++
      },
      (id, status) => {
        if (isTaken(status)) acknowledged.push(id)
        else slowest = Math.max(slowest, performance.now() - asked)
        if (enough(status)) stop.abort()
      },
    )
  }
  await Promise.all(Array.from({ length: 8 }, sender))
  await pool.close()
  return slowest
}

goal(none('the reserve, after a start on a full disk', Number(startedWith), 'files'))
rmSync(filler)
await post(isTaken)

// Nothing is settled before the disk is full, so that all of it has to be settled on the full one.
await store.updateConnection(shop, connection.id, { state: 'paused' })
fillUp(LEFT)
const odd: number[] = []
const untilRefused = (times: number): ((status: number) => boolean) => {
  let refused = 0
  return (status) => {
    if (status !== 503 && !isTaken(status)) odd.push(status)
    return status === 503 && ++refused >= times
  }
}
const slowest = await post(untilRefused(100))
const taken = acknowledged.length
goal(atLeast('acknowledged until the disk was full', taken, 200, 'events'))
goal(none('neither taken nor answered 503', odd, 'answers'))
goal(atMost('the slowest 503', slowest / 1000, 1, 's'))

await store.updateConnection(shop, connection.id, { state: 'active' })
world.engine.runtime.wake.arrived(shop)
const head = await store.head(shop)
const outcomes = await until(
  'everything to be settled on the full disk',
  async () => {
    const bytes = await store.ledger(shop, connection.id, 1, head)
    return bytes.every((byte) => byte !== 0 && outcomeOf(byte) !== 'parked') && bytes
  },
  60_000,
)
const delivered = outcomes.filter((byte) => outcomeOf(byte) === 'delivered').length
goal(atLeast('delivered and settled meanwhile', delivered, taken, 'events'))
const times = new Map<string, number>()
for (const { body } of sandbox.pinterest.requests())
  for (const { event_id: id } of ((typeof body === 'string' ? JSON.parse(body) : body) as Sent).data)
    times.set(id, (times.get(id) ?? 0) + 1)
goal(
  none(
    'sent twice',
    [...times.values()].filter((count) => count > 1),
    'events',
  ),
)

const stillRefused = await post(untilRefused(50))
goal(none('taken in from what is kept for settling', acknowledged.slice(taken), 'events'))
goal(atMost('the slowest 503 while settling', stillRefused / 1000, 1, 's'))

// Erasing cuts the log, and that may make room enough for intake.
const before = await store.newest(shop, head)
const person = before.find(({ event }) => event?.identity?.clientId !== undefined)?.subject ?? ''
const salts = await store.erase(shop, [person])
const readable = (await store.newest(shop, head)).filter(
  ({ subject, gone }) => subject === person && gone !== 'redacted',
)
goal(atLeast('a person erased on the full disk', salts, 1, 'salts'))
goal(none('that can still be read of them', readable, 'events'))

rmSync(filler)
const freed = performance.now()
await post(isTaken)
goal(atMost('takes in again after room was made', (performance.now() - freed) / 1000, 10, 's'))
goal({
  of: 'the reserve is there again',
  value: Number(existsSync(join(dataDir, 'reserve'))),
  unit: '',
  goal: '1',
  ok: existsSync(join(dataDir, 'reserve')),
})

const lost: EventId[] = []
for (const id of acknowledged) if ((await store.seqOf(shop, id)) === undefined) lost.push(id)
goal(none('acknowledged and lost', lost, 'events'))
await world.stop()
await sandbox.close()
goal(none('found by the integrity check', integrityFaults(dataDir), 'faults'))
process.exit(0)

interface Sent {
  readonly data: readonly { readonly event_id: string }[]
}
