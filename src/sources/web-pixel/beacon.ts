import { BROWSER_ID_COOKIES, gaSessionOf } from '../../event/browser-id-cookies.ts'
import type { Consent } from '../../event/consent.ts'
import type { Landing, Shop, Store } from '../../event/event.ts'
import { shopFrom } from '../../event/event.ts'
import type { Email, Phone } from '../../event/identity.ts'
import { booleanAt, compactOrAbsent, isObject, type Json, objectAt, textAt } from '../../lib/json.ts'
import { currencyAt } from '../amounts.ts'
import { shopifyIdAt, tokenAt } from '../ids.ts'
import { instant } from '../instant.ts'
import { firstEmail, firstPhone } from '../person.ts'
import type { Message } from '../source.ts'
import { originOf, webUrlAt } from '../web-url.ts'

/** What all events of one beacon share. Anybody can post a beacon, so all of it is a hint about its own browser. */
export interface Beacon {
  readonly message: Message
  readonly shop: Shop
  readonly events: readonly Json[]
  readonly sentAt: string | undefined
  readonly consent: Consent | undefined
  readonly cookies: Readonly<Record<string, string>>
  readonly landing: Landing | undefined
  /** The first page's URL with all of its parameters, for the click ids in it. */
  readonly landingUrl: string | undefined
  readonly customer: {
    readonly id?: string | undefined
    readonly email?: Email | undefined
    readonly phone?: Phone | undefined
  }
  readonly cartToken: string | undefined
  readonly store: Store | undefined
  /** What was odd about the beacon as a whole; every event of it says so. */
  readonly flags: ReadonlySet<string>
}

/** A beacon, or one bare Shopify pixel event; undefined when it does not say whose it is. */
export const readBeacon = (message: Message, body: { readonly [key: string]: Json }): Beacon | undefined => {
  const shop = message.shop ?? shopFrom(body.shop)
  if (shop === undefined) return undefined
  const flags = new Set<string>()
  const told = objectAt(body, 'store')
  const store = compactOrAbsent<Store>({
    country: /^[A-Z]{2}$/.exec(textAt(told, 'country')?.toUpperCase() ?? '')?.[0],
    currency: currencyAt(told, 'currency'),
    url: originOf(webUrlAt(told, 'url')),
    // What the shop itself said counts before what a browser says of it.
    ...message.facts,
  })
  const landing = objectAt(body, 'landing')
  const customer = objectAt(body, 'customer')
  return {
    message,
    shop,
    events: Array.isArray(body.events) ? body.events : [body],
    sentAt: instant(textAt(body, 'sentAt')),
    consent: consentOf(body.consent),
    cookies: cookiesOf(body.cookies),
    landing: compactOrAbsent<Landing>({
      url: webUrlAt(landing, 'url'),
      referrer: webUrlAt(landing, 'referrer'),
      at: instant(textAt(landing, 'at')),
    }),
    landingUrl: textAt(landing, 'url'),
    customer: {
      id: shopifyIdAt(customer, 'id'),
      email: firstEmail([textAt(customer, 'email')], flags),
      phone: firstPhone([{ text: textAt(customer, 'phone'), country: store?.country }], flags),
    },
    cartToken: tokenAt(body.cart, 'token'),
    store,
    flags,
  }
}

const consentOf = (raw: unknown): Consent | undefined =>
  compactOrAbsent<Consent>({
    marketing: booleanAt(raw, 'marketing'),
    analytics: booleanAt(raw, 'analytics'),
    preferences: booleanAt(raw, 'preferences'),
    saleOfData: booleanAt(raw, 'saleOfData'),
    gpc: booleanAt(raw, 'gpc'),
  })

/** Most Google Analytics properties of one store that are believed. */
const MOST_SESSIONS = 5

/** The cookies that hold ids, so that what else a stranger lists is walked once and not for every event. */
const cookiesOf = (raw: unknown): Record<string, string> => {
  const kept: Record<string, string> = {}
  if (!isObject(raw)) return kept
  for (const name of BROWSER_ID_COOKIES) {
    const value = textAt(raw, name)
    if (value !== undefined) kept[name] = value
  }
  let sessions = 0
  for (const name in raw) {
    if (gaSessionOf(name) === undefined) continue
    const value = textAt(raw, name)
    if (value !== undefined) kept[name] = value
    if (++sessions === MOST_SESSIONS) break
  }
  return kept
}
