import type { Figure } from '../../../bench/bench.ts'
import { MINUTE, SECOND } from '../../../src/lib/duration.ts'
import type { Size } from '../suite.ts'
import { startCrowd } from './crowd.ts'
import { BEGIN } from './virtual-time.ts'

const FROM = BEGIN + MINUTE
const SHOPS = 240

/** How long so many processes take over events of 240 shops that are there all at once, each a request of 100 ms, ms. */
const timeOf = async (processes: number, each: number): Promise<number> => {
  const crowd = await startCrowd({
    shops: SHOPS,
    slugs: ['webhook'],
    seed: 'processes',
    fate: () => undefined,
    processes,
  })
  const { time, shops } = crowd
  time.at(FROM, () => {
    for (const shop of shops) void crowd.arrive(shop, each)
  })
  await time.until(FROM + MINUTE)
  await crowd.stop()
  if (crowd.taken.length !== SHOPS * each) throw new Error(`${crowd.taken.length} of ${SHOPS * each} were taken`)
  return Math.max(...crowd.taken.map(({ at }) => at)) - FROM
}

/**
 * What waits for platforms is shared by processes. In virtual time: there a processor is as fast as one likes, so that
 * the 100 ms of the platform are all that is waited for, and the requests that one process has under way at once.
 */
export const threeProcesses = async (report: (figure: Figure) => void, size: Size): Promise<void> => {
  const each = size === 'short' ? 50 : 200
  const [one, three] = [await timeOf(1, each), await timeOf(3, each)]
  const rate = (ms: number): number => (SHOPS * each * SECOND) / ms
  report({
    of: 'three processes at a platform of 100 ms',
    value: rate(three),
    unit: 'events/s',
    reference: rate(one),
    ratio: one / three,
    goal: 'ratio >= 2',
    ok: one / three >= 2,
  })
}
