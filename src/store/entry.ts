/**
 * What small documents a shop has besides its log: each kind, and what its keys are.
 *
 * - installation, token: how the app is installed and its access to the Admin API; key `app`
 * - api_key: what is known of a key for track; key: the key's own id
 * - data_request, audit: requests of people and shops, and what was done; key begins with the moment
 * - data_request_open: those that wait for the job that does them, under the same keys
 * - data_export: answers to requests for data, while they can be fetched, under the same keys
 * - product: what the catalogue says of a product; key: its id
 * - shop_setting: what the merchant chose for the whole shop; key: the setting's name
 * - progress: how far a job is with this shop; key: the job's name
 * - notice: what Shopify told of the app or the shop and is still to be carried out; key: how urgent, and a hash of the
 *   message's id
 */
export type EntryKind =
  | 'installation'
  | 'token'
  | 'api_key'
  | 'data_request'
  | 'data_request_open'
  | 'data_export'
  | 'audit'
  | 'product'
  | 'shop_setting'
  | 'progress'
  | 'notice'

/** One of them. */
export interface Entry {
  /** Stands in the clear, so it is never personal nor secret. Printable ASCII: that is in the same order everywhere. */
  readonly key: string
  /** As JSON gives it; sealed at rest with the shop's key. */
  readonly value: unknown
  /** 1 when it was made, one more at each change. */
  readonly version: number
  /** When it was last changed, ms. */
  readonly at: number
}

export interface EntryQuery {
  readonly limit: number
  /** Only keys beyond this one, in the order that is asked for. */
  readonly after?: string
  readonly descending?: boolean
}

export interface EntryChange {
  readonly at: number
  /** The version that it replaces, 0 for none; absent: whatever is there. */
  readonly was?: number
  /** When retention takes it, ms; absent: it stays. */
  readonly until?: number
  /** Sealed for this person, a subject: erased with them. Absent: under the shop's own key. */
  readonly subject?: string
}
