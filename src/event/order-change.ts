/** What a message tells about an order itself, for the table of orders from which refunds and cancels are completed. */
export interface OrderChange {
  readonly orderId: string
  readonly name?: string
  /** ms since 1970. */
  readonly placedAt?: number
  readonly value?: string
  readonly currency?: string
  readonly channel?: string
  /** Lower-cased address; kept only as a keyed index. */
  readonly email?: string
  /** Adds to what was refunded, once per refund id. */
  readonly refund?: { readonly id: string; readonly value: string }
  /** ms since 1970. */
  readonly cancelledAt?: number
}
