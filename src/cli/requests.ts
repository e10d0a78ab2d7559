import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import type { Shop } from '../event/event.ts'
import { doRequests } from '../jobs/requests.ts'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { silentLog } from '../lib/log.ts'
import { countHeld, heldOf } from '../pipeline/held.ts'
import {
  doneRequest,
  exportOf,
  type NamedPerson,
  namesOf,
  openRequest,
  personNamed,
  requestKey,
  requestsOf,
} from '../pipeline/requests.ts'
import { systemClock } from '../runtimes/clock.ts'
import { isLocked } from '../store/sqlite/lock.ts'
import { openSqlite } from '../store/sqlite/sqlite.ts'
import type { Store } from '../store/store.ts'
import { misuse, print, refuse } from './said.ts'
import { type Common, shopOr, withExisting, withStore } from './with-store.ts'

interface PersonFlags extends Common, NamedPerson {
  readonly shop: string
}

/** Longest wait for a running Converlay to do it. */
const WAIT = MINUTE
const LOOK = SECOND / 2
/** Requests of each state that are listed. */
const LISTED = 1000

/** Erasing people, handing their data out, and what was asked and done. Also beside a running process. */
export const requestCommands = (program: Command): void => {
  onPerson(
    program
      .command('redact')
      .description('Erase a person: everything that is held of them becomes unreadable, for good.'),
  )
    .option('--dry-run', 'only tell what is held')
    .action(async (flags: PersonFlags & { dryRun?: boolean }) => {
      const asked = askedOr(flags)
      if (!asked) return
      const { shop, person } = asked
      if (flags.dryRun)
        return withExisting(flags, async (existing) => {
          const store = await knowing(existing, shop)
          if (store) print({ shop, found: await countHeld(store, shop, namesOf(person)) })
        })
      const now = Date.now()
      const key = requestKey(now, randomUUID())
      let kept = false
      await withExisting(flags, async (existing) => {
        const store = await knowing(existing, shop)
        if (!store) return
        await openRequest(store, shop, key, { kind: 'customer_erasure', by: 'merchant', askedAt: now, person }, now)
        kept = true
      })
      if (kept) await doneOrWaited(flags, shop, key)
    })

  onPerson(program.command('export').description('Print everything that is held of a person, as one JSON document.'))
    .option('--request <key>', 'the answer that was made for a request; see: converlay requests')
    .action((flags: PersonFlags & { request?: string }) =>
      withExisting(flags, async (existing) => {
        const shop = shopOr(flags.shop)
        const store = shop && (await knowing(existing, shop))
        if (!shop || !store) return
        if (flags.request !== undefined) {
          const made = await exportOf(store, shop, flags.request)
          if (!made) return refuse('There is no such answer: it is kept for 30 days, and no longer than the person.')
          return print(made.value)
        }
        const asked = askedOr(flags)
        if (asked) print(await heldOf(store, shop, asked.person, Date.now()))
      }),
    )

  program
    .command('requests')
    .description('List what customers and the store asked for, with what was done about it.')
    .requiredOption('--shop <domain>')
    .option('--data <folder>', 'where the state lives')
    .action((flags: Common & { shop: string }) =>
      withExisting(flags, async (store) => {
        const shop = shopOr(flags.shop)
        if (!store || !shop) return
        for (const { askedAt, ...request } of await requestsOf(store, shop, LISTED))
          print({ ...request, askedAt: new Date(askedAt), ...times(request) })
      }),
    )
}

const times = (request: object): object =>
  Object.fromEntries(
    Object.entries(request).flatMap(([name, value]) =>
      ['doneAt', 'until', 'before'].includes(name) ? [[name, new Date(value)]] : [],
    ),
  )

const onPerson = (command: Command): Command =>
  command
    .requiredOption('--shop <domain>')
    .option('--customer <id>', 'the number of a customer')
    .option('--email <address>')
    .option('--phone <number>', 'with its country code')
    .option('--order <id>', 'the number of an order, and so whoever placed it')
    .option('--data <folder>', 'where the state lives')

const askedOr = (flags: PersonFlags) => {
  const shop = shopOr(flags.shop)
  const person = personNamed(flags)
  if ('refused' in person) return misuse(person.refused)
  return shop && { shop, person }
}

/** The store, where it knows the shop. */
const knowing = async (store: Store | undefined, shop: Shop): Promise<Store | undefined> => {
  if (await store?.shop(shop)) return store
  refuse(`${shop} is not known here. See: converlay shops`)
  return undefined
}

/** The process that runs erases, because it may have some of the person in memory; where none runs, it is done here. */
const doneOrWaited = async (flags: Common, shop: Shop, key: string): Promise<void> => {
  const { databaseUrl, dataDir, masterKey } = readConfig(flags)
  if (databaseUrl === undefined && !isLocked(join(dataDir, 'server.lock'))) {
    const store = await openSqlite({ path: dataDir, masterKey, role: 'server' })
    try {
      await doRequests(
        {
          store,
          clock: systemClock,
          log: silentLog,
          eraser: { forget: store.erase, forgetShop: store.eraseShop },
          readAnew: async () => {},
        },
        shop,
      )
    } finally {
      await store.close()
    }
  }
  await withStore(flags, async (store) => {
    const until = Date.now() + WAIT
    let done = await doneRequest(store, shop, key)
    while (!done && Date.now() < until) {
      await sleep(LOOK)
      done = await doneRequest(store, shop, key)
    }
    if (done) return print({ shop, request: key, ...done, askedAt: new Date(done.askedAt), ...times(done) })
    refuse('It is not done yet. Converlay does it as soon as it runs; see: converlay requests')
  })
}
