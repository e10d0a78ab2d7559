import { closeSync, copyFileSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PAGE_BYTES } from '../../src/store/sqlite/database.ts'

/** The parts of SQLite's log: a header, then frames of a header and a page each. */
export const LOG_HEADER = 32
export const FRAME = 24 + PAGE_BYTES

export const DATABASE = 'converlay.db'
export const LOG = `${DATABASE}-wal`

/** A copy of the two files of a folder, with the log cut off at a place. */
export const copyCutAt = (from: string, to: string, end: number): void => {
  copyFileSync(join(from, DATABASE), join(to, DATABASE))
  writeFileSync(join(to, LOG), readFileSync(join(from, LOG)).subarray(0, end))
}

/** A copy whose log has one bit turned over. */
export const copyFlippedAt = (from: string, to: string, offset: number, bit: number): void => {
  for (const file of [DATABASE, LOG]) copyFileSync(join(from, file), join(to, file))
  const byte = (readFileSync(join(from, LOG))[offset] ?? 0) ^ (1 << bit)
  const log = openSync(join(to, LOG), 'r+')
  writeSync(log, Uint8Array.of(byte), 0, 1, offset)
  closeSync(log)
}

/** How many frames of its log SQLite believes in a folder that nobody has open. */
export const believedFrames = (folder: string): number => {
  const db = new DatabaseSync(join(folder, DATABASE))
  try {
    return Number(db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()?.log)
  } finally {
    db.close()
  }
}
