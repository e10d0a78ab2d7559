import { Hono } from 'hono'
import { z } from 'zod'
import { EXPLAINED, type Outcome, outcomeOf } from '../../destinations/outcomes.ts'
import { DEFAULT_POLICY, type Purpose } from '../../event/consent.ts'
import { type ConsentChoice, REGION } from '../../event/consent-choice.ts'
import { DAY } from '../../lib/duration.ts'
import { compact } from '../../lib/json.ts'
import { chooseConsent, consentSettingOf } from '../../pipeline/consent-setting.ts'
import type { Runtime } from '../../pipeline/runtime.ts'
import { quarterHour } from '../../store/rollup.ts'
import type { ShopRecord } from '../../store/store.ts'
import { accountOf } from './account.ts'
import { checked, knownShop } from './asked.ts'
import type { ApiDeps } from './deps.ts'

/** What decides about consent in a shop, and what it held back. */
export interface ConsentView {
  readonly choice: ConsentChoice
  /** Where consent must be asked for now: countries, parts of them, or "*". */
  readonly requiredIn: readonly string[]
  /** The usual list, to begin an own one with. */
  readonly usual: readonly string[]
  /** What the store's settings in Shopify say; absent until they were read. */
  readonly shopify?: { readonly requiredIn: readonly string[]; readonly at: number }
  readonly platforms: readonly ConsentAtPlatform[]
}

export interface ConsentAtPlatform {
  readonly connection: number
  readonly name: string
  /** Tells two connections of one platform apart. */
  readonly account?: string
  /** What must be allowed before it is told anything. */
  readonly purposes: readonly Purpose[]
  /** It can be told of an opt-out of the sale of data; else it is told nothing of such a shopper. */
  readonly limitedUse: boolean
  /** Events of the last 24 hours that were held back, by reason. */
  readonly heldBack: readonly { readonly outcome: Outcome; readonly explained: string; readonly count: number }[]
}

const REASONS = ['no_consent', 'consent_unknown', 'sale_opt_out'] as const satisfies readonly Outcome[]

/** More than there are countries and their parts with laws of their own. */
const MOST_REGIONS = 400

const choice = z.object({
  mode: z.enum(['shopify', 'listed', 'everywhere']),
  regions: z
    .array(z.string().regex(REGION, 'Name countries by their two letters, like DE or US-CA.'))
    .max(MOST_REGIONS),
})

/** The shop's consent policy: what it is, what follows from it, and another choice. */
export const consentRoutes = ({ runtime }: ApiDeps) => {
  const known = knownShop(runtime.store)
  return new Hono()
    .get('/shops/:shop/consent', known, async (c) => c.json(await consentOf(runtime, c.var.shop)))
    .put('/shops/:shop/consent', known, checked('json', choice), async (c) => {
      const { shop } = c.var.shop
      const chosen = c.req.valid('json')
      await chooseConsent(
        runtime.store,
        shop,
        { ...chosen, regions: [...new Set(chosen.regions)] },
        runtime.clock.now(),
      )
      const changed = await runtime.store.shop(shop)
      return c.json(await consentOf(runtime, changed ?? c.var.shop))
    })
}

const consentOf = async (
  { store, clock, destinations }: Runtime,
  { shop, policy }: ShopRecord,
): Promise<ConsentView> => {
  const [{ choice, shopify }, connections, rollups] = await Promise.all([
    consentSettingOf(store, shop),
    store.connections(shop),
    store.rollups(shop, quarterHour(clock.now() - DAY)),
  ])
  const countOf = (connection: number, reason: Outcome): number =>
    rollups
      .filter((rollup) => rollup.connection === connection && outcomeOf(rollup.outcome) === reason)
      .reduce((sum, { count }) => sum + count, 0)
  return compact<ConsentView>({
    choice,
    requiredIn: policy.requiredIn,
    usual: DEFAULT_POLICY.requiredIn,
    shopify: shopify && { requiredIn: shopify.policy.requiredIn, at: shopify.at },
    platforms: connections.flatMap((connection) => {
      const destination = destinations.get(connection.destination)
      if (!destination) return []
      return [
        compact<ConsentAtPlatform>({
          connection: connection.id,
          name: destination.name,
          account: accountOf(destination, connection),
          purposes: destination.consent.purposes,
          limitedUse: destination.consent.limitedUse !== undefined,
          heldBack: REASONS.map((outcome) => ({
            outcome,
            explained: EXPLAINED[outcome],
            count: countOf(connection.id, outcome),
          })).filter(({ count }) => count > 0),
        }),
      ]
    }),
  })
}
