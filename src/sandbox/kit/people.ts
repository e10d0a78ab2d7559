import { hash } from 'node:crypto'
import { arrayAt, isObject, textAt } from '../../lib/json.ts'
import type { Conversion } from './conversions.ts'

export interface Person {
  readonly email?: string | undefined
  /** E.164 with its plus sign. */
  readonly phone?: string | undefined
}

/** For each field that a platform matches on: what a person's value looks like there, hash included. */
export type Recognises = Readonly<Record<string, (person: Person) => string | undefined>>

/**
 * The people a platform knows. What they look like in its fields is made here by the platform's own rules: a conversion
 * whose hashes were built from a wrongly normalised address is well formed and still finds nobody, here as on the real
 * platform.
 */
export interface People {
  /** Takes `{people: [{email?, phone?}]}`; a problem in words, or undefined. */
  add(body: unknown): string | undefined
  /** Which of a conversion's fields belong to somebody known. */
  matches(conversion: Conversion): readonly string[]
  readonly size: number
  clear(): void
}

const MOST = 1_000_000

export const sha256 = (text: string): string => hash('sha256', text, 'hex')

export const createPeople = (recognises: Recognises): People => {
  const fields = Object.entries(recognises)
  const known = new Set<string>()
  const persons = new Set<string>()
  return {
    add: (body) => {
      if (!isObject(body) || !Array.isArray(body.people)) return 'send {"people": [{"email": "...", "phone": "+1..."}]}'
      if (persons.size > MOST) return `more than ${MOST} people`
      for (const one of arrayAt(body, 'people')) {
        const person = { email: textAt(one, 'email'), phone: textAt(one, 'phone') }
        for (const [field, looksLike] of fields) {
          const value = looksLike(person)
          if (value !== undefined) known.add(`${field}=${value}`)
        }
        persons.add(JSON.stringify(person))
      }
      return undefined
    },
    matches: ({ identifiers }) =>
      fields.flatMap(([field]) => (identifiers[field]?.some((value) => known.has(`${field}=${value}`)) ? [field] : [])),
    get size() {
      return persons.size
    },
    clear: () => {
      known.clear()
      persons.clear()
    },
  }
}
