import { pixelId } from '../../event/event-ids.ts'
import type { Arrival } from '../store.ts'
import { added, SHOP } from '../testing.ts'

/** An arrival of `count` pixel events, event-<first> and on. */
export const anArrivalOf = (count: number, first = 1): Arrival => ({
  shop: SHOP,
  events: Array.from({ length: count }, (_, n) => added(pixelId(`event-${first + n}`))),
  parts: [],
  orders: [],
})
