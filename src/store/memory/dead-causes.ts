import { type DeadCause, MOST_PURCHASES } from '../dead-cause.ts'
import type { ConnectionId } from '../store.ts'
import type { ShopState } from './shop-state.ts'

/** A connection's dead letters by what they died of, the most frequent first. */
export const deadCauses = (state: ShopState, connection: ConnectionId): readonly DeadCause[] => {
  const rows = [...state.parked.values()].filter((row) => row.connection === connection && row.parked.kind === 'dead')
  const causes = Map.groupBy(rows, ({ parked: { code, message } }) => JSON.stringify([code, message]))
  return [...causes.values()]
    .map((own): DeadCause => {
      const { code, message } = own[0]?.parked ?? {}
      const seqs = own.map(({ parked }) => parked.seq).sort((a, b) => b - a)
      const purchases = seqs.filter((seq) => /^order_(?:placed|paid)$/.test(state.events[seq - 1]?.name ?? ''))
      return {
        ...(code !== undefined && { code }),
        ...(message !== undefined && { message }),
        count: own.length,
        newest: seqs[0] ?? 0,
        at: Math.max(...own.map(({ parked }) => parked.parkedAt)),
        purchases: purchases.slice(0, MOST_PURCHASES),
      }
    })
    .sort((a, b) => b.count - a.count || b.newest - a.newest)
}
