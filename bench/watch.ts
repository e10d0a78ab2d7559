import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Outcome, outcomeOf, stateOf } from '../src/destinations/outcomes.ts'

/** Looks at a running store from beside it, with a few plain queries that cost the server nothing. */
export interface Watch {
  /** Events accepted, and events that every connection of their shop has passed. */
  progress(): { readonly accepted: number; readonly settled: number }
  /** What became of events at connections so far, by outcome. */
  outcomes(): ReadonlyMap<Outcome, number>
  /** Notes how far everything is; call it often and evenly while lag is measured. */
  sample(): void
  /** ms from when an event was first seen in the log until its connection had passed it, of all noted, ascending. */
  lags(): readonly number[]
  close(): void
}

export const watchStore = (folder: string): Watch => {
  const db = new DatabaseSync(join(folder, 'converlay.db'), { readOnly: true })
  const heads = db.prepare('SELECT shop, head FROM heads')
  const lanes = db.prepare(`SELECT shop, connection, position FROM lanes WHERE kind = 'live'`)
  const passed = db.prepare('SELECT sum(least) AS n FROM (SELECT min(position) AS least FROM lanes GROUP BY shop)')
  const accepted = db.prepare('SELECT sum(head) AS n FROM heads')
  const counts = db.prepare(
    `SELECT outcome, sum(json_extract(counts, '$.count')) AS n FROM rollups WHERE connection > 0 GROUP BY outcome`,
  )
  /** Of each shop where its head stood when. */
  const seen = new Map<number, { readonly at: number; readonly head: number }[]>()
  /** How many of its shop's heads a connection has passed. */
  const behind = new Map<number, number>()
  const lags: number[] = []
  return {
    progress: () => ({ accepted: Number(accepted.get()?.n ?? 0), settled: Number(passed.get()?.n ?? 0) }),
    outcomes: () =>
      new Map(
        counts.all().flatMap(({ outcome, n }) => {
          const name = outcomeOf(Number(outcome))
          return name === undefined ? [] : [[name, Number(n)] as const]
        }),
      ),
    sample() {
      const at = performance.now()
      for (const row of heads.all()) {
        const points = seen.get(Number(row.shop)) ?? []
        seen.set(Number(row.shop), points)
        if (points.at(-1)?.head !== Number(row.head)) points.push({ at, head: Number(row.head) })
      }
      for (const row of lanes.all()) {
        const points = seen.get(Number(row.shop)) ?? []
        let place = behind.get(Number(row.connection)) ?? 1
        for (let point = points[place]; point && point.head <= Number(row.position); point = points[++place])
          lags.push(at - point.at)
        behind.set(Number(row.connection), place)
      }
    },
    lags: () => lags.toSorted((a, b) => a - b),
    close: () => db.close(),
  }
}

/** Events at connections between two moments: sent, skipped by decision, dead. */
export const between = (before: ReadonlyMap<Outcome, number>, after: ReadonlyMap<Outcome, number>) => {
  const total = { sent: 0, skipped: 0, dead: 0, parked: 0 }
  for (const [outcome, n] of after) {
    const more = n - (before.get(outcome) ?? 0)
    const state = stateOf(outcome)
    if (outcome === 'parked') total.parked += more
    else if (state === 'delivered') total.sent += more
    else if (state === 'skipped') total.skipped += more
    else total.dead += more
  }
  return total
}
