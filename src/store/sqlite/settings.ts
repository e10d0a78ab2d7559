import type { Context } from './context.ts'

/** Settings share `meta` with what the store notes about itself. */
const rowOf = (name: string): string => `setting.${name}`

export const settingOperations = ({ db }: Pick<Context, 'db'>) => ({
  setting(name: string): unknown {
    const row = db.sql<{ value: Uint8Array }>('SELECT value FROM meta WHERE name = ?').get(rowOf(name))
    return row && JSON.parse(Buffer.from(row.value).toString())
  },

  saveSetting(name: string, value: unknown): void {
    if (value === undefined) db.sql('DELETE FROM meta WHERE name = ?').run(rowOf(name))
    else
      db.sql('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(
        rowOf(name),
        Buffer.from(JSON.stringify(value)),
      )
  },
})
