import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Bench } from './bench.ts'
import { withSeed } from './site.ts'

const GOAL = 1.3

/** The log and what makes it findable, unique and accounted for. */
const LOG = ['events', 'events_by_shop', 'ids', 'ids_by_day', 'recent_ids', 'ledger']

/** What a settled event takes on disk after a checkpoint, against its sealed body alone. Messages and attempts apart. */
export const bench: Bench = {
  name: 'storage',
  async run(report, { short }) {
    await withSeed({ shops: 200, events: short ? 100_000 : 1_000_000, settled: true }, async ({ folder, events }) => {
      const file = join(folder, 'converlay.db')
      const db = new DatabaseSync(file, { readOnly: true })
      const bytes = new Map(
        db
          .prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name')
          .all()
          .map(({ name, bytes }) => [String(name), Number(bytes)]),
      )
      const bodies = Number(db.prepare('SELECT sum(length(sealed)) AS bytes FROM events').get()?.bytes)
      db.close()
      const log = LOG.reduce((sum, name) => sum + (bytes.get(name) ?? 0), 0)
      const compare = (of: string, value: number, goal: string, ok: boolean) =>
        report({
          of,
          value: value / events,
          unit: 'bytes/event',
          reference: bodies / events,
          ratio: value / bodies,
          goal,
          ok,
        })
      compare('log, index, ids, ledger of eight', log, `ratio <= ${GOAL}`, log / bodies <= GOAL)
      compare('the whole file', statSync(file).size, 'stated', true)
    })
  },
}
