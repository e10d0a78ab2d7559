import { destinations } from '../../../src/destinations/all.ts'
import { OUTCOMES, outcomeOf } from '../../../src/destinations/outcomes.ts'
import type { Shop } from '../../../src/event/event.ts'
import { openMemory } from '../../../src/store/memory/memory.ts'
import type { Store } from '../../../src/store/store.ts'
import { excuseFor } from './excuses.ts'
import { type Histories, historiesOf } from './histories.ts'
import type { Connected } from './merchants.ts'
import { MODELS } from './platforms.ts'
import { sendingFaults } from './sending.ts'
import type { World } from './simulate.ts'
import { iso, type Violation } from './violation.ts'
import { isOfWrongClock } from './wrong-clock.ts'

/** Everything that may not be at the end of a run. */
export const violationsOf = async (world: World): Promise<readonly Violation[]> => {
  const store = openMemory(world.disk)
  const histories = historiesOf(world)
  const faults: Violation[] = [...world.standing]
  for (const [shop, log] of world.logged) faults.push(...(await logFaults(store, world, shop, log.length)))
  for (const connected of world.connections)
    faults.push(...(await connectionFaults(store, world, connected, histories)))
  faults.push(...sendingFaults(world, histories), ...saidTooMuch(world))
  return faults
}

/** I2: what was acknowledged is stored, once. I10, the half of it that is about arrivals. */
const logFaults = async (store: Store, world: World, shop: Shop, logged: number): Promise<Violation[]> => {
  const faults: Violation[] = []
  const head = await store.head(shop)
  if (head !== logged) faults.push({ invariant: 'I2', what: `${shop} has ${head} events, ${logged} were appended` })
  const ids = new Map<string, number>()
  for (const [place, { event }] of (world.logged.get(shop) ?? []).entries()) {
    const before = world.logged.get(shop)?.[(ids.get(event.id) ?? 0) - 1]
    if (before && !isOfWrongClock(before.event) && !isOfWrongClock(event))
      faults.push({ invariant: 'I2', what: `${shop} has ${event.id} twice` })
    ids.set(event.id, place + 1)
  }
  for (const row of await store.read(shop, 0, head))
    if (row.event && row.event.id !== world.logged.get(shop)?.[row.seq - 1]?.event.id)
      faults.push({ invariant: 'I2', what: `${shop} ${row.seq} is not what was appended under that number` })
  for (const { id, at } of world.acknowledged.filter((one) => one.shop === shop))
    if (!ids.has(id)) faults.push({ invariant: 'I2', what: `${shop} ${id} was acknowledged at ${iso(at)} and is lost` })
  const arrived = (await store.rollups(shop, 0)).filter(({ connection }) => connection === undefined)
  const counted = arrived.reduce((sum, { count }) => sum + count, 0)
  if (counted !== head) faults.push({ invariant: 'I10', what: `${shop} has ${head} events and counted ${counted}` })
  return faults
}

/** I1: everything is in one state, and the right one. I9: and that one is final. I10: and counted. */
const connectionFaults = async (
  store: Store,
  world: World,
  connected: Connected,
  histories: Histories,
): Promise<Violation[]> => {
  const { shop, id, slug, account, after, removedAt } = connected
  const faults: Violation[] = []
  const name = `${slug} ${account}`
  const head = await store.head(shop)
  const bytes = await store.ledger(shop, id, after + 1, head)
  if (removedAt === undefined) {
    const lanes = (await store.lanes(shop)).filter(({ connection }) => connection === id)
    for (const lane of lanes)
      if (lane.position < (lane.to ?? head))
        faults.push({ invariant: 'I9', what: `${name} still has ${lane.position + 1}… of its ${lane.kind} lane` })
    for (const row of await store.parked(shop, id, 1000))
      faults.push({ invariant: 'I9', what: `${name} ${row.seq} is still parked (${row.kind}, ${row.code ?? ''})` })
  }
  const destination = destinations.get(slug)
  const model = MODELS.get(slug)
  if (!destination || !model) return faults
  const counts = new Map<number, number>()
  for (const [place, byte] of bytes.entries()) {
    const seq = after + 1 + place
    counts.set(byte, (counts.get(byte) ?? 0) + 1)
    const logged = world.logged.get(shop)?.[seq - 1]
    const outcome = outcomeOf(byte)
    if (!logged || (removedAt !== undefined && (byte === 0 || outcome === 'parked'))) continue
    if (outcome === undefined) faults.push({ invariant: 'I1', what: `${name} ${seq} has no outcome` })
    if (outcome === undefined || outcome === 'parked') continue
    const history = histories.of(connected, model.keyOf(logged.event))
    const wrong = excuseFor(outcome, { world, connected, destination, logged, history })
    if (wrong !== undefined)
      faults.push({ invariant: 'I1', what: `${name} ${seq} ${logged.event.id} is ${outcome}: ${wrong}` })
  }
  const rollups = (await store.rollups(shop, 0)).filter(({ connection }) => connection === id)
  const told = new Map<number, number>()
  for (const { outcome, count } of rollups) told.set(outcome, (told.get(outcome) ?? 0) + count)
  for (const outcome of Object.values(OUTCOMES))
    if ((told.get(outcome) ?? 0) !== (counts.get(outcome) ?? 0))
      faults.push({
        invariant: 'I10',
        what: `${name} has ${counts.get(outcome) ?? 0} ${outcomeOf(outcome)} and counted ${told.get(outcome) ?? 0}`,
      })
  return faults
}

/** I7: nothing of a person and no secret in what is logged. */
const saidTooMuch = ({ said }: World): Violation[] =>
  said
    .filter((line) => /@example\.com|203\.0\.113|secret[0-9a-f]{6}|pk_\d|whsec_|client-\d/.test(line))
    .map((line) => ({ invariant: 'I7', what: line }))
