import type { Order } from '../sale.ts'

/** An order as Shopify keeps it, with what became of it. */
export interface Sold {
  readonly order: Order
  readonly status: 'PENDING' | 'PAID' | 'PARTIALLY_REFUNDED' | 'REFUNDED'
  /** Of the whole order; ms since 1970. */
  readonly refunds: readonly { readonly id: string; readonly at: number }[]
  readonly cancelledAt?: number
  readonly updatedAt: number
  /** Which order of this customer it is, from 1 on. */
  readonly place: number
}

/** What a store's admin knows of its sales. */
export const createBooks = () => {
  const sold = new Map<string, Sold>()
  const bought = new Map<string, number>()
  const change = (id: string, changed: (known: Sold) => Sold): boolean => {
    const known = sold.get(id)
    if (known) sold.set(id, changed(known))
    return known !== undefined
  }
  return {
    sell(order: Order, status: Sold['status'] = 'PAID'): void {
      const { customerId, firstOrder } = order.checkout.buyer
      const place = (bought.get(customerId) ?? (firstOrder ? 0 : 1)) + 1
      bought.set(customerId, place)
      sold.set(order.id, { order, status, refunds: [], updatedAt: order.updatedAt, place })
    },
    /** Gives a whole order back. False when there is none of this id. */
    refund: (orderId: string, refund: { readonly id: string; readonly at: number }): boolean =>
      change(orderId, (known) => ({
        ...known,
        status: 'REFUNDED',
        refunds: [...known.refunds, refund],
        updatedAt: refund.at,
      })),
    cancel: (orderId: string, at: number): boolean =>
      change(orderId, (known) => ({ ...known, cancelledAt: at, updatedAt: at })),
    /** In the order in which they were changed last. */
    byUpdate: (): readonly Sold[] => [...sold.values()].sort((a, b) => a.updatedAt - b.updatedAt),
    find: (orderId: string): Sold | undefined => sold.get(orderId),
    clear: () => {
      sold.clear()
      bought.clear()
    },
  }
}

export type Books = ReturnType<typeof createBooks>
