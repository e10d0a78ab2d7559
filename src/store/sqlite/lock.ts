import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

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
export const lockFolder = (file: string): (() => void) => {
  const lock = openLock(file)
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch {
    lock.close()
    throw new Error(
      'Another Converlay is running on this data folder. Stop it first, or give this one its own with --data.',
    )
  }
  return () => lock.close()
}
