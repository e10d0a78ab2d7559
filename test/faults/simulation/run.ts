import { simulate } from './simulate.ts'
import { outcomeOf } from '../../../src/destinations/outcomes.ts'
import { openMemory } from '../../../src/store/memory/memory.ts'
const from = Number(process.argv[2] ?? 1), n = Number(process.argv[3] ?? 1)
for (let seed = from; seed < from + n; seed++) {
  const t = performance.now()
  const w = await simulate(seed)
  console.log(seed, (performance.now() - t).toFixed(0), 'ms', 'seen', w.seen.length, 'acked', w.acknowledged.length, 'log', [...w.logged].map(([, l]) => l.length).join())
  if (n === 1) {
    console.log([...w.fired].sort().map(([k, v]) => `${k}: ${v}`).join('\n'))
    console.log([...new Set(w.said)].slice(0, 10))
    const store = openMemory(w.disk)
    for (const c of w.connections) {
      const bytes = await store.ledger(c.shop, c.id, 1, await store.head(c.shop))
      const c2: Record<string, number> = {}
      for (const b of bytes) c2[outcomeOf(b) ?? String(b)] = (c2[outcomeOf(b) ?? String(b)] ?? 0) + 1
      console.log(c.slug, c.account, c.removedAt ? 'removed' : '', JSON.stringify(c2))
    }
  }
}
