import type { Shop } from '../event/event.ts'
import type { StoredEvent, StoredPart } from '../store/store.ts'
import { type Appearance, startLearning } from './learning.ts'
import type { Projector } from './projector.ts'
import type { Runtime } from './runtime.ts'

/** A shop's log behind the watermarks of its projection. */
export interface LogBehind {
  unlearned(
    shop: Shop,
    limit: number,
  ): Promise<{
    readonly events: readonly StoredEvent[]
    /** In order of arrival, each with its number; one that is gone has none of its own any more. */
    readonly parts: readonly { readonly arrived: number; readonly part: StoredPart | undefined }[]
  }>
}

/** Learns as the projector does, but from the log, and only of shops that this process delivers. */
export interface Follower extends Pick<Projector, 'take' | 'update' | 'forget' | 'forgetShop'> {
  /** Resolves when all is learned that was acknowledged of the shop before this was asked. */
  learned(shop: Shop): Promise<void>
}

/** Events, and sightings, learned from in one transaction. */
const AT_ONCE = 1000

/**
 * Where several processes capture, each would learn from its own half of what a shopper does, and write over what the
 * other one learned. So they only append, and the one process that delivers a shop learns from its log, before it joins
 * what it read. Nothing is remembered between two times: what another process erased stays erased.
 */
export const startFollower = (
  runtime: Pick<Runtime, 'store' | 'ownership' | 'wake'>,
  log: LogBehind,
  onLearned: (appearances: readonly Appearance[]) => void,
): Follower => {
  const { store, ownership } = runtime
  const turns = new Map<Shop, Promise<unknown>>()
  /** A shop's learning and its changes on purpose take turns: each reads records, then writes what follows from them. */
  const inTurn = <T>(shop: Shop, work: () => Promise<T>): Promise<T> => {
    const mine = (turns.get(shop) ?? Promise.resolve()).then(work)
    const over = mine
      .catch(() => {})
      .then(() => {
        if (turns.get(shop) === over) turns.delete(shop)
      })
    turns.set(shop, over)
    return mine
  }
  const learningOf = (shop: Shop) => {
    const hold = ownership.of(shop)
    if (!hold) return undefined
    const fence = hold.fence === undefined ? {} : { fence: { shop, epoch: hold.fence } }
    return startLearning({
      identities: store.identities,
      saveProjection: (projection) => store.saveProjection({ ...projection, ...fence }),
    })
  }

  const learn = async (shop: Shop): Promise<void> => {
    for (;;) {
      const learning = learningOf(shop)
      if (!learning) return
      const { events, parts } = await log.unlearned(shop, AT_ONCE)
      if (events.length === 0 && parts.length === 0) return
      const batch = [
        ...events.flatMap(({ event, receivedAt, seq }) => (event ? [{ shop, event, at: receivedAt, seq }] : [])),
        ...parts.flatMap(({ part }) => (part ? [{ shop, event: part.event, at: part.receivedAt }] : [])),
      ].sort((a, b) => a.at - b.at)
      await learning.load(batch)
      learning.learn(batch)
      learning.pass(shop, { seq: events.at(-1)?.seq ?? 0, parts: parts.at(-1)?.arrived ?? 0 })
      await learning.write(true)
      onLearned(batch)
    }
  }

  return {
    learned: (shop) => inTurn(shop, () => learn(shop)),
    update: (shop, key, change) => inTurn(shop, async () => learningOf(shop)?.change(shop, key, change)),
    // What is under way of them is in the log, and unreadable when it is learned.
    forget: (shop, names) =>
      inTurn(shop, async () => {
        await learn(shop)
        return store.erase(shop, names)
      }),
    forgetShop: (shop, erasure) => inTurn(shop, () => store.eraseShop(shop, erasure)),
    take(appearances) {
      for (const shop of new Set(appearances.map((one) => one.shop))) runtime.wake.arrived(shop)
    },
  }
}
