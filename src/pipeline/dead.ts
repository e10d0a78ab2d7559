import { EXPLAINED, type Outcome, outcomeOf } from '../destinations/outcomes.ts'
import { sum } from '../lib/money.ts'
import type { DeadCause } from '../store/dead-cause.ts'
import type { ConnectionId, ShopRecord, Store } from '../store/store.ts'

/** Dead letters that ended for one reason, as a person is told of them. */
export interface DeadGroup {
  readonly outcome: Outcome
  readonly explained: string
  readonly code?: string
  readonly message?: string
  readonly count: number
  /** Purchases among them and what they are worth together, in the shop's currency. */
  readonly purchases: number
  readonly value?: string
  readonly currency?: string
  /** There are more purchases than were added up. */
  readonly more: boolean
  /** The newest one, as an example, and when it ended, ms. */
  readonly newest: number
  readonly at: number
}

/** Causes that are shown; what is rarer than these is no pattern. */
const MOST_CAUSES = 50
/** Purchases that are opened for their value, over all causes. */
const ADDED_UP = 2000
const PIECE = 250

/** A connection's dead letters by outcome, code and words, the most frequent first. */
export const deadGroups = async (
  store: Store,
  { shop, facts }: ShopRecord,
  connection: ConnectionId,
): Promise<readonly DeadGroup[]> => {
  const causes = await store.deadCauses(shop, connection, MOST_CAUSES)
  const groups: DeadGroup[] = []
  let room = ADDED_UP
  for (const cause of causes) {
    const opened = cause.purchases.slice(0, room)
    room -= opened.length
    groups.push(await groupOf(store, { shop, connection, currency: facts.currency }, cause, opened))
  }
  return groups
}

interface At {
  readonly shop: ShopRecord['shop']
  readonly connection: ConnectionId
  readonly currency: string | undefined
}

const groupOf = async (
  store: Store,
  { shop, connection, currency }: At,
  { purchases, ...cause }: DeadCause,
  opened: readonly number[],
): Promise<DeadGroup> => {
  const [byte = 0] = await store.ledger(shop, connection, cause.newest, cause.newest)
  const outcome = outcomeOf(byte) ?? 'rejected'
  const values: string[] = []
  for (let at = 0; at < opened.length; at += PIECE)
    for (const { copy } of await store.parkedSeqs(shop, connection, opened.slice(at, at + PIECE))) {
      const { value, currency: told } = copy?.commerce ?? {}
      // Sums of several currencies say nothing.
      if (value !== undefined && told === currency) values.push(value)
    }
  return {
    outcome,
    explained: EXPLAINED[outcome],
    ...cause,
    purchases: purchases.length,
    ...(values.length > 0 && currency !== undefined ? { value: sum(values, currency), currency } : {}),
    more: opened.length < purchases.length,
  }
}
