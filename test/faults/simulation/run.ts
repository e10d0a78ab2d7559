import { violationsOf } from './invariants.ts'
import { simulate } from './simulate.ts'

const from = Number(process.argv[2] ?? 1),
  n = Number(process.argv[3] ?? 1)
const kinds = new Map<string, number>()
for (let seed = from; seed < from + n; seed++) {
  const t = process.cpuUsage()
  const w = await simulate(seed)
  const v = await violationsOf(w)
  console.log(
    seed,
    (process.cpuUsage(t).user / 1000).toFixed(0),
    'ms',
    'seen',
    w.seen.length,
    'acked',
    w.acknowledged.length,
    'log',
    [...w.logged].map(([, l]) => l.length).join(),
    'VIOLATIONS',
    v.length,
  )
  for (const { invariant, what } of n === 1 ? v : v.slice(0, 8)) console.log('   ', invariant, what)
  for (const [k, c] of w.fired) kinds.set(k, (kinds.get(k) ?? 0) + c)
  if (n === 1) console.log([...new Set(w.said)].slice(0, 10))
}
console.log(
  [...kinds]
    .sort()
    .map(([k, v]) => `${k}: ${v}`)
    .join(', '),
)
