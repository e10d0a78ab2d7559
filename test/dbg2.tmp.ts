import { simulate } from './faults/simulation/simulate.ts'

const w = await simulate(Number(process.argv[2]))
console.log([...new Set(w.said)].slice(0, 12))
const shop = w.connections.find((c) => c.account === process.argv[3])!
const st = w.disk.states.get(shop.shop)!
console.log(
  st.lanes.filter((l) => l.connection === shop.id),
  st.connections.get(shop.id),
)
console.log(
  w.logged
    .get(shop.shop)!
    .slice(11, 16)
    .map(
      (e) => e.event.name + ' ' + e.event.id + ' ' + e.event.occurredAt + ' ' + new Date(e.receivedAt).toISOString(),
    ),
  new Date(w.now).toISOString(),
)
