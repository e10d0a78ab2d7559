import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, statfsSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { shopFrom } from './event/event.ts'
import { trustedProxiesOf } from './http/client-ip.ts'
import { SCOPES, type ShopifyApp, scopesFrom } from './shopify/app.ts'

/** Everything the process is told from outside. No other file reads the environment. */
export interface Config {
  /** Folder of the embedded store; made when missing. */
  readonly dataDir: string
  /** 32 bytes that wrap every shop's key. Where it lies in a file, that is made when the key is first asked for. */
  readonly masterKey: Buffer
  /** The file that holds the master key; absent when it came from the environment. */
  readonly keyFile?: string
  /** The dashboard's port; capture listens on the next one, in the demo the sandbox and the store on the two after. */
  readonly port: number
  readonly dashboardHost: string
  readonly captureHost: string
  /** Where capture can be reached from outside, without a trailing slash; undefined: its own listener's address. */
  readonly captureUrl: string | undefined
  /** The app's client secret, and the one before while it is being rotated. Empty: no Shopify app is configured. */
  readonly shopifySecrets: readonly string[]
  /** The app itself, for who installs it from Shopify; absent: stores are added by hand. */
  readonly shopifyApp?: ShopifyApp
  /** Addresses and ranges whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  readonly logLevel: string
  /** Where `/metrics` listens; absent: nowhere. */
  readonly metrics?: { readonly host: string; readonly port: number } | undefined
  /** Where the PostgreSQL database is that several processes share; without one everything is in the data folder. */
  readonly databaseUrl?: string
  /** Where a process that captures keeps what comes in while that database cannot be reached. */
  readonly spoolDir?: string
}

export interface ConfigFlags {
  readonly data?: string | undefined
  readonly port?: string | undefined
}

/** A mistake in the configuration, told to the person who starts the program. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Environment = Readonly<Record<string, string | undefined>>

/** A start takes this port and the four after it. */
const LAST_PORT = 65_531

/** Flags win over the environment; a variable that is set to nothing counts as not set, as compose files write them. */
export const readConfig = (flags: ConfigFlags = {}, env: Environment = process.env): Config => {
  const dataDir = resolve(flags.data || env.CONVERLAY_DATA || 'data')
  const port = Number(flags.port || env.CONVERLAY_PORT || 3000)
  if (!Number.isInteger(port) || port < 0 || port > LAST_PORT)
    throw new ConfigError(`The port must be a number from 0 to ${LAST_PORT} (0 picks free ones).`)
  const shopifySecrets = [env.SHOPIFY_API_SECRET, env.SHOPIFY_API_SECRET_OLD].flatMap((secret) => secret || [])
  const app = shopifyApp(env, shopifySecrets)
  const config = {
    dataDir,
    port,
    dashboardHost: env.CONVERLAY_HOST || '127.0.0.1',
    captureHost: env.CONVERLAY_CAPTURE_HOST || '127.0.0.1',
    captureUrl: env.CONVERLAY_CAPTURE_URL?.replace(/\/+$/, '') || undefined,
    shopifySecrets,
    ...(app ? { shopifyApp: app } : {}),
    trustedProxies: trustedProxies(env.CONVERLAY_TRUSTED_PROXIES),
    logLevel: env.CONVERLAY_LOG || 'info',
    metrics: metricsOf(env, port),
    ...(env.CONVERLAY_DATABASE_URL ? { databaseUrl: databaseUrl(env.CONVERLAY_DATABASE_URL) } : {}),
    ...(env.CONVERLAY_SPOOL ? { spoolDir: spoolDir(env.CONVERLAY_SPOOL, env) } : {}),
  }
  const given = givenKey(env)
  if (given) return { ...config, masterKey: given }
  const keyFile = resolve(env.CONVERLAY_MASTER_KEY_FILE || `${dataDir}.key`)
  const isShared = config.databaseUrl !== undefined
  return {
    ...config,
    keyFile,
    // Only now, and not for a command that looks at nothing sealed: such a command leaves no file behind.
    get masterKey() {
      return keyIn(keyFile, dataDir, isShared)
    },
  }
}

const shopifyApp = (env: Environment, [secret, ...older]: readonly string[]): ShopifyApp | undefined => {
  const { SHOPIFY_API_KEY: clientId, SHOPIFY_APP_URL: url, SHOPIFY_SHOP: own, SHOPIFY_SCOPES: scopes } = env
  if (!clientId) {
    if (own) throw new ConfigError('SHOPIFY_SHOP needs SHOPIFY_API_KEY too, the app’s client id.')
    return undefined
  }
  if (!/^[\w-]{1,100}$/.test(clientId)) throw new ConfigError('SHOPIFY_API_KEY must be the app’s client id.')
  if (secret === undefined)
    throw new ConfigError('SHOPIFY_API_KEY is set: set SHOPIFY_API_SECRET too, the app’s client secret.')
  if (url && !/^https:\/\/[^/?#@\s]+\/*$/.test(url))
    throw new ConfigError('SHOPIFY_APP_URL must be an address like https://converlay.example.com, without a path.')
  const shop = shopFrom(own)
  if (own && shop === undefined)
    throw new ConfigError('SHOPIFY_SHOP must be the store’s permanent domain, NAME.myshopify.com.')
  return {
    clientId,
    secrets: [secret, ...older],
    scopes: scopes ? scopesFrom(scopes) : SCOPES,
    ...(url ? { url: url.replace(/\/+$/, '') } : {}),
    ...(shop === undefined ? {} : { shop }),
  }
}

const metricsOf = (env: Environment, port: number): Config['metrics'] => {
  const told = env.CONVERLAY_METRICS_PORT || (port === 0 ? 0 : port + 4)
  if (told === 'off') return undefined
  const own = Number(told)
  if (!Number.isInteger(own) || own < 0 || own > 65_535)
    throw new ConfigError('CONVERLAY_METRICS_PORT must be a number from 0 to 65535 (0 picks a free one), or off.')
  return { host: env.CONVERLAY_METRICS_HOST || '127.0.0.1', port: own }
}

const trustedProxies = (text = ''): readonly string[] => {
  const entries = text.split(/[\s,]+/).filter(Boolean)
  try {
    trustedProxiesOf(entries)
  } catch (fault) {
    throw new ConfigError(`CONVERLAY_TRUSTED_PROXIES: ${fault instanceof Error ? fault.message : 'cannot be read'}`)
  }
  return entries
}

const databaseUrl = (text: string): string => {
  if (/^postgres(ql)?:\/\//.test(text)) return text
  throw new ConfigError('CONVERLAY_DATABASE_URL must be an address like postgres://user:password@host:5432/database.')
}

/** File systems that are gone with the machine's power: tmpfs and ramfs, as statfs tells. */
const IN_MEMORY = new Set([0x01021994, 0x858458f6])

/** The spool's folder. What is kept there was answered for, so it must outlive a restart. */
const spoolDir = (text: string, { TMPDIR }: Environment): string => {
  const folder = resolve(text)
  const place = nearest(folder)
  const within = (outer: string) => place === outer || place.startsWith(`${outer}/`) || folder.startsWith(`${outer}/`)
  const temporary = ['/tmp', '/var/tmp', ...(TMPDIR ? [nearest(resolve(TMPDIR)), resolve(TMPDIR)] : [])]
  if (temporary.some(within) || IN_MEMORY.has(statfsSync(place).type))
    throw new ConfigError(
      `CONVERLAY_SPOOL is ${folder}, which a restart may empty, and what waits there was answered for. Name a folder on a disk that stays.`,
    )
  return folder
}

/** The folder itself or the nearest one above it that is there, without symbolic links. */
const nearest = (folder: string): string => (existsSync(folder) ? realpathSync(folder) : nearest(dirname(folder)))

/** CONVERLAY_MASTER_KEY: 64 hex digits, or base64 of 32 bytes. */
const givenKey = ({ CONVERLAY_MASTER_KEY: text }: Environment): Buffer | undefined => {
  if (!text) return undefined
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  if (key.length === 32) return key
  throw new ConfigError(
    'CONVERLAY_MASTER_KEY must be 32 bytes, as 64 hex digits or as base64. Make one with: openssl rand -hex 32',
  )
}

/** The key in a file, made there at the first start. Never inside the data folder: its copy alone must open nothing. */
const keyIn = (file: string, dataDir: string, isShared: boolean): Buffer => {
  if (!existsSync(file)) {
    // Every process would make one of its own, and only the first would find its way in.
    if (isShared)
      throw new ConfigError(
        `The processes that share a database need one master key, and ${file} is not there. Make one with openssl rand -hex 32 and give it to all of them, as CONVERLAY_MASTER_KEY or in the file that CONVERLAY_MASTER_KEY_FILE names.`,
      )
    if (hasStore(dataDir))
      throw new ConfigError(
        `The key file ${file} is missing, and without it ${dataDir} cannot be opened. Put it back, or set CONVERLAY_MASTER_KEY.`,
      )
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
  if (key.length !== 32) throw new ConfigError(`The key file ${file} must hold 64 hex digits.`)
  return key
}

/** Whether a data folder holds anything yet. */
export const hasStore = (dataDir: string): boolean => existsSync(`${dataDir}/converlay.db`)
