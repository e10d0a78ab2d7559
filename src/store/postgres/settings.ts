import type { Context } from './context.ts'

export const settingOperations = ({ db }: Context) => ({
  async setting(name: string): Promise<unknown> {
    const row = await db.sql<{ value: string }>('SELECT value FROM meta WHERE name = $1').get(`setting ${name}`)
    return row && JSON.parse(row.value)
  },
  async saveSetting(name: string, value: unknown): Promise<void> {
    if (value === undefined) await db.sql('DELETE FROM meta WHERE name = $1').run(`setting ${name}`)
    else
      await db
        .sql('INSERT INTO meta VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
        .run(`setting ${name}`, JSON.stringify(value))
  },
})
