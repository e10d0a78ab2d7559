import { type Config, hasStore, readConfig } from '../config.ts'
import { openPostgres } from '../store/postgres/postgres.ts'
import { openSqlite } from '../store/sqlite/sqlite.ts'
import type { Store } from '../store/store.ts'

interface Flags {
  readonly data?: string
}

/** The store of an installation, beside the processes that run on it: the database that is named, else the data folder. */
export const openStore = ({ databaseUrl, dataDir, masterKey }: Config): Promise<Store> =>
  databaseUrl === undefined
    ? openSqlite({ path: dataDir, masterKey, role: 'tool' })
    : openPostgres({ url: databaseUrl, masterKey, connections: 2, groups: 1 })

/** Whether there is a store to open. */
export const isStoreThere = ({ databaseUrl, dataDir }: Config): boolean =>
  databaseUrl !== undefined || hasStore(dataDir)

/** For commands that change nothing where nothing is: they get no store then, and leave no folder and no key behind. */
export const withExisting = async (flags: Flags, work: (store: Store | undefined) => Promise<void>): Promise<void> =>
  isStoreThere(readConfig(flags)) ? withStore(flags, work) : work(undefined)

/** Opens the store beside the server that may run on it, and closes it again. */
export const withStore = async (flags: Flags, work: (store: Store) => Promise<void>): Promise<void> => {
  const store = await openStore(readConfig(flags))
  try {
    await work(store)
  } finally {
    await store.close()
  }
}
