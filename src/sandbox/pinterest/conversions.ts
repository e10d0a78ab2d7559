import { DAY, HOUR } from '../../lib/duration.ts'

export type Source = 'tag' | 'server'

/** One sighting of an event, from the browser's tag or the server. */
export interface Sighting {
  readonly source: Source
  readonly account: string
  readonly name: string
  /** Absent where the tag gave none: such a sighting merges with nothing. */
  readonly eventId?: string | undefined
  /** ms since 1970. */
  readonly occurredAt: number
  readonly receivedAt: number
  readonly offline: boolean
  readonly value?: string | undefined
  readonly currency?: string | undefined
  readonly orderId?: string | undefined
  readonly contentIds: readonly string[]
  /** Names of the identifiers that came along, e.g. em, click_id. */
  readonly identifiers: readonly string[]
  readonly em: readonly string[]
  readonly ph: readonly string[]
  readonly externalId: readonly string[]
  readonly clickId?: string | undefined
  readonly ip?: string | undefined
  readonly userAgent?: string | undefined
  readonly optOut: boolean
  readonly limited: boolean
  readonly warning: string
}

/** What Pinterest counts: one conversion, merged from its sightings. */
export interface Conversion {
  readonly account: string
  readonly name: string
  readonly eventId: string | undefined
  /** Each source once, in order of arrival. */
  sources: Source[]
  /** Sightings in all, repeats of one source included. */
  count: number
  /** From the earliest arrival, which is the one kept. */
  readonly value: string | undefined
  readonly currency: string | undefined
  readonly orderId: string | undefined
  readonly contentIds: readonly string[]
  readonly occurredAt: string
  readonly receivedAt: string
  readonly offline: boolean
  identifiers: string[]
  em: string[]
  ph: string[]
  externalId: string[]
  clickId: string | undefined
  ip: string | undefined
  userAgent: string | undefined
  optOut: boolean
  limited: boolean
  warnings: string[]
}

/** Official pages say 48 h, Segment's documentation 24 h; the stricter one counts here. */
export const DEDUP_WINDOW = DAY
/** Server events that come later than this are handled as offline (help centre, Segment, Tealium). */
const LATE = HOUR

/** Offline events, and those of the web that come more than an hour late, are not merged with the tag's. */
export const isOffline = (actionSource: string, occurredAt: number, receivedAt: number): boolean =>
  actionSource === 'offline' || receivedAt - occurredAt > LATE

export interface Conversions {
  record(sighting: Sighting): void
  of(account?: string): readonly Conversion[]
  reset(): void
}

/** Merges by account, name and event id within the window; holds the newest `remember` conversions. */
export const createConversions = (remember: number): Conversions => {
  const open = new Map<string, Conversion>()
  const kept = new Set<Conversion>()
  return {
    record: (sighting) => {
      const key =
        sighting.eventId === undefined || sighting.offline
          ? undefined
          : JSON.stringify([sighting.account, sighting.name, sighting.eventId])
      const earlier = key === undefined ? undefined : open.get(key)
      if (earlier && sighting.receivedAt - Date.parse(earlier.receivedAt) <= DEDUP_WINDOW) {
        merge(earlier, sighting)
        return
      }
      const conversion = begin(sighting)
      kept.add(conversion)
      if (key !== undefined) open.set(key, conversion)
      if (kept.size > remember) forgetOldest(kept, open)
    },
    of: (account) => [...kept].filter((conversion) => account === undefined || conversion.account === account),
    reset: () => {
      open.clear()
      kept.clear()
    },
  }
}

const begin = (sighting: Sighting): Conversion => ({
  account: sighting.account,
  name: sighting.name,
  eventId: sighting.eventId,
  sources: [sighting.source],
  count: 1,
  value: sighting.value,
  currency: sighting.currency,
  orderId: sighting.orderId,
  contentIds: sighting.contentIds,
  occurredAt: new Date(sighting.occurredAt).toISOString(),
  receivedAt: new Date(sighting.receivedAt).toISOString(),
  offline: sighting.offline,
  identifiers: [...sighting.identifiers],
  em: [...sighting.em],
  ph: [...sighting.ph],
  externalId: [...sighting.externalId],
  clickId: sighting.clickId,
  ip: sighting.ip,
  userAgent: sighting.userAgent,
  optOut: sighting.optOut,
  limited: sighting.limited,
  warnings: sighting.warning === '' ? [] : [sighting.warning],
})

const joined = (known: readonly string[], more: readonly string[]): string[] => [...new Set([...known, ...more])]

const merge = (conversion: Conversion, sighting: Sighting): void => {
  conversion.count++
  if (!conversion.sources.includes(sighting.source)) conversion.sources.push(sighting.source)
  conversion.identifiers = joined(conversion.identifiers, sighting.identifiers)
  conversion.em = joined(conversion.em, sighting.em)
  conversion.ph = joined(conversion.ph, sighting.ph)
  conversion.externalId = joined(conversion.externalId, sighting.externalId)
  conversion.clickId ??= sighting.clickId
  conversion.ip ??= sighting.ip
  conversion.userAgent ??= sighting.userAgent
  conversion.optOut ||= sighting.optOut
  conversion.limited ||= sighting.limited
  if (sighting.warning !== '') conversion.warnings = joined(conversion.warnings, [sighting.warning])
}

const forgetOldest = (kept: Set<Conversion>, open: Map<string, Conversion>): void => {
  for (const oldest of kept) {
    kept.delete(oldest)
    const key = JSON.stringify([oldest.account, oldest.name, oldest.eventId])
    if (open.get(key) === oldest) open.delete(key)
    return
  }
}
