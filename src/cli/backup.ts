import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { hasStore, readConfig } from '../config.ts'
import { backUp } from '../store/sqlite/backup.ts'
import { RestoreError, restoreBackup } from '../store/sqlite/restore.ts'
import { misuse, print, refuse } from './said.ts'

interface RestoreFlags {
  readonly from: string
  readonly data: string
  readonly at?: string
  readonly tombstones?: readonly string[]
}

/** `backup` and `restore` of the embedded store. */
export const backupCommands = (program: Command): void => {
  program
    .command('backup')
    .description('Copy the data folder’s store, also while Converlay is running on it.')
    .requiredOption('--to <folder>', 'where backups go; keys in it that are older than 30 days are deleted')
    .option('--data <folder>', 'where the state lives')
    .action(async (flags: { to: string; data?: string }) => {
      const { dataDir, databaseUrl } = readConfig(flags)
      if (databaseUrl !== undefined)
        return refuse('The store is in PostgreSQL, which has backups of its own: pg_dump, or those of whoever runs it.')
      if (!hasStore(dataDir)) return refuse(`${dataDir} holds no store that could be backed up.`)
      const { at, ...made } = await backUp({ data: dataDir, to: resolve(flags.to), now: Date.now() })
      print({ at: new Date(at), ...made })
    })

  program
    .command('restore')
    .description('Make a new data folder out of a backup.')
    .requiredOption('--from <folder>', 'where backups are')
    .requiredOption('--data <folder>', 'the folder to make; it must be empty or not there')
    .option('--at <time>', 'the newest backup from this moment or before, e.g. 2026-11-20T10:00:00Z')
    .option('--tombstones <folder...>', 'old data folders: what was erased there stays erased')
    .action(async (flags: RestoreFlags) => {
      const at = flags.at === undefined ? Date.now() : Date.parse(flags.at)
      if (Number.isNaN(at)) return misuse(`--at ${flags.at} is no moment. Write it as 2026-11-20T10:00:00Z.`)
      const config = readConfig(flags)
      if (config.keyFile !== undefined && !existsSync(config.keyFile))
        return refuse(
          `The master key of the old folder is needed. Copy it to ${config.keyFile}, or name it with CONVERLAY_MASTER_KEY_FILE.`,
        )
      try {
        const { from, ...told } = restoreBackup({
          from: resolve(flags.from),
          at,
          data: config.dataDir,
          masterKey: config.masterKey,
          tombstones: (flags.tombstones ?? []).map((folder) => resolve(folder)),
          now: Date.now(),
        })
        print({ data: config.dataDir, from: from.main, at: new Date(from.at), ...told })
      } catch (fault) {
        if (!(fault instanceof RestoreError)) throw fault
        refuse(fault.message)
      }
    })
}
