import { violationsOf } from './faults/simulation/invariants.ts'
import { simulate } from './faults/simulation/simulate.ts'

const [seed, acc, key] = process.argv.slice(2)
const w = await simulate(Number(seed))
const iso = (n?: number) => (n === undefined ? '-' : new Date(n).toISOString().slice(8, 23))
for (const v of (await violationsOf(w)).slice(0, 20)) console.log(v.invariant, v.what)
console.log(
  'clock',
  w.clock.map((c) => iso(c.at) + ' ' + c.skew),
  'kills',
  w.kills.map(iso),
)
const c = w.connections.find((c) => c.account === acc)
console.log({ ...c, pauses: c?.pauses.map((p) => iso(p.from) + '..' + iso(p.to)), removedAt: iso(c?.removedAt) })
for (const s of w.seen)
  if (s.account === acc && (!key || s.told.some((t) => t.key === key)))
    console.log(
      iso(s.at),
      iso(s.answeredAt),
      s.what,
      s.fault ?? '',
      s.status,
      'told',
      s.told.length,
      'took',
      s.took.length,
      'refused',
      s.refused.length,
      s.unclear ? 'UNCLEAR' : '',
      s.retryAt ? 'until ' + iso(s.retryAt) : '',
      key
        ? ''
        : s.told
            .slice(0, 3)
            .map((t) => t.key)
            .join(),
    )
