import type { Shop } from '../../event/event.ts'
import { SECOND } from '../../lib/duration.ts'
import { type Database, NOW, type Sql } from './database.ts'
import { doubtLanes } from './lanes.ts'
import { changeOwner } from './locks.ts'

/** A shop that one process delivers, until it gives it back or the time is over. */
export interface Lease {
  readonly shop: Shop
  /** Rises with every change of owner; a settlement that carries it as its fence is refused once another owner came. */
  readonly epoch: number
  /** The end by the database's clock, ms since 1970. */
  readonly until: number
  /** How long it lasts, ms, counted from before the question was asked: nothing of it is lost to the answer's way. */
  readonly left: number
}

/** How long a lease lasts without being renewed, ms. */
export const LEASE = 60 * SECOND

/**
 * Who delivers which shop. An owner is a process at work: its name has to be new with every start, because whoever comes
 * back under a new name finds what an earlier one left undone. Time is the database's clock; `now` (ms since 1970) stands
 * in for it, in tests. Every method rejects with a StoreFault when the database cannot do it now.
 */
export interface Leases {
  /**
   * Takes at most `limit` shops that nobody has or whose owner's time is over, those that have waited longest first; each
   * goes to one of those who ask at once. Of a shop that was not given back, whatever was on its way may have been sent: the next stretch of its lanes and what
   * is parked and due become doubtful in the same commit.
   */
  claim(owner: string, limit: number, now?: number): Promise<Lease[]>
  /**
   * Makes all of an owner's leases last LEASE from now; those that it still has. One that ran out and that nobody took is
   * still its own.
   */
  renew(owner: string, now?: number): Promise<Lease[]>
  /** Gives shops back (all that it has, when none are named) in good order: nothing of them is on its way any more. */
  release(owner: string, shops?: readonly Shop[]): Promise<void>
  /** What an owner has, whether or not its time is over. */
  heldBy(owner: string, now?: number): Promise<Lease[]>
}

const CLOCK = `coalesce($1::bigint, ${NOW})`

interface LeaseRow {
  readonly domain: Shop
  readonly epoch: number
  readonly until: number
  readonly now: number
}

const leaseOf = ({ domain, epoch, until, now }: LeaseRow): Lease => ({ shop: domain, epoch, until, left: until - now })

const claimIn = async (tx: Sql, owner: string, limit: number, now: number | undefined): Promise<Lease[]> => {
  // Whoever asks at the same time skips what is being taken here.
  const free = await tx
    .sql<{ shop: number; left_behind: boolean }>(
      `SELECT shop, owner IS NOT NULL AS left_behind FROM leases WHERE owner IS NULL OR until <= ${CLOCK}
       ORDER BY until LIMIT $2 FOR UPDATE SKIP LOCKED`,
    )
    .all(now ?? null, limit)
  if (free.length === 0) return []
  const shops = free.map(({ shop }) => shop)
  await changeOwner(tx, shops)
  const rows = await tx
    .sql<LeaseRow>(
      `UPDATE leases l SET owner = $2, epoch = l.epoch + 1, until = clock.now + ${LEASE}
       FROM (SELECT ${CLOCK} AS now OFFSET 0) clock, shops s WHERE l.shop = ANY($3) AND s.id = l.shop
       RETURNING s.domain, l.epoch, l.until, clock.now`,
    )
    .all(now ?? null, owner, shops)
  const leftBehind = free.filter(({ left_behind }) => left_behind).map(({ shop }) => shop)
  await doubtLanes(tx, leftBehind, rows[0]?.now ?? 0)
  return rows.map(leaseOf)
}

export const leasesIn = (db: Database): Leases => ({
  claim: (owner, limit, now) => db.transaction((tx) => claimIn(tx, owner, limit, now)),
  async renew(owner, now) {
    const rows = await db
      .sql<LeaseRow>(
        `UPDATE leases l SET until = clock.now + ${LEASE}
         FROM (SELECT ${CLOCK} AS now OFFSET 0) clock, shops s WHERE l.owner = $2 AND s.id = l.shop
         RETURNING s.domain, l.epoch, l.until, clock.now`,
      )
      .all(now ?? null, owner)
    return rows.map(leaseOf)
  },
  async release(owner, shops) {
    await db
      .sql(
        `UPDATE leases l SET owner = NULL, until = 0 FROM shops s
         WHERE s.id = l.shop AND l.owner = $1 AND ($2::text[] IS NULL OR s.domain = ANY($2))`,
      )
      .run(owner, shops ?? null)
  },
  async heldBy(owner, now) {
    const rows = await db
      .sql<LeaseRow>(
        `SELECT s.domain, l.epoch, l.until, ${CLOCK} AS now FROM leases l JOIN shops s ON s.id = l.shop
         WHERE l.owner = $2 ORDER BY l.shop`,
      )
      .all(now ?? null, owner)
    return rows.map(leaseOf)
  },
})
