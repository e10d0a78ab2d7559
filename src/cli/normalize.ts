import type { Destination, NormalizedField, Normalizer } from '../destinations/destination.ts'
import { DIGESTS } from '../event/hash.ts'
import {
  country as countryFrom,
  IDENTITY_FIELDS,
  type Identity,
  identityFrom,
  type Normalised,
} from '../event/identity.ts'
import { type Json, textAt } from '../lib/json.ts'
import { destinationNamed } from './destination-named.ts'
import { readDocuments } from './read-lines.ts'
import { type CommandResult, wrongUsage } from './result.ts'

export interface NormalizeOptions {
  readonly destination: string
  /** Field, country and value of a single question; without them the input is read. */
  readonly field?: string
  readonly country?: string
  readonly value?: string
}

/** What came of a value: the platform's form with the digests that are sent, or why nothing would be sent. */
type Answer = { readonly normalized: string; readonly [digest: string]: string } | { readonly refused: string }

/**
 * `converlay normalize`: what a destination makes of a value, with the very functions that make its requests. One value
 * from the command line, or `{field, value, country}` from each document of the input, one answer each.
 */
export const normalizeCommand = (options: NormalizeOptions, input: string): CommandResult => {
  const destination = destinationNamed(options.destination)
  if (typeof destination === 'string') return wrongUsage(destination)
  if (options.value !== undefined) {
    if (options.field === undefined) return wrongUsage('Say which field the value is: --field email, for example.')
    return printed([normalize(destination, options.field, options.value, options.country)])
  }
  return printed(
    readDocuments(input).map((one) => {
      if ('error' in one) return one
      const { field, value, country } = questionOf(one.value)
      if (field === undefined) return { document: one.document, error: 'field is missing: write {"field", "value"}' }
      return normalize(destination, field, value ?? '', country ?? options.country)
    }),
  )
}

const printed = (answers: readonly (Answer | { readonly error: string })[]): CommandResult => ({
  lines: answers.map((answer) => JSON.stringify(answer)),
  status: answers.every((answer) => 'normalized' in answer) ? 0 : 1,
})

const questionOf = (document: Json) => ({
  field: textAt(document, 'field'),
  value: textAt(document, 'value'),
  country: textAt(document, 'country'),
})

const FIELDS: readonly NormalizedField[] = [...IDENTITY_FIELDS, 'externalId']
const isField = (field: string): field is NormalizedField => FIELDS.some((known) => known === field)

const normalize = (destination: Destination, field: string, value: string, country: string | undefined): Answer => {
  if (!isField(field)) return { refused: `there is no field "${field}"; fields are ${FIELDS.join(', ')}` }
  const normalizer: Normalizer<string> | undefined = destination.normalizers[field]
  if (normalizer === undefined) return { refused: `${destination.name} takes no ${field}` }
  const clear = canonical(field, value, country)
  if (clear === undefined) return { refused: `not a usable ${field}` }
  const form = normalizer.form(clear, countryFrom(country))
  if (form === undefined) return { refused: `${destination.name} would not take this ${field}, so it is not sent` }
  // What carries digests was made by a normaliser; the type cannot say so for all destinations at once.
  const digests = normalizer.digests.map((digest) => [digest, DIGESTS[digest](form as Normalised)] as const)
  return { normalized: form, ...Object.fromEntries(digests) }
}

/** The value as a canonical event would hold it. */
const canonical = (field: NormalizedField, value: string, country: string | undefined): string | undefined => {
  // An external id is a customer's or a client's id, which are read alike.
  const name: keyof Identity = field === 'externalId' ? 'customerId' : field
  const home = name === 'country' || country === undefined ? {} : { country: country.toUpperCase() }
  return identityFrom({ ...home, [name]: value })?.[name]
}
