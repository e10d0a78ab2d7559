import type { TagEventName } from './told.ts'

/**
 * How the tags and the web pixel agree on the id of what both see. Whoever shows a page's tags writes
 * `{id, at}` under a key that the pixel can build from its own event, before the tag fires; the pixel takes it from
 * there (extensions/web-pixel/src/twin.ts). The numbers count equal events of one page.
 */
export const TWINS_ON = 'converlay_tags'

/** The custom event by which a page's tags tell the pixel, and a custom pixel the server, what came of an event. */
export const REPORT = 'converlay:tags'

/** The pixel's name of each event that both see on the storefront. */
export const PIXEL_NAMES = {
  page_viewed: 'page_viewed',
  product_viewed: 'product_viewed',
  collection_viewed: 'collection_viewed',
  searched: 'search_submitted',
  product_added: 'product_added_to_cart',
} as const satisfies Partial<Record<TagEventName, string>>

export type StorefrontEvent = keyof typeof PIXEL_NAMES

const counts = new Map<string, number>()

/** Leaves an event's new id for the pixel. */
export const leaveTwin = (name: StorefrontEvent, variant: string, at: number): string => {
  const key = `${TWINS_ON}:${PIXEL_NAMES[name]}:${variant}`
  const number = counts.get(key) ?? 0
  counts.set(key, number + 1)
  const id = `tag-${crypto.randomUUID()}`
  try {
    sessionStorage.setItem(`${key}:${number}`, JSON.stringify({ id, at }))
  } catch {
    // A browser without storage: the two are told under different ids.
  }
  return id
}
