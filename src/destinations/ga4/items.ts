import type { Event } from '../../event/event.ts'
import { type How, type Skip, skip } from '../destination.ts'
import { orderIdField } from '../google-data-manager/order-id-field.ts'
import { clientIdOf } from './client-id.ts'
import { type IngestedEvent, ingested } from './data-manager.ts'
import { googleName } from './event-names.ts'
import { gaEventOf } from './ga-event.ts'
import { type MeasuredEvent, measured } from './measurement-protocol.ts'
import { personOf, sessionOf } from './person.ts'
import type { Settings } from './settings.ts'

/** An event in the form of the way that the settings name. */
export type Item = MeasuredEvent | IngestedEvent

export const isMeasured = (item: Item): item is MeasuredEvent => 'events' in item
export const isIngested = (item: Item): item is IngestedEvent => !isMeasured(item)

/** What Google Analytics is told of an event: one item, or the reason why nothing. */
export const toItems = (event: Event, settings: Settings, how: How): readonly Item[] | Skip => {
  const name = googleName(event)
  if (typeof name !== 'string') return name
  const clientId = clientIdOf(event)
  if (clientId === undefined) return skip('no_identifier')
  const told = gaEventOf(name, event, sessionOf(event, clientId, settings), settings, how)
  if ('skip' in told) return told
  const person = personOf(event, clientId, how.limited)
  const item =
    settings.apiSecret === undefined
      ? ingested(told, person, orderIdField(event.commerce, settings))
      : measured(told, person, how.limited)
  return 'skip' in item ? item : [item]
}
