import type { Shop } from '../../event/event.ts'
import { subjectKey } from '../../lib/seal.ts'
import { type CauseRow, causeOf, type DeadCause, PURCHASES } from '../dead-cause.ts'
import { type ParkedRow, parkedOf, sealCopy } from '../parked-rows.ts'
import type { ConnectionId, NewParked, ParkedEvent } from '../store.ts'
import { columns, lastOfEach } from './columns.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'

interface SubjectRow {
  readonly seq: number
  readonly subject: number
  readonly salt: Uint8Array | null
}

/** Parks events, or changes the rows of those that are parked. The connection has to be held. */
export const park = async (
  tx: Sql,
  shop: ShopRow,
  connection: ConnectionId,
  told: readonly NewParked[],
): Promise<void> => {
  if (told.length === 0) return
  const parked = lastOfEach(told, ({ seq }) => seq)
  const subjects = await tx
    .sql<SubjectRow>(
      `SELECT e.seq, e.subject, s.salt FROM events e LEFT JOIN subjects s ON s.shop = e.shop AND s.id = e.subject
       WHERE e.shop = $1 AND e.seq = ANY($2)`,
    )
    .all(
      shop.id,
      parked.map(({ seq }) => seq),
    )
  const subjectOf = new Map(subjects.map((row) => [row.seq, row]))
  const sealed = (row: NewParked): Uint8Array | null => {
    const salt = row.copy && subjectOf.get(row.seq)?.salt
    return (salt && sealCopy(shop, connection, row, subjectKey(shop.key, salt))) ?? null
  }
  await tx
    .sql(
      `INSERT INTO parked
         (shop, connection, seq, kind, due, tries, unsure_since, code, message, parked_at, subject, sealed)
       SELECT $1, $2, u.* FROM unnest($3::bigint[], $4::text[], $5::bigint[], $6::int[], $7::bigint[], $8::text[],
         $9::text[], $10::bigint[], $11::bigint[], $12::bytea[]) AS u
       ON CONFLICT (shop, connection, seq) DO UPDATE SET kind = excluded.kind, due = excluded.due,
         tries = excluded.tries, unsure_since = excluded.unsure_since, code = excluded.code,
         message = excluded.message, parked_at = excluded.parked_at, subject = excluded.subject,
         sealed = excluded.sealed`,
    )
    .run(
      shop.id,
      connection,
      ...columns<NewParked, string | number | Uint8Array | null>(
        parked,
        ({ seq }) => seq,
        ({ kind }) => kind,
        ({ due }) => due,
        ({ tries }) => tries,
        ({ unsureSince }) => unsureSince ?? null,
        ({ code }) => code ?? null,
        ({ message }) => message ?? null,
        ({ parkedAt }) => parkedAt,
        ({ seq }) => subjectOf.get(seq)?.subject ?? null,
        sealed,
      ),
    )
}

const PARKED = `
  SELECT p.seq, p.kind, p.due, p.tries, p.unsure_since, p.code, p.message, p.parked_at, p.subject, p.sealed, s.salt
  FROM parked p LEFT JOIN subjects s ON s.shop = p.shop AND s.id = p.subject WHERE p.shop = $1 AND p.connection = $2`

const CAUSES = `
  SELECT p.code, p.message, count(*)::int AS count, max(p.seq) AS newest, max(p.parked_at) AS at,
    array_agg(p.seq) FILTER (WHERE e.name = ANY($3::smallint[])) AS purchases
  FROM parked p LEFT JOIN events e ON e.shop = p.shop AND e.seq = p.seq
  WHERE p.shop = $1 AND p.connection = $2 AND p.kind = 'dead'
  GROUP BY p.code, p.message ORDER BY count DESC, newest DESC LIMIT $4`

export const parkedOperations = (context: Context) => {
  const { db } = context
  const records = (
    shop: ShopRow,
    connection: ConnectionId,
    rows: readonly (ParkedRow & { salt: Uint8Array | null })[],
  ) =>
    rows.map((row) =>
      parkedOf(shop, connection, row, row.sealed && row.salt ? subjectKey(shop.key, row.salt) : undefined),
    )
  return {
    async parked(
      domain: Shop,
      connection: ConnectionId,
      limit: number,
      dueBefore: number = Number.MAX_SAFE_INTEGER,
    ): Promise<readonly ParkedEvent[]> {
      const shop = await findShop(context, domain)
      if (!shop) return []
      const rows = await db
        .sql<ParkedRow & { salt: Uint8Array | null }>(
          `${PARKED} AND p.kind <> 'dead' AND p.due < $3 ORDER BY p.due, p.seq LIMIT $4`,
        )
        .all(shop.id, connection, dueBefore, limit)
      return records(shop, connection, rows)
    },

    async deadLetters(domain: Shop, connection: ConnectionId, limit: number): Promise<readonly ParkedEvent[]> {
      const shop = await findShop(context, domain)
      if (!shop) return []
      const rows = await db
        .sql<ParkedRow & { salt: Uint8Array | null }>(
          `${PARKED} AND p.kind = 'dead' ORDER BY p.parked_at DESC, p.seq DESC LIMIT $3`,
        )
        .all(shop.id, connection, limit)
      return records(shop, connection, rows)
    },

    async parkedSeqs(domain: Shop, connection: ConnectionId, seqs: readonly number[]): Promise<readonly ParkedEvent[]> {
      const shop = await findShop(context, domain)
      if (!shop) return []
      const rows = await db
        .sql<ParkedRow & { salt: Uint8Array | null }>(`${PARKED} AND p.seq = ANY($3) ORDER BY p.seq`)
        .all(shop.id, connection, seqs)
      return records(shop, connection, rows)
    },

    async deadCauses(domain: Shop, connection: ConnectionId, limit: number): Promise<readonly DeadCause[]> {
      const shop = await findShop(context, domain)
      if (!shop) return []
      const rows = await db
        .sql<CauseRow & { readonly purchases: readonly number[] | null }>(CAUSES)
        .all(shop.id, connection, PURCHASES, limit)
      return rows.map(({ purchases, ...row }) => causeOf(row, purchases ?? []))
    },
  }
}
