import type { Command } from 'commander'
import { type Config, readConfig } from '../config.ts'
import { jsonLog } from '../lib/log.ts'
import type { Engine } from '../runtimes/engine.ts'
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

/** `start`: the embedded runtime, or the demo when no Shopify app is configured. */
export const startCommand = (program: Command): void => {
  program
    .command('start')
    .description(
      'Run everything: capture, delivery, dashboard. Without SHOPIFY_API_SECRET: the demo, on this machine only.',
    )
    .option('--role <name>', 'what this process does; this version runs everything in one process', 'all')
    .option('--data <folder>', 'where the state lives (default: ./data)')
    .option('--port <number>', 'port of the dashboard; capture takes the next one (default: 3000)')
    .option('--sandbox', 'run the demo even if a Shopify app is configured')
    .action(async (flags: StartFlags) => {
      if (flags.role !== 'all') return misuse(unknownRole(flags.role))
      const config = readConfig(flags)
      try {
        await start(config, flags.sandbox || config.shopifySecrets.length === 0)
      } catch (fault) {
        const told = listenFault(fault, config.port)
        if (told === undefined) throw fault
        refuse(told)
      }
    })
}

const start = async (config: Config, asDemo: boolean): Promise<void> => {
  const log = jsonLog(config.logLevel)
  endOnCrash(log)
  if (asDemo) {
    const { startDemo } = await import('../runtimes/demo.ts')
    const demo = await startDemo(config, log)
    say(welcome(demo.engine, { store: demo.store.url, ads: demo.sandbox.url, data: config.dataDir }))
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

/** Roles of a later version, in which several processes share the work. */
const LATER_ROLES = ['capture', 'deliver', 'jobs', 'dashboard']

const unknownRole = (role: string): string =>
  LATER_ROLES.includes(role)
    ? `This version runs everything in one process: leave --role out, or say --role all. There is no --role ${role} yet.`
    : `There is no role "${role}". This version runs everything in one process: --role all.`

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

const welcome = (engine: Engine, demo: { store: string; ads: string; data: string }): string => `
Converlay is running as a demo. Nothing leaves this machine.

  Dashboard     ${engine.addresses.dashboard}
  Demo store    ${demo.store}    buy something and watch it arrive
  Ads manager   ${demo.ads}    what each platform’s sandbox has counted

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

Add your store with "converlay shops add NAME.myshopify.com", then connect a platform in the dashboard. Stop with Ctrl-C.
${ownerNote(engine)}`

const ownerNote = ({ addresses }: Engine): string =>
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
