import type { EventId } from '../../event/event.ts'
import { seenFromSeveralSides } from '../../event/event-ids.ts'
import { DAY } from '../../lib/duration.ts'
import type { EventRow } from '../event-rows.ts'
import { idSecond, shortHash } from '../unique-ids.ts'
import { columns } from './columns.ts'
import type { ShopRow } from './context.ts'
import type { Sql } from './database.ts'

/** The ids that a group of arrivals is about: which are taken, and by which number. Its shops' turns are needed. */
export interface Ids {
  /** Where an event stands in the log. */
  seqOf(shop: ShopRow, event: EventRow): number | undefined
  /** Where a fact that several sides can tell of stands. */
  sharedSeq(shop: ShopRow, id: EventId): number | undefined
  /** Takes an event's id for a number. */
  claim(shop: ShopRow, event: EventRow, seq: number): void
  write(): Promise<void>
}

interface Claimed {
  readonly shop: number
  readonly id: Uint8Array
  readonly seq: number
  /** The day of a shared id, the second of another. */
  readonly at: number
}

const sharedName = (shop: number, id: Uint8Array): string => `${shop} ${Buffer.from(id).toString('hex')}`
const recentName = (shop: number, second: number, id: Uint8Array): string => `${sharedName(shop, id)} ${second}`

const secondOf = (event: EventRow): number => idSecond(event.occurredAt, event.receivedAt)

/** `shared` are facts that are asked about beside the events themselves. */
export const idsOf = async (
  tx: Sql,
  events: readonly { readonly shop: ShopRow; readonly event: EventRow }[],
  shared: readonly { readonly shop: ShopRow; readonly id: EventId }[],
): Promise<Ids> => {
  const sides = [
    ...events.flatMap(({ shop, event }) =>
      seenFromSeveralSides(event.id) ? [{ shop: shop.id, id: shortHash(event.id) }] : [],
    ),
    ...shared.map(({ shop, id }) => ({ shop: shop.id, id: shortHash(id) })),
  ]
  const recent = events.flatMap(({ shop, event }) =>
    seenFromSeveralSides(event.id) ? [] : [{ shop: shop.id, second: secondOf(event), id: shortHash(event.id) }],
  )
  const known = new Map<string, number>()
  if (sides.length > 0)
    for (const row of await tx
      .sql<{ shop: number; id: Uint8Array; seq: number }>(
        `SELECT i.shop, i.id, i.seq FROM unnest($1::int[], $2::bytea[]) AS w(shop, id)
         JOIN ids i ON i.shop = w.shop AND i.id = w.id`,
      )
      .all(
        sides.map(({ shop }) => shop),
        sides.map(({ id }) => id),
      ))
      known.set(sharedName(row.shop, row.id), row.seq)
  if (recent.length > 0)
    for (const row of await tx
      .sql<{ shop: number; second: number; id: Uint8Array; seq: number }>(
        `SELECT i.shop, i.second, i.id, i.seq FROM unnest($1::int[], $2::bigint[], $3::bytea[]) AS w(shop, second, id)
         JOIN recent_ids i ON i.shop = w.shop AND i.second = w.second AND i.id = w.id`,
      )
      .all(
        recent.map(({ shop }) => shop),
        recent.map(({ second }) => second),
        recent.map(({ id }) => id),
      ))
      known.set(recentName(row.shop, row.second, row.id), row.seq)

  const claimedShared: Claimed[] = []
  const claimedRecent: Claimed[] = []
  return {
    seqOf: ({ id: shop }, event) => {
      const id = shortHash(event.id)
      return known.get(seenFromSeveralSides(event.id) ? sharedName(shop, id) : recentName(shop, secondOf(event), id))
    },
    sharedSeq: (shop, id) => known.get(sharedName(shop.id, shortHash(id))),
    claim({ id: shop }, event, seq) {
      const id = shortHash(event.id)
      if (seenFromSeveralSides(event.id)) {
        claimedShared.push({ shop, id, seq, at: Math.floor(event.receivedAt / DAY) })
        known.set(sharedName(shop, id), seq)
      } else {
        claimedRecent.push({ shop, id, seq, at: secondOf(event) })
        known.set(recentName(shop, secondOf(event), id), seq)
      }
    },
    async write() {
      const cells = (claimed: readonly Claimed[]) =>
        columns<Claimed, number | Uint8Array>(
          claimed,
          ({ shop }) => shop,
          ({ id }) => id,
          ({ seq }) => seq,
          ({ at }) => at,
        )
      if (claimedShared.length > 0)
        await tx
          .sql(
            `INSERT INTO ids (shop, id, seq, day)
             SELECT * FROM unnest($1::int[], $2::bytea[], $3::bigint[], $4::int[])`,
          )
          .run(...cells(claimedShared))
      if (claimedRecent.length > 0)
        await tx
          .sql(
            `INSERT INTO recent_ids (shop, id, seq, second)
             SELECT * FROM unnest($1::int[], $2::bytea[], $3::bigint[], $4::bigint[])`,
          )
          .run(...cells(claimedRecent))
    },
  }
}
