import { compact } from '../lib/json.ts'

/** What the shopper allowed, as a snapshot with its origin and moment. A missing purpose is unknown. */
export interface Consent {
  readonly marketing?: boolean
  readonly analytics?: boolean
  readonly preferences?: boolean
  readonly saleOfData?: boolean
  /** Global Privacy Control; true counts as an opt-out of sale. */
  readonly gpc?: boolean
  /** e.g. "web-pixel". */
  readonly source?: string
  readonly at?: string
}

export type Purpose = 'marketing' | 'analytics' | 'preferences'

/** A shop's policy for visitors whose consent is unknown. */
export interface ConsentPolicy {
  /** Where it must be asked for: countries ("DE"), parts of them ("US-CA"), or EVERYWHERE. */
  readonly requiredIn: readonly string[]
}

/** In a policy: whatever the region, also where none is known. */
export const EVERYWHERE = '*'

/** EEA, United Kingdom and Switzerland: consent before marketing (GDPR and ePrivacy, UK PECR, Swiss FADP practice). */
export const DEFAULT_POLICY: ConsentPolicy = {
  requiredIn: 'AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(
    ' ',
  ),
}

export type ConsentDecision =
  | { readonly kind: 'go'; readonly limited: boolean }
  | { readonly kind: 'no'; readonly reason: 'no_consent' | 'consent_unknown' | 'sale_opt_out' }

/** Where a buyer is, as far as it is known. */
export interface Buyer {
  readonly country: string | undefined
  /** The part of the country, by its code there ("CA" of "US-CA"). */
  readonly region?: string | undefined
}

const mustBeAsked = ({ country, region }: Buyer, { requiredIn }: ConsentPolicy): boolean =>
  requiredIn.includes(EVERYWHERE) ||
  (country !== undefined && (requiredIn.includes(country) || requiredIn.includes(`${country}-${region}`)))

/**
 * Whether an event may go to a destination. A refusal always wins. Without a known answer the policy of the buyer's
 * region decides, and where consent is required it fails closed.
 */
export const decideConsent = (
  consent: Consent | undefined,
  needs: { readonly purposes: readonly Purpose[]; readonly limitedUse?: unknown },
  region: Buyer & { readonly policy: ConsentPolicy },
): ConsentDecision => {
  for (const purpose of needs.purposes) if (consent?.[purpose] === false) return { kind: 'no', reason: 'no_consent' }
  const unknown = needs.purposes.some((purpose) => consent?.[purpose] === undefined)
  if (unknown && mustBeAsked(region, region.policy)) return { kind: 'no', reason: 'consent_unknown' }
  const optedOut = consent?.saleOfData === false || consent?.gpc === true
  if (optedOut && needs.limitedUse === undefined) return { kind: 'no', reason: 'sale_opt_out' }
  return { kind: 'go', limited: optedOut }
}

/**
 * The consent that counts when several are known: the newest snapshot, except that a newer grant releases nothing by
 * itself, so each purpose the older one refused stays refused for an event that carried that refusal.
 */
export const newestConsent = (own: Consent | undefined, later: Consent | undefined): Consent | undefined => {
  if (!own || !later) return own ?? later
  if ((later.at ?? '') <= (own.at ?? '')) return own
  const refused = (purpose: 'marketing' | 'analytics' | 'preferences' | 'saleOfData') =>
    own[purpose] === false ? false : (later[purpose] ?? own[purpose])
  return compact<Consent>({
    marketing: refused('marketing'),
    analytics: refused('analytics'),
    preferences: refused('preferences'),
    saleOfData: refused('saleOfData'),
    gpc: own.gpc === true ? true : (later.gpc ?? own.gpc),
    source: later.source,
    at: later.at,
  })
}
