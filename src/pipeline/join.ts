import { BROWSER_IDS, type BrowserIdName, type BrowserIds } from '../event/browser-ids.ts'
import { type Consent, newestConsent } from '../event/consent.ts'
import type { Commerce, Event, Store as StoreFacts } from '../event/event.ts'
import { fromBrowser } from '../event/from-browser.ts'
import type { Identity } from '../event/identity.ts'
import { compact, compactOrAbsent } from '../lib/json.ts'
import type { IdentityRecord, StoredPart } from '../store/store.ts'

/** What is known beside an event at the moment of delivery. */
export interface Knowledge {
  readonly parts: readonly StoredPart[]
  /** The event's checkout and the cart it came from. */
  readonly checkout?: IdentityRecord
  readonly cart?: IdentityRecord
  /** The browser that bought (or viewed). */
  readonly client?: IdentityRecord
  /** The customer's other browsers. */
  readonly others: readonly IdentityRecord[]
  readonly facts: StoreFacts
  /** How long an IP address and user agent stay usable, ms. */
  readonly addressKept: number
}

/**
 * Lays over an event what its other sightings and `identities` know now. The buying browser's values win; below them
 * stand the order's own (landing site, cart attributes, client details); from the customer's other browsers come
 * click ids only, never IP, user agent or browser ids.
 */
export const join = (event: Event, known: Knowledge, now: number): Event => {
  const joined = known.parts.find((part) => part.joined)?.event
  if (joined) return { ...asFirstSent(joined, known, now), ...consentOf(joined, known) }
  const parts = known.parts.map((part) => part.event).filter((part) => belongs(part, event))
  const pixel = parts.find(fromBrowser)
  const browserSaw = fromBrowser(event) ? event : pixel
  const clientId =
    browserSaw?.identity?.clientId ?? known.checkout?.clientId ?? known.cart?.clientId ?? event.identity?.clientId
  const address = browserAddress(browserSaw, known, now) ?? {
    ip: event.identity?.ip,
    userAgent: event.identity?.userAgent,
  }
  const page = event.page?.url && fromBrowser(event) ? event.page : (pixel?.page ?? event.page)
  return compact<Event>({
    ...event,
    seenBy: [...new Set([...event.seenBy, ...parts.flatMap((part) => part.seenBy)])],
    flags: [...new Set([...event.flags, ...parts.flatMap((part) => part.flags)])],
    store: compactOrAbsent<StoreFacts>({ ...known.facts, ...event.store }),
    page,
    landing: event.landing ?? pixel?.landing ?? known.checkout?.landing ?? known.client?.landing,
    device: event.device ?? pixel?.device,
    identity: compactOrAbsent<Identity>({
      ...filled(event.identity, parts),
      clientId: clientId as Identity['clientId'],
      ip: address.ip,
      userAgent: address.userAgent,
    }),
    ids: idsOf(event, pixel, known, now),
    commerce: commerceOf(event, parts),
    ...consentOf(event, known, parts),
  })
}

/** The form that was kept at the first send, without what may no longer be used: a refund can come months later. */
const asFirstSent = (joined: Event, known: Knowledge, now: number): Event => {
  const { ip, userAgent, ...person } = joined.identity ?? {}
  const fresh = now - Date.parse(joined.occurredAt) <= known.addressKept
  return compact<Event>({
    ...joined,
    identity: compactOrAbsent<Identity>(fresh ? { ...person, ip, userAgent } : person),
    ids: joined.ids && idsStillKept([joined.ids], [], now),
  })
}

/**
 * A beacon's claim about an order counts only when it names the checkout token of the signed order: order numbers can
 * be guessed, checkout tokens cannot.
 */
const belongs = (part: Event, event: Event): boolean =>
  !fromBrowser(part) ||
  (part.commerce?.checkoutToken !== undefined && part.commerce.checkoutToken === event.commerce?.checkoutToken)

/** Whether the visit behind an order is known: its browser told of the purchase or of its checkout. */
export const visitKnown = (event: Event, known: Knowledge): boolean =>
  known.checkout?.clientId !== undefined ||
  known.parts.some((part) => part.joined || (fromBrowser(part.event) && belongs(part.event, event)))

/** Fields the event lacks, from its parts in order of arrival. Address fields are taken as one whole. */
const filled = (own: Identity | undefined, parts: readonly Event[]): Identity => {
  let result: Identity = own ?? {}
  for (const { identity } of parts) {
    if (!identity) continue
    const { email, phone, customerId, language, gender, birthDate, ...whole } = identity
    const hasName = result.firstName || result.lastName || result.street || result.postalCode
    result = {
      ...compact<Identity>({ email, phone, customerId, language, gender, birthDate }),
      ...(hasName ? {} : compact<Identity>(whole)),
      ...result,
    }
  }
  return result
}

/**
 * The event's own facts of commerce over those of its parts. Money and items are the event's alone. The state of the
 * payment moves on, so the newest that Shopify signed counts.
 */
const commerceOf = (event: Event, parts: readonly Event[]): Commerce | undefined => {
  let told: Commerce = event.commerce ?? {}
  for (const { commerce } of parts) told = { ...plain(commerce), ...told }
  const newest = parts
    .filter((part) => !fromBrowser(part) && part.commerce?.financialStatus !== undefined)
    .reduce((known, { commerce }) => (isNewer(commerce, known) ? commerce : known), event.commerce)
  return compactOrAbsent<Commerce>({
    ...told,
    financialStatus: newest?.financialStatus ?? told.financialStatus,
    updatedAt: newest?.updatedAt ?? told.updatedAt,
  })
}

const isNewer = (told: Commerce | undefined, known: Commerce | undefined): boolean =>
  known?.financialStatus === undefined || (told?.updatedAt ?? '') > (known.updatedAt ?? '')

/** What is no money and no list of things: those a part may bring. */
const plain = ({
  currency,
  value,
  subtotal,
  tax,
  shipping,
  discount,
  tip,
  taxesIncluded,
  presentment,
  original,
  remaining,
  items,
  numItems,
  ...rest
}: Commerce = {}): Commerce => rest

/** IP and user agent belong together: both from the same sighting of the buying browser, while they are fresh. */
const browserAddress = (
  seen: Event | undefined,
  known: Knowledge,
  now: number,
): { ip: string | undefined; userAgent: string | undefined } | undefined => {
  if (seen?.identity?.ip && seen.identity.userAgent) return { ip: seen.identity.ip, userAgent: seen.identity.userAgent }
  for (const record of [known.checkout, known.client])
    if (record?.ip && record.userAgent && now - (record.addressAt ?? 0) <= known.addressKept)
      return { ip: record.ip, userAgent: record.userAgent }
  return undefined
}

const idsOf = (event: Event, pixel: Event | undefined, known: Knowledge, now: number): BrowserIds | undefined => {
  const ownWins = fromBrowser(event)
  const layers = [
    ownWins ? event.ids : pixel?.ids,
    known.checkout?.ids,
    known.client?.ids,
    ownWins ? undefined : event.ids,
  ].filter((layer) => layer !== undefined)
  const others = known.others.flatMap((record) => (record.ids ? [record.ids] : []))
  return idsStillKept(layers, others, now)
}

/**
 * Of every id the first value that its platform still keeps, as seen when it was first seen anywhere: to some platforms
 * the moment of a click is part of it. `others` are asked for click ids only.
 */
const idsStillKept = (
  layers: readonly BrowserIds[],
  others: readonly BrowserIds[],
  now: number,
): BrowserIds | undefined => {
  const found: Partial<Record<BrowserIdName, string>> = {}
  const seenAt: Partial<Record<BrowserIdName, string>> = {}
  for (const rule of BROWSER_IDS) {
    const from = rule.kind === 'click' ? [...layers, ...others] : layers
    const refused = rule.refusal !== undefined && from.some((layer) => layer[rule.name] === rule.refusal)
    if (refused) found[rule.name] = rule.refusal
    for (const layer of refused ? [] : from) {
      const value = layer[rule.name]
      const at = layer.seenAt?.[rule.name]
      if (value === undefined || (at !== undefined && now - Date.parse(at) > rule.keep)) continue
      found[rule.name] ??= value
      if (found[rule.name] !== value || at === undefined) continue
      const first = seenAt[rule.name]
      if (first === undefined || at < first) seenAt[rule.name] = at
    }
  }
  const gaSessions = layers.find((layer) => layer.gaSessions)?.gaSessions
  return compactOrAbsent<BrowserIds>({
    ...found,
    gaSessions,
    seenAt: compactOrAbsent<NonNullable<BrowserIds['seenAt']>>(seenAt),
  })
}

/**
 * The event's own consent and every newer one known for its browser, checkout or customer: a withdrawal wins, a newer
 * grant releases nothing. An order that Shopify alone told of carries none; its own is then what was newest when it
 * was placed.
 */
const consentOf = (event: Event, known: Knowledge, parts: readonly Event[] = []): { consent?: Consent } => {
  const own = byTime([event.consent, ...parts.map((part) => part.consent)]).reduce(newestConsent, undefined)
  const elsewhere = known.others.map((record) => record.consent).filter(refuses)
  const told = byTime([known.checkout?.consent, known.client?.consent, ...elsewhere])
  const then = told.findLast((consent) => (consent.at ?? '') <= event.occurredAt)
  const consent = told.reduce(newestConsent, own ?? then)
  return consent ? { consent } : {}
}

const byTime = (consents: readonly (Consent | undefined)[]): Consent[] =>
  consents.filter((consent) => consent !== undefined).sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''))

const refuses = (consent: Consent | undefined): boolean =>
  consent !== undefined && (consent.marketing === false || consent.saleOfData === false || consent.gpc === true)
