import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { destinations } from '../destinations/all.ts'
import { accountOf } from '../http/api/account.ts'
import { DAY, MINUTE, SECOND } from '../lib/duration.ts'
import { silentLog } from '../lib/log.ts'
import { dayStart } from '../lib/zone.ts'
import { AUDIT_STATES, type AuditPeriod } from '../pipeline/audit.ts'
import { AUDIT_HEADER, auditLines, type NamedConnection } from '../pipeline/audit-lines.ts'
import { auditSums, eachAudited, type Tally } from '../pipeline/audit-sums.ts'
import { systemClock } from '../runtimes/clock.ts'
import { startSender } from '../runtimes/send.ts'
import { adminWith } from '../shopify/admin.ts'
import { type Compared, compareWithShopify } from '../shopify/compare.ts'
import { askToReconcile, reconcileState } from '../shopify/reconcile-state.ts'
import { createTokens } from '../shopify/tokens.ts'
import type { ShopRecord, Store } from '../store/store.ts'
import { misuse, print, refuse } from './said.ts'
import { type Common, shopOr, withExisting } from './with-store.ts'

interface AuditFlags extends Common {
  readonly shop: string
  readonly from: string
  readonly to: string
  readonly csv?: boolean
  readonly json?: boolean
}

interface ReconcileFlags extends Common {
  readonly shop?: string
  readonly since?: string
}

/** What became of every order, and the comparison with Shopify's own. Both beside a running process. */
export const auditCommands = (program: Command): void => {
  program
    .command('audit')
    .description(
      'What became of every order of a period at every connection, with the reason; sums beside Shopify’s own.',
    )
    .requiredOption('--shop <domain>')
    .requiredOption('--from <instant>', 'orders placed from then on, e.g. 2026-11-01 or 2026-11-01T00:00:00Z')
    .requiredOption('--to <instant>', 'and before then')
    .option('--csv', 'print every order at every connection as a CSV file')
    .option('--json', 'print the sums as a JSON document')
    .option('--data <folder>', 'where the state lives')
    .action((flags: AuditFlags) =>
      withExisting(flags, async (store) => {
        const name = shopOr(flags.shop)
        if (!name) return
        const shop = await store?.shop(name)
        if (!store || !shop) return refuse(`${name} is not connected here. See: converlay shops`)
        const period = periodOr(flags, shop)
        if (!period) return
        if (flags.csv) await printLines(store, shop, period)
        else await printSums(store, shop, period, flags)
      }),
    )

  program
    .command('reconcile')
    .description('Compare orders with Shopify’s now, and take what is missing. The running Converlay does it.')
    .option('--shop <domain>', 'only this one')
    .option('--since <instant>', 'orders that changed from then on (default: seven days ago)')
    .option('--data <folder>', 'where the state lives')
    .action((flags: ReconcileFlags) =>
      withExisting(flags, async (store) => {
        const since = flags.since === undefined ? Date.now() - 7 * DAY : Date.parse(flags.since)
        if (Number.isNaN(since)) return misuse('--since is an instant such as 2026-11-20T10:00:00Z.')
        const named = flags.shop === undefined ? undefined : shopOr(flags.shop)
        if (flags.shop !== undefined && !named) return
        const shops = ((await store?.shops()) ?? []).filter(
          ({ shop, installedAt }) => installedAt > 0 && (named === undefined || shop === named),
        )
        if (!store || shops.length === 0) return refuse('There is no such store here. See: converlay shops')
        await Promise.all(shops.map((shop) => compareNow(store, shop, since)))
      }),
    )
}

/** Days begin at midnight where the shop is. */
const periodOr = ({ from, to }: AuditFlags, { facts: { timezone } }: ShopRecord): AuditPeriod | undefined => {
  const moment = (text: string): number =>
    (text.length === 10 ? dayStart(text, timezone) : Date.parse(text)) ?? Number.NaN
  const period = { from: moment(from), until: moment(to) }
  if (period.from < period.until) return period
  return misuse('--from and --to are instants such as 2026-11-20T10:00:00Z, or days; --to comes after --from.')
}

const connectionsOf = async (store: Store, { shop }: ShopRecord): Promise<readonly NamedConnection[]> =>
  (await store.connections(shop)).map((connection) => {
    const destination = destinations.get(connection.destination)
    const name = [destination?.name ?? connection.destination, accountOf(destination, connection)]
      .filter(Boolean)
      .join(' ')
    return { connection, name }
  })

const printLines = async (store: Store, shop: ShopRecord, period: AuditPeriod): Promise<void> => {
  const connections = await connectionsOf(store, shop)
  process.stdout.write(AUDIT_HEADER)
  await eachAudited(store, shop.shop, period, (orders) => {
    for (const order of orders) process.stdout.write(auditLines(order, connections))
  })
}

const printSums = async (store: Store, shop: ShopRecord, period: AuditPeriod, { json }: AuditFlags): Promise<void> => {
  const names = new Map((await connectionsOf(store, shop)).map(({ connection, name }) => [connection.id, name]))
  const { all, connections } = await auditSums(store, shop.shop, period)
  const compared = await comparedOf(store, shop, period)
  if (json) {
    print({
      shop: shop.shop,
      all,
      connections: connections.map((one) => ({ ...one, name: names.get(one.connection) })),
      shopify: compared,
    })
    return
  }
  say(`${worded(all)} of ${shop.shop}.`)
  for (const { connection, states, reasons } of connections) {
    say(`${names.get(connection)} (connection ${connection}):`)
    for (const state of AUDIT_STATES) if (states[state]) say(`  ${state}: ${worded(states[state])}`)
    for (const { outcome, explained, tally } of reasons)
      if (outcome !== 'delivered') say(`    ${tally.orders}  ${explained}`)
  }
  sayCompared(compared)
}

const sayCompared = (compared: Compared): void => {
  if (!compared.compared) {
    say(`Not compared with Shopify: ${compared.why}`)
    return
  }
  const { isEqual, shopify, elsewhere, missing, gone } = compared
  say(isEqual ? 'Shopify has the same orders and the same revenue.' : `Shopify has ${worded(shopify)}.`)
  if (missing.count > 0) say(`Missing here: ${list(missing)}. They are fetched: converlay reconcile`)
  if (elsewhere.orders > 0) say(`Not Shopify’s, named by your own server and not compared: ${worded(elsewhere)}.`)
  if (gone.count > 0) say(`Not at Shopify any more: ${list(gone)}.`)
}

const list = ({ count, orders }: { count: number; orders: readonly { orderId: string; name?: string }[] }): string =>
  `${count} (${orders
    .slice(0, 10)
    .map(({ orderId, name }) => name ?? orderId)
    .join(', ')}${count > 10 ? ' …' : ''})`

/** "12 orders, 345.60 USD". */
const worded = ({ orders, value }: Tally): string =>
  [
    `${orders} ${orders === 1 ? 'order' : 'orders'}`,
    ...Object.entries(value).map(([currency, amount]) => `${amount} ${currency}`),
  ].join(', ')

/** Asks Shopify with the access that is kept here; without an app there is none. */
const comparedOf = async (store: Store, shop: ShopRecord, period: AuditPeriod): Promise<Compared> => {
  const { shopifyApp: app } = readConfig()
  if (!app) return { compared: false, why: 'no Shopify app is configured (SHOPIFY_API_KEY).' }
  const sender = startSender([])
  try {
    const world = { store, clock: systemClock, log: silentLog, send: sender.send }
    const tokens = createTokens(world, app)
    const admin = adminWith({ ...world, tokens, stopping: new AbortController().signal })
    return await compareWithShopify({ admin, store }, shop, period)
  } finally {
    await sender.close()
  }
}

/** How long it may take until the running process has begun. */
const PATIENCE = 2 * MINUTE

const compareNow = async (store: Store, { shop }: ShopRecord, since: number): Promise<void> => {
  const asked = await askToReconcile(store, shop, since, Date.now())
  for (;;) {
    const { state } = await reconcileState(store, shop)
    if (state.last?.asked === asked) {
      const { orders, found, problem } = state.last
      if (problem !== undefined) return refuse(`${shop}: ${problem}`)
      return print({ shop, since: new Date(since).toISOString(), orders, found })
    }
    const isBegun = (state.leasedUntil ?? 0) > Date.now()
    if (!isBegun && Date.now() - asked > PATIENCE)
      return refuse(
        `${shop}: nothing has begun within two minutes. It is done when Converlay runs with its Shopify app.`,
      )
    await sleep(SECOND)
  }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)
