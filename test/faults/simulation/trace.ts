import { hash } from 'node:crypto'
import type { World } from './simulate.ts'
import { iso, type Violation } from './violation.ts'

/** Most requests told of one account. */
const MOST = 400

/** What happened in a run, in order: everything that befell the server, and the requests to the accounts in question. */
export const traceOf = (world: World, violations: readonly Violation[]): readonly string[] => {
  const about = (text: string): boolean => violations.some(({ what }) => what.includes(text))
  const lines = [
    ...world.timeline.filter(({ what }) => !/^\d{3} |^(?:reset|hang|slow|redirect|beacon|webhook|pixel)/.test(what)),
    ...world.clock.map(({ at, skew }) => ({ at, what: `the server’s clock is ${skew} ms off` })),
    ...world.connections
      .filter(({ account }) => about(account))
      .flatMap(({ account, slug, shop, after }) => [
        { at: 0, what: `${slug} ${account} is of ${shop} from number ${after + 1} on` },
        ...world.seen
          .filter((seen) => seen.account === account)
          .slice(0, MOST)
          .map((seen) => ({
            at: seen.at,
            what: [
              `${slug} ${account} ${seen.what} ${seen.told.map(({ key }) => key).join(',')}`,
              seen.fault ?? 'answered',
              `${seen.status} took ${seen.took.length} refused ${seen.refused.length}`,
              seen.answeredAt === undefined ? 'never answered' : `at ${iso(seen.answeredAt)}`,
            ].join(' | '),
          })),
      ]),
  ]
  return lines.toSorted((a, b) => a.at - b.at).map(({ at, what }) => `${iso(at)} ${what}`)
}

/** The same for two runs in which everything went the same way. */
export const fingerprint = (world: World): string =>
  hash(
    'sha256',
    JSON.stringify([
      world.seen.map(({ by: _, ...seen }) => seen),
      world.timeline,
      world.said,
      [...world.disk.states].map(([shop, state]) => [
        shop,
        state.events.map(({ name, receivedAt }) => [name, receivedAt]),
        [...state.ledger].map(([id, rows]) => [id, rows.map(({ from, outcomes }) => [from, ...outcomes])]),
        [...state.rollups.values()],
      ]),
    ]),
    'hex',
  ).slice(0, 16)
