import { hasStore, readConfig } from '../config.ts'
import { openSqlite } from '../store/sqlite/sqlite.ts'
import type { Store } from '../store/store.ts'

interface Flags {
  readonly data?: string
}

/** For commands that change nothing where nothing is: they get no store then, and leave no folder and no key behind. */
export const withExisting = async (flags: Flags, work: (store: Store | undefined) => Promise<void>): Promise<void> =>
  hasStore(readConfig(flags).dataDir) ? withStore(flags, work) : work(undefined)

/** Opens the store beside the server that may run on it, and closes it again. */
export const withStore = async (flags: Flags, work: (store: Store) => Promise<void>): Promise<void> => {
  const config = readConfig(flags)
  const store = await openSqlite({ path: config.dataDir, masterKey: config.masterKey, role: 'tool' })
  try {
    await work(store)
  } finally {
    await store.close()
  }
}
