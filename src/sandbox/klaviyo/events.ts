import { arrayAt, isObject, objectAt, parseJson, textAt } from '../../lib/json.ts'
import { type Conversion, identifiersIn, type Sighted } from '../kit/conversions.ts'
import type { Refused } from '../kit/reading.ts'
import { invalid, type Problem, repeated, worded } from './errors.ts'
import { eventKey } from './profiles.ts'
import { eventProblem, junkIn, occurredAt, profileProblem, warningsOf } from './rules.ts'
import { type BodySchemas, type EventAttributes, type Profile, pointerTo, problemIn } from './schema.ts'

/** An event as a request tells it, with the place of its attributes in the body. */
interface Told {
  readonly pointer: string
  readonly event: EventAttributes
  readonly profile: Profile
  readonly backfill: boolean
}

/** What is wrong, and with which event where one is to blame. */
export interface Guilty {
  readonly problem: Problem
  readonly name?: string | undefined
  readonly eventId?: string | undefined
}

export type Body = { readonly told: readonly Told[] } | { readonly guilty: readonly [Guilty, ...Guilty[]] }

const MOST_EVENTS = 1000

export const refusedOf = ({ problem, name, eventId }: Guilty): Refused => ({
  name,
  eventId,
  code: problem.code,
  message: worded(problem),
})

const blame = (attributes: unknown, problem: Problem): Guilty => ({
  problem,
  name: textAt(objectAt(objectAt(objectAt(attributes, 'metric'), 'data'), 'attributes'), 'name'),
  eventId: textAt(attributes, 'unique_id'),
})

/** The body as JSON; undefined when it is none. */
export const bodyOf = (text: string): unknown => {
  const parsed = parseJson(text, { depth: 32, values: 1_000_000 })
  return parsed.ok ? parsed.value : undefined
}

const NO_JSON: Guilty = { problem: invalid('The body is no JSON:API document.', '') }

/** For what has been checked against the schema, so the type tells no more than is known. */
const fitting = <T>(value: unknown): T => value as T

/** Reads the body of POST /api/events, and of the browser’s call, which has the same form. */
export const readSingle = (body: unknown, schemas: BodySchemas, now: number): Body => {
  if (body === undefined) return { guilty: [NO_JSON] }
  const attributes = objectAt(objectAt(body, 'data'), 'attributes')
  const unfit = problemIn(body, schemas.single, '')
  if (unfit) return { guilty: [blame(attributes, unfit)] }
  const event = fitting<EventAttributes>(attributes)
  const profile = fitting<Profile>(objectAt(objectAt(attributes, 'profile'), 'data'))
  const pointer = '/data/attributes'
  const problem = profileProblem(profile, `${pointer}/profile/data`) ?? eventProblem(event, pointer, now)
  return problem
    ? { guilty: [blame(attributes, problem)] }
    : { told: [{ pointer, event, profile, backfill: event.backfill ?? false }] }
}

/** Reads the body of POST /api/event-bulk-create-jobs: all of its events, or everything that spoils it. */
export const readBulk = (
  body: unknown,
  schemas: BodySchemas,
  now: number,
  conversions: () => readonly Conversion[],
): Body => {
  if (body === undefined) return { guilty: [NO_JSON] }
  const frame = problemIn(body, schemas.bulk, '')
  if (frame) return { guilty: [{ problem: frame }] }
  const list = '/data/attributes/events-bulk-create/data'
  const groups = arrayAt(objectAt(objectAt(objectAt(body, 'data'), 'attributes'), 'events-bulk-create'), 'data')
  const count = groups.reduce((sum: number, group) => sum + eventsOf(group).length, 0)
  if (count > MOST_EVENTS) return { guilty: [{ problem: invalid(`More than ${MOST_EVENTS} events: ${count}.`, list) }] }
  const read = groups.map((group, index) => readGroup(group, pointerTo(list, String(index)), schemas, now))
  const told = read.flatMap((one) => one.told)
  const [first, ...others] = [...read.flatMap((one) => one.guilty), ...repeatsIn(told, conversions, now)]
  return first ? { guilty: [first, ...others] } : { told }
}

const eventsOf = (group: unknown) => arrayAt(objectAt(objectAt(group, 'attributes'), 'events'), 'data')

const readGroup = (
  group: unknown,
  pointer: string,
  schemas: BodySchemas,
  now: number,
): { readonly told: readonly Told[]; readonly guilty: readonly Guilty[] } => {
  const attributes = objectAt(group, 'attributes')
  const profile = fitting<Profile>(objectAt(objectAt(attributes, 'profile'), 'data'))
  const problem =
    problemIn(group, schemas.group, pointer) ?? profileProblem(profile, `${pointer}/attributes/profile/data`)
  const events = eventsOf(group)
  if (problem) {
    const [only, ...more] = events
    // A group of one event has only that one to blame.
    const inner = isObject(only) && more.length === 0 ? only.attributes : {}
    return { told: [], guilty: [blame(inner, problem)] }
  }
  const told: Told[] = []
  const guilty: Guilty[] = []
  for (const [index, one] of events.entries()) {
    const place = `${pointer}/attributes/events/data/${index}`
    const own = objectAt(one, 'attributes')
    const event = fitting<EventAttributes>(own)
    const wrong = problemIn(one, schemas.event, place) ?? eventProblem(event, `${place}/attributes`, now)
    if (wrong) guilty.push(blame(own, wrong))
    else
      told.push({
        pointer: `${place}/attributes`,
        event,
        profile,
        backfill: event.backfill ?? attributes.backfill === true,
      })
  }
  return { told, guilty }
}

/**
 * A unique_id that the profile and metric had before, in this job or in an earlier call. An event without one gets its
 * second as such; of those one survives without a word, as the sheet has it.
 */
const repeatsIn = (told: readonly Told[], conversions: () => readonly Conversion[], now: number): readonly Guilty[] => {
  const named = told.filter(({ event }) => event.unique_id !== undefined)
  if (named.length === 0) return []
  const ids = new Set(named.map(({ event }) => event.unique_id))
  const taken = new Set(conversions().flatMap((one) => (ids.has(one.eventId) ? [eventKey(one)] : [])))
  return named.flatMap(({ event, profile, pointer }) => {
    const key = eventKey(factsOf(event, profile, now))
    if (taken.has(key)) return [blame(event, repeated(`${pointer}/unique_id`))]
    taken.add(key)
    return []
  })
}

const IDENTIFIERS = ['id', 'email', 'phone_number', 'external_id', '_kx', 'anonymous_id']
const DESCRIBING = ['first_name', 'last_name', 'city', 'country', 'zip', 'ip']

const factsOf = (event: EventAttributes, { id, attributes }: Profile, now: number) => ({
  name: event.metric.data.attributes.name,
  eventId: event.unique_id,
  occurredAt: occurredAt(event, now),
  identifiers: identifiersIn({ ...attributes.location, ...attributes, id }, [...IDENTIFIERS, ...DESCRIBING]),
})

export interface Circumstances {
  readonly now: number
  /** What a value without a currency is taken for. */
  readonly currency: string | undefined
  /** Shopify’s integration is on. */
  readonly native: boolean
}

/** An event that counts, or the note of one that would only make a junk profile. */
export const sightedOf = (
  { event, profile, backfill }: Told,
  { now, currency, native }: Circumstances,
): { readonly sighted: Sighted } | { readonly junk: Refused } => {
  const junk = junkIn(event, profile)
  const facts = factsOf(event, profile, now)
  if (junk !== undefined) return { junk: { name: facts.name, eventId: facts.eventId, code: 'hashed', message: junk } }
  return {
    sighted: {
      ...facts,
      orderId: textAt(event.properties, 'OrderId'),
      value: event.value === undefined ? undefined : String(event.value),
      currency: event.value_currency ?? (event.value === undefined ? undefined : currency),
      contentIds: productsIn(event.properties),
      marks: backfill ? ['backfill'] : [],
      warnings: warningsOf(event, profile, native),
    },
  }
}

const productsIn = (properties: EventAttributes['properties']): readonly string[] => {
  const lines = arrayAt(properties, 'Items').map((line) => textAt(line, 'ProductID'))
  const own = textAt(properties, 'ProductID') ?? textAt(properties, 'AddedItemProductID')
  return [...lines, own].filter((id) => id !== undefined)
}
