import { csvLine } from '../lib/csv.ts'
import type { Connection } from '../store/store.ts'
import type { AuditedOrder } from './audit.ts'

/** A connection as a file names it, e.g. "Pinterest 549755885175". */
export interface NamedConnection {
  readonly connection: Connection
  readonly name: string
}

export const AUDIT_HEADER = csvLine([
  'order',
  'order id',
  'placed at',
  'value',
  'currency',
  'refunded',
  'cancelled',
  'channel',
  'platform',
  'connection',
  'state',
  'outcome',
  'reason',
  'code',
  'answer of the platform',
])

/** An order as lines of a CSV file: one for each connection. */
export const auditLines = (order: AuditedOrder, connections: readonly NamedConnection[]): string => {
  const names = new Map(connections.map(({ connection, name }) => [connection.id, name]))
  const own = [
    order.name,
    order.orderId,
    order.placedAt === undefined ? undefined : new Date(order.placedAt).toISOString(),
    order.value,
    order.currency,
    order.refunded,
    order.isCancelled ? 'yes' : 'no',
    order.channel,
  ]
  return order.cells
    .map(({ connection, state, outcome, explained, code, message }) =>
      csvLine([...own, names.get(connection), connection, state, outcome, explained, code, message]),
    )
    .join('')
}
