import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { deriveKey, open, seal } from '../../lib/seal.ts'
import { openDatabase, PAGE_BYTES } from '../sqlite/database.ts'
import { faultOf } from '../sqlite/faults.ts'
import { lockFolder } from '../sqlite/lock.ts'
import { StoreFault } from '../store.ts'

/** Messages that wait on this machine's own disk, in the order in which they came. What they say is sealed. */
export interface SpoolFile {
  /** Resolves after the flush that covers it. Rejects with a StoreFault when the disk is full or fails. */
  keep(content: Uint8Array): Promise<void>
  /** The oldest that wait. */
  next(limit: number): readonly { readonly id: number; readonly content: Buffer }[]
  /** They were taken: they are gone for good. */
  drop(ids: readonly number[]): void
  /** It cannot be taken: it stays, behind nobody, and comes again after the next opening. */
  setAside(id: number): void
  close(): void
}

/** Room for what waits; beyond it the spool is full. */
export const SPOOL_BYTES = 1024 * 1024 * 1024

const SCHEMA = [
  `CREATE TABLE waiting (id INTEGER PRIMARY KEY, aside INTEGER NOT NULL DEFAULT 0, sealed BLOB NOT NULL) STRICT;
   CREATE INDEX waiting_in_order ON waiting (aside, id);`,
]

/**
 * Opens the spool of a folder, which is made when it is not there. Rejects with a sentence for people when another process
 * has it or when it was written under another master key. It runs on the event loop: while it is used, nothing else is
 * there to be done, and messages that came during a flush share the next one.
 */
export const openSpool = ({
  folder,
  masterKey,
  maxBytes = SPOOL_BYTES,
}: {
  readonly folder: string
  readonly masterKey: Uint8Array
  readonly maxBytes?: number
}): SpoolFile => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(
    join(folder, 'spool.lock'),
    `Another Converlay uses the spool in ${folder}. Give each capture process a folder of its own (CONVERLAY_SPOOL).`,
  )
  const db = openDatabase(join(folder, 'spool.db'), SCHEMA)
  // What was taken is not left lying in free pages.
  db.exec(`PRAGMA secure_delete = ON; PRAGMA max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)}`)
  db.sql('UPDATE waiting SET aside = 0 WHERE aside = 1').run()
  const key = deriveKey(masterKey, Buffer.alloc(0), 'spool')
  const aad = (id: number) => `spool ${id}`
  const rows = (limit: number) =>
    db
      .sql<{ id: number; sealed: Uint8Array }>('SELECT id, sealed FROM waiting WHERE aside = 0 ORDER BY id LIMIT ?')
      .all(limit)
  const opened = ({ id, sealed }: { readonly id: number; readonly sealed: Uint8Array }) => open(key, sealed, aad(id))

  const [oldest] = rows(1)
  if (oldest && opened(oldest) === undefined) {
    db.close()
    unlock()
    throw new Error(
      `The spool in ${folder} was written under another master key. Give that key, or move the folder away; what waits in it is not sent then.`,
    )
  }
  let last = db.sql<{ last: number | null }>('SELECT max(id) AS last FROM waiting').get()?.last ?? 0
  let broken: StoreFault | undefined
  let coming: { readonly content: Uint8Array; resolve(): void; reject(fault: unknown): void }[] = []

  const flush = () => {
    const group = coming
    coming = []
    try {
      if (broken) throw broken
      db.transaction(() => {
        for (const { content } of group) {
          last++
          db.sql('INSERT INTO waiting (id, sealed) VALUES (?, ?)').run(last, seal(key, content, aad(last)))
        }
      })
      for (const { resolve } of group) resolve()
    } catch (error) {
      const fault = faultOf(error)
      if (fault?.kind === 'broken') broken = fault
      for (const { reject } of group) reject(fault ?? error)
    }
  }

  return {
    keep: (content) =>
      new Promise((resolve, reject) => {
        coming.push({ content, resolve, reject })
        if (coming.length === 1) setImmediate(flush)
      }),
    next: (limit) =>
      rows(limit).map((row) => {
        const content = opened(row)
        if (content === undefined) throw new StoreFault('broken', 'A message of the spool cannot be opened.')
        return { id: row.id, content }
      }),
    drop: (ids) =>
      db.transaction(() => {
        for (const id of ids) db.sql('DELETE FROM waiting WHERE id = ?').run(id)
      }),
    setAside: (id) => void db.sql('UPDATE waiting SET aside = 1 WHERE id = ?').run(id),
    close() {
      if (coming.length > 0) flush()
      db.close()
      unlock()
    },
  }
}
