import type { Shop } from '../../event/event.ts'
import { compact } from '../../lib/json.ts'
import { installationOf } from '../../pipeline/installation.ts'
import { missingScopes } from '../../shopify/app.ts'
import { UNINSTALLED } from '../../shopify/app-life.ts'
import { REINSTALL } from '../../shopify/tokens.ts'
import type { ApiDeps } from './deps.ts'

/** How the app is installed on a shop. A shop that was added by hand tells only that. */
export interface InstallationShown {
  readonly state: 'installed' | 'uninstalled' | 'by_hand'
  /** ISO 8601. */
  readonly since?: string
  readonly pixel?: 'connected' | 'not_connected'
  /** What is wrong, in plain words and what to do, the worst first. */
  readonly troubles: readonly string[]
}

export const installationShown = async (
  { runtime, shopify }: Pick<ApiDeps, 'runtime' | 'shopify'>,
  shop: Shop,
): Promise<InstallationShown> => {
  const known = await installationOf(runtime.store, shop)
  if (!known) return { state: 'by_hand', troubles: [] }
  const since = new Date(known.since).toISOString()
  if (known.state === 'uninstalled') return { state: 'uninstalled', since, troubles: [UNINSTALLED] }
  const { pixel } = known
  const missing = missingScopes(shopify?.app.scopes ?? [], known.scopes)
  return compact<InstallationShown>({
    state: 'installed',
    since,
    pixel: pixel && (pixel.ok ? 'connected' : 'not_connected'),
    troubles: [
      ...(shopify && !(await shopify.tokens.has(shop)) ? [REINSTALL] : []),
      ...(missing.length > 0
        ? [`The store does not allow Converlay ${missing.join(', ')}. Open the app in the store’s admin and agree.`]
        : []),
      ...(pixel && !pixel.ok ? [pixel.message] : []),
    ],
  })
}
