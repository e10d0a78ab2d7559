import type { Skip } from '../destinations/destination.ts'
import { type Entry, isTooLarge, mapEvent, planRequests, TOO_LARGE } from '../destinations/plan.ts'
import { testingOf } from '../destinations/testing.ts'
import { DEFAULT_POLICY } from '../event/consent.ts'
import type { Event } from '../event/event.ts'
import { isObject, type Json, parseJson } from '../lib/json.ts'
import { route } from '../pipeline/route.ts'
import { destinationNamed } from './destination-named.ts'
import { eventFromDocument } from './event-from-document.ts'
import { readDocuments } from './read-lines.ts'
import { type CommandResult, wrongUsage } from './result.ts'

export interface MapOptions {
  /** A destination's slug. */
  readonly destination: string
  /** The text of the settings file, JSON. */
  readonly settings: string
  /** Against which age is measured. */
  readonly now: Date
  /** Map every event for limited use, whatever its consent says. */
  readonly limited?: boolean
  readonly backfill?: boolean
}

/**
 * `converlay map`: canonical events in, the requests out that would be sent, batched as live. What is not sent is
 * printed first, with its reason and in the order of the input.
 */
export const mapCommand = (options: MapOptions, input: string): CommandResult => {
  const destination = destinationNamed(options.destination)
  if (typeof destination === 'string') return wrongUsage(destination)
  const file = parseJson(options.settings, { depth: 20, values: 10_000 })
  if (!file.ok) return wrongUsage(`The settings file cannot be read: ${file.why}.`)
  const settings = destination.settings.safeParse(file.value)
  if (!settings.success)
    return wrongUsage(
      `The settings file does not fit ${destination.name}: ${settings.error.issues
        .map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
        .join('; ')}`,
    )

  const test = testingOf({ destination, settings: settings.data }) !== undefined
  const lines: string[] = []
  let refused = false
  const entries: (Entry & { readonly event: Event })[] = []
  const print = (value: object) => lines.push(JSON.stringify(value))
  const refuse = (document: number, error: string) => {
    refused = true
    print({ document, error })
  }
  const printSkip = (event: Event, { skip, field }: Skip) =>
    print({ skip: { eventId: event.id, reason: skip, ...(field === undefined ? {} : { field }) } })

  const mapOne = (document: number, value: Json) => {
    // `decode` prints those for messages with nothing to send: there is no event to map.
    if (isObject(value) && typeof value.nothing === 'string' && !('id' in value)) return
    if (value === null) return refuse(document, 'not a canonical event: the document is null')
    const event = eventFromDocument(value)
    if ('error' in event) return refuse(document, event.error)
    const routed = route(event, {
      destination,
      settings: settings.data,
      policy: DEFAULT_POLICY,
      now: options.now.getTime(),
      test,
    })
    if ('skip' in routed) return printSkip(event, routed)
    const mapped = mapEvent(destination, settings.data, event, {
      limited: routed.limited || options.limited === true,
      backfill: options.backfill === true || event.origin === 'backfill',
      test,
      now: options.now,
    })
    if ('skip' in mapped) return printSkip(event, mapped)
    entries.push({ index: document, items: mapped.items, event })
  }

  for (const one of readDocuments(input)) {
    if ('error' in one) refuse(one.document, one.error)
    else
      try {
        mapOne(one.document, one.value)
      } catch (fault) {
        refuse(
          one.document,
          `mapping it crashed, which is a bug: ${fault instanceof Error ? fault.message : 'unknown'}`,
        )
      }
  }
  // What is caught up with goes through the platform's interface for backlogs, where it has one.
  const packing = { singly: false, test, bulk: options.backfill === true, now: options.now }
  const limits = (packing.bulk ? destination.limits.bulk : undefined) ?? destination.limits
  for (const planned of planRequests(destination, settings.data, entries, packing))
    if (isTooLarge(planned, limits)) for (const { event } of planned.entries) printSkip(event, TOO_LARGE)
    else print({ request: planned.request, eventIds: planned.entries.map(({ event }) => event.id) })
  return { lines, status: refused ? 1 : 0 }
}
