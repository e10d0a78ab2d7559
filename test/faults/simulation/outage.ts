import type { Figure } from '../../../bench/bench.ts'
import { outcomeOf } from '../../../src/destinations/outcomes.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/lib/duration.ts'
import type { Size } from '../suite.ts'
import { type Crowd, most, quantile, startCrowd } from './crowd.ts'
import { BEGIN } from './virtual-time.ts'

const BREAKS = BEGIN + 10 * MINUTE
const LASTS = 6 * HOUR
const WORKS = BREAKS + LASTS

/** A thousand connections to a platform that is down for six hours, which all learn of it in the same second. */
export const outageOfAll = async (report: (figure: Figure) => void, size: Size): Promise<void> => {
  const short = size === 'short'
  // Each of them looks every few seconds whether the platform may be asked: in short runs there are fewer.
  const all = short ? 100 : 1000
  const crowd = await startCrowd({
    shops: all,
    slugs: ['meta'],
    seed: 'outage of all',
    fate: (_, now) => (now >= BREAKS && now < WORKS ? 'unavailable' : undefined),
  })
  const { time, requests } = crowd
  const every = short ? 20 * MINUTE : 15 * MINUTE
  const end = WORKS + 30 * MINUTE
  // Everybody has something to send when it breaks and from then on at their own times, and much at the end.
  for (const [n, shop] of crowd.shops.entries()) {
    time.at(BREAKS + SECOND, () => void crowd.arrive(shop))
    const phase = (n * every) / all
    for (let at = BREAKS + phase; at < end; at += at < WORKS ? every : 5 * MINUTE)
      time.at(at, () => void crowd.arrive(shop))
  }
  await time.until(end)
  const ends = await outcomes(crowd)
  await crowd.stop()

  const broken = requests.filter(({ at }) => at > BREAKS && at < WORKS)
  const firsts = new Set<string>()
  const again = broken.filter(({ account }) => firsts.has(account) || !firsts.add(account)).map(({ at }) => at)
  const probes = broken.filter(({ at }) => at > BREAKS + 5 * MINUTE).map(({ at }) => at)
  const told = (of: string, value: number, unit: string, goal: string, ok: boolean) =>
    report({ of: `outage of 6 h, ${of}`, value, unit, goal, ok })
  told('expired', ends.get('expired') ?? 0, 'events', '0', (ends.get('expired') ?? 0) === 0)
  const waiting = [...ends].filter(([name]) => name !== 'delivered' && name !== 'expired')
  const left = waiting.reduce((sum, [, count]) => sum + count, 0)
  told('left over', left, 'events', '0', left === 0)
  const peak = most(again, SECOND)
  told('retries in one second', peak, `of ${all}`, '<= 1%', peak <= all / 100)
  const probing = most(probes, 15 * SECOND)
  told('requests in 15 s once it is known', probing, 'requests', '<= 2', probing <= 2)
  // In fair weather each arrival would have been a request.
  const fair = all * (1 + LASTS / every)
  told('requests of fair weather’s', broken.length / fair, 'times', '<= 1.1', broken.length <= 1.1 * fair)
  const minute = normalAfter(crowd)
  told('until the rate is normal', minute, 'min', '<= 3', minute <= 3)
}

/** Minutes after the end of the outage until what happens is taken within a minute again. */
const normalAfter = ({ taken }: Crowd): number => {
  for (let minute = 0; minute < 30; minute++) {
    const from = WORKS + minute * MINUTE
    const fresh = taken.filter(({ at, ms }) => at - ms >= from && at - ms < from + MINUTE)
    if (
      fresh.length > 0 &&
      quantile(
        fresh.map(({ ms }) => ms),
        0.95,
      ) <= MINUTE
    )
      return minute
  }
  return Number.POSITIVE_INFINITY
}

const outcomes = async ({ runtime: { store }, shops }: Crowd): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>()
  for (const shop of shops)
    for (const { id } of await store.connections(shop))
      for (const byte of await store.ledger(shop, id, 1, await store.head(shop))) {
        const name = outcomeOf(byte) ?? 'waiting'
        counts.set(name, (counts.get(name) ?? 0) + 1)
      }
  return counts
}

/** The promise is about a million; each step fewer stands for it as far as the time of a run allows. */
const WAITING: Readonly<Record<Size, number>> = { short: 12_000, full: 100_000, nightly: 1_000_000 }

/** One connection with a great backlog behind an outage, and a platform that takes 50 events a second. */
export const backlogBehindOutage = async (report: (figure: Figure) => void, size: Size): Promise<void> => {
  const short = size === 'short'
  const waiting = WAITING[size]
  const crowd = await startCrowd({
    shops: 1,
    slugs: ['webhook'],
    seed: 'backlog',
    fate: (_, now) => (now >= BREAKS && now < WORKS ? 'unavailable' : undefined),
  })
  const { time, shops } = crowd
  const [shop] = shops
  if (!shop) throw new Error('a crowd without a shop')
  const steps = 100
  for (let step = 0; step < steps; step++)
    time.at(BREAKS + (step * LASTS) / steps, () => void crowd.arrive(shop, waiting / steps))
  // Fresh ones at three quarters of what the platform takes in all, until it is long known that it works again.
  const end = WORKS + (short ? 19 : 30) * MINUTE
  for (let at = WORKS + 12 * MINUTE; at < end; at += SECOND) time.at(at, () => void crowd.arrive(shop, 37))
  await time.until(end)
  // Its first requests are few; what came before them is old by then.
  const begun = (crowd.taken.find(({ at }) => at >= WORKS)?.at ?? end) + 2 * MINUTE
  const during = crowd.taken.filter(({ at }) => at >= begun)
  const fresh = during.filter(({ at, ms }) => at - ms >= begun)
  const told = (of: string, value: number, unit: string, goal: string, ok: boolean) =>
    report({ of: `behind an outage of 6 h, ${of}`, value, unit, goal, ok })
  told('waiting at its end', waiting, 'events', `${WAITING[size]} here, 1M nightly`, waiting >= WAITING[size])
  const lag =
    quantile(
      fresh.map(({ ms }) => ms),
      0.95,
    ) / SECOND
  told('fresh events p95', lag, 's', '<= 60', fresh.length > 0 && lag <= 60)
  const share = (during.length - fresh.length) / during.length
  told('the backlog’s share', share, 'of the quota', '>= 0.20', share >= 0.2)
  await crowd.stop()
}
