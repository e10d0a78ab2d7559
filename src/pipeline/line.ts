/** Somebody's place in a line. */
export interface Place {
  readonly who: string
  /** The round in which it is its turn. */
  readonly round: number
  /** In the order of asking. */
  readonly number: number
  /** Calls who is waiting; undefined for who was told to come again. */
  readonly call?: (wait: number) => void
  /** Who was told to come again loses the place after this, ms since 1970. */
  readonly until?: number
}

/**
 * A line in which everybody takes turns, however many requests each has: one of each in a round, in the order of asking.
 * Who asks for little is served at once, who asks for much shares what the others leave, all alike (max-min fair, by
 * start times as in start-time fair queueing). Nobody saves up turns: who comes back after a while starts where the line is.
 */
export interface Line {
  /** A place for one request: the one that was kept, or the next of its own. */
  place(who: string, now: number): Place
  /** How many are before it. */
  ahead(place: Place): number
  /** Waits until called. */
  wait(place: Place, call: (wait: number) => void): void
  /** Goes away for so long, and keeps the place. */
  leave(place: Place, until: number): void
  /** It was its turn. */
  served(place: Place): void
  /** Who is waiting and comes first. */
  first(): Place | undefined
  /** All who are waiting; the line forgets them. */
  dismiss(): readonly Place[]
}

/** With more than this, those who have nothing to catch up with are forgotten. */
const REMEMBERED = 1000

export const createLine = (): Line => {
  let places: Place[] = []
  /** The round that is being served. */
  let round = 0
  /** Each one's round of the last turn. */
  const last = new Map<string, number>()
  let numbers = 0

  const isBefore = (a: Place, b: Place): boolean => a.round < b.round || (a.round === b.round && a.number < b.number)
  const replace = (place: Place, by?: Place) => {
    places = places.filter((one) => one.number !== place.number)
    if (by) places.push(by)
  }

  return {
    place(who, now) {
      if (places.length > 0) places = places.filter(({ until }) => until === undefined || until > now)
      const own = places.filter((place) => place.who === who)
      const kept = own.filter(({ call }) => call === undefined).sort((a, b) => (isBefore(a, b) ? -1 : 1))[0]
      if (kept) return kept
      const next = (last.get(who) ?? -1) + 1 + own.length
      return { who, round: Math.max(round, next), number: ++numbers }
    },
    ahead: (place) => places.reduce((count, other) => (isBefore(other, place) ? count + 1 : count), 0),
    wait: (place, call) => replace(place, { who: place.who, round: place.round, number: place.number, call }),
    leave: (place, until) => replace(place, { who: place.who, round: place.round, number: place.number, until }),
    served(place) {
      if (places.length > 0) replace(place)
      round = Math.max(round, place.round)
      last.set(place.who, place.round)
      if (last.size > REMEMBERED) for (const [who, at] of last) if (at < round) last.delete(who)
    },
    first: () =>
      places.reduce<Place | undefined>(
        (best, place) => (place.call && (best === undefined || isBefore(place, best)) ? place : best),
        undefined,
      ),
    dismiss() {
      const waiting = places.filter(({ call }) => call)
      places = places.filter(({ call }) => !call)
      return waiting
    },
  }
}
