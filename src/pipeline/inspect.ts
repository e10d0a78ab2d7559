import { hash } from 'node:crypto'
import { EXPLAINED, outcomeOf } from '../destinations/outcomes.ts'
import type { Shop } from '../event/event.ts'
import { isObject, type Json, parseJson } from '../lib/json.ts'
import type { Attempt } from '../store/settlement.ts'
import type { Connection, ConnectionState, Lane, ShopRecord, StoredEvent } from '../store/store.ts'
import { mask, maskRequest } from './mask.ts'
import { type Outlet, withoutByte } from './outlet.ts'
import { type Prepared, prepare } from './prepare.ts'
import { requestsFor } from './rendered.ts'
import type { Runtime } from './runtime.ts'
import type { AttemptStory, DeliveryStory, EventStory, RequestStory, Sighting } from './story.ts'

const WAITING: Readonly<Record<ConnectionState, string>> = {
  active: 'Waiting: it is on its way out, usually within a second or two.',
  paused: 'Waiting: the connection is paused. It goes out when you resume.',
  needs_auth: 'Waiting: the connection needs new credentials. It goes out when they work.',
}
/** Why an event has no outcome yet: what is wrong with the connection says more than that it is on its way. */
const waitingFor = ({ state, trouble }: Connection): string =>
  state === 'active' && trouble !== undefined ? `Waiting: ${trouble}` : WAITING[state]

const ANSWER_LIMITS = { depth: 32, values: 200_000 }

/** Everything known about one event, told for a person, personal data and secrets masked. Undefined: no such number. */
export const inspect = async (runtime: Runtime, name: Shop, seq: number): Promise<EventStory | undefined> => {
  const { store } = runtime
  const shop = await store.shop(name)
  const [stored] = shop ? await store.read(name, seq - 1, 1) : []
  if (!shop || stored?.seq !== seq) return undefined
  const [prepared] = await prepare(store, shop, [stored], runtime.clock.now(), runtime.catalogue)
  const parts = stored.event ? ((await store.parts(name, [stored.event.id])).get(stored.event.id) ?? []) : []
  const connections = await store.connections(name)
  return {
    seq,
    name: stored.name,
    platformNames: Object.fromEntries(
      connections.flatMap(({ destination }) => {
        const known = runtime.destinations.get(destination)
        return known ? [[destination, known.accepts[stored.name]] as const] : []
      }),
    ),
    receivedAt: stored.receivedAt,
    arrived: await arrivals(runtime, name, stored, parts),
    ...(prepared?.event ? { event: mask(prepared.event) as Json } : {}),
    ...(stored.gone ? { gone: stored.gone } : {}),
    parts: parts.map((part) => ({
      receivedAt: part.receivedAt,
      joined: part.joined,
      event: mask(part.event) as Json,
    })),
    deliveries: await Promise.all(
      connections.map((connection) => deliveryStory(runtime, shop, connection, stored, prepared)),
    ),
  }
}

const arrivals = async (
  { store }: Runtime,
  shop: Shop,
  stored: StoredEvent,
  parts: Awaited<ReturnType<Runtime['store']['parts']>> extends ReadonlyMap<unknown, infer P> ? P : never,
): Promise<Sighting[]> => {
  const sightings = [
    { seenBy: stored.event?.seenBy ?? [], at: stored.receivedAt },
    ...parts.filter((part) => !part.joined).map((part) => ({ seenBy: part.event.seenBy, at: part.receivedAt })),
  ]
  return Promise.all(
    sightings.flatMap(({ seenBy, at }) =>
      seenBy.map(async (by): Promise<Sighting> => {
        const [source = by, topic, webhookId] = by.split(':')
        const message = webhookId === undefined ? undefined : await store.message(shop, webhookId)
        const body = message
          ? parseJson(Buffer.from(message.body).toString('utf8'), { depth: 32, values: 200_000 })
          : undefined
        return {
          source,
          at,
          ...(topic === undefined ? {} : { topic }),
          ...(body?.ok ? { body: mask(body.value) as Json } : {}),
        }
      }),
    ),
  )
}

const deliveryStory = async (
  runtime: Runtime,
  shop: ShopRecord,
  connection: Connection,
  stored: StoredEvent,
  prepared: Prepared | undefined,
): Promise<DeliveryStory> => {
  const { store } = runtime
  const [all, bytes, attempts, [parked]] = await Promise.all([
    store.lanes(shop.shop),
    store.ledger(shop.shop, connection.id, stored.seq, stored.seq),
    store.attempts(shop.shop, { connection: connection.id, seq: stored.seq, limit: 20 }),
    store.parkedSeqs(shop.shop, connection.id, [stored.seq]),
  ])
  const lanes = all.filter((lane) => lane.connection === connection.id)
  const code = bytes[0] ?? 0
  const outcome = outcomeOf(code) ?? withoutByte(lanes, stored.seq)
  const destination = runtime.destinations.get(connection.destination)
  const request = prepared ? await renderRequest(runtime, shop, connection, lanes, prepared, attempts[0]) : undefined
  return {
    connection: connection.id,
    destination: { slug: connection.destination, name: destination?.name ?? connection.destination },
    outcome,
    explained: outcome === 'waiting' ? waitingFor(connection) : EXPLAINED[outcome],
    ...(parked
      ? {
          parked: {
            kind: parked.kind,
            due: parked.due,
            tries: parked.tries,
            ...(parked.code === undefined ? {} : { code: parked.code }),
            ...(parked.message === undefined ? {} : { message: parked.message }),
          },
        }
      : {}),
    attempts: attempts.map((attempt, place) =>
      attemptStory(attempt, stored.seq, place === 0 && request?.exact === true),
    ),
    ...(request ? { request } : {}),
  }
}

/** `ordered`: the request was in the order of the numbers, as those rendered again are. Of others no place is known. */
const attemptStory = (attempt: Attempt, seq: number, ordered: boolean): AttemptStory => {
  const { at, ms, status, accepted, refused, seqs } = attempt
  const own = ordered ? ownAnswer(attempt.answer, seqs.indexOf(seq), seqs.length) : undefined
  return { at, ms, status, accepted, refused, answer: own ?? attempt.answer, ...(own ? { outOf: seqs.length } : {}) }
}

/**
 * The answer to a batch, with this event's entry alone in every list that has one for each event. Undefined where there
 * is no such list: one event alone, an answer that was cut, a platform that answers in another way.
 */
const ownAnswer = (answer: string, place: number, count: number): string | undefined => {
  const parsed = parseJson(answer, ANSWER_LIMITS)
  if (!parsed.ok || place === -1 || count < 2) return undefined
  let found = false
  const narrowed = (value: Json): Json => {
    if (Array.isArray(value)) {
      const own = value[place]
      if (value.length !== count || own === undefined) return value
      found = true
      return [own]
    }
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, narrowed(inner)]))
  }
  const own = narrowed(parsed.value)
  return found ? JSON.stringify(own) : undefined
}

/**
 * The request is rendered again from the log. It is called exact only if the whole body it was part of hashes to what
 * was stored with the attempt; otherwise it shows what would go now.
 */
const renderRequest = async (
  runtime: Runtime,
  shop: ShopRecord,
  connection: Connection,
  lanes: readonly Lane[],
  prepared: Prepared,
  attempt: Attempt | undefined,
): Promise<RequestStory | undefined> => {
  const destination = runtime.destinations.get(connection.destination)
  const settings = destination?.settings.safeParse(connection.settings)
  if (!destination || !settings?.success) return undefined
  const outlet: Outlet = { runtime, shop, connection, destination, settings: settings.data, lanes }
  const at = attempt?.at ?? runtime.clock.now()
  // An event of several items makes several requests; the first tells most.
  const [own] = requestsFor(outlet, [prepared], at)
  if (!own) return undefined
  const exact = attempt !== undefined && (await sameBody(outlet, attempt))
  return {
    method: own.method,
    // Some platforms want their token in the address.
    url: String(mask(own.url)),
    headers: Object.fromEntries(
      Object.entries(own.headers).map(([name, value]) => [name, /auth|token|key|signature/.test(name) ? '…' : value]),
    ),
    ...(own.body === undefined ? {} : { body: maskRequest(JSON.parse(own.body)) as Json }),
    exact,
  }
}

const sameBody = async (outlet: Outlet, attempt: Attempt): Promise<boolean> => {
  const { store } = outlet.runtime
  if (attempt.seqs.length > 1000) return false
  const wanted = new Set(attempt.seqs)
  const stored = await store.read(outlet.shop.shop, attempt.from - 1, Math.min(1024, attempt.to - attempt.from + 1))
  const batch = await prepare(
    store,
    outlet.shop,
    stored.filter((one) => wanted.has(one.seq)),
    outlet.runtime.clock.now(),
    outlet.runtime.catalogue,
  )
  return requestsFor(outlet, batch, attempt.at).some(
    ({ body }) => body !== undefined && hash('sha256', body, 'hex') === attempt.bodyHash,
  )
}
