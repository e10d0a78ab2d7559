import type { Shop } from '../event/event.ts'
import { DAY, MINUTE, SECOND } from '../lib/duration.ts'
import { arrayAt, compact, type Json, objectAt, textAt } from '../lib/json.ts'
import { whatFailed } from '../lib/log.ts'
import { money } from '../lib/money.ts'
import type { Catalogue, Catalogued } from '../pipeline/catalogue.ts'
import type { Runtime } from '../pipeline/runtime.ts'
import { lru } from '../store/lru.ts'
import type { Store } from '../store/store.ts'
import { type Admin, askAdmin } from './admin.ts'

/** Variants of one question: as many as Shopify takes ids. */
const AT_ONCE = 250
/** What is unknown is gathered for this long, so that a busy moment is one question. */
const GATHER = SECOND / 5
/** A cost can change without a word (products/update is not sent for it): after this it is asked for again. */
const FRESH = DAY
/** What was read here is believed this long: another process may have heard that a product changed. */
const REMEMBERED = MINUTE
const MOST_REMEMBERED = 50_000
/** An entry that nobody asks for goes after this. */
const KEPT = 30 * DAY
/** Variants that wait to be asked for, of all shops; beyond that they come up again with the next event. */
const MOST_WAITING = 10_000
/** A shop that does not answer, or may not be asked, is left alone this long, and nothing waits for it. */
const REST = 15 * MINUTE

/** The entry `product` of the key "<product>/<variant>"; one of the key "<product>" tells since when these are too old. */
interface Kept {
  readonly found: Catalogued
  /** ms since 1970. */
  readonly at: number
}

export interface CatalogueJob extends Catalogue {
  stop(): Promise<void>
}

type World = Pick<Runtime, 'clock' | 'log' | 'wake'> & { readonly store: Pick<Store, 'entry' | 'saveEntry'> }

const VARIANTS = `query catalogue($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on ProductVariant {
      legacyResourceId
      inventoryItem { unitCost { amount currencyCode } }
      product { legacyResourceId vendor productType tags category { fullName } }
    }
  }
}`

/**
 * Keeps what the shops' catalogues say of products. What is not known is asked for beside the path of events, in batches;
 * an event that comes meanwhile goes without it unless it may wait (pipeline/catalogue.ts).
 */
export const startCatalogue = (world: World, admin: Admin): CatalogueJob => {
  const { store, clock, log, wake } = world
  const stopping = new AbortController()
  const remembered = lru<string, { readonly kept: Kept | undefined; readonly at: number }>(MOST_REMEMBERED)
  /** By shop, variants with their products. */
  const waiting = new Map<Shop, Map<string, string>>()
  const resting = new Map<Shop, number>()
  let count = 0
  let wanted = Promise.withResolvers<void>()

  const read = async (shop: Shop, product: string, variant: string): Promise<Kept | undefined> => {
    const key = `${shop} ${variant}`
    const now = clock.now()
    const known = remembered.get(key)
    if (known && Math.abs(now - known.at) < REMEMBERED) return known.kept
    const [entry, old] = await Promise.all([
      store.entry(shop, 'product', `${product}/${variant}`),
      store.entry(shop, 'product', product),
    ])
    const value = entry?.value as Kept | undefined
    const staleAt = typeof old?.value === 'number' ? old.value : Number.NEGATIVE_INFINITY
    const kept = value && value.at > staleAt ? value : undefined
    remembered.set(key, { kept, at: now })
    return kept
  }

  const want = (shop: Shop, product: string, variant: string): void => {
    const variants = waiting.get(shop) ?? new Map<string, string>()
    if (variants.has(variant) || count >= MOST_WAITING) return
    waiting.set(shop, variants.set(variant, product))
    count++
    wanted.resolve()
  }

  const isResting = (shop: Shop): boolean => (resting.get(shop) ?? 0) > clock.now()

  const fetch = async (shop: Shop, variants: ReadonlyMap<string, string>): Promise<void> => {
    const ids = [...variants.keys()]
    for (let at = 0; at < ids.length && !stopping.signal.aborted; at += AT_ONCE) {
      const piece = ids.slice(at, at + AT_ONCE)
      const answer = await askAdmin(admin, shop, VARIANTS, {
        ids: piece.map((id) => `gid://shopify/ProductVariant/${id}`),
      })
      if (!answer.ok) {
        resting.set(shop, clock.now() + REST)
        log.warn('a catalogue could not be asked', { shop, kind: answer.problem })
        return
      }
      const now = clock.now()
      const found = new Map(arrayAt(answer.data, 'nodes').map((node) => [textAt(node, 'legacyResourceId'), node]))
      await Promise.all(
        piece.map(async (variant) => {
          // One that the shop does not have any more is known to be nothing.
          const kept: Kept = { found: cataloguedOf(found.get(variant) ?? null), at: now }
          await store.saveEntry(shop, 'product', `${variants.get(variant)}/${variant}`, kept, {
            at: now,
            until: now + KEPT,
          })
          remembered.set(`${shop} ${variant}`, { kept, at: now })
        }),
      )
    }
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await Promise.race([wanted.promise, stopped])
      await clock.sleep(GATHER, stopping.signal)
      const round = [...waiting]
      waiting.clear()
      count = 0
      wanted = Promise.withResolvers()
      await Promise.all(
        round.map(async ([shop, variants]) => {
          await fetch(shop, variants).catch((fault: unknown) => {
            resting.set(shop, clock.now() + REST)
            log.warn('what a catalogue says could not be kept', { shop, fault: whatFailed(fault) })
          })
          wake.arrived(shop)
        }),
      )
    }
  }
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()))
  const running = run()

  return {
    of: async (shop, lines) => {
      const known = new Map<string, Catalogued>()
      const named = new Map(
        lines.flatMap(({ variantId, productId }) => (variantId && productId ? [[variantId, productId]] : [])),
      )
      await Promise.all(
        [...named].map(async ([variant, product]) => {
          const kept = await read(shop, product, variant)
          if (kept || isResting(shop)) known.set(variant, kept?.found ?? {})
          if (!isResting(shop) && (!kept || clock.now() - kept.at > FRESH)) want(shop, product, variant)
        }),
      )
      // A line without a product has nothing in the catalogue to wait for.
      for (const { variantId } of lines) if (variantId && !named.has(variantId)) known.set(variantId, {})
      return known
    },
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/** A product changed: what is kept of its variants is asked for again. */
export const productChanged = async (
  { store, clock }: { readonly store: Pick<Store, 'saveEntry'>; readonly clock: Pick<Runtime['clock'], 'now'> },
  shop: Shop,
  product: string,
): Promise<void> => {
  const now = clock.now()
  await store.saveEntry(shop, 'product', product, now, { at: now, until: now + KEPT })
}

const cataloguedOf = (variant: Json): Catalogued => {
  const product = objectAt(variant, 'product')
  const cost = objectAt(objectAt(variant, 'inventoryItem'), 'unitCost')
  const currency = textAt(cost, 'currencyCode')
  const tags = arrayAt(product, 'tags').flatMap((tag) => (typeof tag === 'string' && tag !== '' ? [tag] : []))
  return compact<Catalogued>({
    type: textAt(product, 'productType'),
    category: textAt(objectAt(product, 'category'), 'fullName'),
    vendor: textAt(product, 'vendor'),
    tags: tags.length === 0 ? undefined : tags.slice(0, MOST_TAGS),
    cost: money(textAt(cost, 'amount'), currency),
    currency,
  })
}

const MOST_TAGS = 50
