export type Source = 'tag' | 'server'

/** Values of identifiers by the platform's own field names, e.g. { em: ['<hash>'], click_id: ['<id>'] }. */
export type Identifiers = Readonly<Record<string, readonly string[]>>

/** What one hit of the tag or one event of a server tells. */
export interface Sighted {
  /** The platform's name of the event. */
  readonly name: string
  readonly eventId?: string | undefined
  readonly orderId?: string | undefined
  /** Decimal text in major units. */
  readonly value?: string | undefined
  readonly currency?: string | undefined
  readonly contentIds?: readonly string[]
  /** ms since 1970. */
  readonly occurredAt: number
  readonly identifiers: Identifiers
  /** The platform was told to use it in a limited way, and can. */
  readonly limited?: boolean
  /** Further traits that the page shows as badges and merge rules may ask for, e.g. offline. */
  readonly marks?: readonly string[]
  readonly warnings?: readonly string[]
  /** Where a request speaks for several accounts; else that of the request counts. */
  readonly account?: string
}

/** A sighting as it arrived. */
export interface Sighting extends Sighted {
  readonly source: Source
  readonly account: string
  /** ms since 1970. */
  readonly receivedAt: number
}

/** What the platform counts: one conversion, merged from its sightings. */
export interface Conversion {
  readonly account: string
  readonly name: string
  readonly eventId: string | undefined
  readonly orderId: string | undefined
  readonly value: string | undefined
  readonly currency: string | undefined
  readonly contentIds: readonly string[]
  readonly occurredAt: string
  /** Of the first arrival. */
  readonly receivedAt: string
  /** Sightings by source, repeats included. */
  readonly sources: Readonly<Record<Source, number>>
  /** Sightings in all. */
  readonly count: number
  /** Seen by the tag and by the server, counted once. */
  readonly merged: boolean
  readonly identifiers: Identifiers
  readonly limited: boolean
  readonly marks: readonly string[]
  readonly warnings: readonly string[]
}

/** A conversion with the fields by which the platform found somebody it knows. */
export interface MatchedConversion extends Conversion {
  readonly matched: readonly string[]
}

/** By which rule a platform takes two sightings of one account for one conversion. */
export interface MergeRule {
  /** Equal keys are one conversion; undefined: this sighting merges with nothing, every repeat counts. */
  readonly key: (sighting: Sighting) => string | undefined
  /** Longest time between the first arrival and a later one, ms; without end when absent. */
  readonly window?: number
  /** Whether the later one's value, order and time replace those kept; the first arrival's stay unless told. */
  readonly replaces?: (kept: Conversion, later: Sighting) => boolean
}

/** The most usual key: name and event id. */
export const byEventId = ({ name, eventId }: Sighting): string | undefined =>
  eventId === undefined ? undefined : JSON.stringify([name, eventId])

/** Name and order id. */
export const byOrderId = ({ name, orderId }: Sighting): string | undefined =>
  orderId === undefined ? undefined : JSON.stringify([name, orderId])

/** The identifiers among an object's fields: lists and single values alike, empty ones left out. */
export const identifiersIn = (fields: Readonly<Record<string, unknown>>, names: readonly string[]): Identifiers => {
  const found: Record<string, readonly string[]> = {}
  for (const name of names) {
    const value = fields[name]
    const values = (Array.isArray(value) ? value : [value]).filter((one) => one != null && one !== '').map(String)
    if (values.length > 0) found[name] = values
  }
  return found
}

export interface Conversions {
  record(sighting: Sighting): void
  /** Oldest first. */
  of(account?: string): readonly Conversion[]
  reset(): void
}

/** One conversion's place: what it is now, and by which key later sightings find it. */
interface Place {
  readonly key: string | undefined
  conversion: Conversion
}

/** Merges by the rule; holds the newest `remember` conversions. */
export const createConversions = (rule: MergeRule, remember: number): Conversions => {
  const open = new Map<string, Place>()
  const kept = new Set<Place>()

  const forgetOldest = (): void => {
    for (const oldest of kept) {
      kept.delete(oldest)
      if (oldest.key !== undefined && open.get(oldest.key) === oldest) open.delete(oldest.key)
      return
    }
  }

  return {
    record: (sighting) => {
      const own = rule.key(sighting)
      const key = own === undefined ? undefined : JSON.stringify([sighting.account, own])
      const earlier = key === undefined ? undefined : open.get(key)
      if (earlier) {
        const { conversion } = earlier
        const apart = sighting.receivedAt - Date.parse(conversion.receivedAt)
        if (apart <= (rule.window ?? Number.POSITIVE_INFINITY)) {
          earlier.conversion = merged(conversion, sighting, rule.replaces?.(conversion, sighting) ?? false)
          return
        }
      }
      const place = { key, conversion: begun(sighting) }
      kept.add(place)
      if (key !== undefined) open.set(key, place)
      if (kept.size > remember) forgetOldest()
    },
    of: (account) =>
      [...kept]
        .map(({ conversion }) => conversion)
        .filter((conversion) => account === undefined || conversion.account === account),
    reset: () => {
      open.clear()
      kept.clear()
    },
  }
}

const factsOf = (sighting: Sighting) => ({
  value: sighting.value,
  currency: sighting.currency,
  orderId: sighting.orderId,
  contentIds: sighting.contentIds ?? [],
  occurredAt: new Date(sighting.occurredAt).toISOString(),
})

const begun = (sighting: Sighting): Conversion => ({
  account: sighting.account,
  name: sighting.name,
  eventId: sighting.eventId,
  ...factsOf(sighting),
  receivedAt: new Date(sighting.receivedAt).toISOString(),
  sources: { tag: 0, server: 0, [sighting.source]: 1 },
  count: 1,
  merged: false,
  identifiers: sighting.identifiers,
  limited: sighting.limited ?? false,
  marks: sighting.marks ?? [],
  warnings: sighting.warnings ?? [],
})

const joined = (known: readonly string[], more: readonly string[] = []): readonly string[] => [
  ...new Set([...known, ...more]),
]

const joinedIdentifiers = (known: Identifiers, more: Identifiers): Identifiers => {
  const both: Record<string, readonly string[]> = { ...known }
  for (const [field, values] of Object.entries(more)) both[field] = joined(known[field] ?? [], values)
  return both
}

const merged = (kept: Conversion, later: Sighting, replaces: boolean): Conversion => {
  const sources = { ...kept.sources, [later.source]: kept.sources[later.source] + 1 }
  return {
    ...kept,
    ...(replaces ? factsOf(later) : {}),
    sources,
    count: kept.count + 1,
    merged: sources.tag > 0 && sources.server > 0,
    identifiers: joinedIdentifiers(kept.identifiers, later.identifiers),
    limited: kept.limited || (later.limited ?? false),
    marks: joined(kept.marks, later.marks),
    warnings: joined(kept.warnings, later.warnings),
  }
}
