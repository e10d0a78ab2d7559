import type { Event } from '../../event/event.ts'
import { purchaseId, seenFromSeveralSides } from '../../event/event-ids.ts'
import type { OrderChange } from '../../event/order-change.ts'
import { SECOND } from '../../lib/duration.ts'
import { blindIndex } from '../../lib/seal.ts'
import { changeOrder } from '../order-rows.ts'
import { eventOf } from '../sealing.ts'
import { asPart, claimOf, placeFor, sameSighting, sameTeller } from '../sightings.ts'
import type { Appended, Arrival, NewEvent, NewMessage, StoredPart } from '../store.ts'
import { NOBODY } from '../subject-names.ts'
import { idSecond } from '../unique-ids.ts'
import { personOf, type ShopState, sealFor, unsealText } from './shop-state.ts'

const secondOf = ({ event, receivedAt }: NewEvent): number =>
  idSecond(Date.parse(event.occurredAt) || receivedAt, receivedAt)

const idKey = (added: NewEvent): string =>
  seenFromSeveralSides(added.event.id) ? added.event.id : `${secondOf(added)} ${added.event.id}`

export const append = (state: ShopState, arrival: Arrival): Appended => {
  const seqOf = (added: NewEvent): number => state.ids.get(idKey(added))?.seq ?? 0
  if (arrival.message && isKnown(state, arrival.message))
    return { repeated: true, events: arrival.events.map((added) => ({ seq: seqOf(added), fresh: false })) }
  if (arrival.message) keepMessage(state, arrival.message, (arrival.events[0] ?? arrival.parts[0])?.subject)
  const events = arrival.events.map((added) => {
    const known = state.ids.has(idKey(added))
    if (!known) appendEvent(state, added)
    else if (seenFromSeveralSides(added.event.id)) keepAsPart(state, added)
    return { seq: seqOf(added), fresh: !known }
  })
  for (const part of arrival.parts) addPart(state, part)
  const at = (arrival.message ?? arrival.events[0] ?? arrival.parts[0])?.receivedAt ?? 0
  for (const change of arrival.orders) saveOrder(state, change, at)
  return { repeated: false, events }
}

const appendEvent = (state: ShopState, added: NewEvent): void => {
  const { event, subject, receivedAt } = added
  const seq = state.events.length + 1
  const shared = seenFromSeveralSides(event.id)
  state.ids.set(idKey(added), { seq, at: shared ? receivedAt : secondOf(added) * SECOND, shared })
  const person = personOf(state, subject, receivedAt)
  const sealed = sealFor(state, person, JSON.stringify(event), 'events', seq)
  state.events.push({ seq, name: event.name, receivedAt, person, sealed })
}

const isKnown = (state: ShopState, message: NewMessage): boolean =>
  state.messages.has(message.webhookId) ||
  (message.eventId !== undefined &&
    [...state.messages.values()].some(
      (known) => known.message.eventId === message.eventId && known.message.topic === message.topic,
    ))

const keepMessage = (state: ShopState, { body, ...message }: NewMessage, subject = NOBODY): void => {
  const person = personOf(state, subject, message.receivedAt)
  const sealed = sealFor(state, person, body, 'messages', message.webhookId)
  if (sealed) state.messages.set(message.webhookId, { message, body: sealed })
}

/** Parts in order of arrival; those whose subject was erased are left out. */
export const readParts = (state: ShopState, id: Event['id']): StoredPart[] =>
  (state.parts.get(id) ?? []).flatMap(({ receivedAt, joined, sealed }) => {
    const text = unsealText(state, sealed)
    return text === undefined ? [] : [{ receivedAt, joined, event: eventOf(text) }]
  })

const addPart = (state: ShopState, { event, subject, receivedAt }: NewEvent): void => {
  const rows = state.parts.get(event.id) ?? []
  const sightings = rows.filter((row) => !row.joined)
  if (readParts(state, event.id).some((known) => !known.joined && sameSighting(known.event, event))) return
  const claim = claimOf(event)
  const place = placeFor(sightings, claim, () => firstTelling(state, event.id)?.commerce?.checkoutToken)
  if (place === 'none') return
  const n = Math.max(0, ...sightings.map((row) => row.n)) + 1
  const person = personOf(state, subject, receivedAt)
  const sealed = sealFor(state, person, JSON.stringify(event), 'parts', `${event.id}/${n}`)
  if (!sealed) return
  const kept = rows.filter((row) => row !== place)
  state.parts.set(event.id, [...kept, { receivedAt, joined: false, n, claim, sealed }])
}

/** A fact that several sides can tell of, as it stands in the log. */
const firstTelling = (state: ShopState, id: Event['id']): Event | undefined => {
  const sealed = state.events[(state.ids.get(id)?.seq ?? 0) - 1]?.sealed
  const text = sealed && unsealText(state, sealed)
  return text === undefined ? undefined : eventOf(text)
}

/** Keeps the joined result of an event, in place of an earlier one; nothing of somebody who was erased meanwhile. */
export const keepJoined = (state: ShopState, { event, subject, receivedAt }: NewEvent): void => {
  const rows = (state.parts.get(event.id) ?? []).filter((row) => !row.joined)
  const row = state.events[(state.ids.get(event.id)?.seq ?? 0) - 1]
  const person = row?.person ?? state.people.get(subject)
  if (person) person.seenAt = Math.max(person.seenAt, receivedAt)
  const sealed = person && sealFor(state, person, JSON.stringify(event), 'parts', `${event.id}/0`)
  if (sealed) state.parts.set(event.id, [...rows, { receivedAt, joined: true, n: 0, claim: undefined, sealed }])
}

/** A known fact told by somebody else is kept for what it adds. */
const keepAsPart = (state: ShopState, added: NewEvent): void => {
  const first = firstTelling(state, added.event.id)
  const tellings = [...(first ? [first] : []), ...readParts(state, added.event.id).map((part) => part.event)]
  if (tellings.some((told) => sameTeller(told, added.event))) return
  addPart(state, { ...added, event: asPart(added.event) })
}

const saveOrder = (state: ShopState, change: OrderChange, at: number): void => {
  const refund = change.refund && `${change.orderId} ${change.refund.id}`
  const freshRefund = refund !== undefined && !state.refunds.has(refund)
  if (refund !== undefined) state.refunds.add(refund)
  const seq = state.ids.get(purchaseId(change.orderId))?.seq
  const order = changeOrder(state.orders.get(change.orderId)?.order, change, seq, freshRefund)
  const email =
    change.email === undefined
      ? state.orders.get(change.orderId)?.email
      : blindIndex(state.key, change.email).toString('hex')
  state.orders.set(change.orderId, { order, at: order.placedAt ?? at, ...(email !== undefined && { email }) })
}
