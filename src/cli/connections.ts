import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { destinations } from '../destinations/all.ts'
import type { Destination, Verified } from '../destinations/destination.ts'
import { country } from '../event/identity.ts'
import { accountOf } from '../http/api/account.ts'
import { accountTaken, takenMessage, withSuggested } from '../pipeline/connecting.ts'
import { withTestMode } from '../pipeline/test-mode.ts'
import { verify } from '../pipeline/verify.ts'
import { systemClock } from '../runtimes/clock.ts'
import { startSender } from '../runtimes/send.ts'
import { addedByHand } from '../shopify/app-life.ts'
import type { ConnectionId } from '../store/store.ts'
import { beginBackfill, daysOr } from './backfill.ts'
import { misuse, print, refuse } from './said.ts'
import { type Common, destinationOr, shopOr, withExisting, withStore } from './with-store.ts'

interface ConnectFlags extends Common {
  readonly shop: string
  readonly destination: string
  readonly settings: string
  readonly verify: boolean
  readonly test?: boolean
  readonly backfill?: string
}

/** Commands that look at or change the store, also beside a running process. */
export const storeCommands = (program: Command): void => {
  const shops = program.command('shops').description('List the shops; "shops add" adds one.')
  shops
    .command('list', { isDefault: true })
    .option('--data <folder>', 'where the state lives')
    .action((flags: Common) =>
      withExisting(flags, async (store) => {
        // Others only sent a compliance webhook once.
        for (const { shop, facts, installedAt, head } of (await store?.shops()) ?? [])
          if (installedAt > 0) print({ shop, ...facts, installedAt: new Date(installedAt).toISOString(), events: head })
      }),
    )
  shops
    .command('add <domain>')
    .description('Add a store by its permanent domain, NAME.myshopify.com.')
    .option('--country <code>', 'two letters, e.g. US')
    .option('--currency <code>', 'e.g. USD')
    .option('--url <address>', 'address of the storefront')
    .option('--timezone <name>', 'e.g. Europe/Berlin')
    .option('--data <folder>', 'where the state lives')
    .action(
      (domain: string, flags: Common & { country?: string; currency?: string; url?: string; timezone?: string }) =>
        withStore(flags, async (store) => {
          const shop = shopOr(domain)
          if (!shop) return
          const known = await store.shop(shop)
          const home = country(flags.country)
          const facts = {
            ...known?.facts,
            ...(home ? { country: home } : {}),
            ...(flags.currency ? { currency: flags.currency.toUpperCase() } : {}),
            ...(flags.url ? { url: flags.url.replace(/\/+$/, '') } : {}),
            ...(flags.timezone ? { timezone: flags.timezone } : {}),
          }
          const saved = await store.saveShop({ shop, facts, installedAt: known?.installedAt || Date.now() })
          await addedByHand(store, shop, Date.now())
          print({ shop: saved.shop, ...saved.facts, installedAt: new Date(saved.installedAt).toISOString() })
        }),
    )

  program
    .command('connections')
    .description('List the connections of one shop or of all.')
    .option('--shop <domain>')
    .option('--data <folder>', 'where the state lives')
    .action((flags: Common & { shop?: string }) =>
      withExisting(flags, async (store) => {
        const named = flags.shop === undefined ? undefined : shopOr(flags.shop)
        if (!store || (flags.shop !== undefined && !named)) return
        for (const shop of named ? [named] : (await store.shops()).map((one) => one.shop)) {
          for (const connection of await store.connections(shop)) {
            const { id, destination, state, trouble, createdAt } = connection
            const account = accountOf(destinations.get(destination), connection)
            print({
              shop,
              connection: id,
              destination,
              ...(account === undefined ? {} : { account }),
              state,
              createdAt: new Date(createdAt).toISOString(),
              ...(trouble ? { trouble } : {}),
            })
          }
        }
      }),
    )

  program
    .command('connect')
    .description('Connect a shop with a platform. The credentials are tried first.')
    .requiredOption('--shop <domain>')
    .requiredOption('--destination <slug>')
    .requiredOption('--settings <file>', 'JSON; - for standard input')
    .option('--no-verify', 'do not try the credentials first')
    .option('--test', 'in test mode: the platform counts nothing')
    .option('--backfill <days>', 'send also what arrived in the last days')
    .option('--data <folder>', 'where the state lives')
    .action((flags: ConnectFlags) =>
      withExisting(flags, async (store) => {
        const shop = shopOr(flags.shop)
        const destination = destinationOr(flags.destination)
        const settings = settingsOr(flags.settings)
        const days = flags.backfill === undefined ? undefined : daysOr(flags.backfill)
        if (!shop || !destination || settings === undefined) return
        if (flags.backfill !== undefined && days === undefined) return
        if (!store || !(await store.shop(shop))?.installedAt)
          return refuse(`${shop} is not known here. Add it first: converlay shops add ${shop}`)
        const parsed = destination.settings.safeParse(settings)
        if (!parsed.success)
          return refuse(
            parsed.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`).join('\n'),
          )
        const wanted = flags.test ? withTestMode(destination, parsed.data, { on: true }) : { settings: parsed.data }
        if ('refused' in wanted) return refuse(wanted.refused)
        const taken = accountTaken(destination, wanted.settings, await store.connections(shop))
        if (taken !== undefined) return refuse(takenMessage(destination, taken))
        const verified = flags.verify ? await tried(destination, wanted.settings) : undefined
        // What a platform cannot tell holds nobody up; what it refuses does.
        if (verified?.outcome === 'failed') return
        process.exitCode = 0
        const connection = await store.addConnection({
          shop,
          destination: destination.slug,
          settings: verified ? withSuggested(destination, wanted.settings, settings, verified) : wanted.settings,
          createdAt: Date.now(),
        })
        print({
          shop,
          connection: connection.id,
          destination: connection.destination,
          state: connection.state,
          ...(flags.test ? { testMode: true } : {}),
        })
        if (days !== undefined) await beginBackfill({ store, connection, destination }, days)
      }),
    )

  program
    .command('disconnect')
    .description('Remove a connection. What was waiting is not sent; its ledger stays.')
    .requiredOption('--shop <domain>')
    .requiredOption('--connection <number>')
    .option('--data <folder>', 'where the state lives')
    .action((flags: Common & { shop: string; connection: string }) =>
      withExisting(flags, async (store) => {
        const shop = shopOr(flags.shop)
        if (!shop) return
        if (!(await store?.removeConnection(shop, Number(flags.connection) as ConnectionId)))
          return refuse(`${shop} has no connection ${flags.connection}. See: converlay connections --shop ${shop}`)
        print({ shop, connection: Number(flags.connection), removed: true })
      }),
    )

  program
    .command('verify')
    .description('Ask a platform whether the credentials work, without recording anything there.')
    .option('--shop <domain>', 'with --connection: a stored connection')
    .option('--connection <number>')
    .option('--destination <slug>', 'with --settings: settings from a file')
    .option('--settings <file>', 'JSON; - for standard input')
    .option('--data <folder>', 'where the state lives')
    .action(async (flags: Common & { shop?: string; connection?: string; destination?: string; settings?: string }) => {
      if (flags.destination && flags.settings) {
        const destination = destinationOr(flags.destination)
        const settings = settingsOr(flags.settings)
        if (destination && settings !== undefined) await tried(destination, settings)
      } else if (flags.shop && flags.connection) {
        await withExisting(flags, async (store) => {
          const shop = shopOr(flags.shop ?? '')
          if (!shop) return
          const connection = (await store?.connections(shop))?.find((one) => one.id === Number(flags.connection))
          if (!connection) return refuse('There is no such connection. See: converlay connections')
          const destination = destinationOr(connection.destination)
          if (destination) await tried(destination, connection.settings)
        })
      } else misuse('Give --destination and --settings, or --shop and --connection.')
    })
}

/** Tries credentials at the real platform and prints what it said. */
const tried = async (destination: Destination, settings: unknown): Promise<Verified> => {
  const sender = startSender([destination])
  try {
    const verified = await verify({ send: sender.send, clock: systemClock }, destination, settings)
    print(verified)
    if (verified.outcome !== 'ok') process.exitCode = 1
    return verified
  } finally {
    await sender.close()
  }
}

const settingsOr = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'))
  } catch {
    return misuse(`${file} cannot be read as JSON.`)
  }
}
