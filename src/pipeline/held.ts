import { outcomeOf } from '../destinations/outcomes.ts'
import type { Event, Shop } from '../event/event.ts'
import { type Json, parseJson } from '../lib/json.ts'
import type { AskedPerson } from '../sources/shopify-webhook/compliance.ts'
import type { IdentityKey, IdentityRecord, OrderRecord, Store, StoredEvent } from '../store/store.ts'
import { bareSubject, ordersAmong } from '../store/subject-names.ts'
import { type Found, namesOf } from './requests.ts'

/** Numbers of the log that are looked through at once. */
const STRETCH = 4096
/** Most events of one person that are told one by one; the newest of more. */
const MOST_EVENTS = 20_000
const BODY_LIMITS = { depth: 32, values: 200_000 }
const KINDS = ['client', 'checkout', 'cart', 'customer'] as const

type Reads = Pick<
  Store,
  'linked' | 'head' | 'eventsOf' | 'parts' | 'identities' | 'orders' | 'connections' | 'ledger' | 'attempts' | 'message'
>

/** Everything that is held of a person, as it is handed out to them. */
export interface HeldOfPerson {
  readonly madeAt: string
  readonly shop: Shop
  readonly events: readonly HeldEvent[]
  /** What is remembered of the person's browsers, checkouts and carts. */
  readonly known: Readonly<Record<string, IdentityRecord>>
  readonly orders: readonly OrderRecord[]
  /** Raw messages of the store that told of the person, while they are kept. */
  readonly messages: readonly { readonly topic: string; readonly receivedAt: string; readonly body: Json }[]
}

interface HeldEvent {
  readonly receivedAt: string
  readonly event: Event
  /** What other messages said about it. */
  readonly sightings: readonly Event[]
  /** What became of it at each platform. */
  readonly platforms: readonly {
    readonly platform: string
    readonly outcome: string
    readonly requests: readonly string[]
  }[]
}

/** Goes through the log for some people's events, a stretch at a time. */
async function* through(store: Reads, shop: Shop, people: readonly string[]): AsyncGenerator<readonly StoredEvent[]> {
  const head = await store.head(shop)
  for (let after = 0; after < head; after += STRETCH) yield await store.eventsOf(shop, people, after, STRETCH)
}

/** Counts what is held of a person, and finds out to whom it went. */
export const countHeld = async (store: Reads, shop: Shop, names: readonly string[]): Promise<Found> => {
  const people = await store.linked(shop, names)
  const connections = await store.connections(shop)
  const sentTo = new Set<string>()
  let events = 0
  for await (const found of through(store, shop, people)) {
    const readable = found.filter(({ event }) => event)
    events += readable.length
    const [first, last] = [readable[0], readable.at(-1)]
    if (!first || !last) continue
    for (const { id, destination } of connections) {
      const bytes = await store.ledger(shop, id, first.seq, last.seq)
      if (readable.some(({ seq }) => isSent(bytes[seq - first.seq] ?? 0))) sentTo.add(destination)
    }
  }
  const orders = (await store.orders(shop, ordersAmong(people))).size
  return { names: people.length, orders, events, sentTo: [...sentTo].sort() }
}

const isSent = (byte: number): boolean => {
  const outcome = outcomeOf(byte)
  return outcome === 'delivered' || outcome === 'sent'
}

/**
 * Reads everything that is held of a person, and of nobody else. Whom the store ties to them by what was signed counts
 * unless it names somebody else: people share browsers. Whom an address alone leads to counts where it names them, because
 * anybody may have typed that address.
 */
export const heldOf = async (store: Reads, shop: Shop, person: AskedPerson, now: number): Promise<HeldOfPerson> => {
  const signed = await store.linked(shop, namesOf({ ...person, email: undefined, phone: undefined }))
  const certain = new Set(signed.map(bareSubject))
  const isHeld = ({ subject, event }: StoredEvent): boolean =>
    event !== undefined && (names(person, event) || (certain.has(bareSubject(subject)) && namesNobody(event)))
  const stored: StoredEvent[] = []
  for await (const found of through(store, shop, await store.linked(shop, namesOf(person)))) {
    stored.push(...found.filter(isHeld))
    if (stored.length > MOST_EVENTS) stored.splice(0, stored.length - MOST_EVENTS)
  }
  const events: HeldEvent[] = []
  const messages = new Map<string, HeldOfPerson['messages'][number]>()
  const orders = new Set(person.orders)
  for (const one of stored) {
    if (!one.event) continue
    const { orderId } = one.event.commerce ?? {}
    if (orderId) orders.add(orderId)
    const sightings = ((await store.parts(shop, [one.event.id])).get(one.event.id) ?? []).map(({ event }) => event)
    events.push({
      receivedAt: instant(one.receivedAt),
      event: one.event,
      sightings,
      platforms: await platformsOf(store, shop, one.seq),
    })
    for (const by of [one.event, ...sightings].flatMap(({ seenBy }) => seenBy)) {
      const webhookId = by.split(':')[2]
      const message = webhookId && !messages.has(webhookId) && (await store.message(shop, webhookId))
      if (!webhookId || !message) continue
      const body = parseJson(Buffer.from(message.body).toString('utf8'), BODY_LIMITS)
      const { topic, receivedAt } = message
      if (body.ok) messages.set(webhookId, { topic, receivedAt: instant(receivedAt), body: body.value })
    }
  }
  const keys = [...certain].flatMap((name) => KINDS.map((kind): IdentityKey => `${kind}:${name}`))
  const known = [...(await store.identities(shop, keys))].filter(
    ([key, { customerId = key.startsWith('customer:') ? bareSubject(key) : undefined }]) =>
      customerId === undefined || customerId === person.customerId,
  )
  return {
    madeAt: instant(now),
    shop,
    events,
    known: Object.fromEntries(known),
    orders: [...(await store.orders(shop, [...orders])).values()],
    messages: [...messages.values()],
  }
}

const names = (person: AskedPerson, { identity, commerce }: Event): boolean =>
  (person.customerId !== undefined && identity?.customerId === person.customerId) ||
  (person.email !== undefined && identity?.email === person.email) ||
  (person.phone !== undefined && identity?.phone === person.phone) ||
  (commerce?.orderId !== undefined && person.orders.includes(commerce.orderId))

const namesNobody = ({ identity }: Event): boolean => !identity?.customerId && !identity?.email && !identity?.phone

const instant = (at: number): string => new Date(at).toISOString()

const platformsOf = async (store: Reads, shop: Shop, seq: number): Promise<HeldEvent['platforms']> =>
  Promise.all(
    (await store.connections(shop)).map(async ({ id, destination }) => {
      const [byte = 0] = await store.ledger(shop, id, seq, seq)
      const attempts = await store.attempts(shop, { connection: id, seq, limit: 20 })
      return {
        platform: destination,
        outcome: outcomeOf(byte) ?? 'waiting',
        requests: attempts.map(({ at }) => instant(at)).sort(),
      }
    }),
  )
