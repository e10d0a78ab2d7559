import type { Command } from 'commander'
import { type ApiKey, createKey, keysOf, MOST_KEYS, revokeKey } from '../pipeline/api-keys.ts'
import type { ShopRecord, Store } from '../store/store.ts'
import { misuse, print, refuse } from './said.ts'
import { type Common, shopOr, withExisting } from './with-store.ts'

interface Flags extends Common {
  readonly shop: string
}

/** The keys with which a store's own servers and pages send events. Also beside a running process. */
export const keyCommands = (program: Command): void => {
  const keys = program
    .command('keys')
    .description('Keys with which servers and pages of a store send their own events.')
  const ofShop = (command: Command): Command =>
    command.requiredOption('--shop <domain>').option('--data <folder>', 'where the state lives')

  ofShop(keys.command('list', { isDefault: true }).description('List them.')).action((flags: Flags) =>
    withShop(flags, async (store, { shop }) => {
      for (const key of await keysOf(store, shop)) print({ shop, ...shown(key) })
    }),
  )

  ofShop(keys.command('create').description('Make one. Its text is shown this once.'))
    .option('--kind <kind>', 'secret: for servers, may bring orders and money. public: for pages', 'secret')
    .action((flags: Flags & { kind: string }) => {
      const { kind } = flags
      if (kind !== 'secret' && kind !== 'public') return misuse('--kind is secret or public.')
      return withShop(flags, async (store, { shop }) => {
        const made = await createKey(store, shop, kind, Date.now())
        if (!made) return refuse(`${shop} has ${MOST_KEYS} keys already. Revoke one that is not used any more.`)
        print({ shop, ...shown(made.key), text: made.text })
      })
    })

  ofShop(keys.command('revoke <key>').description('End one; it stops working within seconds.')).action(
    (key: string, flags: Flags) =>
      withShop(flags, async (store, { shop }) => {
        if (!(await revokeKey(store, shop, key, Date.now())))
          return refuse(`${shop} has no key ${key}. See: converlay keys list --shop ${shop}`)
        print({ shop, key, revoked: true })
      }),
  )
}

const shown = ({ id, createdAt, ...rest }: ApiKey) => ({
  key: id,
  createdAt: new Date(createdAt).toISOString(),
  ...rest,
})

const withShop = (flags: Flags, work: (store: Store, shop: ShopRecord) => Promise<void>): Promise<void> =>
  withExisting(flags, async (store) => {
    const named = shopOr(flags.shop)
    if (!named) return
    const shop = await store?.shop(named)
    if (!store || !shop?.installedAt)
      return refuse(`${named} is not known here. Add it first: converlay shops add ${named}`)
    await work(store, shop)
  })
