import type { Cart, Line } from '../shopify/sale.ts'
import { cartToken, hexToken } from './sessions.ts'

/** Pieces in a cart, over all lines. */
export const pieces = (cart: Cart | undefined): number => cart?.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0

/** The cart with a line more; pieces of one variant stand in one line. */
export const withLine = (cart: Cart | undefined, added: Line, at: number): Cart => {
  const base = cart ?? { token: cartToken(), key: hexToken(), lines: [], createdAt: at, updatedAt: at }
  const same = base.lines.find((line) => line.variant.id === added.variant.id)
  const lines = same
    ? base.lines.map((line) => (line === same ? { ...line, quantity: line.quantity + added.quantity } : line))
    : [...base.lines, added]
  return { ...base, lines, updatedAt: at }
}
