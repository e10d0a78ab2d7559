import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { seeded } from '../../bench/store-load.ts'
import { pixelId, purchaseId } from '../../src/event/event-ids.ts'
import type { Store } from '../../src/store/store.ts'
import { SHOP } from '../../src/store/testing.ts'
import { integrityFaults, storeFaults } from './storage-check.ts'
import { firstRounds, openForSession, ROUNDS, type Told } from './storage-session.ts'
import { atLeast, none, type Suite } from './suite.ts'
import { believedFrames, copyCutAt, copyFlippedAt, DATABASE, FRAME, LOG, LOG_HEADER } from './write-ahead-log.ts'

const CUTS = { short: 60, full: 1000, nightly: 3000 }
const FLIPS = { short: 200, full: 2000, nightly: 20_000 }
/** The frames of which every boundary of a disk's sector is tried. */
const LAST_FRAMES = 12
const SECTOR = 512

/** A folder as a crash would find it, its log not carried over; what was promised, and how long the log was then. */
interface Crashed {
  readonly folder: string
  readonly length: number
  readonly told: readonly { readonly what: Told; readonly end: number }[]
}

/**
 * A log that ends too early or is damaged. Nobody can bring back bytes that are gone; the promise is that what stands
 * before them is all there, nothing is there by half, and nothing damaged is believed.
 */
export const tornTail: Suite = {
  name: 'torn-tail',
  run: async ({ goal }, size) => {
    const root = mkdtempSync(join(tmpdir(), 'converlay-torn-'))
    const random = seeded(16)
    try {
      const crashed = await crash(root)
      const cuts = [
        ...sectors(crashed.length),
        ...Array.from({ length: CUTS[size] }, () => Math.floor(random() * crashed.length)),
      ]
      const chosen = spreadOver(cuts, CUTS[size])
      const faults: string[] = []
      for (const end of chosen)
        faults.push(...(await openCut(root, crashed, end)).map((fault) => `cut at ${end}: ${fault}`))
      for (const fault of faults) console.error(fault)
      goal(atLeast('logs cut off', chosen.length, CUTS[size], 'logs'))
      goal(none('lost of what stood before, half, or not opened', faults, 'faults'))

      const believed = Array.from({ length: FLIPS[size] }, () => {
        const offset = LOG_HEADER + Math.floor(random() * (crashed.length - LOG_HEADER))
        return believesFlipped(root, crashed, offset, Math.floor(random() * 8))
      })
      goal(atLeast('bits turned over in logs', believed.length, FLIPS[size], 'bits'))
      goal(none('believed all the same', believed.filter(Boolean), 'frames'))

      const { turned, read } = await readDamaged(root, crashed, random)
      goal(atLeast('sealed columns with a bit turned over', turned, 50, 'columns'))
      goal(none('opened all the same, or not told of', read, 'columns'))
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  },
}

const crash = async (root: string): Promise<Crashed> => {
  const live = join(root, 'live')
  const folder = join(root, 'crashed')
  mkdirSync(folder)
  const store = await openForSession(live)
  const told: Crashed['told'][number][] = []
  await firstRounds(store, (what) => told.push({ what, end: statSync(join(live, LOG)).size }))
  for (const file of [DATABASE, LOG]) copyFileSync(join(live, file), join(folder, file))
  await store.close()
  return { folder, length: statSync(join(folder, LOG)).size, told }
}

/** Where a disk may have stopped writing: every sector of the last frames. */
const sectors = (length: number): readonly number[] => {
  const from = length - LAST_FRAMES * FRAME
  return Array.from({ length: Math.ceil((length - from) / SECTOR) }, (_, n) => Math.floor(from / SECTOR + n) * SECTOR)
}

const spreadOver = <T>(all: readonly T[], most: number): readonly T[] =>
  Array.from({ length: Math.min(most, all.length) }, (_, n) => all[Math.floor((n * all.length) / most)] as T)

const openCut = async (root: string, { folder, told }: Crashed, end: number): Promise<readonly string[]> =>
  inCopy(root, async (copy) => {
    copyCutAt(folder, copy, end)
    const store = await openForSession(copy)
    const faults: string[] = []
    try {
      // Of what was told when the log was longer, all may be there or none.
      faults.push(
        ...(await storeFaults(
          store,
          told.flatMap((one) => (one.end <= end ? [one.what] : [])),
        )),
      )
      faults.push(...(await halves(store)))
    } finally {
      await store.close()
    }
    return [...faults, ...integrityFaults(copy)]
  })

/** Arrivals of which one event is there and the other one is not. */
const halves = async (store: Store): Promise<readonly string[]> => {
  const ids = new Set((await store.read(SHOP, 0, 10_000)).map(({ event }) => event?.id))
  return ROUNDS.flatMap((round) =>
    ids.has(purchaseId(`${round}`)) === ids.has(pixelId(`both-${round}`))
      ? []
      : [`half of the arrival of round ${round}`],
  )
}

const believesFlipped = (root: string, { folder }: Crashed, offset: number, bit: number): boolean => {
  const copy = mkdtempSync(join(root, 'copy-'))
  try {
    copyFlippedAt(folder, copy, offset, bit)
    return believedFrames(copy) > Math.floor((offset - LOG_HEADER) / FRAME) || integrityFaults(copy).length > 0
  } finally {
    rmSync(copy, { recursive: true })
  }
}

/** Tables whose sealed column is read back below. */
const SEALED = ['events', 'parts', 'messages', 'identities'] as const

const readDamaged = async (
  root: string,
  { folder }: Crashed,
  random: () => number,
): Promise<{ readonly turned: number; readonly read: readonly string[] }> =>
  inCopy(root, async (copy) => {
    copyCutAt(folder, copy, Number.POSITIVE_INFINITY)
    const turned = turnBits(join(copy, DATABASE), random)
    const store = await openForSession(copy)
    try {
      const events = await store.read(SHOP, 0, 10_000)
      const ids = ROUNDS.map((round) => purchaseId(`${round}`))
      const messages = await Promise.all(ROUNDS.map((round) => store.message(SHOP, `webhook-${round}`)))
      const read = [
        ...events.flatMap(({ seq, gone }) => (gone === 'damaged' ? [] : [`event ${seq}`])),
        ...(await store.parts(SHOP, ids)).keys(),
        ...(await store.identities(SHOP, ['client:client-1'])).keys(),
        ...messages.flatMap((message) => (message ? [message.webhookId] : [])),
      ]
      return { turned, read }
    } finally {
      await store.close()
    }
  })

/** Turns over one bit of every sealed column; how many there were. */
const turnBits = (file: string, random: () => number): number => {
  const db = new DatabaseSync(file)
  try {
    return SEALED.reduce((turned, table) => {
      const rows = db.prepare(`SELECT rowid AS row, sealed FROM ${table}`).all() as {
        row: number
        sealed: Uint8Array
      }[]
      const write = db.prepare(`UPDATE ${table} SET sealed = ? WHERE rowid = ?`)
      for (const { row, sealed } of rows) {
        const at = Math.floor(random() * sealed.length)
        sealed[at] = (sealed[at] ?? 0) ^ (1 << Math.floor(random() * 8))
        write.run(sealed, row)
      }
      return turned + rows.length
    }, 0)
  } finally {
    db.close()
  }
}

const inCopy = async <T>(root: string, work: (copy: string) => Promise<T>): Promise<T> => {
  const copy = mkdtempSync(join(root, 'copy-'))
  try {
    return await work(copy)
  } finally {
    rmSync(copy, { recursive: true })
  }
}
