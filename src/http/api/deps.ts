import type { Verified } from '../../destinations/destination.ts'
import type { Shop } from '../../event/event.ts'
import type { Runtime } from '../../pipeline/runtime.ts'
import type { EventStory } from '../../pipeline/story.ts'
import type { Shopify } from '../../shopify/shopify.ts'

/** What the dashboard's API needs of the world. */
export interface ApiDeps {
  readonly runtime: Runtime
  /** Tells whether a destination takes these settings; `settings` have passed its schema. */
  readonly verify: (destination: string, settings: unknown) => Promise<Verified>
  readonly inspect: (shop: Shop, seq: number) => Promise<EventStory | undefined>
  /** Where webhooks, beacons and calls of the tracking API are sent, to show and to copy. */
  readonly capture: { readonly webhooks: string; readonly beacon: string; readonly track: string }
  /** Our app at Shopify; absent where only webhooks are checked, with stores added by hand. */
  readonly shopify?: Shopify
  /** The demo store and the sandbox's ads manager, when they run, and the settings of the sandbox's accounts. */
  readonly demo?: { readonly store: string; readonly ads: string; readonly accounts: Readonly<Record<string, unknown>> }
}
