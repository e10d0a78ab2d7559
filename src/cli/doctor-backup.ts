import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import { DAY, HOUR } from '../lib/duration.ts'
import { backupsIn } from '../store/sqlite/backup-files.ts'
import { checkBackup } from '../store/sqlite/check-backup.ts'
import type { Check } from './doctor.ts'

/** Whoever has backups made has one made every day. */
const OLD = 2 * DAY

/** Whether the newest backup of a folder could be restored, by reading all of it. */
export const backupCheck = (folder: string, config: Config, now: number): Check => {
  const check = 'backup'
  const newest = backupsIn(resolve(folder)).at(-1)
  if (!newest) return { check, ok: false, told: `there is none in ${folder}` }
  if (config.keyFile !== undefined && !existsSync(config.keyFile))
    return {
      check,
      ok: false,
      told: `the master key ${config.keyFile} is missing, and without it none can be restored`,
    }
  const age = Math.max(0, Math.floor((now - newest.at) / HOUR))
  try {
    const { events, faults } = checkBackup(newest, config.masterKey)
    const told = [
      `${newest.main}, ${age} h old, ${events} events`,
      ...(newest.at < now - OLD ? ['it is older than two days; make one with converlay backup'] : []),
      ...faults,
    ]
    return { check, ok: told.length === 1, told: told.join('; ') }
  } catch (fault) {
    return {
      check,
      ok: false,
      told: `${newest.main} cannot be read: ${fault instanceof Error ? fault.message : 'why?'}`,
    }
  }
}
