import type { Outcome } from '../destinations/outcomes.ts'
import type { Shop } from '../event/event.ts'
import { sum } from '../lib/money.ts'
import type { ConnectionId, Store } from '../store/store.ts'
import { type AuditedOrder, type AuditPeriod, type AuditState, auditPage } from './audit.ts'

/** How many orders, and what they are worth in each currency. */
export interface Tally {
  readonly orders: number
  readonly value: Readonly<Record<string, string>>
}

/** What became of a period's orders, counted: at every connection the counts add up to all of them. */
export interface AuditSums {
  readonly all: Tally
  readonly connections: readonly {
    readonly connection: ConnectionId
    readonly states: Readonly<Partial<Record<AuditState, Tally>>>
    /** The reasons, the most frequent first. */
    readonly reasons: readonly {
      readonly outcome: Outcome | 'waiting' | 'missing'
      readonly state: AuditState
      readonly explained: string
      readonly tally: Tally
    }[]
  }[]
}

/** Orders read at once. */
const PAGE = 500

type Books = Parameters<typeof auditPage>[0]

/** Hands over every order of a period, newest first. */
export const eachAudited = async (
  store: Books,
  shop: Shop,
  period: AuditPeriod,
  take: (orders: readonly AuditedOrder[]) => void | Promise<void>,
): Promise<void> => {
  let after: string | undefined
  do {
    const { orders, next } = await auditPage(store, shop, period, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    })
    await take(orders)
    after = next
  } while (after !== undefined)
}

export const NOTHING: Tally = { orders: 0, value: {} }

export const counted = (tally: Tally, { value, currency }: { value?: string; currency?: string }): Tally => ({
  orders: tally.orders + 1,
  value:
    value === undefined || currency === undefined
      ? tally.value
      : { ...tally.value, [currency]: sum([tally.value[currency], value], currency) },
})

/** Counts a period's orders by what became of them at each connection. */
export const auditSums = async (
  store: Books & Pick<Store, 'connections'>,
  shop: Shop,
  period: AuditPeriod,
): Promise<AuditSums> => {
  type Reason = AuditSums['connections'][number]['reasons'][number]
  let all = NOTHING
  const byConnection = new Map((await store.connections(shop)).map(({ id }) => [id, new Map<string, Reason>()]))
  await eachAudited(store, shop, period, (orders) => {
    for (const order of orders) {
      all = counted(all, order)
      for (const { connection, outcome, state, explained } of order.cells) {
        const reasons = byConnection.get(connection)
        const known = reasons?.get(outcome)
        reasons?.set(outcome, { outcome, state, explained, tally: counted(known?.tally ?? NOTHING, order) })
      }
    }
  })
  return {
    all,
    connections: [...byConnection].map(([connection, found]) => {
      const reasons = [...found.values()].sort((a, b) => b.tally.orders - a.tally.orders)
      const states: Partial<Record<AuditState, Tally>> = {}
      for (const { state, tally } of reasons) states[state] = together(states[state] ?? NOTHING, tally)
      return { connection, states, reasons }
    }),
  }
}

const together = (a: Tally, b: Tally): Tally => ({
  orders: a.orders + b.orders,
  value: Object.fromEntries(
    [...new Set([...Object.keys(a.value), ...Object.keys(b.value)])].map((currency) => [
      currency,
      sum([a.value[currency], b.value[currency]], currency),
    ]),
  ),
})
