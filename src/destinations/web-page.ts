import type { Event } from '../event/event.ts'

const WEB_URL = /^https?:\/\//i

/** A URL as it is where a browser could open it; undefined for "about:srcdoc" and what is no URL. */
export const webUrl = (url: string | undefined): string | undefined =>
  url !== undefined && WEB_URL.test(url) && URL.canParse(url) ? url : undefined

/**
 * Where an event of the web happened. What happened on no page that we know of (an order whose browser told nothing, a
 * sign-up told by the store's server) happened in the store: its address is true, and platforms want one.
 */
export const pageUrlOf = ({ page, store }: Pick<Event, 'page' | 'store'>): string | undefined =>
  webUrl(page?.url) ?? webUrl(store?.url)
