import type { Shop } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import { type Log, whatFailed } from '../lib/log.ts'
import type { Deliverer, Hold, Ownership } from '../pipeline/ownership.ts'
import type { Clock } from '../pipeline/runtime.ts'
import { LEASE, type Leases } from '../store/postgres/leases.ts'
import type { Workers } from '../store/postgres/workers.ts'

/** How often it is looked whether shops are free, or too many here. */
const LOOK = 5 * SECOND
/** How often leases are renewed: twice it may fail before less is left than one request may take. */
const RENEW = 10 * SECOND

export interface Held extends Ownership {
  /** The shops that this process delivers now. */
  shops(): readonly Shop[]
  /** Gives everything back. Delivery has ended by then. */
  stop(): Promise<void>
}

interface Lease {
  readonly hold: Hold
  /** By the monotonic clock. */
  until: number
  /** It is being given back: nothing more is begun. */
  leaving: boolean
}

/**
 * Takes part in sharing out the shops: as many for each process as there are for all, rounded up, and what is too much is
 * given back when others come. How long a lease is left is counted by this process's monotonic clock from before the
 * question was asked, so that neither the answer's way nor a clock that somebody sets makes it longer than it is.
 */
export const startLeases = (
  desk: Leases & Workers,
  owner: string,
  {
    clock,
    log,
    monotonic = () => performance.now(),
  }: {
    readonly clock: Pick<Clock, 'sleep'>
    readonly log: Log
    readonly monotonic?: () => number
  },
): Held => {
  const leases = new Map<Shop, Lease>()
  const deliverers = new Set<Deliverer>()
  const stopping = new AbortController()
  const leaving = new Set<Promise<void>>()
  let renewed = Number.NEGATIVE_INFINITY

  // What is asked of the database is asked one after the other: its answers would otherwise contradict each other.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  const gain = (shop: Shop, fence: number, until: number) => {
    const lease: Lease = { hold: { fence, left: () => lease.until - monotonic() }, until, leaving: false }
    leases.set(shop, lease)
    for (const deliverer of deliverers) deliverer.gained(shop)
  }

  const renew = async (): Promise<void> => {
    const asked = monotonic()
    const ours = await desk.renew(owner)
    renewed = asked
    const still = new Set(ours.map(({ shop }) => shop))
    for (const shop of leases.keys()) if (!still.has(shop)) leases.delete(shop)
    for (const { shop, epoch } of ours) {
      const known = leases.get(shop)
      if (known?.hold.fence === epoch) {
        // One that had run out and was not taken: nobody has looked after the shop since.
        const lapsed = known.until <= monotonic()
        known.until = asked + LEASE
        if (lapsed && !known.leaving) for (const deliverer of deliverers) deliverer.gained(shop)
      }
      // Claimed, and the answer was lost.
      else gain(shop, epoch, asked + LEASE)
    }
  }

  const giveBack = async (shop: Shop, lease: Lease): Promise<void> => {
    lease.leaving = true
    await Promise.all([...deliverers].map((deliverer) => deliverer.leave(shop)))
    await inTurn(async () => {
      if (leases.get(shop) !== lease) return
      await desk.release(owner, [shop])
      leases.delete(shop)
    }).catch(() => {
      // It is ours until the lease ends; so let it be delivered.
      lease.leaving = false
      for (const deliverer of deliverers) deliverer.gained(shop)
    })
  }

  const look = async (): Promise<void> => {
    if (monotonic() - renewed >= RENEW) await renew()
    const { workers, shops } = await desk.here(owner)
    const fair = Math.ceil(shops / Math.max(1, workers))
    const staying = [...leases].filter(([, lease]) => !lease.leaving)
    if (staying.length < fair) {
      const asked = monotonic()
      for (const { shop, epoch } of await desk.claim(owner, fair - staying.length)) gain(shop, epoch, asked + LEASE)
    }
    for (const [shop, lease] of staying.slice(fair)) {
      const going = giveBack(shop, lease).finally(() => leaving.delete(going))
      leaving.add(going)
    }
  }

  const run = async () => {
    while (!stopping.signal.aborted) {
      await inTurn(look).catch((fault: unknown) =>
        log.warn('leases could not be renewed', { fault: whatFailed(fault) }),
      )
      await clock.sleep(LOOK, stopping.signal)
    }
  }
  const running = run()

  return {
    of: (shop) => {
      const lease = leases.get(shop)
      return lease && !lease.leaving && lease.hold.left() > 0 ? lease.hold : undefined
    },
    join(deliverer) {
      deliverers.add(deliverer)
      return () => void deliverers.delete(deliverer)
    },
    shops: () => [...leases.keys()],
    stop: async () => {
      stopping.abort()
      await running
      await Promise.all(leaving)
      leases.clear()
      await inTurn(async () => {
        await desk.release(owner)
        await desk.gone(owner)
      }).catch((fault: unknown) =>
        log.warn('leases could not be given back and end by themselves', {
          fault: whatFailed(fault),
        }),
      )
    },
  }
}
