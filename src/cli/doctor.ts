import { existsSync, statfsSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import { type Config, hasStore, readConfig } from '../config.ts'
import { destinations } from '../destinations/all.ts'
import { sunsetNotice } from '../destinations/sunset.ts'
import { BEACON_PATH, WEBHOOK_PATH } from '../http/capture.ts'
import { backupCheck } from './doctor-backup.ts'
import { storeChecks } from './doctor-store.ts'

/** One line of what `doctor` says. */
export interface Check {
  readonly check: string
  readonly ok: boolean
  readonly told: string
}

/** Free space below which capture is in danger of answering 503. */
const LITTLE_SPACE = 512 * 1024 * 1024

/** `doctor`: is everything as it must be, and where do webhooks and beacons go? */
export const doctorCommand = (program: Command): void => {
  program
    .command('doctor')
    .description('Check this installation and print the addresses of capture.')
    .option('--data <folder>', 'where the state lives')
    .option('--port <number>', 'port of the dashboard')
    .option('--backup <folder>', 'read the newest backup in it, all of it')
    .option('--json', 'print one JSON document')
    .action(async (flags: { data?: string; port?: string; json?: boolean; backup?: string }) => {
      const config = readConfig(flags)
      const listener = `http://${config.captureHost}:${config.port + 1}`
      const base = config.captureUrl ?? listener
      const capture = { webhooks: base + WEBHOOK_PATH, beacon: base + BEACON_PATH, track: base }
      const { serving, ...told } = await running(listener)
      const checks: Check[] = [
        ...installation(config),
        { check: 'capture', ...told },
        ...(await storeChecks(config, serving)),
        ...(flags.backup === undefined ? [] : [backupCheck(flags.backup, config, Date.now())]),
      ]
      checks.push({
        check: 'Shopify app',
        ok: true,
        told:
          config.shopifySecrets.length > 0
            ? `${config.shopifySecrets.length} client secret(s) set`
            : `no client secret set (SHOPIFY_API_SECRET): ${config.databaseUrl === undefined ? 'start runs the demo' : 'no capture can start here'}`,
      })
      checks.push(...apiVersions(Date.now()))
      const ok = checks.every((one) => one.ok)
      if (flags.json) process.stdout.write(`${JSON.stringify({ ok, capture, checks })}\n`)
      else {
        for (const one of checks) process.stdout.write(`${one.ok ? 'ok  ' : 'BAD '} ${one.check}: ${one.told}\n`)
        process.stdout.write(
          `\nWebhooks  ${capture.webhooks}\nWeb pixel ${capture.beacon}\nTrack     ${capture.track}\n`,
        )
      }
      process.exitCode = ok ? 0 : 1
    })
}

const installation = (config: Config): Check[] => [
  { check: 'Node', ok: process.versions.node.startsWith('26.'), told: process.version },
  ...(config.databaseUrl === undefined ? dataFolder(config) : spoolFolder(config)),
  { check: 'master key', ...masterKey(config) },
]

const dataFolder = ({ dataDir }: Config): Check[] => [
  { check: 'data folder', ok: true, told: hasStore(dataDir) ? dataDir : `${dataDir}: nothing here yet` },
  { check: 'disk', ...freeSpace(dataDir) },
]

const spoolFolder = ({ spoolDir }: Config): Check[] =>
  spoolDir === undefined
    ? []
    : [
        { check: 'spool', ok: true, told: spoolDir },
        { check: 'disk of the spool', ...freeSpace(spoolDir) },
      ]

const freeSpace = (folder: string): Omit<Check, 'check'> => {
  if (!existsSync(folder)) return { ok: true, told: 'not used yet' }
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  return { ok: free > LITTLE_SPACE, told: `${Math.round(free / 1024 / 1024)} MiB free` }
}

/** The interfaces of platforms that end soon or have ended. */
const apiVersions = (now: number): Check[] =>
  [...destinations.values()].flatMap((destination) => {
    const told = sunsetNotice(destination, now)
    return told === undefined ? [] : [{ check: `${destination.name} interface`, ok: false, told }]
  })

const masterKey = ({ keyFile, dataDir, databaseUrl }: Config): Omit<Check, 'check'> => {
  if (keyFile === undefined) return { ok: true, told: 'from the environment' }
  if (!existsSync(keyFile) && databaseUrl !== undefined)
    return { ok: false, told: `${keyFile} is missing, and without it the database cannot be opened; put it back` }
  if (!existsSync(keyFile))
    return hasStore(dataDir)
      ? { ok: false, told: `${keyFile} is missing, and without it ${dataDir} cannot be opened; put it back` }
      : { ok: true, told: `none yet; the first start makes ${keyFile}` }
  return (statSync(keyFile).mode & 0o077) === 0
    ? { ok: true, told: `${keyFile}, readable by its owner only` }
    : { ok: false, told: `${keyFile} can be read by others; run: chmod 600 ${keyFile}` }
}

/** Whether a server answers. One that stops or whose store fails does not count as serving. */
const running = async (listener: string): Promise<Omit<Check, 'check'> & { readonly serving: boolean }> => {
  try {
    const answer = await fetch(`${listener}/ready`, { signal: AbortSignal.timeout(1500) })
    return { ok: answer.ok, serving: answer.ok, told: answer.ok ? 'running and answering' : `answers ${answer.status}` }
  } catch {
    return { ok: true, serving: false, told: 'not running' }
  }
}
