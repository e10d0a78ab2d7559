import type { Shop } from '../event/event.ts'
import { INSTALLATION_KEY, type Installation, installationIn } from '../pipeline/installation.ts'
import type { Runtime } from '../pipeline/runtime.ts'
import type { Store } from '../store/store.ts'
import { forgetTokens } from './tokens.ts'

/** Why connections of an uninstalled shop are paused. They are known by this sentence when it is installed again. */
export const UNINSTALLED =
  'Converlay was uninstalled from the store, so nothing is sent. It goes on when the app is installed again.'

type Saved = Pick<Store, 'entry' | 'saveEntry'>

/** What installing and uninstalling need of the world. */
export type AppLife = Pick<Runtime, 'clock' | 'log' | 'wake'> & {
  readonly store: Saved & Pick<Store, 'shop' | 'saveShop' | 'connections' | 'updateConnection'>
}

/** Changes what is kept of an installation, also while others do. `change` gives undefined where nothing changes. */
export const changeInstallation = async (
  { store, clock }: { readonly store: Saved } & Pick<Runtime, 'clock'>,
  shop: Shop,
  change: (known: Installation | undefined) => Installation | undefined,
): Promise<Installation | undefined> => {
  for (;;) {
    const entry = await store.entry(shop, 'installation', INSTALLATION_KEY)
    const known = installationIn(entry)
    const changed = change(known)
    if (changed === undefined) return known
    const options = { at: clock.now(), was: entry?.version ?? 0 }
    if (await store.saveEntry(shop, 'installation', INSTALLATION_KEY, changed, options)) return changed
  }
}

/**
 * Shopify gave access: the app was installed, or opened again after its access was lost. `at` is Shopify's clock.
 * Connections go on.
 */
export const installed = async (
  world: AppLife,
  shop: Shop,
  told: { readonly at: number; readonly scopes: readonly string[] },
): Promise<void> => {
  const { store, clock, log, wake } = world
  const record = await store.shop(shop)
  // The shop first: without it nothing is taken in.
  await store.saveShop({
    shop,
    facts: record?.facts ?? {},
    installedAt: record?.installedAt || clock.now(),
  })
  let begins = false
  await changeInstallation(world, shop, (known) => {
    begins = known?.state !== 'installed'
    return {
      ...known,
      ...(known?.state === 'uninstalled' ? { uninstalledAt: known.since } : {}),
      state: 'installed',
      since: begins ? told.at : (known?.since ?? told.at),
      scopes: told.scopes,
      scopesAt: told.at,
      grantedAt: Math.max(told.at, known?.grantedAt ?? 0),
    }
  })
  if (begins) log.info('installed', { shop })
  // Each time: a process that was killed may have left some behind.
  await resume(store, shop)
  wake.arrived(shop)
}

/** Connections that were paused because the app was uninstalled send again. */
const resume = async (store: Pick<Store, 'connections' | 'updateConnection'>, shop: Shop): Promise<void> => {
  for (const connection of await store.connections(shop))
    if (connection.state === 'paused' && connection.trouble === UNINSTALLED)
      await store.updateConnection(shop, connection.id, { state: 'active', trouble: null })
}

/** Somebody added by hand a shop that had been uninstalled: without an app of ours nobody else tells that it is back. */
export const addedByHand = async (store: AppLife['store'], shop: Shop, at: number): Promise<void> => {
  const entry = await store.entry(shop, 'installation', INSTALLATION_KEY)
  if (!entry || installationIn(entry)?.state !== 'uninstalled') return
  await store.saveEntry(shop, 'installation', INSTALLATION_KEY, undefined, { at, was: entry.version })
  await resume(store, shop)
}

/**
 * The app was taken off the store: its access is forgotten, nothing more is taken in or sent. What was captured stays
 * until the store asks for it to be erased. Done again it changes nothing; told late, of an installation that has been
 * followed by another, it stops nothing; where we had only seen access being given anew, it says when this one began.
 * `at` is when Shopify says that it happened.
 */
export const uninstalled = async (world: AppLife, shop: Shop, at: number): Promise<void> => {
  const { store, log, wake } = world
  const now = await changeInstallation(world, shop, (known) => {
    if (known?.state === 'uninstalled' || (known && at < known.since)) return undefined
    // What is asked to be erased of the one before must not take what came in this one.
    if (known && at < known.grantedAt) return { ...known, since: known.grantedAt, uninstalledAt: at }
    return { state: 'uninstalled', since: at, scopes: [], scopesAt: at, grantedAt: known?.grantedAt ?? 0 }
  })
  if (now?.state !== 'uninstalled') return
  await forgetTokens(world, shop)
  for (const connection of await store.connections(shop))
    if (connection.state !== 'paused')
      await store.updateConnection(shop, connection.id, { state: 'paused', trouble: UNINSTALLED })
  log.info('uninstalled', { shop })
  wake.arrived(shop)
}

/** The merchant changed what the app may do. The newest word counts, in whatever order they arrive. */
export const scopesChanged = (
  world: Pick<AppLife, 'clock' | 'store'>,
  shop: Shop,
  told: { readonly at: number; readonly scopes: readonly string[] },
): Promise<Installation | undefined> =>
  changeInstallation(world, shop, (known) =>
    known?.state !== 'installed' || told.at < known.scopesAt
      ? undefined
      : { ...known, scopes: told.scopes, scopesAt: told.at },
  )
