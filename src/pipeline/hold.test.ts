import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../lib/duration.ts'
import { NOW, order, seenByPixel } from './double.ts'
import { heldUntil } from './hold.ts'

const HOLD = 30 * SECOND
const unknown = { known: false }
const held = (event = order(), visit = unknown, hold = HOLD, now = NOW) => heldUntil(event, NOW, visit, hold, now)

const { checkoutToken: _, ...rest } = order().commerce ?? {}
const withoutCheckout = { ...order(), commerce: rest }

describe('a hold', () => {
  it('keeps a live web purchase whose visit is unknown, counted from its arrival', () => {
    expect(held()).toBe(NOW + HOLD)
    expect(held(order({ name: 'order_paid' }))).toBe(NOW + HOLD)
    expect(held(order(), unknown, HOLD, NOW + HOLD - 1)).toBe(NOW + HOLD)
  })

  it('is over at its end', () => {
    expect(held(order(), unknown, HOLD, NOW + HOLD)).toBeUndefined()
  })

  it('is over as soon as the visit is known', () => {
    expect(held(order(), { known: true })).toBeUndefined()
  })

  it('is never longer than 5 minutes, whatever is set', () => {
    expect(held(order(), unknown, 60 * MINUTE)).toBe(NOW + 5 * MINUTE)
  })

  it('of nothing holds nothing', () => {
    expect(held(order(), unknown, 0)).toBeUndefined()
  })

  it.each([
    ['a page view', seenByPixel()],
    ['a started checkout', order({ name: 'checkout_started' })],
    ['a refund', order({ name: 'order_refunded' })],
    ['an order brought by the backfill', order({ origin: 'backfill' })],
    ['an order of the point of sale', order({ commerce: { channel: 'pos' } })],
    ['an order without a checkout, which no pixel can ever name', withoutCheckout],
  ])('does not keep %s', (_, event) => {
    expect(held(event)).toBeUndefined()
  })
})
