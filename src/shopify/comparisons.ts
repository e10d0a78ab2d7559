import type { Shop } from '../event/event.ts'
import { DAY, MINUTE } from '../lib/duration.ts'
import type { AuditPeriod } from '../pipeline/audit.ts'
import type { Clock } from '../pipeline/runtime.ts'
import type { ShopRecord } from '../store/store.ts'
import type { Compared } from './compare.ts'

/** Any quarter. Every order of a period is asked for and held until it is compared. */
const LONGEST = 93 * DAY
const KEPT = 5 * MINUTE
/** Of one shop: how many run at a time, and how many run or are kept. */
const AT_ONCE = 2
const MOST = 20

const TOO_LONG: Compared = {
  compared: false,
  why: 'Shopify is asked about at most 93 days at a time: choose fewer days.',
}
const BUSY: Compared = {
  compared: false,
  why: 'Shopify is being asked about other days of this store already. Ask again in a few minutes.',
}

interface Comparison {
  readonly shop: Shop
  readonly answer: Promise<Compared>
  /** ms since 1970; without an end while it runs. */
  readonly keptUntil: number
}

/**
 * Whoever looks has days compared with Shopify, and that is work: so those who ask for the same days of a shop share one
 * comparison and, for five minutes, what came of it. One that came to nothing is not kept.
 */
export const sharedComparisons = (
  clock: Pick<Clock, 'now'>,
  compare: (shop: ShopRecord, period: AuditPeriod) => Promise<Compared>,
): ((shop: ShopRecord, period: AuditPeriod) => Promise<Compared>) => {
  const held = new Map<string, Comparison>()

  const begin = (key: string, record: ShopRecord, period: AuditPeriod): Promise<Compared> => {
    const { shop } = record
    const answer = compare(record, period)
    held.set(key, { shop, answer, keptUntil: Number.POSITIVE_INFINITY })
    answer.then(
      ({ compared }) => (compared ? held.set(key, { shop, answer, keptUntil: clock.now() + KEPT }) : held.delete(key)),
      () => held.delete(key),
    )
    return answer
  }

  return async (record, period) => {
    if (period.until - period.from > LONGEST) return TOO_LONG
    for (const [key, { keptUntil }] of held) if (keptUntil <= clock.now()) held.delete(key)
    const key = `${record.shop} ${period.from} ${period.until}`
    const known = held.get(key)
    if (known) return known.answer
    const others = [...held.values()].filter(({ shop }) => shop === record.shop)
    const running = others.filter(({ keptUntil }) => keptUntil === Number.POSITIVE_INFINITY)
    return running.length >= AT_ONCE || others.length >= MOST ? BUSY : begin(key, record, period)
  }
}
