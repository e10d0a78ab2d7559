import type { Browser } from '@shopify/web-pixels-extension'
import { listsOf, type PixelEvent } from './trim.ts'
import { within } from './within.ts'

/**
 * What the tags' embed (extensions/tags) leaves in the session for an event that it tells the platforms' tags: the id
 * under which they know it. An event that takes it goes to the platforms under that id alone, so that they take the two
 * for one.
 */
const TWINS_ON = 'converlay_tags'

/** Events of the storefront that the embed tells as well. Those of the checkout have ids that both sides can make. */
const TWINNED = new Set([
  'page_viewed',
  'product_viewed',
  'collection_viewed',
  'search_submitted',
  'product_added_to_cart',
])

/** Longest wait for the embed, ms: one that is not heard of until then fires no tag, or under an id of its own. */
const PATIENCE = 1000
const STEP = 50
/** How far the embed's moment may lie from the event's, ms. What is older was left on another page. */
const APART = 10_000

export interface Twins {
  /** The event, under the id of its twin where a tag tells it too. */
  named(event: PixelEvent): Promise<PixelEvent>
}

export const twinsOf = (session: Browser['sessionStorage']): Twins => {
  /** Numbers of equal events of this page, as the embed counts them; an event without a twin uses none up. */
  const next = new Map<string, number>()

  /** Takes are one behind the other, or two equal events would get one id. */
  let taking: Promise<unknown> = Promise.resolve()
  const take = (key: string, at: number): Promise<string | undefined> => {
    const taken = taking.then(() => takeNext(key, at))
    taking = taken
    return taken
  }

  /** The twin's id, taken out of the session so that no other page finds it. */
  const takeNext = async (key: string, at: number): Promise<string | undefined> => {
    for (let number = next.get(key) ?? 0; ; number++) {
      const left = readTwin(await within(session.getItem(`${key}:${number}`)))
      if (!left) return undefined
      next.set(key, number + 1)
      void within(session.removeItem(`${key}:${number}`))
      if (Math.abs(left.at - at) <= APART) return left.id
    }
  }

  return {
    named: async (event) => {
      if (!TWINNED.has(event.name) || !(await within(session.getItem(TWINS_ON)))) return event
      const key = `${TWINS_ON}:${event.name}:${variantOf(event)}`
      const at = Date.parse(event.timestamp)
      for (let waited = 0; waited <= PATIENCE; waited += STEP) {
        const id = await take(key, at)
        if (id) return { ...event, id }
        await new Promise((resolve) => setTimeout(resolve, STEP))
      }
      return event
    },
  }
}

/** The variant that was put into the cart; what a page shows is told once a page. */
const variantOf = (event: PixelEvent): string => listsOf(event).cartLine?.merchandise?.id ?? ''

const readTwin = (text: string | null | undefined): { readonly id: string; readonly at: number } | undefined => {
  try {
    const { id, at } = JSON.parse(text ?? '{}')
    return typeof id === 'string' && typeof at === 'number' ? { id, at } : undefined
  } catch {
    return undefined
  }
}
