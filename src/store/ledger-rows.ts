/** A settled stretch: numbers from … from + outcomes.length - 1, one byte each. */
export interface LedgerRow {
  readonly from: number
  readonly outcomes: Uint8Array
}

/** Numbers in one row. */
export const ROW_LENGTH = 512

const end = (row: LedgerRow): number => row.from + row.outcomes.length

/**
 * Lays bytes over rows that already exist: known numbers are overwritten, new ones extend the row that ends just before
 * them or begin a new one. `near` are the rows that hold or precede any of the numbers (from > first - 512), ascending.
 * Returns the rows that changed; they never overlap, and none is longer than 512.
 */
export const layOutcomes = (near: readonly LedgerRow[], from: number, outcomes: Uint8Array): LedgerRow[] => {
  const rows = near.map((row) => ({ ...row, changed: false }))
  let at = 0
  while (at < outcomes.length) {
    const seq = from + at
    const index = rows.findLastIndex((row) => row.from <= seq)
    const row = rows[index]
    const limit = Math.min(from + outcomes.length, rows[index + 1]?.from ?? Number.MAX_SAFE_INTEGER)
    if (row && seq < end(row)) {
      const upTo = Math.min(limit, end(row))
      const bytes = row.outcomes.slice()
      bytes.set(outcomes.subarray(at, upTo - from), seq - row.from)
      rows[index] = { from: row.from, outcomes: bytes, changed: true }
      at = upTo - from
    } else if (row && seq === end(row) && row.outcomes.length < ROW_LENGTH) {
      const upTo = Math.min(limit, row.from + ROW_LENGTH)
      const bytes = new Uint8Array(upTo - row.from)
      bytes.set(row.outcomes)
      bytes.set(outcomes.subarray(at, upTo - from), seq - row.from)
      rows[index] = { from: row.from, outcomes: bytes, changed: true }
      at = upTo - from
    } else {
      const upTo = Math.min(limit, seq + ROW_LENGTH)
      rows.splice(index + 1, 0, { from: seq, outcomes: outcomes.slice(at, upTo - from), changed: true })
      at = upTo - from
    }
  }
  return rows.filter((row) => row.changed).map((row) => ({ from: row.from, outcomes: row.outcomes }))
}

/** Lays several runs one after the other, as layOutcomes does; `near` are the rows that hold or precede any of their numbers. */
export const layRuns = (near: readonly LedgerRow[], runs: readonly LedgerRow[]): LedgerRow[] => {
  let rows = near
  const changed = new Map<number, LedgerRow>()
  for (const run of runs) {
    for (const row of layOutcomes(rows, run.from, run.outcomes)) changed.set(row.from, row)
    const others = rows.filter((row) => !changed.has(row.from))
    rows = [...others, ...changed.values()].sort((a, b) => a.from - b.from)
  }
  return [...changed.values()]
}

/** Bytes of numbers from..to (inclusive) out of the rows that touch them; 0 where there is none. */
export const readOutcomes = (rows: readonly LedgerRow[], from: number, to: number): Uint8Array => {
  const bytes = new Uint8Array(Math.max(0, to - from + 1))
  for (const row of rows) {
    const first = Math.max(from, row.from)
    const last = Math.min(to + 1, end(row))
    if (first < last) bytes.set(row.outcomes.subarray(first - row.from, last - row.from), first - from)
  }
  return bytes
}

/** The runs of a stretch that say something: 0 leaves what stands there. */
export const toldRuns = (from: number, outcomes: Uint8Array): LedgerRow[] => {
  if (!outcomes.includes(0)) return [{ from, outcomes }]
  const runs: LedgerRow[] = []
  for (let at = 0; at < outcomes.length; at++) {
    if (outcomes[at] === 0) continue
    const next = outcomes.indexOf(0, at)
    const until = next === -1 ? outcomes.length : next
    runs.push({ from: from + at, outcomes: outcomes.subarray(at, until) })
    at = until
  }
  return runs
}
