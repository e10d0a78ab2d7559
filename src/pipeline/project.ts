import { BROWSER_IDS, type BrowserIdName, type BrowserIds } from '../event/browser-ids.ts'
import type { Consent } from '../event/consent.ts'
import type { Event } from '../event/event.ts'
import { purchaseId } from '../event/event-ids.ts'
import { fromBrowser } from '../event/from-browser.ts'
import { DAY } from '../lib/duration.ts'
import { compact } from '../lib/json.ts'
import type { IdentityKey, IdentityRecord } from '../store/store.ts'
import { emailName, phoneName } from '../store/subject-names.ts'
import { subjectOf } from './subject.ts'

/**
 * What a sighting teaches about shoppers. `identities` is a projection of the log under these rules (no poisoned
 * joins):
 *
 * - A browser is linked with a customer only by a signed message that names a checkout token which this browser has
 *   shown. An email or customer id inside a beacon serves its own event and teaches nothing; by the email its
 *   browser is found when somebody is to be erased.
 * - The first browser that shows a checkout or cart token owns it; later claims change nothing.
 * - Of a browser the newest values count, of a checkout the first of each kind.
 */
export interface Learned {
  readonly changes: ReadonlyMap<IdentityKey, IdentityRecord>
  /** Subjects that turned out to be one person. */
  readonly links: readonly (readonly [string, string])[]
}

/** The records that `project` wants to know for a sighting. */
export const keysOf = (event: Event): IdentityKey[] => {
  const keys: IdentityKey[] = []
  const { clientId, customerId } = event.identity ?? {}
  const { checkoutToken, cartToken } = event.commerce ?? {}
  if (clientId && fromBrowser(event)) keys.push(`client:${clientId}`)
  if (checkoutToken) keys.push(`checkout:${checkoutToken}`)
  if (cartToken) keys.push(`cart:${cartToken}`)
  if (customerId && checkoutToken && !fromBrowser(event)) keys.push(`customer:${customerId}`)
  return keys
}

/** Most browsers remembered for one customer; the oldest goes. */
const CLIENTS_PER_CUSTOMER = 10
/** Most product_added sightings remembered for one browser. */
const ADDED_PER_CLIENT = 20
/** What did not change is written again only once a day, to show that it is still in use. */
const REFRESH = DAY

export const project = (event: Event, at: number, known: (key: IdentityKey) => IdentityRecord | undefined): Learned => {
  if (showsNothingNew(event, at, known)) return NOTHING
  const changes = new Map<IdentityKey, IdentityRecord>()
  const links: (readonly [string, string])[] = []
  const get = (key: IdentityKey) => changes.get(key) ?? known(key)
  const put = (key: IdentityKey, next: IdentityRecord) => {
    if (differs(get(key), next)) changes.set(key, next)
  }
  if (fromBrowser(event)) learnFromBrowser(event, at, get, put)
  else learnFromShopify(event, at, get, put)
  linkPerson(event, at, known, get, put, links)
  linkRecords(event, known, get, links)
  linkAddresses(event, links)
  return { changes, links }
}

const NOTHING: Learned = { changes: new Map(), links: [] }

/**
 * Most sightings are of a browser that shows what it showed before. That is found out here without building anything,
 * because it happens for every beacon.
 */
const showsNothingNew = (event: Event, at: number, known: Get): boolean => {
  const { clientId, ip, userAgent, email, phone } = event.identity ?? {}
  if (email || phone) return false
  if (!clientId || event.name === 'product_added' || event.commerce?.checkoutToken || !fromBrowser(event)) return false
  const client = known(`client:${clientId}`)
  if (!client || at - client.seenAt >= REFRESH || client.ip !== ip || client.userAgent !== userAgent) return false
  const cartToken = event.commerce?.cartToken
  return (
    (!cartToken || known(`cart:${cartToken}`)?.clientId !== undefined) &&
    (!event.landing || event.landing.url === client.landing?.url) &&
    holds(client.ids, event.ids) &&
    holds(client.consent, event.consent)
  )
}

/** Whether a record has all that was seen, moments and origins apart. */
const holds = (known: object | undefined, seen: object | undefined): boolean => {
  if (!seen) return true
  if (!known) return false
  for (const name in seen) {
    if (name === 'seenAt' || name === 'at' || name === 'source') continue
    if (Reflect.get(known, name) !== Reflect.get(seen, name)) return false
  }
  return true
}

type Get = (key: IdentityKey) => IdentityRecord | undefined
type Put = (key: IdentityKey, record: IdentityRecord) => void

const learnFromBrowser = (event: Event, at: number, get: Get, put: Put): void => {
  const clientId = event.identity?.clientId
  if (!clientId) return
  const { checkoutToken, cartToken } = event.commerce ?? {}
  const { ip, userAgent } = event.identity ?? {}
  const address = ip ? compact<Address>({ ip, userAgent, addressAt: at }) : {}
  const seen = compact<IdentityRecord>({
    ids: event.ids,
    consent: event.consent,
    landing: event.landing,
    clientId,
    seenAt: at,
  })
  const client = get(`client:${clientId}`)
  const added =
    event.name === 'product_added'
      ? [...(client?.added ?? []), ...variantsOf(event).map((variant) => `${variant} ${at}`)].slice(-ADDED_PER_CLIENT)
      : client?.added
  // One that comes after newer ones (a part that is learned again after a crash) adds what is missing.
  const late = client !== undefined && client.seenAt > at
  put(
    `client:${clientId}`,
    compact<IdentityRecord>({
      ...(late
        ? { ...seen, ...(client.ip ? {} : address), ...client }
        : { ...(ip && client ? withoutAddress(client) : client), ...seen, ...address }),
      ids: late ? mergedIds(seen.ids, client.ids) : mergedIds(client?.ids, seen.ids),
      consent: newer(client?.consent, seen.consent),
      landing: late ? (client.landing ?? seen.landing) : (seen.landing ?? client?.landing),
      added,
    }),
  )
  if (checkoutToken) {
    const checkout = get(`checkout:${checkoutToken}`)
    const first = { ...seen, ...(checkout?.ip ? {} : address), ...checkout }
    if (!checkout?.clientId) put(`checkout:${checkoutToken}`, { ...first, clientId })
    else if (checkout.clientId === clientId)
      put(
        `checkout:${checkoutToken}`,
        compact<IdentityRecord>({
          ...first,
          ids: mergedIds(seen.ids, checkout.ids),
          consent: newer(checkout.consent, seen.consent),
        }),
      )
  }
  if (cartToken) {
    const cart = get(`cart:${cartToken}`)
    if (!cart?.clientId) put(`cart:${cartToken}`, { ...cart, clientId, seenAt: at })
  }
}

type Address = Pick<IdentityRecord, 'ip' | 'userAgent' | 'addressAt'>

/** IP and user agent are of one sighting or not there: a new address takes the old user agent along. */
const withoutAddress = ({ ip: _, userAgent: __, addressAt: ___, ...rest }: IdentityRecord): IdentityRecord => rest

const learnFromShopify = (event: Event, at: number, get: Get, put: Put): void => {
  const { checkoutToken } = event.commerce ?? {}
  const customerId = event.identity?.customerId
  if (!checkoutToken || !customerId) return
  const checkout = get(`checkout:${checkoutToken}`)
  if (!checkout?.customerId) put(`checkout:${checkoutToken}`, { ...checkout, customerId, seenAt: at })
}

/** Once a checkout knows its browser (from a beacon) and its customer (signed), they are one person. */
const linkPerson = (
  event: Event,
  at: number,
  before: Get,
  get: Get,
  put: Put,
  links: (readonly [string, string])[],
): void => {
  const checkoutToken = event.commerce?.checkoutToken
  if (!checkoutToken) return
  const was = before(`checkout:${checkoutToken}`)
  const { clientId, customerId } = get(`checkout:${checkoutToken}`) ?? {}
  if (clientId && !was?.clientId) links.push([checkoutToken, clientId])
  if (customerId && !was?.customerId) links.push([checkoutToken, customerId])
  if (!clientId || !customerId) return
  const customer = get(`customer:${customerId}`)
  if (customer?.clients?.includes(clientId)) return
  links.push([clientId, customerId])
  put(`customer:${customerId}`, {
    ...customer,
    clients: [...(customer?.clients ?? []), clientId].slice(-CLIENTS_PER_CUSTOMER),
    seenAt: at,
  })
  const client = get(`client:${clientId}`)
  if (client && !client.customerId) put(`client:${clientId}`, { ...client, customerId, seenAt: at })
}

/**
 * What is written under other names belongs to the person too and has to fall with them: the cart, and a refund, which
 * names nobody but its order. A beacon's cart is that of the browser that owns it.
 */
const linkRecords = (event: Event, before: Get, get: Get, links: (readonly [string, string])[]): void => {
  const { cartToken, orderId } = event.commerce ?? {}
  if (fromBrowser(event)) {
    const owner = cartToken && get(`cart:${cartToken}`)?.clientId
    if (cartToken && owner && !before(`cart:${cartToken}`)?.clientId) links.push([cartToken, owner])
    return
  }
  const subject = subjectOf(event)
  for (const other of [cartToken, orderId && purchaseId(orderId)])
    if (other && other !== subject) links.push([other, subject])
}

/** Who is asked for by an address is found by it: also a browser whose beacon said it, which nothing else is learned from. */
const linkAddresses = (event: Event, links: (readonly [string, string])[]): void => {
  const { email, phone } = event.identity ?? {}
  if (email) links.push([emailName(email), subjectOf(event)])
  if (phone) links.push([phoneName(phone), subjectOf(event)])
}

const variantsOf = (event: Event): string[] =>
  (event.commerce?.items ?? []).flatMap((item) => (item.variantId ? [item.variantId] : []))

/** The second wins name by name; the moment a value was first seen stays with the value. */
export const mergedIds = (first: BrowserIds | undefined, second: BrowserIds | undefined): BrowserIds | undefined => {
  if (!first || !second) return first ?? second
  const seenAt: Record<string, string> = { ...first.seenAt }
  for (const [name, at] of Object.entries(second.seenAt ?? {}) as [BrowserIdName, string][])
    if (second[name] !== first[name] || at < (seenAt[name] ?? '\uffff')) seenAt[name] = at
  return {
    ...first,
    ...second,
    ...refusals(first),
    ...(first.gaSessions || second.gaSessions ? { gaSessions: { ...first.gaSessions, ...second.gaSessions } } : {}),
    seenAt,
  }
}

/** The later one of two choices. */
export const newer = (known: Consent | undefined, seen: Consent | undefined): Consent | undefined =>
  !known || !seen ? (known ?? seen) : (seen.at ?? '') >= (known.at ?? '') ? seen : known

/** Whether a record says anything new; moments alone count only once a day. */
const differs = (known: IdentityRecord | undefined, next: IdentityRecord): boolean =>
  !known || next.seenAt - known.seenAt >= REFRESH || substance(known) !== substance(next)

const substance = ({ ids, consent, seenAt: _, addressAt: __, ...rest }: IdentityRecord): string => {
  const { seenAt: ___, ...idValues } = ids ?? {}
  const { at: ____, ...choices } = consent ?? {}
  return JSON.stringify([rest, idValues, choices].map(inOrder))
}

/** Records are put together in several places; the order of their members means nothing. */
const inOrder = (record: object) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))

/** Ids by which somebody can refuse. */
const REFUSABLE = BROWSER_IDS.flatMap(({ name, refusal }) => (refusal === undefined ? [] : [{ name, refusal }]))

/** What somebody refused stays refused, whatever is seen later. */
const refusals = (ids: BrowserIds): BrowserIds =>
  Object.fromEntries(REFUSABLE.flatMap(({ name, refusal }) => (ids[name] === refusal ? [[name, refusal]] : [])))
