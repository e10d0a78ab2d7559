import type { Shop } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import type { Log } from '../lib/log.ts'
import type { Clock, Wake } from '../pipeline/runtime.ts'
import { openNotices } from '../store/postgres/notify.ts'
import { localWake } from './wake.ts'

/** How often it is looked what arrived without being told: a notice may be lost with its connection. */
const LOOK = 3 * SECOND

export interface SharedWake {
  readonly wake: Wake
  /**
   * Looks every few seconds whether shops have more than at the last look, and wakes their delivery. Returns what ends
   * that.
   */
  watch(shops: () => readonly Shop[], counts: (shops: readonly Shop[]) => Promise<ReadonlyMap<Shop, number>>): Ended
  close(): Promise<void>
}

interface Ended {
  stop(): Promise<void>
}

/** Wakes over all processes of a database. What a process tells comes back to itself in the same way. */
export const sharedWake = ({
  url,
  listen,
  clock,
  log,
}: {
  readonly url: string
  readonly listen: readonly ('arrived' | 'settled')[]
  readonly clock: Pick<Clock, 'sleep'>
  readonly log: Log
}): SharedWake => {
  const local = localWake()
  let seen = new Map<Shop, number>()
  const notices = openNotices({
    url,
    listen,
    onNotice: (kind, shop) => local[kind](shop),
    // What was told meanwhile was missed: whatever there is counts as new.
    onConnected: () => {
      seen = new Map()
    },
    log,
  })
  return {
    wake: {
      arrived: (shop) => notices.tell('arrived', shop),
      settled: (shop) => notices.tell('settled', shop),
      on: local.on,
    },
    watch: (shops, counts) => {
      const stopping = new AbortController()
      const run = async () => {
        while (!stopping.signal.aborted) {
          await clock.sleep(LOOK, stopping.signal)
          const now = await counts(shops()).catch(() => new Map<Shop, number>())
          for (const [shop, count] of now)
            if (seen.get(shop) !== count) {
              seen.set(shop, count)
              local.arrived(shop)
            }
        }
      }
      const running = run()
      return {
        stop: async () => {
          stopping.abort()
          await running
        },
      }
    },
    close: () => notices.close(),
  }
}
