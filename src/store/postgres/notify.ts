import { setTimeout as pauseFor } from 'node:timers/promises'
import pg from 'pg'
import type { Shop } from '../../event/event.ts'
import { SECOND } from '../../lib/duration.ts'
import { type Log, whatFailed } from '../../lib/log.ts'
import type { Store } from '../store.ts'
import { clientOptions } from './database.ts'
import type { PostgresStore } from './postgres.ts'

export type NoticeKind = 'arrived' | 'settled'

/** Hints between processes that something of a shop changed. They may be lost or come twice: who relies on them also looks. */
export interface Notices {
  /** Tells every process that listens, this one too. Several of one shop in a moment are told once. Never waits or throws. */
  tell(kind: NoticeKind, shop: Shop): void
  close(): Promise<void>
}

export interface NoticesOptions {
  readonly url: string
  /** Of these kinds; a process that only captures listens to none. */
  readonly listen: readonly NoticeKind[]
  onNotice(kind: NoticeKind, shop: Shop): void
  /** Connected, at first and after every loss: what was told before was missed, so look at everything. */
  onConnected(): void
  readonly log: Log
}

const CHANNELS: Readonly<Record<NoticeKind, string>> = { arrived: 'converlay_arrived', settled: 'converlay_settled' }

const kindOf = (channel: string): NoticeKind | undefined =>
  channel === CHANNELS.arrived ? 'arrived' : channel === CHANNELS.settled ? 'settled' : undefined

const FIRST_PAUSE = SECOND / 5
const LONGEST_PAUSE = 5 * SECOND
/** Asks whether the connection still lives when nothing else is said on it: it may be gone without a word. */
const PROBE_EVERY = 20 * SECOND

/**
 * A connection of its own that tells and listens, and connects again by itself. Notices are told outside of transactions:
 * inside one they would make all committing transactions of the database wait for each other.
 */
export const openNotices = ({ url, listen, onNotice, onConnected, log }: NoticesOptions): Notices => {
  const closing = new AbortController()
  const waiting: Readonly<Record<NoticeKind, Set<Shop>>> = { arrived: new Set(), settled: new Set() }
  let wake = Promise.withResolvers<void>()

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client(clientOptions(url))
    // Its loss is noticed by the loop below, through `end`.
    client.on('error', () => {})
    client.on('notification', ({ channel, payload }) => {
      const kind = kindOf(channel)
      // Only names of shops are ever told; whoever reads takes one that it does not know for nothing.
      if (kind && payload) onNotice(kind, payload as Shop)
    })
    try {
      await client.connect()
      for (const kind of listen) await client.query(`LISTEN ${CHANNELS[kind]}`)
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    return client
  }

  const tellAll = async (client: pg.Client): Promise<void> => {
    for (const kind of ['arrived', 'settled'] as const) {
      const shops = [...waiting[kind]]
      waiting[kind].clear()
      if (shops.length > 0)
        await client.query('SELECT pg_notify($1, shop) FROM unnest($2::text[]) AS shop', [CHANNELS[kind], shops])
    }
  }

  /** Tells what there is to tell for as long as the connection lives. */
  const serve = async (client: pg.Client): Promise<void> => {
    let lost = false
    client.once('end', () => {
      lost = true
      wake.resolve()
    })
    for (;;) {
      const probe = setTimeout(() => wake.resolve(), PROBE_EVERY)
      await wake.promise
      clearTimeout(probe)
      wake = Promise.withResolvers()
      if (lost || closing.signal.aborted) return
      if (waiting.arrived.size + waiting.settled.size > 0) await tellAll(client)
      else await client.query('SELECT 1')
    }
  }

  const run = async (): Promise<void> => {
    let pause = FIRST_PAUSE
    while (!closing.signal.aborted) {
      try {
        const client = await connect()
        pause = FIRST_PAUSE
        onConnected()
        try {
          await serve(client)
        } finally {
          await client.end().catch(() => {})
        }
      } catch (error) {
        log.warn('no notices between processes for now', { fault: whatFailed(error) })
      }
      // Not all processes of an installation at the same moment.
      const jittered = pause * (0.5 + Math.random() / 2)
      await pauseFor(jittered, undefined, { signal: closing.signal }).catch(() => {})
      pause = Math.min(LONGEST_PAUSE, pause * 2)
    }
  }

  const running = run()
  return {
    tell(kind, shop) {
      waiting[kind].add(shop)
      wake.resolve()
    },
    async close() {
      closing.abort()
      wake.resolve()
      await running
    },
  }
}

/** The store, which tells the processes of its database when it has changed something that the delivery of a shop goes by. */
export const telling = (store: PostgresStore): Store => {
  const notice = store.database.sql('SELECT pg_notify($1, $2)')
  const told = async <Result>(shop: Shop, change: Promise<Result>): Promise<Result> => {
    const result = await change
    // The change is written: a lost notice only makes it wait.
    await notice.run(CHANNELS.arrived, shop).catch(() => {})
    return result
  }
  return {
    ...store,
    saveShop: (shop) => told(shop.shop, store.saveShop(shop)),
    addConnection: (connection) => told(connection.shop, store.addConnection(connection)),
    updateConnection: (shop, id, change) => told(shop, store.updateConnection(shop, id, change)),
    removeConnection: (shop, id) => told(shop, store.removeConnection(shop, id)),
    openTask: (task) => told(task.shop, store.openTask(task)),
    cancelTask: (shop, id, at) => told(shop, store.cancelTask(shop, id, at)),
    saveEntry: (shop, kind, key, value, change) => told(shop, store.saveEntry(shop, kind, key, value, change)),
  }
}
