import { type Database, NOW } from './database.ts'
import { LEASE } from './leases.ts'

/** How many processes share the shops, which each of them has to know to take no more than its part. */
export interface Workers {
  /** Says that this one is at work, for as long as a lease lasts; how many are, and how many shops there are for them. */
  here(name: string): Promise<{ readonly workers: number; readonly shops: number }>
  /** It is at work no more. */
  gone(name: string): Promise<void>
}

export const workersIn = (db: Database): Workers => ({
  async here(name) {
    await db
      .sql(
        `INSERT INTO workers (name, until) VALUES ($1, ${NOW} + ${LEASE})
         ON CONFLICT (name) DO UPDATE SET until = excluded.until`,
      )
      .run(name)
    await db.sql(`DELETE FROM workers WHERE until < ${NOW} - ${LEASE}`).run()
    const row = await db
      .sql<{ workers: number; shops: number }>(
        `SELECT (SELECT count(*) FROM workers WHERE until > ${NOW}) AS workers, (SELECT count(*) FROM leases) AS shops`,
      )
      .get()
    return row ?? { workers: 1, shops: 0 }
  },
  async gone(name) {
    await db.sql('DELETE FROM workers WHERE name = $1').run(name)
  },
})
