import { OUTCOMES } from '../../../src/destinations/outcomes.ts'
import type { Shop } from '../../../src/event/event.ts'
import { MINUTE, SECOND } from '../../../src/lib/duration.ts'
import type { Random } from '../../../src/sandbox/random.ts'
import type { Settlement } from '../../../src/store/settlement.ts'
import { type NewEvent, type Store, StoreFault } from '../../../src/store/store.ts'
import { type Life, never, type VirtualTime } from './virtual-time.ts'

/** The calls that write, each of which is one transaction. */
const WRITES: ReadonlySet<string> = new Set<keyof Store>([
  'append',
  'settle',
  'saveProjection',
  'saveShop',
  'addConnection',
  'updateConnection',
  'removeConnection',
  'saveToken',
  'openTask',
  'cancelTask',
  'saveSetting',
  'saveEntry',
  'erase',
  'retain',
])

/** Times in which the disk takes nothing. */
export interface DiskTrouble {
  full(now: number): boolean
}

export const drawDiskTrouble = (random: Random, begin: number, end: number): DiskTrouble => {
  const from = random.chance(0.25) ? begin + Math.floor(random.next() * (end - begin)) : Number.POSITIVE_INFINITY
  const to = from + random.between(5 * SECOND, 3 * MINUTE)
  return { full: (now) => now >= from && now < to }
}

/** Retention looks every minute; to find nothing would cost as much as all the rest of a run. */
const RETAINS_ONE_IN = 20

/**
 * A store as one process sees it. A write takes its time and may be cut off by the process's end before it is done, or
 * after it, when nobody hears of it any more; a read now and then takes long enough for others to come in between.
 */
export const storeOf = (
  store: Store,
  life: Life,
  time: VirtualTime,
  random: Random,
  trouble: DiskTrouble,
  fired: (kind: string) => void,
  /** Called when a settlement is written that leaves something parked, and its caller has not heard of it. */
  parked: () => void,
): Store => {
  let looks = 0
  const call = async (name: string, work: () => Promise<unknown>): Promise<unknown> => {
    if (!life.alive) return never()
    const writes = WRITES.has(name)
    if (writes) await time.wait(random.between(1, 8))
    else if (random.chance(0.02)) await time.wait(random.between(1, 30))
    if (!life.alive) return never()
    if (writes && trouble.full(time.now())) {
      fired('disk full')
      throw new StoreFault('full', 'The disk is full.')
    }
    const result = await work()
    if (name === 'retain' && Number(result) > 0) fired('retention took rows')
    if (writes) await time.wait(random.between(0, 4))
    return life.alive ? result : never()
  }
  const around = Object.entries(store).map(([name, value]) => {
    if (typeof value !== 'function') return [name, value]
    return [
      name,
      (...given: unknown[]) => {
        if (name === 'retain' && looks++ % RETAINS_ONE_IN > 0) return Promise.resolve(0)
        return call(name, async () => {
          const result: unknown = await Reflect.apply(value, store, given)
          if (name === 'settle' && parks(given[0] as Settlement)) parked()
          return result
        })
      },
    ]
  })
  return Object.fromEntries(around) as Store
}

/** An event of a log, and when it was there on the world's clock: the server's own may be wrong. */
export interface LoggedEvent extends NewEvent {
  readonly cameAt: number
}

const parks = ({ stretch }: Settlement): boolean => stretch?.outcomes.includes(OUTCOMES.parked) ?? false

/** What stands in the logs, with its bodies, whatever is erased later. Kept beside the store, by none of its code. */
export interface Logged {
  readonly of: Map<Shop, LoggedEvent[]>
}

/** Notes every event that is appended, under its number. */
export const noting = (store: Store, logged: Logged, time: VirtualTime): Store => ({
  ...store,
  failed: store.failed,
  append: async (arrival) => {
    const appended = await store.append(arrival)
    const log = logged.of.get(arrival.shop) ?? []
    logged.of.set(arrival.shop, log)
    for (const [place, { seq, fresh }] of appended.events.entries()) {
      const event = arrival.events[place]
      if (fresh && event) log[seq - 1] = { ...event, cameAt: time.now() }
    }
    return appended
  },
})
