import type { EventId, Shop } from '../../event/event.ts'
import { purchaseId, seenFromSeveralSides } from '../../event/event-ids.ts'
import { DAY } from '../../lib/duration.ts'
import { type EventRow, eventRow } from '../event-rows.ts'
import { eventOf, sealRow } from '../sealing.ts'
import { asPart, sameTeller } from '../sightings.ts'
import type { NewMessage } from '../store.ts'
import { NOBODY } from '../subject-names.ts'
import { idSecond, shortHash } from '../unique-ids.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import { faultOf } from './faults.ts'
import { firstTelling, sharedSeq } from './first-telling.ts'
import { saveOrder } from './orders.ts'
import { FAILED, FRESH, type Packed, type PackedArrival, REFUSED, REPEATED, unpack } from './pack.ts'
import { addPart, readParts } from './parts.ts'

/** A shop during one group: its head lives here until the group is written. */
interface OpenShop {
  readonly row: ShopRow
  head: number
  moved: boolean
}

type OpenShops = Map<Shop, OpenShop | undefined>

/**
 * Appends the arrivals of several batches in one commit; the answers are as pack.ts tells, batch by batch. A disk fault
 * is thrown and concerns all of them. Anything else that goes wrong is one arrival's own: they are then written one by
 * one, so that an arrival that trips over a bug takes nobody with it.
 */
export const appendGroup = (context: Context, batches: readonly Packed[]): Float64Array<ArrayBuffer>[] => {
  const arrivals = batches.map(unpack)
  try {
    return commit(context, arrivals).map((answers) => Float64Array.from(answers))
  } catch (error) {
    if (faultOf(error)) throw error
    return arrivals.map((batch) => Float64Array.from(batch.flatMap((arrival) => alone(context, arrival))))
  }
}

const alone = (context: Context, arrival: PackedArrival): readonly number[] => {
  try {
    return commit(context, [[arrival]])[0] ?? [FAILED]
  } catch (error) {
    if (faultOf(error)) throw error
    return [FAILED]
  }
}

const commit = (context: Context, batches: readonly (readonly PackedArrival[])[]): number[][] => {
  const { db, subjects } = context
  try {
    return db.transaction(() => {
      const shops: OpenShops = new Map()
      const told = batches.map((arrivals) => {
        const answers: number[] = []
        for (const arrival of arrivals) appendOne(context, shops, arrival, answers)
        return answers
      })
      const move = db.sql('UPDATE heads SET head = ? WHERE shop = ?')
      for (const shop of shops.values()) if (shop?.moved) move.run(shop.head, shop.row.id)
      return told
    })
  } catch (error) {
    // Subjects that this transaction made are gone with it.
    subjects.forget()
    throw error
  }
}

const appendOne = (context: Context, shops: OpenShops, arrival: PackedArrival, answers: number[]): void => {
  const shop = openShop(context, shops, arrival.shop)
  if (!shop) {
    answers.push(REFUSED)
    return
  }
  if (arrival.message && !keepMessage(context, shop.row, arrival.message, arrival)) {
    answers.push(REPEATED)
    for (const event of arrival.events) answers.push(-(knownSeq(context, shop.row, event) ?? 0))
    return
  }
  answers.push(FRESH)
  for (const event of arrival.events) answers.push(appendEvent(context, shop, event))
  for (const part of arrival.parts) addPart(context, shop.row, part)
  const at = (arrival.message ?? arrival.events[0] ?? arrival.parts[0])?.receivedAt ?? 0
  for (const order of arrival.orders)
    saveOrder(context, shop.row, order, sharedSeq(context, shop.row, purchaseId(order.orderId)), at)
}

const openShop = (context: Context, shops: OpenShops, domain: Shop): OpenShop | undefined => {
  if (shops.has(domain)) return shops.get(domain)
  const row = findShop(context, domain)
  const head = row && context.db.sql<{ head: number }>('SELECT head FROM heads WHERE shop = ?').get(row.id)?.head
  const shop = row && { row, head: head ?? 0, moved: false }
  shops.set(domain, shop)
  return shop
}

/** The event's number, negative when it was known before. */
const appendEvent = (context: Context, shop: OpenShop, event: EventRow): number => {
  const { db, subjects } = context
  const seq = shop.head + 1
  if (!claimId(context, shop.row, event, seq)) {
    if (seenFromSeveralSides(event.id)) keepAsPart(context, shop.row, event)
    return -(knownSeq(context, shop.row, event) ?? 0)
  }
  shop.head = seq
  shop.moved = true
  const subject = subjects.of(shop.row, event.subject, event.receivedAt)
  db.sql('INSERT INTO events (shop, seq, name, received_at, subject, sealed) VALUES (?, ?, ?, ?, ?, ?)').run(
    shop.row.id,
    seq,
    event.name,
    event.receivedAt,
    subject.id,
    sealRow(subject.key, event.text, shop.row.shop, 'events', seq),
  )
  return seq
}

/** Takes an event's id for a number; false when it is taken. */
const claimId = ({ db }: Context, shop: ShopRow, event: EventRow, seq: number): boolean => {
  const id = shortHash(event.id)
  const { changes } = seenFromSeveralSides(event.id)
    ? db
        .sql('INSERT INTO ids (shop, id, seq, day) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
        .run(shop.id, id, seq, Math.floor(event.receivedAt / DAY))
    : db
        .sql('INSERT INTO recent_ids (second, shop, id, seq) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
        .run(idSecond(event.occurredAt, event.receivedAt), shop.id, id, seq)
  return Number(changes) === 1
}

const knownSeq = (context: Context, shop: ShopRow, event: EventRow): number | undefined =>
  sharedSeq(context, shop, event.id as EventId) ??
  context.db
    .sql<{ seq: number }>('SELECT seq FROM recent_ids WHERE second = ? AND shop = ? AND id = ?')
    .get(idSecond(event.occurredAt, event.receivedAt), shop.id, shortHash(event.id))?.seq

/** A known fact told by somebody else is kept for what it adds. */
const keepAsPart = (context: Context, shop: ShopRow, { text, subject, receivedAt }: EventRow): void => {
  const event = eventOf(text)
  const first = firstTelling(context, shop, event.id)
  const tellings = [...(first ? [first] : []), ...readParts(context, shop, event.id).map((part) => part.event)]
  if (tellings.some((told) => sameTeller(told, event))) return
  addPart(context, shop, eventRow({ event: asPart(event), subject, receivedAt }))
}

/** False when the message is known: the same delivery, or another one of the same merchant action and topic. */
const keepMessage = (context: Context, shop: ShopRow, message: NewMessage, arrival: PackedArrival): boolean => {
  const { db, subjects } = context
  const webhook = shortHash(message.webhookId)
  const event = message.eventId === undefined ? null : shortHash(message.eventId)
  const known =
    db.sql('SELECT 1 FROM messages WHERE shop = ? AND webhook = ?').get(shop.id, webhook) ??
    (event &&
      db.sql('SELECT 1 FROM messages WHERE shop = ? AND event = ? AND topic = ?').get(shop.id, event, message.topic))
  if (known) return false
  // Sealed for the person it speaks of, so that erasing that person ends the raw copy too.
  const person = arrival.events[0]?.subject ?? arrival.parts[0]?.subject ?? NOBODY
  const subject = subjects.of(shop, person, message.receivedAt)
  db.sql(
    `INSERT INTO messages (shop, webhook, topic, event, webhook_id, event_id, received_at, subject, sealed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    shop.id,
    webhook,
    message.topic,
    event,
    message.webhookId,
    message.eventId ?? null,
    message.receivedAt,
    subject.id,
    sealRow(subject.key, message.body, shop.shop, 'messages', message.webhookId),
  )
  return true
}
