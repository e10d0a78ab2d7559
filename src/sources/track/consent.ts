import type { Consent } from '../../event/consent.ts'
import { booleanAt, compactOrAbsent, type Json, objectAt } from '../../lib/json.ts'

/** Categories by the names that consent platforms give them; OneTrust numbers its own. */
const CATEGORIES: readonly (readonly [
  keyof Consent & ('marketing' | 'analytics' | 'preferences' | 'saleOfData'),
  RegExp,
])[] = [
  ['marketing', /advert|marketing|target|^C0004$/i],
  ['analytics', /analytic|statistic|performance|^C0002$/i],
  ['preferences', /preference|functional|^C0003$/i],
  ['saleOfData', /sale|data ?sharing|^(?:SPD|OSSTA)/i],
]

/**
 * The consent that a call carries: Segment's `context.consent.categoryPreferences`, names by what they mean, or our own
 * four plainly. Of several categories of one meaning all have to be granted.
 */
export const consentOf = (context: Json, at: string): Consent | undefined => {
  const told = objectAt(context, 'consent')
  const preferences = objectAt(told, 'categoryPreferences')
  const byMeaning = Object.fromEntries(
    CATEGORIES.map(([purpose, names]) => {
      const answers = Object.entries(preferences).flatMap(([name, answer]) =>
        names.test(name) && typeof answer === 'boolean' ? [answer] : [],
      )
      return [purpose, booleanAt(told, purpose) ?? (answers.length === 0 ? undefined : !answers.includes(false))]
    }),
  )
  const consent = compactOrAbsent<Consent>({ ...byMeaning, gpc: booleanAt(told, 'gpc') })
  return consent && { ...consent, source: 'track', at }
}
