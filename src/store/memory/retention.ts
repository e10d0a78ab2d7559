import { DAY, HOUR } from '../../lib/duration.ts'
import { longestSealed, type Retention } from '../keeping-times.ts'
import { settledUpTo } from '../settled.ts'
import type { IdentityRecord } from '../store.ts'
import { forgetPeople, type ShopState, sealFor, unsealText } from './shop-state.ts'

/** Drops up to `limit` rows of each kind of one shop. */
export const retainShop = (state: ShopState, policy: Retention, now: number, limit: number): number => {
  markSettled(state, now)
  const drop = <Key, Row>(rows: Map<Key, Row>, isDue: (row: Row) => boolean): number => {
    let gone = 0
    for (const [key, row] of rows) {
      if (gone === limit) break
      if (isDue(row) && rows.delete(key)) gone++
    }
    return gone
  }
  const attempts = state.attempts.filter((attempt) => attempt.at < now - policy.attempts).slice(-limit)
  if (attempts.length > 0) state.attempts = state.attempts.filter((attempt) => !attempts.includes(attempt))
  const tasks = state.tasks.filter((task) => (task.endedAt ?? now) < now - policy.attempts).slice(-limit)
  state.tasks = state.tasks.filter((task) => !tasks.includes(task))
  return (
    dropBodies(state, policy, now, limit) +
    attempts.length +
    tasks.length +
    drop(state.messages, ({ message }) => message.receivedAt < now - policy.messages) +
    dropParts(state, policy, now, limit) +
    drop(state.entries, ({ until }) => until !== undefined && until < now) +
    drop(state.parked, ({ parked }) => parked.kind === 'dead' && parked.parkedAt < now - policy.deadLetters) +
    drop(state.orders, ({ at }) => at < now - policy.orders) +
    drop(state.ids, ({ at, shared }) => at < now - (shared ? policy.sharedIds : policy.pixelIds)) +
    drop(state.identities, ({ seenAt }) => seenAt < now - policy.identities) +
    drop(state.rollups, ({ bucket }) => bucket < now - policy.rollups) +
    dropAddresses(state, now - policy.addresses, limit) +
    forgetPeople(state, now - longestSealed(policy) - DAY, limit)
  )
}

/** The joined form of an order stays longer than its sightings: a refund weeks later is completed from it. */
const dropParts = (state: ShopState, policy: Retention, now: number, limit: number): number => {
  let gone = 0
  for (const [id, rows] of state.parts) {
    if (gone >= limit) break
    const kept = rows.filter(
      (row) => row.receivedAt >= now - (row.joined ? policy.orderIdentifiers : policy.bodyAtMost),
    )
    if (kept.length === rows.length) continue
    gone += rows.length - kept.length
    if (kept.length === 0) state.parts.delete(id)
    else state.parts.set(id, kept)
  }
  return gone
}

/** Notes how far the shop is settled now, at most once an hour. */
const markSettled = (state: ShopState, now: number): void => {
  const last = state.settled.at(-1)
  if (last && now < last.at + HOUR) return
  const parked = [...state.parked.values()].filter((row) => row.parked.kind !== 'dead').map((row) => row.parked.seq)
  const seq = settledUpTo(state.lanes, parked, state.events.length)
  if (seq === undefined || (last && seq <= last.seq)) return
  state.settled.push({ at: now, seq })
}

const dropBodies = (state: ShopState, policy: Retention, now: number, limit: number): number => {
  const settled = state.settled.findLast((mark) => mark.at <= now - policy.bodyAfterSettled)?.seq ?? 0
  const first = state.cleared
  for (const row of state.events.slice(first, first + limit)) {
    if (row.seq > settled && row.receivedAt > now - policy.bodyAtMost) break
    row.sealed = undefined
    state.cleared = row.seq
  }
  return state.cleared - first
}

const dropAddresses = (state: ShopState, before: number, limit: number): number => {
  let gone = 0
  for (const [key, row] of state.identities) {
    if (gone === limit) break
    if (row.addressAt === undefined || row.addressAt >= before) continue
    gone++
    const text = unsealText(state, row.sealed)
    const {
      ip: _ip,
      userAgent: _agent,
      addressAt: _at,
      ...rest
    }: Partial<IdentityRecord> = text ? JSON.parse(text) : {}
    const sealed = text && sealFor(state, row.sealed.person, JSON.stringify(rest), 'identities', key)
    if (sealed) state.identities.set(key, { sealed, seenAt: row.seenAt })
    else state.identities.delete(key)
  }
  return gone
}
