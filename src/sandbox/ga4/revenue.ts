import { minus, sum } from '../../lib/money.ts'
import { type Html, html } from '../html.ts'
import type { Conversion } from '../kit/conversions.ts'

/** A transaction as the reports show it; amounts are decimal text. */
export interface Transaction {
  readonly account: string
  readonly transactionId: string
  readonly currency: string
  readonly purchased: string
  readonly refunded: string
  /** Purchased less refunded. */
  readonly revenue: string
}

/** Purchases and refunds by account, transaction and currency, oldest first. A refund that comes twice counts twice. */
export const transactionsOf = (conversions: readonly Conversion[]): readonly Transaction[] => {
  const groups = new Map<string, Conversion[]>()
  for (const conversion of conversions) {
    const { account, name, orderId, currency } = conversion
    if (orderId === undefined || (name !== 'purchase' && name !== 'refund')) continue
    const key = JSON.stringify([account, orderId, currency])
    groups.set(key, [...(groups.get(key) ?? []), conversion])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { account, orderId: transactionId = '', currency = '' } = first
    const total = (name: string): string =>
      sum(
        group.filter((one) => one.name === name).map(({ value }) => value),
        currency,
      )
    const purchased = total('purchase')
    const refunded = total('refund')
    return [{ account, transactionId, currency, purchased, refunded, revenue: minus(purchased, refunded, currency) }]
  })
}

/** The part of the page that shows what is left after refunds. */
export const revenuePanel = (transactions: readonly Transaction[]): Html => {
  const currencies = [...new Set(transactions.map(({ currency }) => currency))]
  const left = currencies.map((currency) => {
    const own = transactions.filter((one) => one.currency === currency)
    const total = (amount: 'revenue' | 'refunded') =>
      sum(
        own.map((one) => one[amount]),
        currency,
      )
    return html`<li><span class="badge quiet">${currency}</span><span>${total('revenue')} after refunds of ${total('refunded')}</span></li>`
  })
  return html`<section class="panel"><h2>Revenue</h2>${
    left.length === 0 ? html`<p class="empty">No purchase and no refund yet.</p>` : html`<ul class="notes">${left}</ul>`
  }</section>`
}
