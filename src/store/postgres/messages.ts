import type { Shop } from '../../event/event.ts'
import { subjectKey } from '../../lib/seal.ts'
import { openRow, sealRow } from '../sealing.ts'
import type { NewMessage, StoredMessage } from '../store.ts'
import { shortHash } from '../unique-ids.ts'
import { columns } from './columns.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'
import type { Subject } from './subjects.ts'

/** The messages that a group of arrivals brings: which are known. Their shops' turns are needed. */
export interface Messages {
  /** The same delivery, or another one of the same merchant action and topic. */
  isKnown(shop: ShopRow, message: NewMessage): boolean
  /** `subject`: the person it speaks of, so that erasing that person ends the raw copy too. */
  keep(shop: ShopRow, message: NewMessage, subject: Subject): void
  write(): Promise<void>
}

interface MessageRow {
  readonly shop: number
  readonly webhook: Uint8Array
  readonly event: Uint8Array | null
  readonly message: NewMessage
  readonly subject: number
  readonly sealed: Uint8Array
}

const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex')

/** The names under which a message is known: that of its delivery, and that of the action with its topic. */
const namesOf = (shop: number, webhook: Uint8Array, event: Uint8Array | null, topic: string): string[] => [
  `${shop} ${hex(webhook)}`,
  ...(event ? [`${shop} ${hex(event)} ${topic}`] : []),
]

const eventHash = ({ eventId }: NewMessage): Uint8Array | null => (eventId === undefined ? null : shortHash(eventId))

export const messagesOf = async (
  tx: Sql,
  asked: readonly { readonly shop: ShopRow; readonly message: NewMessage }[],
): Promise<Messages> => {
  const known = new Set<string>()
  if (asked.length > 0)
    for (const row of await tx
      .sql<{ shop: number; webhook: Uint8Array; event: Uint8Array | null; topic: string }>(
        `WITH w AS (SELECT * FROM unnest($1::int[], $2::bytea[], $3::bytea[], $4::text[]) AS w(shop, webhook, event, topic))
         SELECT m.shop, m.webhook, m.event, m.topic FROM w JOIN messages m ON m.shop = w.shop AND m.webhook = w.webhook
         UNION ALL
         SELECT m.shop, m.webhook, m.event, m.topic FROM w
         JOIN messages m ON m.shop = w.shop AND m.event = w.event AND m.topic = w.topic`,
      )
      .all(
        asked.map(({ shop }) => shop.id),
        asked.map(({ message }) => shortHash(message.webhookId)),
        asked.map(({ message }) => eventHash(message)),
        asked.map(({ message }) => message.topic),
      ))
      for (const name of namesOf(row.shop, row.webhook, row.event, row.topic)) known.add(name)

  const kept: MessageRow[] = []
  return {
    isKnown: (shop, message) =>
      namesOf(shop.id, shortHash(message.webhookId), eventHash(message), message.topic).some((name) => known.has(name)),
    keep(shop, message, subject) {
      const webhook = shortHash(message.webhookId)
      const event = eventHash(message)
      for (const name of namesOf(shop.id, webhook, event, message.topic)) known.add(name)
      const sealed = sealRow(subject.key, message.body, shop.shop, 'messages', message.webhookId)
      kept.push({ shop: shop.id, webhook, event, message, subject: subject.id, sealed })
    },
    async write() {
      if (kept.length === 0) return
      await tx
        .sql(
          `INSERT INTO messages (shop, webhook, topic, event, webhook_id, event_id, received_at, subject, sealed)
           SELECT * FROM unnest($1::int[], $2::bytea[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::bigint[],
             $8::bigint[], $9::bytea[])`,
        )
        .run(
          ...columns<MessageRow, string | number | Uint8Array | null>(
            kept,
            ({ shop }) => shop,
            ({ webhook }) => webhook,
            ({ message }) => message.topic,
            ({ event }) => event,
            ({ message }) => message.webhookId,
            ({ message }) => message.eventId ?? null,
            ({ message }) => message.receivedAt,
            ({ subject }) => subject,
            ({ sealed }) => sealed,
          ),
        )
    },
  }
}

export const messageOperations = (context: Context) => ({
  async message(shop: Shop, webhookId: string): Promise<StoredMessage | undefined> {
    const shopRow = await findShop(context, shop)
    if (!shopRow) return undefined
    const row = await context.db
      .sql<{
        topic: string
        event_id: string | null
        received_at: number
        subject: number | null
        salt: Uint8Array | null
        sealed: Uint8Array
      }>(
        `SELECT m.topic, m.event_id, m.received_at, m.subject, s.salt, m.sealed
         FROM messages m LEFT JOIN subjects s ON s.shop = m.shop AND s.id = m.subject
         WHERE m.shop = $1 AND m.webhook = $2`,
      )
      .get(shopRow.id, shortHash(webhookId))
    if (!row) return undefined
    const key = row.subject === null ? shopRow.key : row.salt ? subjectKey(shopRow.key, row.salt) : undefined
    const body = key && openRow(key, row.sealed, shop, 'messages', webhookId)
    return (
      body && {
        source: 'shopify-webhook',
        topic: row.topic,
        webhookId,
        ...(row.event_id !== null && { eventId: row.event_id }),
        receivedAt: row.received_at,
        body,
      }
    )
  },
})
