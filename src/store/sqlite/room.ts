import { StoreFault } from '../store.ts'
import type { Database } from './database.ts'
import { DISK_FULL, faultOf } from './faults.ts'
import { freeBytes, type Reserve } from './reserve.ts'

/** Who may write when there is hardly any room. */
export interface Room {
  /** Throws while what is left belongs to upkeep. */
  forIntake(): void
  /** Does what has to be possible on a full disk too: settling, erasing, deleting. Done twice if need be. */
  forUpkeep<Result>(work: () => Result): Result
  /** The reserve is in use. */
  readonly short: boolean
}

export const roomIn = (db: Database, reserve: Reserve): Room => ({
  forIntake() {
    // What retention has emptied inside the file serves as well as a reserve beside it.
    if (reserve.held || reserve.restore() || freeBytes(db) >= 2 * reserve.bytes) return
    throw new StoreFault('full', DISK_FULL)
  },
  forUpkeep(work) {
    try {
      return work()
    } catch (error) {
      if (faultOf(error)?.kind !== 'full') throw error
      reserve.release()
      carryLogOver(db)
      return work()
    }
  },
  get short() {
    return reserve.bytes > 0 && !reserve.held
  },
})

/** A log that is carried over begins anew instead of growing. What does not fit stays in the log. */
export const carryLogOver = (db: Database): void => {
  try {
    db.sql('PRAGMA wal_checkpoint(PASSIVE)').get()
  } catch (error) {
    if (faultOf(error)?.kind !== 'full') throw error
  }
}
