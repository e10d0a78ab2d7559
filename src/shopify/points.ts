import { SECOND } from '../lib/duration.ts'
import { type Json, numberAt, objectAt } from '../lib/json.ts'

/**
 * Shopify counts what a query costs in points. Each app has a bucket of them at each shop, which fills at a steady rate; a
 * query takes what it might cost at most and is given back what it did not use (platform sheet 6).
 */
export interface Points {
  readonly available: number
  readonly maximum: number
  /** Points a second. */
  readonly restoreRate: number
  /** When this was so, ms since 1970. */
  readonly at: number
}

/** What an answer says of its cost. */
export interface Cost {
  readonly requested?: number
  readonly points?: Points
}

export const costIn = (body: Json, now: number): Cost => {
  const cost = objectAt(objectAt(body, 'extensions'), 'cost')
  const requested = numberAt(cost, 'requestedQueryCost')
  const status = objectAt(cost, 'throttleStatus')
  const [available, maximum, restoreRate] = ['currentlyAvailable', 'maximumAvailable', 'restoreRate'].map((key) =>
    numberAt(status, key),
  )
  const known = available !== undefined && maximum !== undefined && restoreRate !== undefined && restoreRate > 0
  return {
    ...(requested === undefined ? {} : { requested }),
    ...(known ? { points: { available, maximum, restoreRate, at: now } } : {}),
  }
}

/** How full the bucket is by now. */
const availableAt = ({ available, maximum, restoreRate, at }: Points, now: number): number =>
  Math.min(maximum, available + (Math.max(0, now - at) / SECOND) * restoreRate)

/** ms until a query of this cost has room; one that costs more than a full bucket waits for a full one. */
export const roomAfter = (points: Points, cost: number, now: number): number => {
  const missing = Math.min(cost, points.maximum) - availableAt(points, now)
  return missing <= 0 ? 0 : Math.ceil((missing / points.restoreRate) * SECOND)
}

/** The bucket once a query of this cost is on its way: others that ask meanwhile see what is left. */
export const taken = (points: Points, cost: number, now: number): Points => ({
  ...points,
  available: availableAt(points, now) - cost,
  at: now,
})
