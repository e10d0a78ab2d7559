import { BROWSER_ID_COOKIES, COOKIES, gaSessionOf } from '../../../src/event/browser-id-cookies.ts'
import { CONSENT_ATTRIBUTE, writtenConsent } from '../../../src/event/consent-attribute.ts'
import type { Privacy } from './privacy.ts'

type Attributes = Readonly<Record<string, string>>

/** Click ids of the page's address in the form of the cookie in which a platform would keep them. */
const CLICKS: Readonly<Record<string, readonly [cookie: string, form: (id: string, at: number) => string]>> = {
  epik: [COOKIES.epik, (id) => id],
  fbclid: [COOKIES.fbc, (id, at) => `fb.1.${at}.${id}`],
  ttclid: [COOKIES.ttclid, (id) => id],
  sccid: [COOKIES.sccid, (id) => id],
  rdt_cid: [COOKIES.rdtCid, (id) => id],
  gclid: [COOKIES.gclid, (id, at) => `GCL.${Math.floor(at / 1000)}.${id}`],
  gbraid: [COOKIES.gbraid, (id, at) => `GCL.${Math.floor(at / 1000)}.${id}`],
  wbraid: [COOKIES.wbraid, (id, at) => `GCL.${Math.floor(at / 1000)}.${id}`],
}

/** The platforms' cookies of a page and the click ids of its address, by the names that Converlay reads in an order. */
export const idsOfPage = (cookies: string, search: string, at: number): Attributes => {
  const found: Record<string, string> = {}
  for (const [param, value] of new URLSearchParams(search)) {
    const click = CLICKS[param.toLowerCase()]
    if (click && value) found[click[0]] ??= click[1](value, at)
  }
  for (const pair of cookies.split('; ')) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals)
    if (equals > 0 && (BROWSER_ID_COOKIES.includes(name) || gaSessionOf(name) !== undefined))
      found[name] = pair.slice(equals + 1)
  }
  return found
}

/** What the visitor allowed at this moment. */
export const consentOf = (privacy: Privacy, at: Date): Attributes => ({
  [CONSENT_ATTRIBUTE]: writtenConsent({
    analytics: privacy.analyticsProcessingAllowed(),
    marketing: privacy.marketingAllowed(),
    preferences: privacy.preferencesProcessingAllowed(),
    saleOfData: privacy.saleOfDataAllowed(),
    at: at.toISOString(),
  }),
})

/** What was written last, with the consent's moment left out: it alone is no news. */
const WRITTEN = 'converlay_attributes'
const withoutMoment = (attributes: Attributes): string => JSON.stringify(attributes).replace(/@[^"]*/, '')

/**
 * Writes attributes into the visitor's cart, if they say something new. The names of earlier ones that are gone are
 * written empty, which takes them out: after a refusal no id stays.
 */
export const writeAttributes = async (attributes: Attributes): Promise<void> => {
  try {
    const before = sessionStorage.getItem(WRITTEN) ?? '{}'
    const next = withoutMoment(attributes)
    if (before === next) return
    const emptied = Object.fromEntries(Object.keys(JSON.parse(before) as Attributes).map((name) => [name, '']))
    const { ok } = await fetch(`${root()}cart/update.js`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ attributes: { ...emptied, ...attributes } }),
      keepalive: true,
    })
    if (ok) sessionStorage.setItem(WRITTEN, next)
  } catch {
    // The next page tries again; the web pixel tells the same meanwhile.
  }
}

/** "/" or a market's own, "/en-ch/". */
export const root = (): string =>
  (globalThis as { Shopify?: { routes?: { root?: string } } }).Shopify?.routes?.root ?? '/'
