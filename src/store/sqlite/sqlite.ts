import { mkdirSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { type Log, silentLog } from '../../lib/log.ts'
import type { RawEvent } from '../log-rows.ts'
import { eventOf } from '../sealing.ts'
import type { Store, StoredEvent } from '../store.ts'
import { groupCommit } from './group-commit.ts'
import type { Operations } from './operations.ts'
import type { Role } from './protocol.ts'
import { type Place, STEP, type Step } from './retention.ts'
import { startThread, type Thread } from './thread.ts'

export interface SqliteOptions {
  /** The data folder; made when it is not there. */
  readonly path: string
  /** 32 bytes, kept outside the data folder. */
  readonly masterKey: Uint8Array
  /** One process runs as the server of a folder; tools are short commands beside it. */
  readonly role?: Role
  /** A quota: beyond this size of its file the store behaves as on a full disk. */
  readonly maxBytes?: number
  /**
   * Room that is kept on the disk (or of the quota) so that a full one can still be settled and erased on; at most a
   * sixteenth of it. None unless told.
   */
  readonly reserveBytes?: number
  readonly log?: Log
  /** Called when another process has written, a command for instance; only for a server, soon after, once for many. */
  readonly othersWrote?: () => void
  /** Is told how long each call took, ms. */
  readonly timing?: (operation: string, ms: number) => void
}

const parse = ({ text, ...clear }: RawEvent): StoredEvent => ({
  ...clear,
  event: text === undefined ? undefined : eventOf(text),
})

const timed =
  (request: Thread['request'], timing: NonNullable<SqliteOptions['timing']>): Thread['request'] =>
  async (message) => {
    const began = performance.now()
    try {
      return await request(message)
    } finally {
      timing('operation' in message ? message.operation : 'append', performance.now() - began)
    }
  }

/**
 * Opens the store in a data folder, in a thread of its own. Rejects with a sentence for people when it cannot run there:
 * another server has the folder, the master key is not the folder's, the SQLite is too old, the disk refuses.
 */
export const openSqlite = async ({
  path,
  masterKey,
  role = 'server',
  maxBytes,
  reserveBytes = 0,
  log = silentLog,
  othersWrote = () => {},
  timing,
}: SqliteOptions): Promise<Store> => {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const thread = await startThread({ folder: path, masterKey, role, maxBytes, reserveBytes }, log, othersWrote)
  const request: typeof thread.request = timing ? timed(thread.request, timing) : thread.request
  const commits = groupCommit((append, events) => request({ append, events }) as Promise<Float64Array>)

  const call =
    <Name extends keyof Operations>(operation: Name) =>
    (...values: Parameters<Operations[Name]>): Promise<ReturnType<Operations[Name]>> =>
      request({ operation, values }) as Promise<ReturnType<Operations[Name]>>

  const read = call('read')
  const readSeqs = call('readSeqs')
  const eventsOf = call('eventsOf')
  const newest = call('newest')
  const unprojected = call('unprojected')
  const retainStep = call('retainStep')

  return {
    append: commits.append,
    saveShop: call('saveShop'),
    shop: call('shop'),
    shops: call('shops'),
    addConnection: call('addConnection'),
    updateConnection: call('updateConnection'),
    removeConnection: call('removeConnection'),
    connections: call('connections'),
    head: call('head'),
    read: async (shop, after, limit) => (await read(shop, after, limit)).map(parse),
    readSeqs: async (shop, seqs) => (await readSeqs(shop, seqs)).map(parse),
    eventsOf: async (shop, people, after, limit) => (await eventsOf(shop, people, after, limit)).map(parse),
    newest: async (shop, limit, below, only) => (await newest(shop, limit, below, only)).map(parse),
    seqOf: call('seqOf'),
    parts: call('parts'),
    unprojected: async (limit) => (await unprojected(limit)).map(({ shop, event }) => ({ shop, event: parse(event) })),
    unprojectedParts: call('unprojectedParts'),
    identities: call('identities'),
    saveProjection: call('saveProjection'),
    lanes: call('lanes'),
    settle: call('settle'),
    openTask: call('openTask'),
    tasks: call('tasks'),
    cancelTask: call('cancelTask'),
    parked: call('parked'),
    deadLetters: call('deadLetters'),
    deadCauses: call('deadCauses'),
    parkedSeqs: call('parkedSeqs'),
    polls: call('polls'),
    token: call('token'),
    saveToken: call('saveToken'),
    ledger: call('ledger'),
    attempts: call('attempts'),
    orders: call('orders'),
    findOrders: call('findOrders'),
    ordersOfDay: call('ordersOfDay'),
    message: call('message'),
    rollups: call('rollups'),
    entry: call('entry'),
    entries: call('entries'),
    saveEntry: call('saveEntry'),
    setting: call('setting'),
    saveSetting: call('saveSetting'),
    // In steps, with as long a rest behind each: that is when the thread takes in and delivers.
    async retain(policy, now, limit) {
      let gone = 0
      for (let place: Place | undefined = { kind: 0, shop: 0, left: limit }; place; ) {
        const step: Step = await retainStep(policy, now, limit, place)
        gone += step.gone
        place = step.next
        if (place) await setTimeout(STEP)
      }
      return gone
    },
    linked: call('linked'),
    erase: call('erase'),
    eraseShop: call('eraseShop'),
    health: call('health'),
    failed: thread.failed,
    async close() {
      await commits.idle()
      await thread.close()
    },
  }
}
