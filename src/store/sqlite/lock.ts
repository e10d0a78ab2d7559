import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { faultOf } from './faults.ts'

const DATA_FOLDER =
  'Another Converlay is running on this data folder. Stop it first, or give this one its own with --data.'

const openLock = (file: string) => new DatabaseSync(file, { timeout: 0 })

/** Whether a server has the folder. */
export const isLocked = (file: string): boolean => {
  if (!existsSync(file)) return false
  const lock = openLock(file)
  try {
    lock.exec('SELECT 1 FROM sqlite_schema')
    return false
  } catch {
    return true
  } finally {
    lock.close()
  }
}

/**
 * One server per data folder. The lock is SQLite's own lock on an empty file: the operating system gives it back when
 * the process ends in any way, so no stale pid is ever in the way. Command-line tools do not take it.
 */
export const lockFolder = (file: string, taken = DATA_FOLDER): (() => void) => {
  const lock = openLock(file)
  try {
    // Without a journal nothing is written: a start has to work on a full disk too.
    lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (faultOf(error)?.kind !== 'busy') throw error
    throw new Error(taken)
  }
  return () => lock.close()
}
