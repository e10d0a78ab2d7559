import { hash } from 'node:crypto'
import { arrayAt, isObject, textAt } from '../../lib/json.ts'
import type { Conversion } from './conversions.ts'

/**
 * The people Pinterest knows, kept as hashes that this file makes itself: a conversion whose hashes were built from a
 * wrongly normalised address is well formed and still finds nobody, here as on the real platform.
 */
export interface People {
  /** Takes `{people: [{email?, phone?}]}`; a problem in words, or undefined. */
  add(body: unknown): string | undefined
  /** Which of a conversion's identifiers belong to somebody known: em, ph. */
  matches(conversion: Conversion): readonly string[]
  readonly size: number
  clear(): void
}

const LARGEST = 1_000_000

export const createPeople = (): People => {
  const known = new Set<string>()
  const learn = (text: string | undefined) => {
    if (text) known.add(hash('sha256', text, 'hex'))
  }
  return {
    add: (body) => {
      if (!isObject(body) || !Array.isArray(body.people)) return 'send {"people": [{"email": "...", "phone": "+1..."}]}'
      if (known.size > LARGEST) return `more than ${LARGEST} people`
      for (const person of arrayAt(body, 'people')) {
        learn(textAt(person, 'email')?.toLowerCase())
        learn(textAt(person, 'phone')?.replaceAll(/\D/g, '').replace(/^0+/, ''))
      }
      return undefined
    },
    matches: (conversion) => [
      ...(conversion.em.some((one) => known.has(one)) ? ['em'] : []),
      ...(conversion.ph.some((one) => known.has(one)) ? ['ph'] : []),
    ],
    get size() {
      return known.size
    },
    clear: () => known.clear(),
  }
}
