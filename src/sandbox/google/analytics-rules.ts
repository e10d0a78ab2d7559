import { isName, isReservedEvent, isReservedPrefix, longestValueOf } from '../ga4/event-names.ts'
import { type FieldFault, fault, missing } from './field-fault.ts'
import type { IngestEvent } from './schema.ts'

/** What the events that Google describes cannot be without, by the fields of this API. */
type Needed = 'transaction_id' | 'value' | 'items' | 'search_term'
const ITEMS: readonly Needed[] = ['items']
const REQUIRED: Readonly<Record<string, readonly Needed[]>> = {
  purchase: ['transaction_id', 'value', 'items'],
  refund: ['transaction_id', 'value'],
  search: ['search_term'],
  add_to_cart: ITEMS,
  view_item: ITEMS,
  begin_checkout: ITEMS,
  add_payment_info: ITEMS,
  add_to_wishlist: ITEMS,
  view_item_list: ITEMS,
  generate_lead: ['value'],
}

/** The rules of a Google Analytics destination, here of a web stream only. `destinations`: how many the event goes to. */
export function* analyticsFaults(event: IngestEvent, destinations: number): Generator<FieldFault> {
  const { eventName, clientId, appInstanceId, currency, conversionValue } = event
  // Taken strictly: whatever goes to Analytics goes nowhere else.
  if (destinations > 1)
    yield fault(
      'destination_references',
      'MULTIPLE_DESTINATIONS_FOR_GOOGLE_ANALYTICS_EVENT',
      'An event for Google Analytics has exactly one destination.',
    )
  if (eventName === undefined) yield missing('event_name', 'Google Analytics needs event_name.')
  else if (isReservedEvent(eventName)) yield fault('event_name', 'RESERVED_NAME_USED', `${eventName} is reserved.`)
  else if (!isName(eventName)) yield fault('event_name', 'INVALID_EVENT_NAME', `${eventName} is misformed or too long.`)
  if (clientId === undefined) yield missing('client_id', 'A web stream needs client_id.')
  if (clientId !== undefined && appInstanceId !== undefined)
    yield fault(
      'app_instance_id',
      'BOTH_CLIENT_ID_AND_APP_INSTANCE_ID_NOT_ALLOWED',
      'client_id and app_instance_id exclude each other.',
    )
  if (currency !== undefined && conversionValue === undefined)
    yield missing('conversion_value', 'A currency goes with a value.')
  for (const need of REQUIRED[eventName ?? ''] ?? [])
    if (!has(event, need)) yield missing(need === 'items' ? 'cart_data.items' : need, `${eventName} needs ${need}.`)
  for (const [index, item] of (event.cartData?.items ?? []).entries())
    if (
      item.itemId === undefined &&
      !item.additionalItemParameters?.some(({ parameterName }) => parameterName === 'item_name')
    )
      yield missing(`cart_data.items[${index}].item_id`, 'An item needs item_id or item_name.')
  yield* parameterFaults(event)
}

const has = (event: IngestEvent, need: Needed): boolean => {
  switch (need) {
    case 'transaction_id':
      return event.transactionId !== undefined
    case 'value':
      return event.conversionValue !== undefined
    case 'items':
      return (event.cartData?.items ?? []).length > 0
    case 'search_term':
      return event.additionalEventParameters?.some(({ parameterName }) => parameterName === need) === true
  }
}

/** The limits are those of the Measurement Protocol; whether they are checked here at once is not documented. */
function* parameterFaults({ additionalEventParameters = [] }: IngestEvent): Generator<FieldFault> {
  const field = 'additional_event_parameters'
  if (additionalEventParameters.length > 25) yield fault(field, 'INVALID_FORMAT', 'An event has at most 25 parameters.')
  for (const { parameterName: name, value } of additionalEventParameters) {
    if (isReservedPrefix(name)) yield fault(field, 'RESERVED_NAME_USED', `The parameter ${name} is reserved.`)
    else if (!isName(name)) yield fault(field, 'INVALID_FORMAT', `The parameter ${name} is misnamed.`)
    if (value.length > longestValueOf(name))
      yield fault(field, 'FIELD_VALUE_TOO_LONG', `The parameter ${name} is too long.`)
  }
}
