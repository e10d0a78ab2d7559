/** How a store is and what it stands on. */
export interface StoreHealth {
  readonly engine: string
  readonly version: string
  /** Flushes per commit as configured: "full" is the only setting under which append is honest. */
  readonly durability: string
  readonly events: number
  readonly bytes: number
  /** Of these, in its write-ahead log, where it has one of its own. */
  readonly logBytes?: number
}
