import type { Shop } from '../event/event.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../lib/duration.ts'
import { whatFailed } from '../lib/log.ts'
import type { Runtime } from '../pipeline/runtime.ts'
import type { Period } from '../shopify/orders.ts'
import { type Looked, type Reconciling, reconcile } from '../shopify/reconcile.ts'
import { RECONCILE, type ReconcileResult, type ReconcileState, reconcileState } from '../shopify/reconcile-state.ts'
import type { ShopRecord, Store } from '../store/store.ts'

/** How often each shop's orders are compared with Shopify's. */
const EVERY = 15 * MINUTE
/** Looks reach back this far behind the last one: what Shopify's search showed late is found by the next. */
const OVERLAP = 2 * HOUR
/** And once a day this far. */
const WEEK = 7 * DAY
/** How soon it is seen that somebody asked for a look. */
const TICK = 10 * SECOND
/** Whoever looks has the shop to itself for this long, and longer with each page. */
const LEASE = 5 * MINUTE
/** Shops looked through at once. */
const AT_ONCE = 4

export interface Reconciler {
  stop(): Promise<void>
}

/** What the job needs: as much of a runtime as it uses, beside what a look itself needs. */
export type ReconcilerWorld = Reconciling & {
  readonly runtime: Pick<Runtime, 'store' | 'clock' | 'meter' | 'log' | 'wake'>
}

/**
 * Compares every shop's orders with Shopify's for as long as the process runs: every quarter of an hour what changed
 * since, once a day the last week, and whenever somebody asks. Of several processes one looks at a shop at a time.
 */
export const startReconciler = (world: ReconcilerWorld): Reconciler => {
  const { store, clock, log, wake } = world.runtime
  const stopping = new AbortController()
  /** When each shop's time comes, as far as it is known here. */
  const due = new Map<Shop, number>()
  /** Something of them changed: it may be a wish. */
  const changed = new Set<Shop>()
  const unsubscribe = wake.on('arrived', (shop) => changed.add(shop))

  const look = async (shop: ShopRecord): Promise<void> => {
    const now = clock.now()
    const { state, version } = await reconcileState(store, shop.shop)
    const next = state.asked === undefined ? (state.last?.at ?? now - EVERY) + EVERY : now
    const free = Math.max(next, state.leasedUntil ?? 0)
    due.set(shop.shop, free)
    if (free > now) return
    const turn = turnOf(store, clock, shop.shop, { state, version })
    if (!(await turn.take())) return
    const period = periodOf(state, shop, now)
    const looked = await reconcile(world, shop, period, turn.passed)
    await turn.end(afterLook(state, period, looked, now))
    due.set(shop.shop, now + EVERY)
    const { found, problem } = looked
    if (found > 0) log.info('missing orders were found', { shop: shop.shop, events: found })
    // A store without the app has nothing to compare with, and its page says so.
    if (problem && problem.problem !== 'not_installed' && problem.message !== state.last?.problem)
      log.warn('orders could not be compared', { shop: shop.shop, kind: problem.problem })
  }

  const round = async (): Promise<void> => {
    const now = clock.now()
    const waiting = (await store.shops()).filter(
      ({ shop, installedAt }) => installedAt > 0 && (changed.delete(shop) || (due.get(shop) ?? 0) <= now),
    )
    const next = async (): Promise<void> => {
      for (let shop = waiting.shift(); shop && !stopping.signal.aborted; shop = waiting.shift())
        await look(shop).catch((fault: unknown) =>
          log.warn('a look at the orders failed, it is taken again', { shop: shop?.shop, fault: whatFailed(fault) }),
        )
    }
    await Promise.all(Array.from({ length: AT_ONCE }, next))
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await round().catch((fault: unknown) => log.warn('shops could not be read', { fault: whatFailed(fault) }))
      await clock.sleep(TICK, stopping.signal)
    }
  }
  const running = run()
  return {
    stop: async () => {
      unsubscribe()
      stopping.abort()
      await running
    },
  }
}

/** What is to be looked through now: since the last look, since a week ago once a day, or since when somebody asked. */
const periodOf = ({ until, weekAt, asked }: ReconcileState, { installedAt }: ShopRecord, now: number): Period => {
  const week = now - WEEK
  if (asked) return { since: asked.since, until: now }
  if (until === undefined || weekAt === undefined || now - weekAt >= DAY)
    return { since: Math.min(week, (until ?? now) - OVERLAP), until: now }
  return { since: Math.max(installedAt, until) - OVERLAP, until: now }
}

/** The state once a look has ended. A look that did not come to its end leaves what it passed. */
const afterLook =
  (before: ReconcileState, { since, until }: Period, { orders, found, problem }: Looked, now: number) =>
  (state: ReconcileState): ReconcileState => {
    const { leasedUntil: _, asked, ...kept } = state
    // A wish that came meanwhile is still one.
    const wish = asked && asked.at !== before.asked?.at ? { asked } : {}
    const last: ReconcileResult = {
      at: now,
      since,
      orders,
      found,
      ...(problem ? { problem: problem.message } : {}),
      ...(before.asked ? { asked: before.asked.at } : {}),
    }
    const whole = problem === undefined && before.asked === undefined
    const isWeek = whole && since <= now - WEEK
    return { ...kept, ...wish, last, ...(whole ? { until } : {}), ...(isWeek ? { weekAt: now } : {}) }
  }

interface Turn {
  /** False when another process has the shop. */
  take(): Promise<boolean>
  /** All is known up to here; the turn lasts longer. */
  passed(until: number): Promise<void>
  end(after: (state: ReconcileState) => ReconcileState): Promise<void>
}

/** One process's turn at a shop: whoever replaces the version that it saw has it. */
const turnOf = (
  store: Pick<Store, 'entry' | 'saveEntry'>,
  clock: Runtime['clock'],
  shop: Shop,
  { state, version }: { readonly state: ReconcileState; readonly version: number },
): Turn => {
  const save = (value: ReconcileState, was: number): Promise<boolean> =>
    store.saveEntry(shop, 'progress', RECONCILE, value, { at: clock.now(), was })
  /** Changes the state as it is now, wishes of others included. */
  const change = async (how: (now: ReconcileState) => ReconcileState): Promise<void> => {
    for (;;) {
      const now = await reconcileState(store, shop)
      if (await save(how(now.state), now.version)) return
    }
  }
  const lease = () => ({ leasedUntil: clock.now() + LEASE })
  // Of a look over a week, or over what somebody asked, an early page says nothing about what lies before it.
  const isNext = state.asked === undefined && state.weekAt !== undefined && clock.now() - state.weekAt < DAY
  return {
    take: () => save({ ...state, ...lease() }, version),
    passed: (until) =>
      change((now) => ({ ...now, ...lease(), ...(isNext && until > (now.until ?? 0) ? { until } : {}) })),
    end: change,
  }
}
