import type { Shop } from '../event/event.ts'

/** The store could not do it: nothing was written (`away`: nobody knows) and the sender should try again. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault'
  readonly kind: FaultKind
  constructor(kind: FaultKind, message: string) {
    super(message)
    this.kind = kind
  }
}

/**
 * busy: too much waits, for moments. full: room may come back. broken: the process must start again and recover. away: the
 * database cannot be reached; what was not acknowledged may be written or not, try again.
 */
export type FaultKind = 'busy' | 'full' | 'broken' | 'away'

/** Another process owns the shop now: the settlement was refused and nothing was written. */
export class Fenced extends Error {
  override readonly name = 'Fenced'
  constructor(shop: Shop) {
    super(`${shop} is delivered by another process now.`)
  }
}
