import { profit } from '../destinations/amounts.ts'
import type { CommonSettings } from '../destinations/common-settings.ts'
import { isPurchase } from '../destinations/told.ts'
import type { Event, LineItem, Shop } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import { compact } from '../lib/json.ts'

/** What the shop's catalogue says of a variant. Of one that it does not have, or does not tell of, nothing. */
export interface Catalogued extends Pick<LineItem, 'type' | 'category' | 'vendor' | 'tags'> {
  /** Of a piece, and the currency that it is in. */
  readonly cost?: string
  readonly currency?: string
}

/** The catalogues of all shops, as far as they are known. */
export interface Catalogue {
  /**
   * What is known of the products of these lines, by variant id. One that is not known yet is left out, and asked for;
   * delivery is woken when that was answered.
   */
  of(shop: Shop, lines: readonly LineItem[]): Promise<ReadonlyMap<string, Catalogued>>
}

/** Variants that an event names. */
const variantsOf = (event: Event): readonly string[] =>
  (event.commerce?.items ?? []).flatMap(({ variantId }) => variantId ?? [])

/** Whether the catalogue may still say something about an event. */
export const isCatalogueAwaited = (event: Event, known: ReadonlyMap<string, Catalogued>): boolean =>
  variantsOf(event).some((variant) => !known.has(variant))

/** Lays what the catalogue says over an event's lines; what the event tells itself stands. */
export const withCatalogue = (event: Event, known: ReadonlyMap<string, Catalogued>): Event => {
  const { commerce } = event
  if (!commerce?.items || !variantsOf(event).some((variant) => known.has(variant))) return event
  return {
    ...event,
    commerce: { ...commerce, items: commerce.items.map((line) => described(line, commerce.currency, known)) },
  }
}

const described = (line: LineItem, currency: string | undefined, known: ReadonlyMap<string, Catalogued>): LineItem => {
  const found = known.get(line.variantId ?? '')
  if (!found) return line
  const { type, category, vendor, tags, cost } = found
  // Costs are in the store's currency; against the shopper's money they would be wrong.
  return compact<LineItem>({
    type,
    category,
    vendor,
    tags,
    cost: found.currency === currency ? cost : undefined,
    ...line,
  })
}

/** The longest that an event waits for the catalogue. */
const LONGEST = 30 * SECOND

/**
 * Until when a purchase waits for what its products cost, ms since 1970; undefined where it goes at once: only where the
 * connection tells profits is a cost worth waiting for.
 */
export const costAwaitedUntil = (
  { event, receivedAt, isAwaited }: { readonly event: Event; readonly receivedAt: number; readonly isAwaited: boolean },
  { value }: Pick<CommonSettings, 'value'>,
  now: number,
): number | undefined => {
  if (!isAwaited || value !== 'profit' || !isPurchase(event.name)) return undefined
  if (event.commerce && profit(event.commerce) !== undefined) return undefined
  const until = receivedAt + LONGEST
  // Further away than anything waits: the clock was set back since.
  return until > now && until <= now + LONGEST ? until : undefined
}
