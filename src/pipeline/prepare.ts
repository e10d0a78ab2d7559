import type { Event, EventId } from '../event/event.ts'
import { paidId, purchaseId, seenFromSeveralSides } from '../event/event-ids.ts'
import { fromBrowser } from '../event/from-browser.ts'
import { type EventName, isOrderEvent, takesBack } from '../event/names.ts'
import { DAY } from '../lib/duration.ts'
import type { IdentityKey, IdentityRecord, OrderRecord, ShopRecord, Store, StoredEvent } from '../store/store.ts'
import { type Catalogue, type Catalogued, isCatalogueAwaited, withCatalogue } from './catalogue.ts'
import { completeFromOrder, withRemaining } from './complete.ts'
import { join, type Knowledge, visitKnown } from './join.ts'

/** An event as it would be sent now: joined with its parts and with what is known of its shopper. */
export interface Prepared {
  readonly seq: number
  readonly name: EventName
  readonly receivedAt: number
  readonly subject: string
  /** Undefined when the body is gone. */
  readonly event: Event | undefined
  readonly gone?: 'expired' | 'redacted' | 'damaged'
  readonly visitKnown: boolean
  /** Its joined form was kept at an earlier send. */
  readonly sentBefore: boolean
  /** The catalogue was asked about its products and has not said anything yet. */
  readonly catalogueAwaited?: boolean
}

/** How long a visitor's IP address and user agent may be used after they were seen. */
const ADDRESS_KEPT = 7 * DAY

/** Joins stored events: two reads of identities and one of parts for the whole batch, then pure. */
export const prepare = async (
  store: Store,
  shop: ShopRecord,
  stored: readonly StoredEvent[],
  now: number,
  catalogue?: Catalogue,
): Promise<readonly Prepared[]> => {
  const events = stored.flatMap((one) => (one.event ? [one.event] : []))
  const withParts = events.flatMap((event) => partOwners(event))
  const orderIds = events.flatMap(({ name, commerce }) =>
    isOrderEvent(name) && commerce?.orderId ? [commerce.orderId] : [],
  )
  const lines = catalogue ? events.flatMap(({ commerce }) => commerce?.items ?? []) : []
  const [parts, orders, near, catalogued] = await Promise.all([
    withParts.length === 0 ? NO_PARTS : store.parts(shop.shop, [...new Set(withParts)]),
    orderIds.length === 0 ? NO_ORDERS : store.orders(shop.shop, [...new Set(orderIds)]),
    store.identities(shop.shop, [...new Set(events.flatMap(nearKeys))]),
    lines.length === 0 ? undefined : catalogue?.of(shop.shop, lines),
  ])
  const farKeys = new Set<IdentityKey>()
  for (const record of near.values()) {
    if (record.clientId) farKeys.add(`client:${record.clientId}`)
    for (const client of record.clients ?? []) farKeys.add(`client:${client}`)
  }
  for (const key of near.keys()) farKeys.delete(key)
  const far = farKeys.size === 0 ? NO_RECORDS : await store.identities(shop.shop, [...farKeys])
  const record = (key: IdentityKey): IdentityRecord | undefined => near.get(key) ?? far.get(key)

  return Promise.all(
    stored.map(async ({ seq, name, receivedAt, subject, event, gone }): Promise<Prepared> => {
      if (!event)
        return {
          seq,
          name,
          receivedAt,
          subject,
          event,
          visitKnown: false,
          sentBefore: false,

          gone: gone ?? 'expired',
        }
      const known = knowledgeOf(event, partsOf(event, parts), record, shop)
      const sentBefore = known.parts.some((part) => part.joined)
      // What was told once is told the same ever after.
      const described = catalogued && !sentBefore ? catalogued : NOTHING_CATALOGUED
      const joined = withCatalogue(join(event, known, now), described)
      const order = orders.get(event.commerce?.orderId ?? '')
      return {
        seq,
        name,
        receivedAt,
        subject,
        event: takesBack(joined.name)
          ? await completed(store, shop, joined, parts, order, now, catalogue)
          : withRemaining(joined, order),
        visitKnown: visitKnown(event, known),
        sentBefore,
        catalogueAwaited: catalogued !== undefined && !sentBefore && isCatalogueAwaited(event, catalogued),
      }
    }),
  )
}

type Parts = Awaited<ReturnType<Store['parts']>>
const NO_PARTS: Parts = new Map()
const NOTHING_CATALOGUED: ReadonlyMap<string, Catalogued> = new Map()
const NO_ORDERS: Awaited<ReturnType<Store['orders']>> = new Map()
const NO_RECORDS: ReadonlyMap<IdentityKey, IdentityRecord> = new Map()

/** Ids under which parts of an event may lie; what only the pixel tells has none. */
const partOwners = (event: Event): EventId[] => {
  const orderId = event.commerce?.orderId
  if (takesBack(event.name) && orderId) return [event.id, purchaseId(orderId), paidId(orderId)]
  if (event.name === 'order_paid' && orderId) return [event.id, purchaseId(orderId)]
  return seenFromSeveralSides(event.id) ? [event.id] : []
}

/** What others told of an event. Of a payment that is what they told of its purchase: the pixel knows only that one. */
const partsOf = (event: Event, parts: Parts): Knowledge['parts'] => {
  const own = parts.get(event.id) ?? []
  const orderId = event.commerce?.orderId
  if (event.name !== 'order_paid' || !orderId) return own
  return [...own, ...(parts.get(purchaseId(orderId)) ?? []).filter((part) => !part.joined)]
}

const nearKeys = (event: Event): IdentityKey[] => {
  const keys: IdentityKey[] = []
  const { clientId, customerId } = event.identity ?? {}
  const { checkoutToken, cartToken } = event.commerce ?? {}
  if (clientId) keys.push(`client:${clientId}`)
  if (checkoutToken) keys.push(`checkout:${checkoutToken}`)
  if (cartToken) keys.push(`cart:${cartToken}`)
  if (customerId) keys.push(`customer:${customerId}`)
  return keys
}

const knowledgeOf = (
  event: Event,
  parts: Knowledge['parts'],
  record: (key: IdentityKey) => IdentityRecord | undefined,
  shop: ShopRecord,
): Knowledge => {
  const { checkoutToken, cartToken } = event.commerce ?? {}
  const checkout = checkoutToken ? record(`checkout:${checkoutToken}`) : undefined
  const cart = cartToken ? record(`cart:${cartToken}`) : undefined
  const clientId = event.identity?.clientId ?? checkout?.clientId ?? cart?.clientId
  const client = clientId ? record(`client:${clientId}`) : undefined
  const customerId = signedCustomer(event, checkout, client)
  const customer = customerId ? record(`customer:${customerId}`) : undefined
  const others = (customer?.clients ?? []).flatMap((id) => {
    const other = id === clientId ? undefined : record(`client:${id}`)
    return other ? [other] : []
  })
  return {
    parts,
    ...(checkout ? { checkout } : {}),
    ...(cart ? { cart } : {}),
    ...(client ? { client } : {}),
    others,
    facts: shop.facts,
    addressKept: ADDRESS_KEPT,
  }
}

/** The customer as a signed message named it; a beacon's own customer id never leads to other browsers. */
const signedCustomer = (
  event: Event,
  checkout: IdentityRecord | undefined,
  client: IdentityRecord | undefined,
): string | undefined =>
  fromBrowser(event)
    ? (checkout?.customerId ?? client?.customerId)
    : (event.identity?.customerId ?? checkout?.customerId)

/**
 * A refund knows its order's number only, a cancellation the order but not its visit; the shopper and the value come from the purchase as it would be sent now,
 * with what its shopper has withdrawn since. Weeks later that is the form which was kept at its first send.
 */
const completed = async (
  store: Store,
  shop: ShopRecord,
  refund: Event,
  parts: Parts,
  order: OrderRecord | undefined,
  now: number,
  catalogue: Catalogue | undefined,
): Promise<Event> => {
  const orderId = refund.commerce?.orderId
  if (!orderId) return refund
  const purchase = keptAs(purchaseId(orderId), parts) ?? keptAs(paidId(orderId), parts)
  const stored = purchase ?? (await storedAs(store, shop, purchaseId(orderId)))
  const [prepared] = stored ? await prepare(store, shop, [stored], now, catalogue) : []
  return completeFromOrder(refund, prepared?.event, order)
}

const keptAs = (id: EventId, parts: Parts): StoredEvent | undefined => {
  const kept = parts.get(id)?.find((part) => part.joined)
  return kept && { seq: 0, name: kept.event.name, receivedAt: kept.receivedAt, subject: '', event: kept.event }
}

const storedAs = async (store: Store, shop: ShopRecord, id: EventId): Promise<StoredEvent | undefined> => {
  const seq = await store.seqOf(shop.shop, id)
  return seq === undefined ? undefined : (await store.read(shop.shop, seq - 1, 1))[0]
}
