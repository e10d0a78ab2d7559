import type { Event, Shop } from '../../event/event.ts'
import { purchaseId, seenFromSeveralSides } from '../../event/event-ids.ts'
import { type EventRow, eventRow } from '../event-rows.ts'
import { eventOf, sealRow } from '../sealing.ts'
import { asPart, sameTeller } from '../sightings.ts'
import { type Appended, type Arrival, StoreFault } from '../store.ts'
import { NOBODY } from '../subject-names.ts'
import { columns } from './columns.ts'
import { type Context, findShops, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'
import { type Ids, idsOf } from './ids.ts'
import { takeTurns } from './locks.ts'
import { readEvents } from './log.ts'
import { type Messages, messagesOf } from './messages.ts'
import { type Orders, ordersOf } from './orders.ts'
import { type Parts, partsOf } from './parts.ts'
import { type Subjects, subjectsOf } from './subjects.ts'

/** What became of one arrival of a group; an error is that arrival's own. */
export type Told = Appended | Error

/** An arrival whose shop is known, its events as rows. */
interface Entry {
  readonly arrival: Arrival
  readonly shop: ShopRow
  readonly events: readonly EventRow[]
  readonly parts: readonly EventRow[]
}

/** An event that is to be written. */
interface LogRow {
  readonly shop: number
  readonly seq: number
  readonly event: EventRow
  readonly subject: number
  readonly sealed: Uint8Array
}

/** A group at work: what it is about was read at once, is changed here, and is written at once. */
interface Group {
  readonly heads: Map<number, number>
  readonly ids: Ids
  readonly messages: Messages
  readonly parts: Parts
  readonly orders: Orders
  readonly subjects: Subjects
  /** Facts of several sides as they stand in the log, by shop and id. */
  readonly facts: Map<string, Event>
  readonly log: LogRow[]
}

/**
 * Appends a group of arrivals in one commit. A StoreFault is thrown and concerns all of them; after one that was met at
 * the COMMIT nobody knows whether they were written, and the senders' repeats find out. Anything else that goes wrong is
 * one arrival's own: they are then written one by one, so that an arrival that trips over a bug takes nobody with it.
 */
export const appendGroup = async (context: Context, arrivals: readonly Arrival[]): Promise<readonly Told[]> => {
  try {
    return await commit(context, arrivals)
  } catch (error) {
    if (error instanceof StoreFault) throw error
    if (arrivals.length === 1) return [error instanceof Error ? error : new Error('The arrival could not be stored.')]
    const told: Told[] = []
    for (const arrival of arrivals) told.push(...(await appendGroup(context, [arrival])))
    return told
  }
}

const commit = async (context: Context, arrivals: readonly Arrival[]): Promise<readonly Told[]> => {
  const domains = [...new Set(arrivals.map(({ shop }) => shop))]
  const shops = new Map<Shop, ShopRow>(
    (await findShops(context, context.intake, domains)).map((row) => [row.shop, row]),
  )
  const entries = arrivals.map((arrival): Entry | undefined => {
    const shop = shops.get(arrival.shop)
    return shop && { arrival, shop, events: arrival.events.map(eventRow), parts: arrival.parts.map(eventRow) }
  })
  const known = entries.filter((entry) => entry !== undefined)
  const told = known.length === 0 ? [] : await context.intake.transaction((tx) => appendEntries(tx, known))
  let next = 0
  return entries.map((entry, at) => {
    const one = entry && told[next++]
    return one ?? new Error(`The shop ${arrivals[at]?.shop} is not in the store.`)
  })
}

const appendEntries = async (tx: Sql, entries: readonly Entry[]): Promise<Appended[]> => {
  await takeTurns(
    tx,
    entries.map(({ shop }) => shop.id),
  )
  const group = await readGroup(tx, entries)
  const told = entries.map((entry) => appendOne(group, entry))
  // Subjects first: they count in the same rows of heads as the log does.
  await group.subjects.write()
  await group.ids.write()
  await writeLog(tx, group)
  await group.messages.write()
  await group.parts.write()
  await group.orders.write()
  return told
}

const readGroup = async (tx: Sql, entries: readonly Entry[]): Promise<Group> => {
  const events = entries.flatMap(({ shop, events }) => events.map((event) => ({ shop, event })))
  const parts = entries.flatMap(({ shop, parts }) => parts.map(({ id }) => ({ shop, id: id as Event['id'] })))
  const changes = entries.flatMap(({ shop, arrival }) => arrival.orders.map((change) => ({ shop, change })))
  const purchases = changes.map(({ shop, change }) => ({ shop, id: purchaseId(change.orderId) }))
  const facts = [
    ...parts,
    ...events.flatMap(({ shop, event: { id } }) => (seenFromSeveralSides(id) ? [{ shop, id: id as Event['id'] }] : [])),
  ]
  const ids = await idsOf(tx, events, [...parts, ...purchases])
  const people = entries.flatMap(({ shop, events, parts }) =>
    [NOBODY, ...[...events, ...parts].map(({ subject }) => subject)].map((name) => ({ shop, name })),
  )
  const heads = await tx
    .sql<{ shop: number; head: number }>('SELECT shop, head FROM heads WHERE shop = ANY($1)')
    .all([...new Set(entries.map(({ shop }) => shop.id))])
  // Somebody erased it since it was looked up; whoever sends it again finds what has taken its place.
  const isGone = entries.some(({ shop }) => !heads.some((head) => head.shop === shop.id))
  if (isGone) throw new StoreFault('busy', 'A shop is being erased.')
  return {
    heads: new Map(heads.map(({ shop, head }) => [shop, head])),
    ids,
    messages: await messagesOf(
      tx,
      entries.flatMap(({ shop, arrival: { message } }) => (message ? [{ shop, message }] : [])),
    ),
    parts: await partsOf(tx, facts),
    orders: await ordersOf(tx, changes),
    subjects: await subjectsOf(tx, people),
    facts: await readFacts(tx, facts, ids),
    log: [],
  }
}

const factName = (shop: ShopRow, id: string): string => `${shop.id} ${id}`

/** Facts as they stand in the log; one that is not there, or whose body is gone, is left out. */
const readFacts = async (
  tx: Sql,
  facts: readonly { readonly shop: ShopRow; readonly id: Event['id'] }[],
  ids: Ids,
): Promise<Map<string, Event>> => {
  const placed = facts.flatMap(({ shop, id }) => {
    const seq = ids.sharedSeq(shop, id)
    return seq === undefined ? [] : [{ shop, id, seq }]
  })
  const texts = await readEvents(tx, placed)
  return new Map(
    placed.flatMap(({ shop, id }, at) => {
      const text = texts[at]
      return text === undefined ? [] : [[factName(shop, id), eventOf(text)] as const]
    }),
  )
}

const appendOne = (group: Group, { arrival, shop, events, parts }: Entry): Appended => {
  const { ids, messages, orders, subjects } = group
  const { message } = arrival
  if (message && messages.isKnown(shop, message))
    return { repeated: true, events: events.map((event) => ({ seq: ids.seqOf(shop, event) ?? 0, fresh: false })) }
  if (message) {
    const person = (events[0] ?? parts[0])?.subject ?? NOBODY
    messages.keep(shop, message, subjects.of(shop, person, message.receivedAt))
  }
  const appended = events.map((event) => appendEvent(group, shop, event))
  for (const part of parts) addPart(group, shop, part)
  const at = (message ?? arrival.events[0] ?? arrival.parts[0])?.receivedAt ?? 0
  for (const change of arrival.orders) orders.change(shop, change, ids.sharedSeq(shop, purchaseId(change.orderId)), at)
  return { repeated: false, events: appended }
}

const appendEvent = (group: Group, shop: ShopRow, event: EventRow): { seq: number; fresh: boolean } => {
  const { heads, ids, subjects, facts, log } = group
  const known = ids.seqOf(shop, event)
  if (known !== undefined) {
    if (seenFromSeveralSides(event.id)) keepAsPart(group, shop, event)
    return { seq: known, fresh: false }
  }
  const seq = (heads.get(shop.id) ?? 0) + 1
  heads.set(shop.id, seq)
  ids.claim(shop, event, seq)
  const subject = subjects.of(shop, event.subject, event.receivedAt)
  const sealed = sealRow(subject.key, event.text, shop.shop, 'events', seq)
  log.push({ shop: shop.id, seq, event, subject: subject.id, sealed })
  if (seenFromSeveralSides(event.id)) facts.set(factName(shop, event.id), eventOf(event.text))
  return { seq, fresh: true }
}

/** A known fact told by somebody else is kept for what it adds. */
const keepAsPart = (group: Group, shop: ShopRow, { text, subject, receivedAt }: EventRow): void => {
  const event = eventOf(text)
  const first = group.facts.get(factName(shop, event.id))
  const tellings = [...(first ? [first] : []), ...group.parts.tellings(shop, event.id)]
  if (tellings.some((told) => sameTeller(told, event))) return
  addPart(group, shop, eventRow({ event: asPart(event), subject, receivedAt }))
}

const addPart = ({ parts, facts, subjects }: Group, shop: ShopRow, part: EventRow): void =>
  parts.add(shop, part, () => facts.get(factName(shop, part.id))?.commerce?.checkoutToken, subjects)

/** The heads move in the same commit, so no reader sees a number without its event. */
const writeLog = async (tx: Sql, { log, heads }: Group): Promise<void> => {
  if (log.length === 0) return
  await tx
    .sql(
      `INSERT INTO events (shop, seq, name, received_at, subject, sealed)
       SELECT * FROM unnest($1::int[], $2::bigint[], $3::smallint[], $4::bigint[], $5::bigint[], $6::bytea[])`,
    )
    .run(
      ...columns<LogRow, number | Uint8Array>(
        log,
        ({ shop }) => shop,
        ({ seq }) => seq,
        ({ event }) => event.name,
        ({ event }) => event.receivedAt,
        ({ subject }) => subject,
        ({ sealed }) => sealed,
      ),
    )
  const moved = [...new Set(log.map(({ shop }) => shop))]
  await tx
    .sql(
      `UPDATE heads SET head = m.head FROM unnest($1::int[], $2::bigint[]) AS m(shop, head) WHERE heads.shop = m.shop`,
    )
    .run(
      moved,
      moved.map((shop) => heads.get(shop) ?? 0),
    )
}
