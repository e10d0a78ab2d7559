import type { Sql } from './database.ts'

/**
 * The store's advisory locks. They end with the transaction, and unlike locks of rows they write nothing and also hold on
 * a database that is spread over several servers. The first halves of their names are the words in ASCII.
 */
const TURN = 0x7475726e
const FENCE = 0x666e6365
const MIGRATION = 0x6d696772

const ordered = (shops: readonly number[]): number[] => [...new Set(shops)].sort((a, b) => a - b)

/**
 * Waits for these shops' turns and keeps them. Whoever gives out a shop's next number, of an event or a subject, has its
 * turn, so numbers have no gaps and are never readable out of order. In the order of the shops' numbers, so that nobody
 * waits in a ring. What was read before is old: read after it.
 */
export const takeTurns = async (tx: Sql, shops: readonly number[]): Promise<void> => {
  await tx.sql(`SELECT pg_advisory_xact_lock(${TURN}, shop) FROM unnest($1::int[]) AS shop`).all(ordered(shops))
}

/** Keeps a shop with its owner until the transaction ends: a takeover waits for it, or came first and is seen. */
export const keepOwner = async (tx: Sql, shop: number): Promise<void> => {
  await tx.sql(`SELECT pg_advisory_xact_lock_shared(${FENCE}, $1)`).all(shop)
}

/** Waits until nobody settles these shops under their old owner. */
export const changeOwner = async (tx: Sql, shops: readonly number[]): Promise<void> => {
  await tx.sql(`SELECT pg_advisory_xact_lock(${FENCE}, shop) FROM unnest($1::int[]) AS shop`).all(ordered(shops))
}

/** Waits until no other process changes tables. */
export const startMigration = (tx: Sql): Promise<void> => tx.exec(`SELECT pg_advisory_xact_lock(${MIGRATION}, 0)`)
