import type { Shop } from '../event/event.ts'
import type { EventName } from '../event/names.ts'
import type { IdentityKey, IdentityRecord } from './store.ts'

/** What was learned from events, to be written at once. */
export interface Projection {
  readonly changes: readonly { readonly shop: Shop; readonly key: IdentityKey; readonly record: IdentityRecord }[]
  /** Subjects that are one person. */
  readonly links: readonly { readonly shop: Shop; readonly a: string; readonly b: string }[]
  /** How many events of a name arrived in a quarter hour. */
  readonly arrivals: readonly {
    readonly shop: Shop
    readonly bucket: number
    readonly name: EventName
    readonly count: number
  }[]
  /** Per shop, the highest number that is now projected; where parts are numbered by arrival, of them as well. */
  readonly projected: readonly { readonly shop: Shop; readonly seq: number; readonly parts?: number }[]
  /** Under which hold on the shop it was learned (Settlement.fence): what an earlier owner learned is refused. */
  readonly fence?: { readonly shop: Shop; readonly epoch: number }
}
