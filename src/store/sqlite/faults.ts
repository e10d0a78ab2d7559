import { StoreFault } from '../store.ts'

const SQLITE_BUSY = 5
const SQLITE_READONLY = 8
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_CANTOPEN = 14
const SQLITE_NOTADB = 26

const BROKEN = new Set([SQLITE_READONLY, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_CANTOPEN, SQLITE_NOTADB])

/** What a person is told when there is no room. */
export const DISK_FULL = 'The disk is full. Make room in the data folder.'

/** What the system says of files beside the database. */
const FULL_CODES = new Set(['ENOSPC', 'EDQUOT'])
const BROKEN_CODES = new Set(['EIO', 'EROFS'])

/** The low byte of an extended result code is the primary one. */
const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined

/** What a disk did, as the port tells it; undefined for an error that is not the disk's. */
export const faultOf = (error: unknown): StoreFault | undefined => {
  if (error instanceof StoreFault) return error
  const code = codeOf(error)
  const system = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === SQLITE_FULL || FULL_CODES.has(system)) return new StoreFault('full', DISK_FULL)
  if (code === SQLITE_BUSY)
    return new StoreFault('busy', 'Another Converlay command holds the data folder for too long. Try again.')
  // After a failed write or flush nobody knows what is on disk: a retry in place could acknowledge what is not there.
  if ((code !== undefined && BROKEN.has(code)) || BROKEN_CODES.has(system))
    return new StoreFault('broken', 'The data folder cannot be read or written. Check the disk.')
  return undefined
}
