import { type Config, hasStore, readConfig } from '../config.ts'
import { destinations } from '../destinations/all.ts'
import type { Destination } from '../destinations/destination.ts'
import { type Shop, shopFrom } from '../event/event.ts'
import { telling } from '../store/postgres/notify.ts'
import { openPostgres } from '../store/postgres/postgres.ts'
import { openSqlite } from '../store/sqlite/sqlite.ts'
import type { Connection, ShopRecord, Store } from '../store/store.ts'
import { misuse, refuse } from './said.ts'

/** What every command on a store can be told. */
export interface Common {
  readonly data?: string
}

/** The store of an installation, beside the processes that run on it: the database that is named, else the data folder. */
export const openStore = async ({ databaseUrl, dataDir, masterKey }: Config): Promise<Store> =>
  databaseUrl === undefined
    ? openSqlite({ path: dataDir, masterKey, role: 'tool' })
    : telling(await openPostgres({ url: databaseUrl, masterKey, connections: 2, groups: 1 }))

/** Whether there is a store to open. */
export const isStoreThere = ({ databaseUrl, dataDir }: Config): boolean =>
  databaseUrl !== undefined || hasStore(dataDir)

/** For commands that change nothing where nothing is: they get no store then, and leave no folder and no key behind. */
export const withExisting = async (flags: Common, work: (store: Store | undefined) => Promise<void>): Promise<void> =>
  isStoreThere(readConfig(flags)) ? withStore(flags, work) : work(undefined)

/** Opens the store beside the server that may run on it, and closes it again. */
export const withStore = async (flags: Common, work: (store: Store) => Promise<void>): Promise<void> => {
  const store = await openStore(readConfig(flags))
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

export const shopOr = (text: string): Shop | undefined =>
  shopFrom(text) ?? misuse('A shop is named by its permanent domain, NAME.myshopify.com.')

export const destinationOr = (slug: string): Destination | undefined =>
  destinations.get(slug) ?? misuse(`There is no destination ${slug}. Known: ${[...destinations.keys()].join(', ')}.`)

/** A connection, its shop and its platform. */
export interface Chosen {
  readonly store: Store
  readonly shop: ShopRecord
  readonly connection: Connection
  readonly destination: Destination
}

/** For commands about one connection: does the work with it, or says that there is none. */
export const withConnection = (
  flags: Common & { readonly shop: string; readonly connection: string },
  work: (chosen: Chosen) => Promise<void>,
): Promise<void> =>
  withExisting(flags, async (store) => {
    const named = shopOr(flags.shop)
    if (!named) return
    const shop = await store?.shop(named)
    const connection = (await store?.connections(named))?.find(({ id }) => id === Number(flags.connection))
    const destination = connection && destinations.get(connection.destination)
    if (!store || !shop || !connection || !destination)
      return refuse(`${named} has no connection ${flags.connection}. See: converlay connections --shop ${named}`)
    await work({ store, shop, connection, destination })
  })
