import type { Event, EventId, Shop } from '../../event/event.ts'
import { subjectKey } from '../../lib/seal.ts'
import { type EventRow, eventRow } from '../event-rows.ts'
import { JOINED, partName } from '../part-rows.ts'
import { eventOf, openText, sealRow } from '../sealing.ts'
import { claimOf, placeFor, sameSighting } from '../sightings.ts'
import type { StoredPart } from '../store.ts'
import { shortHash } from '../unique-ids.ts'
import { columns } from './columns.ts'
import { type Context, findShop, findShops, type ShopRow } from './context.ts'
import type { Sql } from './database.ts'
import type { Joinable } from './joined.ts'
import type { Subject, Subjects } from './subjects.ts'

export interface PartRow {
  readonly shop: number
  readonly event: Uint8Array
  readonly n: number
  readonly claim: string | null
  readonly received_at: number
  readonly sealed: Uint8Array
  readonly salt: Uint8Array | null
}

const PARTS = `
  SELECT p.shop, p.event, p.n, p.claim, p.received_at, p.sealed, s.salt
  FROM unnest($1::int[], $2::bytea[]) AS w(shop, event) JOIN parts p ON p.shop = w.shop AND p.event = w.event
  LEFT JOIN subjects s ON s.shop = p.shop AND s.id = p.subject ORDER BY p.shop, p.event, p.n`

export const openPart = (shop: ShopRow, { event, n, sealed, salt }: PartRow): Event | undefined => {
  const text = salt && openText(subjectKey(shop.key, salt), sealed, shop.shop, 'parts', partName(event, n))
  return text ? eventOf(text) : undefined
}

const nameOf = (shop: number, event: Uint8Array): string => `${shop} ${Buffer.from(event).toString('hex')}`

/** A part of one transaction; what is stored is opened only when somebody looks. */
interface Kept {
  readonly shop: ShopRow
  readonly event: Uint8Array
  readonly n: number
  readonly claim: string | undefined
  readonly told: () => Event | undefined
  readonly fresh?: { readonly row: EventRow; readonly subject: Subject }
}

/** The parts of the facts that a group of arrivals is about. Their shops' turns are needed. */
export interface Parts {
  /** What parts tell of an event, in order of arrival; those whose subject was erased are left out. */
  tellings(shop: ShopRow, id: EventId): readonly Event[]
  /** Adds a sighting, unless the same one is there or there is no place for it. `ownToken`: as sightings.ts asks. */
  add(shop: ShopRow, part: EventRow, ownToken: () => string | undefined, subjects: Subjects): void
  write(): Promise<void>
}

export const partsOf = async (
  tx: Sql,
  facts: readonly { readonly shop: ShopRow; readonly id: string }[],
): Promise<Parts> => {
  const all = new Map<string, Kept[]>()
  const gone: Kept[] = []
  const shops = new Map(facts.map(({ shop }) => [shop.id, shop]))
  const wanted = new Map(facts.map(({ shop, id }) => [`${shop.id} ${id}`, { shop: shop.id, event: shortHash(id) }]))
  if (wanted.size > 0)
    for (const row of await tx.sql<PartRow>(PARTS).all(
      [...wanted.values()].map(({ shop }) => shop),
      [...wanted.values()].map(({ event }) => event),
    )) {
      const shop = shops.get(row.shop)
      if (!shop) continue
      const { event, n } = row
      const kept = { shop, event, n, claim: row.claim ?? undefined, told: () => openPart(shop, row) }
      const name = nameOf(row.shop, event)
      all.set(name, [...(all.get(name) ?? []), kept])
    }
  const keptOf = (shop: ShopRow, event: Uint8Array): readonly Kept[] => all.get(nameOf(shop.id, event)) ?? []

  return {
    tellings: (shop, id) => keptOf(shop, shortHash(id)).flatMap((kept) => kept.told() ?? []),
    add(shop, part, ownToken, subjects) {
      const hash = shortHash(part.id)
      const event = eventOf(part.text)
      const claim = claimOf(event)
      const kept = keptOf(shop, hash)
      const sightings = kept.filter(({ n }) => n !== JOINED)
      const isSame = (other: Kept): boolean => {
        const told = other.claim === claim ? other.told() : undefined
        return told !== undefined && sameSighting(told, event)
      }
      if (sightings.some(isSame)) return
      const place = placeFor(sightings, claim, ownToken)
      if (place === 'none') return
      if (place !== 'free' && !place.fresh) gone.push(place)
      const n = (sightings.at(-1)?.n ?? JOINED) + 1
      const subject = subjects.of(shop, part.subject, part.receivedAt)
      const added: Kept = { shop, event: hash, n, claim, told: () => event, fresh: { row: part, subject } }
      all.set(nameOf(shop.id, hash), [...kept.filter((one) => one !== place), added])
    },
    async write() {
      if (gone.length > 0)
        await tx
          .sql(
            `DELETE FROM parts USING unnest($1::int[], $2::bytea[], $3::int[]) AS g(shop, event, n)
             WHERE parts.shop = g.shop AND parts.event = g.event AND parts.n = g.n`,
          )
          .run(
            ...columns<Kept, number | Uint8Array>(
              gone,
              ({ shop }) => shop.id,
              ({ event }) => event,
              ({ n }) => n,
            ),
          )
      const fresh = [...all.values()]
        .flat()
        .flatMap(({ shop, n, claim, fresh: told }) =>
          told ? [{ shop, row: told.row, subject: told.subject, n, claim }] : [],
        )
      await insertParts(tx, await numbered(tx, fresh))
    },
  }
}

interface FreshPart {
  readonly shop: ShopRow
  readonly row: EventRow
  readonly subject: Subject
  readonly n: number
  readonly claim: string | undefined
  /** The shop's own number; a joined result has none. */
  readonly arrived?: number
}

/** Sightings with the shop's next numbers, in the order of arrival. */
const numbered = async (tx: Sql, parts: readonly FreshPart[]): Promise<readonly FreshPart[]> => {
  if (parts.length === 0) return parts
  const counts = new Map<number, number>()
  for (const { shop } of parts) counts.set(shop.id, (counts.get(shop.id) ?? 0) + 1)
  const rows = await tx
    .sql<{ shop: number; parts: number }>(
      `UPDATE heads SET parts = parts + m.count FROM unnest($1::int[], $2::bigint[]) AS m(shop, count)
       WHERE heads.shop = m.shop RETURNING heads.shop, heads.parts`,
    )
    .all([...counts.keys()], [...counts.values()])
  const last = new Map(rows.map(({ shop, parts: head }) => [shop, head - (counts.get(shop) ?? 0)]))
  return parts.map((part) => {
    const arrived = (last.get(part.shop.id) ?? 0) + 1
    last.set(part.shop.id, arrived)
    return { ...part, arrived }
  })
}

const insertParts = async (tx: Sql, parts: readonly FreshPart[]): Promise<void> => {
  if (parts.length === 0) return
  await tx
    .sql(
      `INSERT INTO parts (shop, event, n, claim, received_at, subject, sealed, arrived)
       SELECT * FROM unnest($1::int[], $2::bytea[], $3::int[], $4::text[], $5::bigint[], $6::bigint[], $7::bytea[],
         $8::bigint[])
       ON CONFLICT (shop, event, n) DO UPDATE SET received_at = excluded.received_at, subject = excluded.subject,
         sealed = excluded.sealed`,
    )
    .run(
      ...columns<FreshPart, string | number | Uint8Array | null>(
        parts,
        ({ shop }) => shop.id,
        ({ row }) => shortHash(row.id),
        ({ n }) => n,
        ({ claim }) => claim ?? null,
        ({ row }) => row.receivedAt,
        ({ subject }) => subject.id,
        ({ shop, row, subject, n }) =>
          sealRow(subject.key, row.text, shop.shop, 'parts', partName(shortHash(row.id), n)),
        ({ arrived }) => arrived ?? null,
      ),
    )
}

/** Keeps the joined results of events, each in place of an earlier one. */
export const keepJoined = (tx: Sql, shop: ShopRow, joined: readonly Joinable[]): Promise<void> => {
  const last = new Map(joined.map((one) => [one.joined.event.id, one]))
  return insertParts(
    tx,
    [...last.values()].map((one) => ({
      shop,
      row: eventRow(one.joined),
      subject: one.subject,
      n: JOINED,
      claim: undefined,
    })),
  )
}

export const partOperations = (context: Context) => {
  const { db } = context
  return {
    async parts(domain: Shop, ids: readonly EventId[]): Promise<ReadonlyMap<EventId, readonly StoredPart[]>> {
      const found = new Map<EventId, StoredPart[]>()
      const shop = await findShop(context, domain)
      if (!shop || ids.length === 0) return found
      const asked = new Map([...new Set(ids)].map((id) => [nameOf(shop.id, shortHash(id)), id]))
      const hashes = [...asked.values()].map((id) => shortHash(id))
      for (const row of await db.sql<PartRow>(PARTS).all(
        hashes.map(() => shop.id),
        hashes,
      )) {
        const id = asked.get(nameOf(row.shop, row.event))
        const event = openPart(shop, row)
        if (!id || !event) continue
        const part = { receivedAt: row.received_at, event, joined: row.n === JOINED }
        found.set(id, [...(found.get(id) ?? []), part])
      }
      return found
    },

    async unprojectedParts(
      margin: number,
      limit: number,
    ): Promise<readonly { readonly shop: Shop; readonly part: StoredPart }[]> {
      const projected = await db
        .sql<{ at: number | null }>(
          'SELECT max(e.received_at) AS at FROM heads h JOIN events e ON e.shop = h.shop AND e.seq = h.projected',
        )
        .get()
      // Shop by shop, because the index on their age begins with the shop.
      const rows = await db
        .sql<PartRow & { domain: Shop }>(
          `SELECT d.domain, p.shop, p.event, p.n, p.claim, p.received_at, p.sealed, s.salt
           FROM shops d CROSS JOIN LATERAL (
             SELECT * FROM parts WHERE parts.shop = d.id AND parts.received_at >= $1 AND parts.n > ${JOINED}
             ORDER BY parts.received_at DESC, parts.n DESC LIMIT $2
           ) p LEFT JOIN subjects s ON s.shop = p.shop AND s.id = p.subject
           ORDER BY p.received_at DESC, p.shop DESC, p.event DESC, p.n DESC LIMIT $2`,
        )
        .all((projected?.at ?? 0) - margin, limit)
      const shops = new Map(
        (await findShops(context, db, [...new Set(rows.map(({ domain }) => domain))])).map((shop) => [shop.id, shop]),
      )
      return rows.reverse().flatMap((row) => {
        const shop = shops.get(row.shop)
        const event = shop && openPart(shop, row)
        return event ? [{ shop: row.domain, part: { receivedAt: row.received_at, event, joined: false } }] : []
      })
    },
  }
}
