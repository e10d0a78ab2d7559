import type { Shop } from '../../event/event.ts'
import type { Attempt, NewAttempt } from '../settlement.ts'
import type { ConnectionId } from '../store.ts'
import { columns } from './columns.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'

/**
 * Keeps attempts. Their ids are the moment in microseconds, counted on where the connection's last one is not past:
 * connections of one shop settle at once and must not wait for a counter that they share. The connection has to be held.
 */
export const addAttempts = async (
  tx: Sql,
  shop: ShopRow,
  connection: ConnectionId,
  attempts: readonly NewAttempt[],
): Promise<void> => {
  if (attempts.length === 0) return
  await tx
    .sql(
      `INSERT INTO attempts (shop, id, connection, at, first, last, seqs, attempt)
       SELECT $1, l.id + u.n, $2, u.at, u.first, u.last, u.seqs::bigint[], u.attempt
       FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[]) WITH ORDINALITY
         AS u(at, first, last, seqs, attempt, n),
       (SELECT greatest((extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
          (SELECT max(id) FROM attempts WHERE shop = $1 AND connection = $2)) AS id) l`,
    )
    .run(
      shop.id,
      connection,
      ...columns<NewAttempt, string | number>(
        attempts,
        ({ at }) => at,
        ({ from }) => from,
        ({ to }) => to,
        ({ seqs }) => `{${seqs.join(',')}}`,
        ({ seqs: _, ...attempt }) => JSON.stringify(attempt),
      ),
    )
}

interface AttemptRow {
  readonly id: number
  readonly connection: ConnectionId
  readonly seqs: readonly number[]
  readonly attempt: string
}

const attemptOf = ({ id, connection, seqs, attempt }: AttemptRow): Attempt => ({
  ...(JSON.parse(attempt) as Omit<NewAttempt, 'seqs'>),
  seqs,
  id,
  connection,
})

export const attemptOperations = (context: Context) => ({
  async attempts(
    domain: Shop,
    { connection, seq, limit }: { connection?: ConnectionId; seq?: number; limit: number },
  ): Promise<readonly Attempt[]> {
    const shop = await findShop(context, domain)
    if (!shop) return []
    const from = `SELECT id, connection, seqs, attempt FROM attempts WHERE shop = $1`
    const { sql } = context.db
    const newest = 'ORDER BY id DESC LIMIT $2'
    if (seq !== undefined) {
      // A request of a parked or retried event may span numbers that it did not carry.
      const rows = await sql<AttemptRow>(
        `${from} AND last >= $3 AND first <= $3 AND $3 = ANY(seqs) AND ($4::int IS NULL OR connection = $4) ${newest}`,
      ).all(shop.id, limit, seq, connection ?? null)
      return rows.map(attemptOf)
    }
    const rows =
      connection === undefined
        ? await sql<AttemptRow>(`${from} ${newest}`).all(shop.id, limit)
        : await sql<AttemptRow>(`${from} AND connection = $3 ${newest}`).all(shop.id, limit, connection)
    return rows.map(attemptOf)
  },
})
