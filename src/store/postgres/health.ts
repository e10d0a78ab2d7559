import type { StoreHealth } from '../health.ts'
import type { Context } from './context.ts'

export const healthOperations = ({ db }: Context) => ({
  async health(): Promise<StoreHealth> {
    const told = await db
      .sql<{ version: string; commit: string; events: number; bytes: number }>(
        `SELECT current_setting('server_version') AS version, current_setting('synchronous_commit') AS commit,
           (SELECT coalesce(sum(head), 0)::bigint FROM heads) AS events,
           pg_database_size(current_database()) AS bytes`,
      )
      .get()
    return {
      engine: 'postgres',
      version: told?.version ?? '',
      // Sessions that could lose an answered commit are refused (session.ts).
      durability: told && told.commit !== 'off' && told.commit !== 'local' ? 'full' : 'not durable',
      events: told?.events ?? 0,
      bytes: told?.bytes ?? 0,
    }
  },
})
