import type { EventName } from '../event/names.ts'
import type { OrderRecord } from './store.ts'

export type OrderSearch = { readonly name: string } | { readonly email: string }

/** An order with the ids of its refunds, under which their events are found. */
export interface FoundOrder extends OrderRecord {
  readonly refunds: readonly string[]
}

/** Which events are meant: none below the number `from`, none of other names, no other numbers. */
export interface Only {
  readonly from: number
  readonly names?: readonly EventName[]
  readonly seqs?: readonly number[]
}
