import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { openPostgres, type PostgresStore } from '../store/postgres/postgres.ts'
import { tombstoneLines, tombstonesIn } from '../store/sqlite/tombstones.ts'
import { misuse, print, refuse } from './said.ts'

/** What a dump of a database does not know of itself: who was erased since, and what was sent since. */
export const restoredCommands = (program: Command): void => {
  program
    .command('tombstones')
    .description(
      'Print who was erased from the database, naming nobody: keep it apart from dumps, and newer than them.',
    )
    .action(() => inDatabase(async (store) => void process.stdout.write(tombstoneLines(await store.tombstones()))))

  program
    .command('restored')
    .description('Make a database that was restored from a dump fit to work on, before anything runs on it.')
    .requiredOption('--at <time>', 'when the dump was made, e.g. 2026-11-20T10:00:00Z')
    .requiredOption('--tombstones <files...>', 'what the command tombstones printed, the newest you have')
    .action((flags: { at: string; tombstones: readonly string[] }) => {
      const at = Date.parse(flags.at)
      const now = Date.now()
      if (Number.isNaN(at) || at > now)
        return misuse(`--at ${flags.at} is no moment of the past. Write it as 2026-11-20T10:00:00Z.`)
      const tombstones = tombstonesIn(flags.tombstones.map((file) => readFileSync(resolve(file), 'utf8')))
      return inDatabase(async (store) => {
        print({ at: new Date(at), ...(await store.restored({ at, now, tombstones })) })
      })
    })
}

const inDatabase = async (work: (store: PostgresStore) => Promise<void>): Promise<void> => {
  const { databaseUrl: url, masterKey } = readConfig({})
  if (url === undefined)
    return refuse(
      'This is for a store in PostgreSQL (CONVERLAY_DATABASE_URL). For a data folder, see: converlay restore',
    )
  const store = await openPostgres({ url, masterKey, connections: 2, groups: 1 })
  try {
    await work(store)
  } finally {
    await store.close()
  }
}
