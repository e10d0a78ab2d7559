import type { Shop } from '../../event/event.ts'
import type { KeptToken, Poll } from '../poll.ts'
import { type PollRow, pollOf, type TokenRow } from '../poll-rows.ts'
import { openText, sealRow } from '../sealing.ts'
import type { ConnectionId } from '../store.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Database } from './database.ts'

export const savePoll = (db: Database, shop: ShopRow, connection: ConnectionId, poll: Poll): void => {
  db.sql(
    'INSERT OR REPLACE INTO polls (shop, connection, job, seqs, sent_at, due, tries, sendings) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(shop.id, connection, poll.job, JSON.stringify(poll.seqs), poll.sentAt, poll.due, poll.tries, poll.sendings)
}

export const dropPoll = (db: Database, shop: ShopRow, connection: ConnectionId, job: string): void => {
  db.sql('DELETE FROM polls WHERE shop = ? AND connection = ? AND job = ?').run(shop.id, connection, job)
}

export const pollOperations = (context: Context) => {
  const { db } = context
  return {
    polls(shop: Shop, connection: ConnectionId, limit: number): readonly Poll[] {
      const row = findShop(context, shop)
      if (!row) return []
      return db
        .sql<PollRow>(
          'SELECT job, seqs, sent_at, due, tries, sendings FROM polls WHERE shop = ? AND connection = ? ORDER BY due, job LIMIT ?',
        )
        .all(row.id, connection, limit)
        .map(pollOf)
    },

    token(shop: Shop, connection: ConnectionId): KeptToken | undefined {
      const row = findShop(context, shop)
      const kept =
        row &&
        db
          .sql<TokenRow>('SELECT settings_version, expires_at, sealed FROM tokens WHERE shop = ? AND connection = ?')
          .get(row.id, connection)
      const token = kept && openText(row.key, kept.sealed, row.shop, 'tokens', connection)
      return token === undefined || kept === undefined
        ? undefined
        : { token, expiresAt: kept.expires_at, settingsVersion: kept.settings_version }
    },

    saveToken(shop: Shop, connection: ConnectionId, { token, expiresAt, settingsVersion }: KeptToken): void {
      const row = findShop(context, shop)
      if (!row) return
      db.sql(
        `INSERT OR REPLACE INTO tokens (shop, connection, settings_version, expires_at, sealed)
         SELECT shop, id, ?, ?, ? FROM connections WHERE shop = ? AND id = ?`,
      ).run(settingsVersion, expiresAt, sealRow(row.key, token, row.shop, 'tokens', connection), row.id, connection)
    },
  }
}
