import { type IdentifierKind, kindOf } from './identifier-kinds.ts'

/**
 * How likely a platform finds the person by one identifier of a kind, where it is correct. Assumed and the same for every
 * platform: none publishes weights. docs/match-quality.md says what follows from that.
 */
const REACH: Readonly<Record<IdentifierKind, number>> = {
  click: 0.9,
  email: 0.6,
  phone: 0.5,
  cookie: 0.6,
  person: 0.2,
  device: 0.15,
  own: 0,
}

/** Identifiers by name, and how many of `sent` items carried each. */
export interface Carried {
  readonly sent: number
  readonly counts: Readonly<Record<string, number>>
}

export type Shares = Readonly<Partial<Record<IdentifierKind, number>>>

/** For each kind the largest share (0 to 1) that one of its identifiers reaches, of those that the platform takes. */
export const sharesOf = ({ sent, counts }: Carried, taken: readonly string[]): Shares => {
  const shares: Partial<Record<IdentifierKind, number>> = {}
  for (const name of taken) {
    const kind = kindOf(name)
    const share = sent === 0 ? 0 : Math.min(1, (counts[name] ?? 0) / sent)
    shares[kind] = Math.max(shares[kind] ?? 0, share)
  }
  return shares
}

/** Estimated share (0 to 1) of items whose person the platform finds: by at least one kind, each counted by itself. */
export const estimateOf = (shares: Shares): number => {
  let missed = 1
  for (const [kind, share] of Object.entries(shares) as [IdentifierKind, number][]) missed *= 1 - share * REACH[kind]
  return 1 - missed
}

export interface Gain {
  readonly kind: IdentifierKind
  /** Share of items without it. */
  readonly missing: number
  /** By how much the estimate would rise if none were without it. */
  readonly gain: number
}

/** What is missing, and what it would bring, most first; what would change next to nothing is left out. */
export const gainsOf = (shares: Shares): readonly Gain[] => {
  const now = estimateOf(shares)
  return (Object.entries(shares) as [IdentifierKind, number][])
    .map(([kind, share]) => ({ kind, missing: 1 - share, gain: estimateOf({ ...shares, [kind]: 1 }) - now }))
    .filter(({ gain }) => gain >= LEAST_GAIN)
    .toSorted((a, b) => b.gain - a.gain)
}

const LEAST_GAIN = 0.01

/** Pinterest's marks, the only ones in per cent that a platform publishes: above them a match rate is acceptable, strong. */
export const MARKS = { acceptable: 0.3, strong: 0.5 } as const
