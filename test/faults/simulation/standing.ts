import { OUTCOMES } from '../../../src/destinations/outcomes.ts'
import { MINUTE } from '../../../src/lib/duration.ts'
import { readOutcomes } from '../../../src/store/ledger-rows.ts'
import type { MemoryDisk } from '../../../src/store/memory/memory.ts'
import { iso, type Violation } from './violation.ts'

/**
 * I1, at any moment: at every connection a number is either in exactly one lane, or has a byte; and it is parked when the
 * byte says so and only then. Looked at where a process was killed, since nothing of it can be half done.
 */
export const standingFaults = async (disk: MemoryDisk, now: number): Promise<readonly Violation[]> => {
  const faults: Violation[] = []
  for (const [shop, state] of disk.states) {
    const head = state.events.length
    for (const { id, destination } of state.connections.values()) {
      const fault = (what: string) =>
        faults.push({ invariant: 'I1', what: `${shop} ${destination} ${id} at ${iso(now)}: ${what}` })
      const bytes = readOutcomes(state.ledger.get(id) ?? [], 1, head)
      const open = new Set<number>()
      for (const { connection, position, to } of state.lanes)
        for (let seq = position + 1; connection === id && seq <= Math.min(to ?? head, head); seq++) {
          if (open.has(seq)) fault(`${seq} is in two lanes`)
          open.add(seq)
        }
      const begins = Math.min(
        ...[...open, ...[...bytes].flatMap((byte, place) => (byte === 0 ? [] : [place + 1]))],
        Number.POSITIVE_INFINITY,
      )
      for (const [place, byte] of bytes.entries()) {
        const seq = place + 1
        const row = state.parked.get(`${id} ${seq}`)
        const waits = row !== undefined && row.parked.kind !== 'dead'
        if (seq >= begins && (byte === 0) !== open.has(seq))
          fault(`${seq} ${byte === 0 ? 'is nowhere' : 'is settled and in a lane'}`)
        if ((byte === OUTCOMES.parked) !== waits)
          fault(`${seq} ${waits ? 'waits and is settled' : 'is parked without a row'}`)
      }
    }
  }
  return faults
}

/** I9: what could have gone by now and did not. */
export const overdue = async (disk: MemoryDisk, now: number): Promise<readonly Violation[]> => {
  const faults: Violation[] = []
  for (const [shop, state] of disk.states)
    for (const { id, destination, state: active } of state.connections.values()) {
      if (active !== 'active') continue
      const fault = (what: string) => faults.push({ invariant: 'I9', what: `${shop} ${destination} ${id}: ${what}` })
      const lanes = state.lanes.filter(({ connection }) => connection === id)
      const next = lanes.filter(({ due }) => due > now)
      for (const { kind, position, to } of lanes)
        if (next.length === 0 && position < (to ?? state.events.length))
          fault(`its ${kind} lane stands at ${position} and nothing holds it up`)
      for (const { connection, parked } of state.parked.values())
        if (connection === id && parked.kind !== 'dead' && parked.kind !== 'person' && parked.due < now - MINUTE)
          if (next.length === 0) fault(`${parked.seq} was due at ${iso(parked.due)} and is still parked`)
    }
  return faults
}
