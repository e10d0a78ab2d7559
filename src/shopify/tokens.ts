import type { Shop } from '../event/event.ts'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { LONGEST_REQUEST } from '../lib/http.ts'
import { whatFailed } from '../lib/log.ts'
import type { Runtime } from '../pipeline/runtime.ts'
import { type Store, StoreFault } from '../store/store.ts'
import type { ShopifyApp } from './app.ts'
import { type Access, type Grant, type Granted, grantRequest, readGrant } from './grants.ts'

/** A shop's token for the Admin API. Never on the path of a webhook: what comes in is taken whatever became of a token. */
export interface AccessTokens {
  /**
   * One that is good for a while yet, refreshed where it is not. `refused` is one that Shopify would not take: it is not
   * given again.
   */
  of(shop: Shop, refused?: string): Promise<AccessAnswer>
}

/** reinstall: only the merchant can mend it, by opening the app. */
export type AccessAnswer =
  | { readonly ok: true; readonly token: string; readonly scopes: readonly string[] }
  | {
      readonly ok: false
      readonly problem: 'not_installed' | 'reinstall' | 'unreachable'
      readonly message: string
    }

/** Tokens of all shops, and how they are come by. */
export interface Tokens extends AccessTokens {
  /** Asks for access with what a merchant's visit brought, and keeps it in place of what was there. */
  take(shop: Shop, grant: Grant): Promise<Granted>
  /** Whether there is access to a shop, or can be without its merchant. */
  has(shop: Shop): Promise<boolean>
  /** Whether what there is has passed its end: whoever should have refreshed it could not. */
  isOver(shop: Shop): Promise<boolean>
}

/** How long a token has to be good for yet; that of Shopify's own library. */
const REFRESH_BEFORE = 5 * MINUTE
/** Whoever refreshes has the shop's token to itself for longer than its request can take. */
const LEASE = LONGEST_REQUEST + 5 * SECOND
/** How often whoever waits for a refresh looks whether it is there. */
const LOOK = SECOND / 4

/** The entry `token`, key `app`. */
interface Kept {
  /** Absent when it was dropped: the entry stays, so that its versions go on and no refresh under way fits another's. */
  readonly access?: Access
  /** Until when somebody is refreshing it, ms. */
  readonly leasedUntil?: number
  /** Shopify takes its refresh token no more. */
  readonly isDead?: true
}

type Live = Kept & { readonly access: Access }

const KEY = 'app'

const NOT_INSTALLED: AccessAnswer = {
  ok: false,
  problem: 'not_installed',
  message: 'The app is not installed on this store. Open it from the store’s admin, or install it again.',
}
/** Why only the merchant can mend a shop's access, and how. */
export const REINSTALL =
  'Shopify no longer accepts Converlay’s access to this store: it was not used for 90 days, or was taken back. Open the app once in the store’s admin, which renews it.'

const DEAD: AccessAnswer = { ok: false, problem: 'reinstall', message: REINSTALL }

/** Forgets a shop's tokens; a refresh that is under way is not kept either. */
export const forgetTokens = async (
  { store, clock }: { readonly store: Pick<Store, 'saveEntry'> } & Pick<Runtime, 'clock'>,
  shop: Shop,
): Promise<void> => {
  await store.saveEntry(shop, 'token', KEY, {} satisfies Kept, { at: clock.now() })
}

type World = Pick<Runtime, 'clock' | 'log' | 'send'> & {
  readonly store: Pick<Store, 'entry' | 'saveEntry' | 'saveShop'>
}

/**
 * Keeps each shop's access to the Admin API. A refresh is made once for however many ask: within this process they share
 * it, and between processes its entry is leased, by replacing the version that was seen. An answer that got lost is
 * recovered by asking again with the refresh token that we have: Shopify takes it until its replacement is used
 * (docs/decisions/0024).
 */
export const createTokens = (world: World, app: ShopifyApp): Tokens => {
  const { store, clock, log } = world
  const renewals = new Map<Shop, Promise<AccessAnswer>>()

  const kept = async (shop: Shop) => {
    const entry = await store.entry(shop, 'token', KEY)
    const { access, ...rest } = (entry?.value ?? {}) as Kept
    return entry && access && { ...rest, access, version: entry.version }
  }
  const save = (shop: Shop, value: Kept, was?: number) =>
    store.saveEntry(shop, 'token', KEY, value, { at: clock.now(), ...(was === undefined ? {} : { was }) })
  const ask = async (shop: Shop, grant: Grant): Promise<Granted> =>
    readGrant(grant, await world.send(grantRequest(shop, app, grant)), clock.now())

  /** What there is, if it is good for so long yet. */
  const good = ({ access, isDead }: Live, margin: number, refused: string | undefined): AccessAnswer | undefined =>
    !isDead && access.token !== refused && access.expiresAt > clock.now() + margin
      ? { ok: true, token: access.token, scopes: access.scopes }
      : undefined

  const renew = async (shop: Shop, refused: string | undefined): Promise<AccessAnswer> => {
    for (;;) {
      const now = await kept(shop)
      if (!now) return NOT_INSTALLED
      if (now.isDead) return DEAD
      const { access, version, leasedUntil = 0 } = now
      const enough = good(now, REFRESH_BEFORE, refused)
      if (enough) return enough
      if (leasedUntil > clock.now()) {
        const still = good(now, LONGEST_REQUEST, refused)
        if (still) return still
        await clock.sleep(LOOK)
      } else if (await save(shop, { access, leasedUntil: clock.now() + LEASE }, version)) {
        return refreshed(shop, access, version + 1, refused)
      }
    }
  }

  /** Refreshes under our lease, which is the entry's version `leased`: who finds another one there was overtaken. */
  const refreshed = async (
    shop: Shop,
    access: Access,
    leased: number,
    refused: string | undefined,
  ): Promise<AccessAnswer> => {
    const grant: Grant =
      access.refresh === undefined ? { by: 'client_credentials' } : { by: 'refresh_token', token: access.refresh.token }
    const answer = await ask(shop, grant)
    if (answer.ok) {
      // Where it cannot be kept it is not used either: the old refresh token then still gets another.
      if (!(await save(shop, { access: answer.access }, leased))) return renew(shop, refused)
      return { ok: true, token: answer.access.token, scopes: answer.access.scopes }
    }
    log.warn('a token was not refreshed', { shop, kind: answer.problem })
    // The app's own secret is never used up.
    const isDead = answer.problem === 'refused' && grant.by === 'refresh_token'
    if (!(await save(shop, { access, ...(isDead ? { isDead } : {}) }, leased))) return renew(shop, refused)
    if (isDead) return DEAD
    return good({ access }, LONGEST_REQUEST, refused) ?? { ok: false, problem: 'unreachable', message: answer.message }
  }

  return {
    of: async (shop, refused) => {
      try {
        const now = await kept(shop)
        const enough = now && good(now, REFRESH_BEFORE, refused)
        if (enough) return enough
        const running = renewals.get(shop)
        if (running) return await running
        const renewal = renew(shop, refused).finally(() => renewals.delete(shop))
        renewals.set(shop, renewal)
        return await renewal
      } catch (fault) {
        if (!(fault instanceof StoreFault)) throw fault
        log.warn('a token could not be read or kept', { shop, fault: whatFailed(fault) })
        return { ok: false, problem: 'unreachable', message: 'The store cannot be reached at the moment.' }
      }
    },
    take: async (shop, grant) => {
      const answer = await ask(shop, grant)
      if (!answer.ok) return answer
      // A shop of which nobody has heard yet has no place for it.
      await store.saveShop({ shop, facts: {}, installedAt: 0 })
      await save(shop, { access: answer.access })
      return answer
    },
    has: async (shop) => {
      const now = await kept(shop)
      return now !== undefined && !now.isDead
    },
    isOver: async (shop) => {
      const now = await kept(shop)
      return now !== undefined && now.access.expiresAt <= clock.now()
    },
  }
}
