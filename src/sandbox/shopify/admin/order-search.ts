import type { Sold } from './books.ts'
import { FieldFault } from './execute.ts'

const TERM = /^(created_at|updated_at|processed_at):(>=|<=|>|<)'?([^']+)'?$/
const ID = /^id:(\d+)$/

/**
 * The search that `orders` and `ordersCount` take: instants compared, all of which must hold, or ids, one of which must.
 * Shopify leaves out what it does not understand; here that is an error, so that a wrong search is seen.
 */
export const searchOrders = (query: string | undefined): ((sold: Sold) => boolean) => {
  const terms = (query ?? '').split(/\s+/).filter((term) => term !== '' && term !== 'AND')
  const ids = terms.flatMap((term) => ID.exec(term)?.[1] ?? [])
  if (ids.length > 0) {
    if (terms.some((term) => term !== 'OR' && !ID.test(term))) throw new FieldFault(`mixed search: ${query}`)
    const wanted = new Set(ids)
    return ({ order }) => wanted.has(order.id)
  }
  const tests = terms.map((term) => {
    const [, field, sign, text = ''] = TERM.exec(term) ?? []
    const bound = Date.parse(text)
    if (field === undefined || Number.isNaN(bound)) throw new FieldFault(`unknown search term: ${term}`)
    return ({ order, updatedAt }: Sold): boolean => {
      // Shopify's times have whole seconds.
      const at = Math.floor((field === 'updated_at' ? updatedAt : order.createdAt) / 1000) * 1000
      return sign === '>=' ? at >= bound : sign === '<=' ? at <= bound : sign === '>' ? at > bound : at < bound
    }
  })
  return (sold) => tests.every((test) => test(sold))
}
