import type { Figure } from '../../../bench/bench.ts'
import { MINUTE, SECOND } from '../../../src/lib/duration.ts'
import type { Size } from '../suite.ts'
import { type Crowd, EIGHT, type Misfortune, quantile, startCrowd } from './crowd.ts'
import { BEGIN } from './virtual-time.ts'

const FROM = BEGIN + MINUTE

/** How the eight fare on twenty shops, with one of them in trouble or none. */
const eight = async (fate: (slug: string, now: number) => Misfortune, minutes: number): Promise<Crowd> => {
  const crowd = await startCrowd({ shops: 20, slugs: EIGHT, seed: 'eight platforms', fate })
  const { time, shops } = crowd
  const end = FROM + minutes * MINUTE
  for (const [n, shop] of shops.entries())
    for (let at = FROM + n * 150; at < end; at += 3 * SECOND) time.at(at, () => void crowd.arrive(shop))
  await time.until(end + MINUTE)
  await crowd.stop()
  return crowd
}

/** One of eight platforms takes every request and never answers. */
export const hungPlatform = async (report: (figure: Figure) => void, size: Size): Promise<void> => {
  const minutes = size === 'short' ? 4 : 20
  const [calm, troubled] = [
    await eight(() => undefined, minutes),
    await eight((slug) => (slug === 'pinterest' ? 'hang' : undefined), minutes),
  ]
  compared('one of eight platforms hangs', report, calm, troubled, ({ slug }) => slug !== 'pinterest')
}

const SHOPS = 200

/** Two hundred shops, one of which may be busier than all others together. */
const neighbourhood = async (times: number, minutes: number): Promise<Crowd> => {
  const crowd = await startCrowd({ shops: SHOPS, slugs: ['tiktok', 'meta'], seed: 'shops', fate: () => undefined })
  const { time, shops } = crowd
  const end = FROM + minutes * MINUTE
  for (const [n, shop] of shops.entries())
    for (let at = FROM + n * 100; at < end; at += 20 * SECOND)
      time.at(at, () => void (n === 0 ? crowd.arrive(shop, times, 'aside') : crowd.arrive(shop)))
  await time.until(end + MINUTE)
  await crowd.stop()
  return crowd
}

/** One of two hundred shops sends a hundred times as much as each other one. */
export const busyShop = async (report: (figure: Figure) => void, size: Size): Promise<void> => {
  const minutes = size === 'short' ? 2 : 10
  const [calm, troubled] = [await neighbourhood(1, minutes), await neighbourhood(100, minutes)]
  compared('one of 200 shops at 100x', report, calm, troubled, () => true)
}

const compared = (
  of: string,
  report: (figure: Figure) => void,
  calm: Crowd,
  troubled: Crowd,
  counts: (one: Crowd['taken'][number]) => boolean,
): void => {
  const [before, now] = [calm, troubled].map(({ taken }) => taken.filter(counts).map(({ ms }) => ms)) as [
    number[],
    number[],
  ]
  const [p99, reference] = [quantile(now, 0.99), quantile(before, 0.99)]
  const ratio = p99 / reference
  report({
    of: `${of}, the others’ p99`,
    value: p99,
    unit: 'ms',
    reference,
    ratio,
    goal: 'ratio <= 1.2',
    ok: ratio <= 1.2,
  })
  const share = now.length / before.length
  report({
    of: `${of}, the others’ throughput`,
    value: now.length,
    unit: 'events',
    reference: before.length,
    ratio: share,
    goal: 'ratio >= 0.95',
    ok: share >= 0.95,
  })
}
