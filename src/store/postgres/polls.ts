import type { Shop } from '../../event/event.ts'
import type { KeptToken, Poll } from '../poll.ts'
import { type PollRow, pollOf, type TokenRow } from '../poll-rows.ts'
import { openText, sealRow } from '../sealing.ts'
import type { ConnectionId } from '../store.ts'
import { columns, lastOfEach } from './columns.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'

export const savePolls = async (
  tx: Sql,
  shop: ShopRow,
  connection: ConnectionId,
  polls: readonly Poll[],
): Promise<void> => {
  if (polls.length === 0) return
  await tx
    .sql(
      `INSERT INTO polls (shop, connection, job, seqs, sent_at, due, tries, sendings)
       SELECT $1, $2, u.* FROM unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::int[], $8::int[]) AS u
       ON CONFLICT (shop, connection, job) DO UPDATE SET seqs = excluded.seqs, sent_at = excluded.sent_at,
         due = excluded.due, tries = excluded.tries, sendings = excluded.sendings`,
    )
    .run(
      shop.id,
      connection,
      ...columns<Poll, string | number>(
        lastOfEach(polls, ({ job }) => job),
        ({ job }) => job,
        ({ seqs }) => JSON.stringify(seqs),
        ({ sentAt }) => sentAt,
        ({ due }) => due,
        ({ tries }) => tries,
        ({ sendings }) => sendings,
      ),
    )
}

export const dropPolls = async (
  tx: Sql,
  shop: ShopRow,
  connection: ConnectionId,
  jobs: readonly string[],
): Promise<void> => {
  if (jobs.length === 0) return
  await tx.sql('DELETE FROM polls WHERE shop = $1 AND connection = $2 AND job = ANY($3)').run(shop.id, connection, jobs)
}

export const pollOperations = (context: Context) => {
  const { db } = context
  return {
    async polls(domain: Shop, connection: ConnectionId, limit: number): Promise<readonly Poll[]> {
      const shop = await findShop(context, domain)
      if (!shop) return []
      const rows = await db
        .sql<PollRow>(
          `SELECT job, seqs, sent_at, due, tries, sendings FROM polls WHERE shop = $1 AND connection = $2
           ORDER BY due, job LIMIT $3`,
        )
        .all(shop.id, connection, limit)
      return rows.map(pollOf)
    },

    async token(domain: Shop, connection: ConnectionId): Promise<KeptToken | undefined> {
      const shop = await findShop(context, domain)
      if (!shop) return undefined
      const kept = await db
        .sql<TokenRow>('SELECT settings_version, expires_at, sealed FROM tokens WHERE shop = $1 AND connection = $2')
        .get(shop.id, connection)
      const token = kept && openText(shop.key, kept.sealed, domain, 'tokens', connection)
      return token === undefined || kept === undefined
        ? undefined
        : { token, expiresAt: kept.expires_at, settingsVersion: kept.settings_version }
    },

    async saveToken(
      domain: Shop,
      connection: ConnectionId,
      { token, expiresAt, settingsVersion }: KeptToken,
    ): Promise<void> {
      const shop = await findShop(context, domain)
      if (!shop) return
      await db
        .sql(
          `INSERT INTO tokens (shop, connection, settings_version, expires_at, sealed)
           SELECT shop, id, $3, $4, $5 FROM connections WHERE shop = $1 AND id = $2
           ON CONFLICT (shop, connection) DO UPDATE SET settings_version = excluded.settings_version,
             expires_at = excluded.expires_at, sealed = excluded.sealed`,
        )
        .run(shop.id, connection, settingsVersion, expiresAt, sealRow(shop.key, token, domain, 'tokens', connection))
    },
  }
}
