import type { Shop } from '../event/event.ts'
import { type HttpResponse, LONGEST_REQUEST } from '../lib/http.ts'
import type { Runtime } from './runtime.ts'

/**
 * Who may deliver a shop. One process has it at a time: two that send the same events side by side would not know of
 * each other's answers.
 */
export interface Ownership {
  /** This process's hold on a shop; undefined when it has none. */
  of(shop: Shop): Hold | undefined
  /** Takes part in delivering; returns the function that ends it. */
  join(deliverer: Deliverer): () => void
}

/** A shop that is ours for a while. */
export interface Hold {
  /** The number of this hold: the store refuses what an earlier owner settles. Absent where nobody else could be. */
  readonly fence?: number
  /** ms for which nobody else has the shop, by a clock that nobody sets. */
  left(): number
}

export interface Deliverer {
  /** The shop may be delivered from now on. */
  gained(shop: Shop): void
  /** Resolves when nothing of the shop is under way here: then another process may have it, without any doubt. */
  leave(shop: Shop): Promise<void>
}

const OURS: Hold = { left: () => Number.POSITIVE_INFINITY }

/** Where there is only one process, every shop is its own. */
export const alwaysOurs: Ownership = { of: () => OURS, join: () => () => {} }

/** A process that does not deliver has no shop. */
export const notOurs: Ownership = { of: () => undefined, join: () => () => {} }

/** Whether a request may start: it has ended, one way or the other, before another process may send its first. */
export const mayAsk = (hold: Hold): boolean => hold.left() >= LONGEST_REQUEST

/**
 * The runtime as it is for the owner of a shop: right before each request (events, polls, tokens) it is seen whether it
 * may still start, and each settlement says under which hold it was made.
 */
export const asOwner = (runtime: Runtime, hold: Hold): Runtime => ({
  ...runtime,
  send: async (request) => (mayAsk(hold) ? runtime.send(request) : WITHHELD),
  store: {
    ...runtime.store,
    settle: (settlement) =>
      runtime.store.settle(hold.fence === undefined ? settlement : { ...settlement, fence: hold.fence }),
  },
})

const WITHHELD: HttpResponse = {
  status: 0,
  headers: {},
  body: '',
  problem: 'another process may be about to deliver this shop',
  ambiguous: false,
  unsent: true,
  withheld: true,
}
