import type { Commerce } from '../event/event.ts'
import type { CommonSettings } from './common-settings.ts'

const PLACEHOLDERS = {
  '{orderId}': (commerce: Commerce): string | undefined => commerce.orderId,
  '{orderName}': (commerce: Commerce): string | undefined => commerce.orderName,
} as const

type Placeholder = keyof typeof PLACEHOLDERS
const isPlaceholder = (text: string): text is Placeholder => text in PLACEHOLDERS

/** Whether every {…} of a template is one we know, and one of them is there to tell orders apart. */
export const isTransactionTemplate = (template: string): boolean => {
  const named = template.match(/\{[^}]*\}/g) ?? []
  return named.length > 0 && named.every(isPlaceholder)
}

/** The order's id as the connection's browser tag sends it too; undefined for an event without an order. */
export const transactionIdOf = (
  commerce: Commerce | undefined,
  { transactionId }: Pick<CommonSettings, 'transactionId'>,
): string | undefined => {
  if (commerce === undefined) return undefined
  // The usual template, without looking for anything in it.
  if (transactionId === '{orderId}') return commerce.orderId
  let complete = true
  const filled = transactionId.replace(/\{[^}]*\}/g, (text) => {
    const part = isPlaceholder(text) ? PLACEHOLDERS[text](commerce) : undefined
    if (part === undefined) complete = false
    return part ?? ''
  })
  return complete ? filled : undefined
}
