import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * A backup is two files: the store without what opens it, and the salts and shop keys that do. Whoever has only one of
 * them, or both without the master key, can read nothing personal.
 */
export interface BackupFiles {
  /** ms since 1970, to the second: when it was made. */
  readonly at: number
  readonly main: string
  /** Absent once it was deleted; then nothing sealed in the main file can be read again. */
  readonly keys?: string
}

const NAME = /^converlay-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(\.keys)?\.db$/

/** What files of a moment are called, without their ends. */
export const backupName = (at: number): string =>
  `converlay-${new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}`

const timeOf = (file: string): number | undefined => {
  const [, year, month, day, hour, minute, second] = NAME.exec(file) ?? []
  return year === undefined ? undefined : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/** The finished backups of a folder, oldest first. */
export const backupsIn = (folder: string): readonly BackupFiles[] => {
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files
    .flatMap((file): BackupFiles[] => {
      const at = timeOf(file)
      if (at === undefined || file.endsWith('.keys.db')) return []
      const keys = join(folder, file.replace(/\.db$/, '.keys.db'))
      return [{ at, main: join(folder, file), ...(existsSync(keys) && { keys }) }]
    })
    .sort((a, b) => a.at - b.at)
}

/** Files of keys that are older than a moment, whether or not their main file is still there. */
export const keyFilesBefore = (folder: string, before: number): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.keys.db') && (timeOf(file) ?? before) < before)
    .map((file) => join(folder, file))

/** Makes an empty file that only its owner can read; whatever was there before goes. */
export const newOwnFile = (path: string): string => {
  closeSync(openSync(path, 'w', 0o600))
  return path
}

/** Gives a finished file its name, once all of it is on the disk. */
export const publish = (from: string, to: string): void => {
  for (const path of [from, dirname(from)]) {
    const file = openSync(path, 'r')
    fsyncSync(file)
    closeSync(file)
    if (path === from) renameSync(from, to)
  }
}
