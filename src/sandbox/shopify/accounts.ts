import { randomBytes } from 'node:crypto'
import { DAY, HOUR, SECOND } from '../../lib/duration.ts'

/** The app, as its settings in the Dev Dashboard have it. */
export interface RegisteredApp {
  readonly clientId: string
  readonly secret: string
  /** What its toml asks for. */
  readonly scopes: readonly string[]
  /** Addresses to which an authorization may lead back. */
  readonly redirectUrls: () => readonly string[]
  /** Stores of the app's own organisation: only for them it may use client credentials. */
  readonly ownShops?: readonly string[]
}

/** What one grant of access gave, in the words of OAuth. */
export interface TokenAnswer {
  readonly access_token: string
  readonly scope: string
  readonly expires_in: number
  readonly refresh_token?: string
  readonly refresh_token_expires_in?: number
}

export interface PixelRecord {
  readonly id: string
  readonly settings: string
}

/** One line of tokens: each refresh gives the next pair, and the pair before stays good until the next one is used. */
interface Line {
  current: Pair
  previous?: Pair
}

interface Pair {
  readonly access: string
  readonly accessUntil: number
  readonly refresh?: string
  readonly refreshUntil?: number
}

interface AppInstallation {
  scopes: readonly string[]
  readonly lines: Line[]
  pixel: PixelRecord | undefined
}

const OFFLINE = HOUR
const REFRESH = 90 * DAY
const CLIENT_CREDENTIALS = DAY
/** A code is good once and not for long. */
const CODE = 60 * SECOND

/** Which stores have the app, what each allows it, and the tokens that are good. */
export const createAccounts = (app: RegisteredApp, shops: readonly string[], now: () => number) => {
  const installations = new Map<string, AppInstallation>()
  const codes = new Map<string, { readonly shop: string; readonly until: number }>()
  let numbers = 0

  const secretText = (prefix: string) => `${prefix}_${randomBytes(16).toString('hex')}`
  const newPair = (lasts: number, refreshes: boolean): Pair => ({
    access: secretText('shpat'),
    accessUntil: now() + lasts,
    ...(refreshes ? { refresh: secretText('shprt'), refreshUntil: now() + REFRESH } : {}),
  })
  const told = ({ scopes }: AppInstallation, pair: Pair): TokenAnswer => ({
    access_token: pair.access,
    scope: scopes.join(','),
    expires_in: Math.round((pair.accessUntil - now()) / SECOND),
    ...(pair.refresh === undefined
      ? {}
      : { refresh_token: pair.refresh, refresh_token_expires_in: Math.round(REFRESH / SECOND) }),
  })

  return {
    app,
    has: (shop: string): boolean => shops.includes(shop),
    installation: (shop: string): Readonly<Pick<AppInstallation, 'scopes' | 'pixel'>> | undefined =>
      installations.get(shop),
    /** The merchant says yes. */
    agree(shop: string, scopes: readonly string[] = app.scopes): void {
      const known = installations.get(shop)
      if (known) known.scopes = scopes
      else installations.set(shop, { scopes, lines: [], pixel: undefined })
    },
    /** Tokens are dead at once, and the pixel's record is gone. */
    remove: (shop: string): boolean => installations.delete(shop),
    newCode(shop: string): string {
      const code = randomBytes(16).toString('hex')
      codes.set(code, { shop, until: now() + CODE })
      return code
    },
    takeCode(shop: string, code: string): boolean {
      const known = codes.get(code)
      codes.delete(code)
      return known?.shop === shop && now() < known.until
    },
    newOfflineLine(shop: string): TokenAnswer | undefined {
      const installation = installations.get(shop)
      if (!installation) return undefined
      const current = newPair(OFFLINE, true)
      installation.lines.push({ current })
      return told(installation, current)
    },
    clientCredentials(shop: string): TokenAnswer | undefined {
      const installation = installations.get(shop)
      if (!installation || !app.ownShops?.includes(shop)) return undefined
      const current = newPair(CLIENT_CREDENTIALS, false)
      installation.lines.push({ current })
      return told(installation, current)
    },
    /**
     * The next pair for a refresh token. The one before may be used again as long as its replacement was not: a lost
     * answer is got again (changelog of 2026-08-28).
     */
    refresh(shop: string, token: string): TokenAnswer | undefined {
      const installation = installations.get(shop)
      const line = installation?.lines.find(
        ({ current, previous }) => current.refresh === token || previous?.refresh === token,
      )
      const used = line?.current.refresh === token ? line.current : line?.previous
      if (!installation || !line || !used || now() >= (used.refreshUntil ?? 0)) return undefined
      line.previous = used
      line.current = newPair(OFFLINE, true)
      return told(installation, line.current)
    },
    /** The scopes of an access token; undefined for one that is not good (any more). Using it ends the one before. */
    scopesOf(shop: string, token: string): readonly string[] | undefined {
      const installation = installations.get(shop)
      const line = installation?.lines.find(
        ({ current, previous }) => current.access === token || previous?.access === token,
      )
      if (!installation || !line) return undefined
      const isCurrent = line.current.access === token
      if (isCurrent) delete line.previous
      const pair = isCurrent ? line.current : line.previous
      return pair && now() < pair.accessUntil ? installation.scopes : undefined
    },
    savePixel(shop: string, settings: string): PixelRecord | undefined {
      const installation = installations.get(shop)
      if (!installation) return undefined
      const id = installation.pixel?.id ?? `gid://shopify/WebPixel/${1_000_001 + numbers++}`
      installation.pixel = { id, settings }
      return installation.pixel
    },
    /** Somebody deleted the pixel's record. */
    removePixel(shop: string): void {
      const installation = installations.get(shop)
      if (installation) installation.pixel = undefined
    },
  }
}

export type Accounts = ReturnType<typeof createAccounts>
