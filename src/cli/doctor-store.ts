import type { Config } from '../config.ts'
import { destinations } from '../destinations/all.ts'
import { accountOf } from '../http/api/account.ts'
import { HOUR, MINUTE } from '../lib/duration.ts'
import { expiryNotice, expiryOf } from '../pipeline/expiring.ts'
import { type Waiting, waitingOf } from '../pipeline/waiting.ts'
import {
  KEEPING_TIMES,
  KEPT,
  keptDays,
  RETENTION_SETTING,
  type Retention,
  retentionOf,
} from '../store/keeping-times.ts'
import type { ShopRecord, Store } from '../store/store.ts'
import type { Check } from './doctor.ts'
import { isStoreThere, openStore } from './with-store.ts'

/** The write-ahead log is carried over every few thousand writes; beyond this something keeps it from being. */
const LARGE_LOG = 256 * 1024 * 1024
/** Dead letters counted of one connection; beyond, "more than". */
const DEAD_SEEN = 1000
/** A live lane whose next event waits for so long, although nothing has failed, does not move. */
const STUCK = 15 * MINUTE
/** Clocks of one machine differ by nothing; an event from further ahead came before somebody set the clock back. */
const AHEAD = 5 * MINUTE

/** What the store says of itself, of each connection and of the clock. `serving`: a server runs on it. */
export const storeChecks = async (config: Config, serving: boolean): Promise<readonly Check[]> => {
  if (!isStoreThere(config)) return []
  try {
    const store = await openStore(config)
    try {
      const saved = await store.setting(RETENTION_SETTING)
      const shops = (await store.shops()).filter(({ installedAt }) => installedAt > 0)
      const connections = await Promise.all(
        shops.map((shop) => connectionChecks(store, shop, retentionOf(saved), serving)),
      )
      return [
        ...(await healthChecks(store)),
        await clockCheck(store, shops),
        retentionCheck(saved),
        { check: 'shops', ok: true, told: `${shops.length} shop(s), ${connections.flat().length} connection(s)` },
        ...connections.flat(),
      ]
    } finally {
      await store.close()
    }
  } catch (fault) {
    return [{ check: 'store', ok: false, told: fault instanceof Error ? fault.message : 'cannot be opened' }]
  }
}

const kib = (bytes: number): string => `${Math.round(bytes / 1024)} KiB`

const healthChecks = async (store: Store): Promise<readonly Check[]> => {
  const { engine, version, events, bytes, durability, logBytes = 0 } = await store.health()
  return [
    {
      check: 'store',
      ok: durability === 'full',
      told: `${engine} ${version}, ${events} events, ${kib(bytes)}, flush per commit: ${durability}`,
    },
    {
      check: 'write-ahead log',
      ok: logBytes <= LARGE_LOG,
      told:
        logBytes <= LARGE_LOG
          ? kib(logBytes)
          : `${kib(logBytes)}, and it should not grow like that: end whatever else reads the data folder, or restart`,
    },
  ]
}

const clockCheck = async (store: Store, shops: readonly ShopRecord[]): Promise<Check> => {
  const newest = (await Promise.all(shops.map(({ shop }) => store.newest(shop, 1)))).flat()
  const last = Math.max(0, ...newest.map(({ receivedAt }) => receivedAt))
  const ok = last <= Date.now() + AHEAD
  const told = ok
    ? new Date().toISOString()
    : `${new Date().toISOString()}, but events were received at ${new Date(last).toISOString()}: set the clock`
  return { check: 'clock', ok, told }
}

const retentionCheck = (saved: unknown): Check => {
  const days = keptDays(saved)
  const changed = KEPT.filter((name) => days[name] !== KEEPING_TIMES[name].default)
  return {
    check: 'retention',
    ok: true,
    told: changed.length === 0 ? 'as by default' : changed.map((name) => `${name} ${days[name]} days`).join(', '),
  }
}

const connectionChecks = async (
  store: Store,
  shop: ShopRecord,
  kept: Retention,
  serving: boolean,
): Promise<readonly Check[]> =>
  Promise.all(
    (await waitingOf(store, shop)).map(async (waiting) => {
      const { connection } = waiting
      const { destination, state, trouble } = connection
      const known = destinations.get(destination)
      const now = Date.now()
      const expires = known && expiryOf(waiting, known.limits, kept, now)
      const faults = [
        ...(trouble === undefined ? [] : [trouble]),
        ...(expires === undefined ? [] : [expiryNotice(expires, now)]),
        ...(serving && (await isStuck(store, shop, waiting, now))
          ? ['Its lane does not move although nothing has failed: restart Converlay, and report this with the log.']
          : []),
      ]
      const account = accountOf(known, connection)
      const dead = (await store.deadLetters(shop.shop, connection.id, DEAD_SEEN)).length
      return {
        check: `${shop.shop} to ${destination}${account === undefined ? '' : ` ${account}`}`,
        ok: faults.length === 0,
        told: [state, waits(waiting, now), deadTold(dead), ...faults].filter((text) => text !== '').join('; '),
      }
    }),
  )

const waits = ({ inLine, parked, oldest }: Waiting, now: number): string => {
  const count = inLine + parked.length
  if (count === 0) return 'nothing waits'
  return `${count} wait${count === 1 ? 's' : ''}${oldest === undefined ? '' : `, the oldest for ${ageText(now - oldest)}`}`
}

const ageText = (ms: number): string => {
  const minutes = Math.max(0, Math.floor(ms / MINUTE))
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(ms / HOUR)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`
}

const deadTold = (count: number): string =>
  count === 0 ? '' : `${count === DEAD_SEEN ? 'at least ' : ''}${count} dead letter${count === 1 ? '' : 's'}`

const isStuck = async (
  store: Store,
  shop: ShopRecord,
  { connection, lanes }: Waiting,
  now: number,
): Promise<boolean> => {
  const live = lanes.find(({ kind }) => kind === 'live')
  if (connection.state !== 'active' || !live || live.tries > 0 || live.due > now) return false
  const [next] = await store.read(shop.shop, live.position, 1)
  return next !== undefined && next.receivedAt < now - STUCK
}
