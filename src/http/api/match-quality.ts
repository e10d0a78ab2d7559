import type { Destination } from '../../destinations/destination.ts'
import { type IdentifierKind, kindOf } from '../../destinations/identifier-kinds.ts'
import { type Carried, estimateOf, type Gain, gainsOf, MARKS, sharesOf } from '../../destinations/match-estimate.ts'
import { outcomeOf, stateOf } from '../../destinations/outcomes.ts'
import { EVENT_NAMES, type EventName } from '../../event/names.ts'
import { compact } from '../../lib/json.ts'
import type { Rollup } from '../../store/rollup.ts'
import type { Connection } from '../../store/store.ts'
import { accountOf } from './account.ts'
import type { Day } from './days.ts'

/** How well platforms can find the people behind what was sent. Shares and estimates are 0 to 1. */
export interface MatchQuality {
  readonly days: number
  readonly marks: typeof MARKS
  readonly platforms: readonly PlatformQuality[]
}

export interface PlatformQuality {
  readonly connection: number
  readonly destination: { readonly slug: string; readonly name: string }
  readonly account?: string
  readonly sent: number
  readonly estimate: number
  /** One for each day, oldest first; without an estimate where nothing was sent. */
  readonly trend: readonly { readonly day: string; readonly sent: number; readonly estimate?: number }[]
  readonly events: readonly EventQuality[]
  /** From where it is known what this platform matches on. */
  readonly source: string
}

export interface EventQuality {
  readonly name: EventName
  readonly platformName?: string
  readonly sent: number
  readonly estimate: number
  readonly identifiers: readonly {
    readonly name: string
    readonly kind: IdentifierKind
    readonly tier: 'strong' | 'good' | 'weak'
    readonly share: number
  }[]
  /** What is missing and what it would bring, most first. */
  readonly gains: readonly Gain[]
}

const TIERS = ['strong', 'good', 'weak'] as const

export const matchQuality = (
  destinations: ReadonlyMap<string, Destination>,
  connections: readonly Connection[],
  days: readonly Day[],
): MatchQuality => ({
  days: days.length,
  marks: MARKS,
  platforms: connections.flatMap((connection) => {
    const destination = destinations.get(connection.destination)
    return destination ? [platformQuality(destination, connection, days)] : []
  }),
})

const platformQuality = (destination: Destination, connection: Connection, days: readonly Day[]): PlatformQuality => {
  const taken = TIERS.flatMap((tier) => destination.matchesOn[tier])
  const own = (day: Day) => day.rollups.filter((one) => one.connection === connection.id && isSent(one))
  const all = days.flatMap(own)
  const names = EVENT_NAMES.filter((name) => all.some((one) => one.name === name && sentOf(one) > 0))
  const total = carriedBy(all)
  return compact<PlatformQuality>({
    connection: connection.id,
    destination: { slug: destination.slug, name: destination.name },
    account: accountOf(destination, connection),
    sent: total.sent,
    estimate: estimateOf(sharesOf(total, taken)),
    trend: days.map((day) => {
      const carried = carriedBy(own(day))
      return compact<PlatformQuality['trend'][number]>({
        day: day.day,
        sent: carried.sent,
        estimate: carried.sent === 0 ? undefined : estimateOf(sharesOf(carried, taken)),
      })
    }),
    events: names.map((name) => eventQuality(destination, name, carriedBy(all.filter((one) => one.name === name)))),
    source: destination.matchesOn.source,
  })
}

const eventQuality = (destination: Destination, name: EventName, carried: Carried): EventQuality => {
  const shares = sharesOf(
    carried,
    TIERS.flatMap((tier) => destination.matchesOn[tier]),
  )
  return compact<EventQuality>({
    name,
    platformName: destination.accepts[name] ?? undefined,
    sent: carried.sent,
    estimate: estimateOf(shares),
    identifiers: TIERS.flatMap((tier) =>
      destination.matchesOn[tier].map((identifier) => ({
        name: identifier,
        kind: kindOf(identifier),
        tier,
        share: Math.min(1, (carried.counts[identifier] ?? 0) / carried.sent),
      })),
    ),
    gains: gainsOf(shares),
  })
}

const isSent = ({ outcome }: Rollup): boolean => {
  const name = outcomeOf(outcome)
  return name !== undefined && stateOf(name) === 'delivered'
}

/** Whose identifiers were counted: the same whose time to acceptance was. */
const sentOf = ({ lag = [] }: Rollup): number => lag.reduce((sum, count) => sum + count, 0)

const carriedBy = (rollups: readonly Rollup[]): Carried => {
  const counts: Record<string, number> = {}
  let sent = 0
  for (const rollup of rollups) {
    sent += sentOf(rollup)
    for (const [name, count] of Object.entries(rollup.carried ?? {})) counts[name] = (counts[name] ?? 0) + count
  }
  return { sent, counts }
}
