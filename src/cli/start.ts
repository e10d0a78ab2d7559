import type { Command } from 'commander'
import { type Config, readConfig } from '../config.ts'
import { jsonLog } from '../lib/log.ts'
import type { Engine } from '../runtimes/engine.ts'
import type { Addresses } from '../runtimes/parts.ts'
import { ROLES, type Role } from '../runtimes/roles.ts'
import { endOnCrash } from './end-on-crash.ts'
import { endOnFailure } from './end-on-failure.ts'
import { listenFault } from './listen-fault.ts'
import { misuse, refuse } from './said.ts'

interface StartFlags {
  readonly role: string
  readonly data?: string
  readonly port?: string
  readonly sandbox?: boolean
}

/**
 * `start`: everything in one process on a data folder, or one role, or all, beside other processes on a database. Without
 * a database and a Shopify app: the demo.
 */
export const startCommand = (program: Command): void => {
  program
    .command('start')
    .description(
      'Run everything: capture, delivery, dashboard; or one role of several processes that share a database (CONVERLAY_DATABASE_URL). Without a database and SHOPIFY_API_SECRET: the demo, on this machine only.',
    )
    .option('--role <name>', `what this process does, where several share a database: ${ROLES.join(', ')}`, 'all')
    .option('--data <folder>', 'where the state lives (default: ./data)')
    .option('--port <number>', 'port of the dashboard; capture takes the next one (default: 3000)')
    .option('--sandbox', 'run the demo even if a Shopify app is configured')
    .action(async (flags: StartFlags) => {
      const role = ROLES.find((known) => known === flags.role)
      if (role === undefined) return misuse(`There is no role "${flags.role}". There are: ${ROLES.join(', ')}.`)
      const config = readConfig(flags)
      const refused = refusedStart(config, role, flags.sandbox ?? false)
      if (refused !== undefined) return misuse(refused)
      try {
        await start(config, role, flags.sandbox || config.shopifySecrets.length === 0)
      } catch (fault) {
        const told = listenFault(fault, config.port)
        if (told === undefined) throw fault
        refuse(told)
      }
    })
}

const start = async (config: Config, role: Role, asDemo: boolean): Promise<void> => {
  const log = jsonLog(config.logLevel)
  endOnCrash(log)
  if (config.databaseUrl !== undefined) {
    const { PIPELINE } = await import('../runtimes/engine.ts')
    const { startScaleOut } = await import('../runtimes/scale-out.ts')
    const process = await startScaleOut({
      config,
      log,
      role,
      databaseUrl: config.databaseUrl,
      secrets: config.shopifySecrets,
      app: config.shopifyApp,
      trustedProxies: config.trustedProxies,
      pipeline: PIPELINE,
    })
    say(playing(role, process.addresses))
    void endOnFailure(process.failed, () => process.stop())
    await untilStopped(() => process.stop())
  } else if (asDemo) {
    const { startDemo } = await import('../runtimes/demo.ts')
    const demo = await startDemo(config, log)
    say(welcome(demo.engine, { store: demo.store.url, ads: demo.sandbox.url, admin: demo.admin, data: config.dataDir }))
    void endOnFailure(demo.engine.failed, () => demo.stop())
    await untilStopped(() => demo.stop())
  } else {
    const { startEmbedded } = await import('../runtimes/embedded.ts')
    const engine = await startEmbedded(config, log)
    say(running(engine))
    void endOnFailure(engine.failed, () => engine.stop())
    await untilStopped(() => engine.stop())
  }
}

/** Why a process cannot be started like this, and what to do; undefined when it can. */
const refusedStart = (
  { databaseUrl, spoolDir, shopifySecrets }: Config,
  role: Role,
  sandbox: boolean,
): string | undefined => {
  const captures = role === 'all' || role === 'capture'
  if (databaseUrl === undefined && role !== 'all')
    return `Without a database everything runs in one process: leave --role out. For --role ${role}, say with CONVERLAY_DATABASE_URL where the PostgreSQL database is that the processes share.`
  if (databaseUrl === undefined && spoolDir !== undefined)
    return 'CONVERLAY_SPOOL is for processes that share a database: set CONVERLAY_DATABASE_URL too, or take CONVERLAY_SPOOL away.'
  if (databaseUrl !== undefined && sandbox)
    return 'The demo runs in one process with a folder of its own: take CONVERLAY_DATABASE_URL away, or leave --sandbox out.'
  if (databaseUrl !== undefined && captures && shopifySecrets.length === 0)
    return 'Set SHOPIFY_API_SECRET, the app’s client secret: without it no webhook can be trusted. For the demo, take CONVERLAY_DATABASE_URL away.'
  return undefined
}

/** `demo`: many simulated shoppers against a demo of their own, and what came of them. */
export const demoCommand = (program: Command): void => {
  program
    .command('demo')
    .description('Send simulated shoppers through a demo store of their own and show what reached the platforms.')
    .option('--shoppers <number>', 'how many', '50')
    .option('--seed <number>', 'the same seed gives the same shoppers', '1')
    .option('--data <folder>', 'where the state lives (default: a folder that is deleted afterwards)')
    .option('--json', 'print the figures as one JSON line')
    .action(async (flags: { shoppers: string; seed: string; data?: string; json?: boolean }) => {
      const { runDemoShoppers } = await import('./demo-shoppers.ts')
      process.exitCode = await runDemoShoppers(flags, say)
    })
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const welcome = (engine: Engine, demo: { store: string; ads: string; admin: string; data: string }): string => `
Converlay is running as a demo. Nothing leaves this machine.

  Dashboard     ${engine.addresses.dashboard}
  Demo store    ${demo.store}    buy something and watch it arrive
  Ads manager   ${demo.ads}    what each platform’s sandbox has counted
  Store’s admin ${demo.admin}    uninstall the app, and install it again

Try: open the store with ?epik=demo-click-1 (Pinterest) or ?fbclid=demo-click-1 (Meta) as if you came from an ad, accept
the cookies, buy; then look at the purchase in the dashboard. Buy again with ?blocker=tag or without consent. "Send 50
shoppers" is at the foot of the store.

State is in ${demo.data}; delete that folder to start anew. Stop with Ctrl-C.
${ownerNote(engine)}`

const running = (engine: Engine): string => `
Converlay is running.

  Dashboard     ${engine.addresses.dashboard}
  Webhooks      ${engine.addresses.webhooks}
  Web pixel     ${engine.addresses.beacon}
  Tracking API  ${engine.addresses.track}

Add your store with "converlay shops add NAME.myshopify.com", then connect a platform in the dashboard. Stop with Ctrl-C.
${ownerNote(engine)}`

const playing = (role: Role, { dashboard, ownerLink, webhooks, beacon, track }: Partial<Addresses>): string =>
  [
    '',
    `Converlay is running, ${role === 'all' ? 'with all roles' : `role ${role}`}.`,
    '',
    ...(dashboard === undefined ? [] : [`  Dashboard     ${dashboard}`]),
    ...(webhooks === undefined
      ? []
      : [`  Webhooks      ${webhooks}`, `  Web pixel     ${beacon}`, `  Tracking API  ${track}`]),
    ...(ownerLink === undefined ? [] : [ownerNote({ addresses: { ownerLink } })]),
  ].join('\n')

const ownerNote = ({ addresses }: { readonly addresses: Pick<Addresses, 'ownerLink'> }): string =>
  addresses.ownerLink === undefined
    ? ''
    : `The dashboard can be reached from other machines, so it needs an owner. Open this link once, within 30 minutes:\n  ${addresses.ownerLink}\n`

/** Waits for Ctrl-C or SIGTERM and stops cleanly; a second one ends at once. */
const untilStopped = (stop: () => Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = () => {
      process.on('SIGINT', () => process.exit(130))
      process.on('SIGTERM', () => process.exit(143))
      say('Stopping: what is running is finished and written down.')
      stop().then(resolve, reject)
    }
    process.once('SIGINT', end)
    process.once('SIGTERM', end)
  })
