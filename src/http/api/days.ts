import { DAY, MINUTE } from '../../lib/duration.ts'
import { dayEnd, dayOf, dayStart } from '../../lib/zone.ts'
import { lru } from '../../store/lru.ts'
import { quarterHour, type Rollup } from '../../store/rollup.ts'
import { addCounts, type Counts } from '../../store/rollup-rows.ts'
import type { ShopRecord, Store } from '../../store/store.ts'

/** A day of a shop: what arrived (without connection) and what became of it, added up. */
export interface Day {
  /** YYYY-MM-DD where the shop is. */
  readonly day: string
  readonly rollups: readonly Rollup[]
}

/** Days that are kept added up, over all shops; a busy one is about 50 KiB. */
const KEPT = 400
/** What is over changes little: late answers and replays. */
const FRESH = 10 * MINUTE

/** A shop's last days, oldest first, the running one included. What is over is added up once in a while only. */
export const daysOf = ({ store, now }: { readonly store: Store; readonly now: () => number }) => {
  const kept = lru<string, { readonly at: number; readonly day: Day }>(KEPT)
  const added = async ({ shop, facts }: ShopRecord, day: string, running: boolean): Promise<Day> => {
    const key = `${shop} ${day}`
    const known = kept.get(key)
    if (known && now() - known.at < FRESH) return known.day
    const from = quarterHour(dayStart(day, facts.timezone) ?? 0)
    const rollups = await store.rollups(shop, from, dayEnd(day, facts.timezone))
    const made = { day, rollups: sum(rollups, from) }
    if (!running) kept.set(key, { at: now(), day: made })
    return made
  }
  return async (shop: ShopRecord, count: number): Promise<readonly Day[]> => {
    const { timezone } = shop.facts
    const today = dayOf(now(), timezone)
    const noon = (dayStart(today, timezone) ?? 0) + DAY / 2
    const names = Array.from({ length: count }, (_, back) => dayOf(noon - back * DAY, timezone)).toReversed()
    return Promise.all(names.map((day) => added(shop, day, day === today)))
  }
}

const sum = (rollups: readonly Rollup[], bucket: number): readonly Rollup[] => {
  const sums = new Map<string, Pick<Rollup, 'name' | 'outcome' | 'connection'> & Counts>()
  for (const { bucket: _, ...one } of rollups) {
    const { name, outcome, connection } = one
    const key = `${connection ?? ''} ${name} ${outcome}`
    const before = sums.get(key)
    sums.set(key, before ? { ...one, ...addCounts(before, one) } : one)
  }
  return [...sums.values()].map((one) => ({ ...one, bucket }))
}
