import { randomFillSync } from 'node:crypto'
import { closeSync, existsSync, openSync, renameSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, PAGE_BYTES } from './database.ts'

/**
 * Room that is kept for the day when the disk is full: what was acknowledged must still be settled and a person erased,
 * and both have to write. It is given up then, and what comes in waits until it is there again
 * (docs/decisions/0017-room-for-a-full-disk.md).
 */
export interface Reserve {
  /** How much is kept. */
  readonly bytes: number
  /** Whether it is there; a command line beside the server may have needed it. */
  readonly held: boolean
  release(): void
  /** Takes it back once there is as much room again beside it; whether it is held now. */
  restore(): boolean
}

/** Of a small disk no more than this share is kept. */
const LARGEST_SHARE = 1 / 16

const BLOCK = 1024 * 1024

/** A file of that size. On a disk that is full already it is given up at once, so that the store can open. */
export const reserveOnDisk = (folder: string, wanted: number): Reserve => {
  const file = join(folder, 'reserve')
  const unfinished = `${file}.new`
  const disk = statfsSync(folder)
  const bytes = Math.min(wanted, Math.floor(disk.blocks * disk.bsize * LARGEST_SHARE))
  const free = (): number => {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  }
  const release = (): void => rmSync(file, { force: true })
  const restore = (): boolean => {
    if (existsSync(file) || bytes === 0) return true
    if (free() < 2 * bytes) return false
    try {
      fill(unfinished, bytes)
      renameSync(unfinished, file)
      return true
    } catch {
      // Somebody else was faster.
      rmSync(unfinished, { force: true })
      return false
    }
  }
  rmSync(unfinished, { force: true })
  if (free() < bytes) release()
  else restore()
  return {
    bytes,
    get held() {
      return existsSync(file)
    },
    release,
    restore,
  }
}

/** Random bytes: a file system that compresses or leaves holes would keep no room for zeros. */
const fill = (file: string, bytes: number): void => {
  const block = randomFillSync(Buffer.allocUnsafe(Math.min(BLOCK, bytes)))
  const fd = openSync(file, 'w', 0o600)
  try {
    for (let written = 0; written < bytes; ) written += writeSync(fd, block, 0, Math.min(block.length, bytes - written))
  } finally {
    closeSync(fd)
  }
}

/** Under a quota: pages of the database that are used only when it is full. */
export const reserveInQuota = (db: Database, maxBytes: number, wanted: number): Reserve => {
  const bytes = Math.min(wanted, Math.floor(maxBytes * LARGEST_SHARE))
  const limit = (most: number): void => db.exec(`PRAGMA max_page_count = ${Math.floor(most / PAGE_BYTES)}`)
  let held = true
  limit(maxBytes - bytes)
  return {
    bytes,
    get held() {
      return held
    },
    release() {
      held = false
      limit(maxBytes)
    },
    restore() {
      const pages = db.sql<{ page_count: number }>('PRAGMA page_count').get()?.page_count ?? 0
      held ||= pages * PAGE_BYTES - freeBytes(db) <= maxBytes - 2 * bytes
      if (held) limit(maxBytes - bytes)
      return held
    },
  }
}

/** Pages of the database file that hold nothing. */
export const freeBytes = (db: Database): number =>
  (db.sql<{ freelist_count: number }>('PRAGMA freelist_count').get()?.freelist_count ?? 0) * PAGE_BYTES
