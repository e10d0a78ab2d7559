import type { Context } from './context.ts'

/** Settings share `meta` with what the store notes about itself. */
const rowOf = (name: string): string => `setting.${name}`

export const settingOperations = ({ db }: Context) => ({
  async setting(name: string): Promise<unknown> {
    const row = await db.sql<{ value: string }>('SELECT value FROM meta WHERE name = $1').get(rowOf(name))
    return row && JSON.parse(row.value)
  },

  async saveSetting(name: string, value: unknown): Promise<void> {
    if (value === undefined) await db.sql('DELETE FROM meta WHERE name = $1').run(rowOf(name))
    else
      await db
        .sql('INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
        .run(rowOf(name), JSON.stringify(value))
  },
})
