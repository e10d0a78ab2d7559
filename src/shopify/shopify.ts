import type { Shop } from '../event/event.ts'
import { MINUTE } from '../lib/duration.ts'
import { whatFailed } from '../lib/log.ts'
import { learnConsentPolicy } from '../pipeline/consent-setting.ts'
import { type Installation, installationOf } from '../pipeline/installation.ts'
import type { Runtime } from '../pipeline/runtime.ts'
import { type Admin, adminWith } from './admin.ts'
import type { ShopifyApp } from './app.ts'
import { changeInstallation, installed } from './app-life.ts'
import { askConsentPolicy } from './consent-policy.ts'
import type { Granted } from './grants.ts'
import { ensurePixel } from './pixel-record.ts'
import type { SessionToken } from './session-token.ts'
import { askFacts } from './shop-facts.ts'
import { createTokens, type Tokens } from './tokens.ts'

/** Our app at Shopify: its access to shops, and what a merchant's visit brings about. */
export interface Shopify {
  readonly app: ShopifyApp
  readonly tokens: Tokens
  readonly admin: Admin
  /**
   * A member of staff has the app open. A shop that is not installed yet, or whose access was lost, is installed now: the
   * session token is exchanged for access.
   */
  visited(token: SessionToken): Promise<Visit>
  /** A merchant said yes to what the app asks for; `at` is Shopify's clock. */
  authorized(shop: Shop, code: string, at: number): Promise<Visit>
  /**
   * The app was loaded: the shop's facts and consent policy are asked for, its pixel record made or repaired. Resolves
   * when that is done.
   */
  loaded(shop: Shop): Promise<void>
  /** Begins nothing more and lets what runs end. */
  stop(): Promise<void>
}

/** Why a visit did not lead to an installation; stale: with a fresh session token it may. */
export type Visit = { readonly ok: true } | Extract<Granted, { readonly ok: false }>

/** How soon access to the one store is asked for again after Shopify would not give it. */
const AGAIN = MINUTE

export const startShopify = (
  world: Pick<Runtime, 'store' | 'clock' | 'log' | 'wake' | 'send'>,
  app: ShopifyApp,
  /** Where the pixel sends, if browsers can reach that. */
  beaconUrl: string | undefined,
): Shopify => {
  const { store, clock, log } = world
  const stopping = new AbortController()
  const tokens = createTokens(world, app)
  const admin = adminWith({ send: world.send, clock, tokens, stopping: stopping.signal })
  const running = new Map<string, Promise<unknown>>()

  /** What is asked of a shop while the same is under way shares its end. */
  const together = <T>(what: string, shop: Shop, work: () => Promise<T>): Promise<T> => {
    const name = `${what} ${shop}`
    const known = running.get(name) as Promise<T> | undefined
    if (known) return known
    const mine = work().finally(() => running.delete(name))
    running.set(name, mine)
    return mine
  }

  const taken = async (shop: Shop, at: number, granted: Promise<Granted>): Promise<Visit> => {
    const answer = await granted
    if (!answer.ok) {
      log.warn('access to a shop was not granted', { shop, kind: answer.problem })
      return answer
    }
    await installed(world, shop, { at, scopes: answer.access.scopes })
    void loaded(shop)
    return { ok: true }
  }

  const loaded = (shop: Shop): Promise<void> =>
    together('load', shop, async () => {
      try {
        const facts = await askFacts(admin, shop)
        const known = await store.shop(shop)
        if (facts && known)
          await store.saveShop({ shop, facts: { ...known.facts, ...facts }, installedAt: known.installedAt })
        const policy = await askConsentPolicy(admin, shop)
        if (policy) await learnConsentPolicy(store, shop, policy, clock.now())
        const pixel = beaconUrl === undefined ? NO_ADDRESS : await ensurePixel(admin, shop, beaconUrl)
        if (!pixel) return log.warn('the web pixel could not be looked at', { shop })
        if (!pixel.ok) log.warn('the web pixel is not connected', { shop })
        await changeInstallation(world, shop, (now) =>
          now?.state === 'installed' ? ({ ...now, pixel } satisfies Installation) : undefined,
        )
      } catch (fault) {
        log.error('a shop could not be looked after', { shop, fault: whatFailed(fault) })
      }
    })

  const ownShop = async (shop: Shop): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const visit = await taken(shop, clock.now(), tokens.take(shop, { by: 'client_credentials' }))
        if (visit.ok) return
      } catch (fault) {
        log.error('the store could not be installed', { shop, fault: whatFailed(fault) })
      }
      await clock.sleep(AGAIN, stopping.signal)
    }
  }
  const own = app.shop === undefined ? undefined : ownShop(app.shop)

  return {
    app,
    tokens,
    admin,
    visited: async ({ shop, text, issuedAt }) => {
      if ((await installationOf(store, shop))?.state === 'installed' && (await tokens.has(shop))) return { ok: true }
      return together('install', shop, () => taken(shop, issuedAt, tokens.take(shop, { by: 'session_token', text })))
    },
    authorized: (shop, code, at) => taken(shop, at, tokens.take(shop, { by: 'code', code })),
    loaded,
    stop: async () => {
      stopping.abort()
      await own
      await Promise.all(running.values())
    },
  }
}

const NO_ADDRESS = {
  ok: false,
  message:
    'The web pixel has no address to send to. Set CONVERLAY_CAPTURE_URL to where browsers reach capture, and open the app again.',
} as const
