import { isObject } from '../../lib/json.ts'
import { complaint, type Schema } from '../json-schema.ts'
import { type Reading, refuse } from '../kit/reading.ts'
import { type Answer, type Failing, json } from '../platform.ts'

/** What is wrong with one event, or with the body around the events. */
export interface Fault {
  /** Dotted path from the event, e.g. metadata.value. */
  readonly field: string
  readonly message: string
  /** The text could not be read into the API's types at all: the answer then speaks of the request, of no event. */
  readonly undecodable?: true
}

/** `fields` is optional in the real answer. */
export const problem = (
  status: number,
  message: string,
  fields?: readonly { readonly field: string; readonly message: string }[],
): Answer => json(status, { error: { code: status, message, ...(fields ? { fields } : {}) } })

export const refuseWhole = (status: number, message: string, account: string): Reading =>
  refuse(problem(status, message), account, { code: status, message })

const UNKNOWN = /^Additional properties are not allowed \('([^']*)'/
const MISSING = /^'(.*)' is a required property$/

/** Why a value does not fit a schema, in Reddit's words where they are known. */
export const schemaFault = (value: unknown, schema: Schema, path: readonly string[] = []): Fault | undefined => {
  const why = complaint(value, schema)
  if (why === undefined) return undefined
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    const held = isObject(value) ? value[key] : undefined
    if (held !== undefined && complaint(held, inner) === why) return schemaFault(held, inner, [...path, key])
  }
  const unknown = UNKNOWN.exec(why)?.[1]
  if (unknown !== undefined)
    return {
      field: [...path, unknown].join('.'),
      message: `JSON error "unknown field" on field "${unknown}"`,
      undecodable: true,
    }
  const missing = MISSING.exec(why)?.[1]
  if (missing !== undefined) return { field: [...path, missing].join('.'), message: `missing ${missing}` }
  const name = path.at(-1) ?? 'event'
  const isNamed = schema.enum !== undefined && typeof value === 'string'
  return { field: path.join('.'), message: `invalid ${name}: ${isNamed ? value : why}` }
}

export const THROTTLED = 'Too many requests/events within timeframe.'

/** Those of 401, 429 and 503 are Reddit's own; the others are made up in its manner. */
const MESSAGES: Readonly<Record<Failing, string>> = {
  401: 'No bearer token provided',
  403: 'Missing adsconversions scope',
  413: 'Request Entity Too Large',
  429: THROTTLED,
  500: 'Internal Server Error. No conversion events were processed.',
  503: 'The service is currently unavailable. No conversion events were processed.',
}

/** Throttled answers carry no headers: when to come back is told nowhere. */
export const failing = (status: Failing): Answer => problem(status, MESSAGES[status])
