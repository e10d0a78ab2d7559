import type { Shop } from '../../event/event.ts'
import type { Attempt, NewAttempt } from '../settlement.ts'
import type { ConnectionId } from '../store.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Database } from './database.ts'

export const addAttempt = (db: Database, shop: ShopRow, connection: ConnectionId, attempt: NewAttempt): void => {
  db.sql('INSERT INTO attempts (shop, connection, at, first, last, attempt) VALUES (?, ?, ?, ?, ?, ?)').run(
    shop.id,
    connection,
    attempt.at,
    attempt.from,
    attempt.to,
    JSON.stringify(attempt),
  )
}

interface AttemptRow {
  readonly id: number
  readonly connection: ConnectionId
  readonly attempt: string
}

const attemptOf = ({ id, connection, attempt }: AttemptRow): Attempt => ({
  ...(JSON.parse(attempt) as NewAttempt),
  id,
  connection,
})

export const attemptOperations = (context: Context) => ({
  attempts(
    shop: Shop,
    { connection, seq, limit }: { connection?: ConnectionId; seq?: number; limit: number },
  ): readonly Attempt[] {
    const row = findShop(context, shop)
    if (!row) return []
    const from = 'SELECT id, connection, attempt FROM attempts WHERE shop = ?1 AND (?2 IS NULL OR connection = ?2)'
    const one = connection ?? null
    if (seq === undefined)
      return context.db.sql<AttemptRow>(`${from} ORDER BY id DESC LIMIT ?3`).all(row.id, one, limit).map(attemptOf)
    // A request of a parked or retried event may span numbers that it did not carry.
    return context.db
      .sql<AttemptRow>(
        `${from} AND last >= ?4 AND first <= ?4
         AND EXISTS (SELECT 1 FROM json_each(attempt, '$.seqs') WHERE value = ?4) ORDER BY id DESC LIMIT ?3`,
      )
      .all(row.id, one, limit, seq)
      .map(attemptOf)
  },
})
