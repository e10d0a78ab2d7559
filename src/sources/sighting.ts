import type { Event, Shop } from '../event/event.ts'
import { compact, compactOrAbsent } from '../lib/json.ts'
import { instant } from './instant.ts'
import type { Message } from './source.ts'

/** One look at one fact: the message that told of it and what was odd about it. */
export interface Sighting {
  readonly message: Message
  readonly shop: Shop
  /** Its name in `seenBy`, e.g. "shopify-webhook:orders/create:<webhook id>". */
  readonly by: string
  /** Names of what was odd, never values. */
  readonly flags: Set<string>
}

type Fact = 'id' | 'name' | 'occurredAt'
type Common = 'schema' | 'shop' | 'origin' | 'seenBy' | 'flags' | 'receivedAt'

/** What one sighting tells of its own; undefined is absent. */
type Told = Pick<Event, Fact> & { readonly [K in Exclude<keyof Event, Fact | Common>]?: Event[K] | undefined }

/** The canonical event of a sighting, its members in the order of the documentation. */
export const eventOf = (sighting: Sighting, told: Told): Event =>
  compact<Event>({
    schema: 1,
    id: told.id,
    shop: sighting.shop,
    name: told.name,
    part: told.part,
    occurredAt: told.occurredAt,
    receivedAt: instant(sighting.message.receivedAt),
    origin: 'live',
    seenBy: [sighting.by],
    flags: [...sighting.flags],
    store: told.store ?? compactOrAbsent({ ...sighting.message.facts }),
    page: told.page,
    landing: told.landing,
    device: told.device,
    identity: told.identity,
    ids: told.ids,
    consent: told.consent,
    commerce: told.commerce,
    search: told.search,
    collection: told.collection,
    custom: told.custom,
  })
