import { type BrowserIds, browserIdsFrom, clickParamsOf } from '../../event/browser-ids.ts'
import type { Consent } from '../../event/consent.ts'
import { CONSENT_ATTRIBUTE, consentWritten } from '../../event/consent-attribute.ts'
import type { Landing, Page } from '../../event/event.ts'
import { arrayAt, compactOrAbsent, type Json, textAt } from '../../lib/json.ts'
import { webUrlAt } from '../web-url.ts'

/** What an order or checkout itself remembers of the visit: all there is when the pixel was blocked. */
export interface Visit {
  readonly page: Page | undefined
  readonly landing: Landing | undefined
  readonly ids: BrowserIds | undefined
  /** What our tags' embed wrote down of the shopper's choice. */
  readonly consent: Consent | undefined
}

/**
 * Click ids stand in the landing site, cookies in the note attributes (the cart attributes that a theme or an app
 * wrote). The page is the store's landing page with click parameters only, never the order status URL: that one holds
 * a key to the order. Orders without a storefront visit have no page.
 */
export const visitOf = (body: Json, storeUrl: string | undefined, online: boolean, at: string): Visit => {
  const site = textAt(body, 'landing_site')
  const url = online && storeUrl !== undefined ? storeUrl + landingPath(site) : undefined
  const cookies = Object.fromEntries(
    arrayAt(body, 'note_attributes').map((attribute) => [textAt(attribute, 'name') ?? '', textAt(attribute, 'value')]),
  )
  return {
    page: compactOrAbsent<Page>({ url }),
    landing: compactOrAbsent<Landing>({ url, referrer: webUrlAt(body, 'referring_site') }),
    ids: browserIdsFrom({ cookies, urls: [site] }, at),
    consent: consentOf(cookies[CONSENT_ATTRIBUTE], at),
  }
}

/** A browser's clock may run ahead; a choice was made before the order at the latest, so that a later one outweighs it. */
const consentOf = (written: string | undefined, at: string): Consent | undefined => {
  const choice = consentWritten(written)
  return choice && { ...choice, source: 'cart-attribute', at: choice.at < at ? choice.at : at }
}

/** Path and click parameters of a landing site, which is a path or, from some channels, a whole URL. */
const landingPath = (site: string | undefined): string => {
  const local = site?.replace(/^https?:\/\/[^/?#]*/, '')
  if (local === undefined || !/^\/(?!\/)/.test(local)) return '/'
  const path = local.split(/[?#]/, 1)[0] ?? '/'
  // The order status page's path holds the order's token.
  return (/\/orders\//.test(path) ? '/' : path) + clickParamsOf(local)
}
