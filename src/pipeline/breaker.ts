import { MINUTE, SECOND } from '../lib/duration.ts'

/** After so many failures in a row a connection is left alone … */
const IN_A_ROW = 5
/** … or after this share of at least so many requests within the window. */
const SHARE = 0.5
const ENOUGH = 10
const WINDOW = MINUTE
/** The window in pieces: whole ones are forgotten, so that a busy connection costs no more than an idle one. */
const PIECE = 10 * SECOND

/** How long it is left alone: anything from half of this to all of it, doubled each time, up to the longest. */
const FIRST_REST = 30 * SECOND
const LONGEST_REST = 15 * MINUTE

/** Probes that have to go well before all may go again. */
const PROBES = 3

/** Then it starts at this share of its rate, which doubles with each step until it is whole. */
const RAMP_FROM = 1 / 8
const RAMP_STEP = 30 * SECOND

/**
 * How a connection fares, and so whether it may be asked. `closed`: it may. `open`: not before `until`. `probing`: a
 * small request at a time, until some of them went well. Instants are ms since 1970. It lives in memory only: a lane
 * keeps its own time and tries, and after a restart the first failures open it again.
 */
export interface Breaker {
  readonly state: 'closed' | 'open' | 'probing'
  /** While it is open; 0 otherwise. */
  readonly until: number
  /** Failures since something went well. */
  readonly inARow: number
  /** When the first of those was. */
  readonly failingSince?: number
  /** How often it opened without having come back to its whole rate in between. */
  readonly openings: number
  /** Probes that went well. */
  readonly passed: number
  /** When it closed, while its rate is still growing. */
  readonly closedAt?: number
  readonly window: readonly Piece[]
}

interface Piece {
  readonly from: number
  readonly passed: number
  readonly failed: number
}

export const CLOSED: Breaker = { state: 'closed', until: 0, inARow: 0, openings: 0, passed: 0, window: [] }

/** ms until the connection may be asked; 0: now. */
export const restOf = ({ state, until }: Breaker, now: number): number =>
  state === 'open' ? Math.max(0, until - now) : 0

/** Whether what may go is a probe only. */
export const isProbing = ({ state }: Breaker): boolean => state !== 'closed'

/** The share of its rate that it may use. */
export const shareOf = ({ closedAt }: Breaker, now: number): number =>
  closedAt === undefined ? 1 : Math.min(1, RAMP_FROM * 2 ** Math.floor((now - closedAt) / RAMP_STEP))

/** The breaker once its connection is asked: when the time is over, an open one lets probes through. */
export const asked = (breaker: Breaker, now: number): Breaker =>
  breaker.state === 'open' && now >= breaker.until ? { ...breaker, state: 'probing', until: 0, passed: 0 } : breaker

/** An answer came, whatever it said about the events. */
export const passed = (breaker: Breaker, now: number): Breaker => {
  const { inARow: _, failingSince: __, ...rest } = breaker
  const well: Breaker = { ...rest, inARow: 0 }
  switch (breaker.state) {
    case 'closed':
      return { ...well, window: counted(breaker.window, now, 'passed') }
    case 'probing':
      return breaker.passed + 1 < PROBES
        ? { ...well, passed: breaker.passed + 1 }
        : { ...CLOSED, openings: breaker.openings, closedAt: now }
    case 'open':
      // A late answer, from before it opened.
      return well
  }
}

/** No answer came, or one that says that the platform is in trouble. `random` in [0, 1). */
export const failed = (breaker: Breaker, now: number, random: number): Breaker => {
  const failing = { inARow: breaker.inARow + 1, failingSince: breaker.failingSince ?? now }
  switch (breaker.state) {
    case 'open':
      return { ...breaker, ...failing }
    case 'probing':
      return opened({ ...breaker, ...failing }, breaker.openings, now, random)
    case 'closed': {
      const window = counted(breaker.window, now, 'failed')
      const openings = shareOf(breaker, now) < 1 ? breaker.openings : 0
      return failing.inARow >= IN_A_ROW || isBad(window)
        ? opened({ ...breaker, ...failing }, openings, now, random)
        : { ...breaker, ...failing, window }
    }
  }
}

const opened = ({ closedAt: _, ...breaker }: Breaker, openings: number, now: number, random: number): Breaker => ({
  ...breaker,
  state: 'open',
  until: now + Math.ceil((0.5 + random / 2) * Math.min(LONGEST_REST, FIRST_REST * 2 ** Math.min(openings, 16))),
  openings: openings + 1,
  passed: 0,
  window: [],
})

const isBad = (window: readonly Piece[]): boolean => {
  let all = 0
  let bad = 0
  for (const { passed, failed } of window) {
    all += passed + failed
    bad += failed
  }
  return all >= ENOUGH && bad >= SHARE * all
}

const counted = (window: readonly Piece[], now: number, what: 'passed' | 'failed'): readonly Piece[] => {
  const from = now - (now % PIECE)
  const kept = window.filter((piece) => piece.from > now - WINDOW && piece.from < from)
  const piece = window.find((known) => known.from === from) ?? { from, passed: 0, failed: 0 }
  return [...kept, { ...piece, [what]: piece[what] + 1 }]
}
