import { maxAgeOf } from '../../../src/destinations/deadline.ts'
import type { Destination } from '../../../src/destinations/destination.ts'
import type { Outcome } from '../../../src/destinations/outcomes.ts'
import { isOrderEvent } from '../../../src/event/names.ts'
import { DAY, MINUTE } from '../../../src/lib/duration.ts'
import type { NewEvent } from '../../../src/store/store.ts'
import type { History } from './histories.ts'
import type { Connected } from './merchants.ts'
import { MODELS } from './platforms.ts'
import type { Visitor } from './shoppers.ts'
import type { World } from './simulate.ts'

/** An event at a connection with all that is known about it from outside. */
interface Case {
  readonly world: World
  readonly connected: Connected
  readonly destination: Destination
  readonly logged: NewEvent
  readonly history: History
}

/** Why an outcome cannot be true, as far as the world outside can tell; undefined when it can. */
export const excuseFor = (outcome: Outcome, one: Case): string | undefined => {
  const { destination, logged, history, connected } = one
  const { event } = logged
  const key = MODELS.get(connected.slug)?.keyOf(event)
  const took = history.some((seen) => seen.took.some((told) => told.key === key))
  const refused = history.some((seen) => seen.refused.some((told) => told.key === key))
  const must = (holds: boolean, why: string): string | undefined => (holds ? undefined : why)
  switch (outcome) {
    case 'delivered':
    case 'sent':
      return must(took, 'the platform never took it')
    case 'rejected':
      return must(refused, 'the platform never refused it')
    case 'ambiguous':
      return must(isDoubtful(one), 'nothing about it was ever in doubt')
    case 'not_accepted':
      return must(destination.accepts[event.name] === null, 'the platform has such an event')
    case 'no_consent':
    case 'sale_opt_out':
      return must(refusesConsent(one), 'nobody refused consent')
    case 'consent_unknown':
      return must(isUnasked(one), 'consent was known, or is not needed there')
    case 'redacted':
      return must(isErased(one), 'nobody was erased')
    case 'expired':
    case 'too_old':
      return must(isOld(one), 'it was young enough')
    case 'in_future':
      return must(one.world.clock.length > 0, 'no clock was wrong')
    case 'sent_as_placed':
      return must(event.name === 'order_paid', 'it is not a payment')
    case 'switched_off':
      return must(connected.slug === 'google-ads' && destination.accepts[event.name] !== null, 'it is on')
    case 'superseded':
    case 'before_connection':
    case 'purchase_not_sent':
    case 'covered':
      return must(isOrderEvent(event.name), 'it is of no order')
    case 'no_identifier':
    case 'missing_field':
      return must(isPoor(one), 'it has all that the platform wants')
    default:
      return 'nothing in this run leads to that'
  }
}

const visitorOf = ({ world, logged: { event } }: Case): Visitor | undefined => {
  const { clientId } = event.identity ?? {}
  const { orderId, cartToken } = event.commerce ?? {}
  return world.visitors.find(
    (visitor) =>
      visitor.clientId === clientId ||
      (orderId !== undefined && visitor.orders.includes(orderId)) ||
      (cartToken !== undefined && visitor.cartToken === cartToken),
  )
}

/** Some answer never came or could not be read; or a process was killed while the event may have been on its way. */
const isDoubtful = ({ history, world, logged, connected, destination }: Case): boolean =>
  history.some(({ unclear }) => unclear) ||
  world.clock.length > 0 ||
  (destination.dedup(logged.event.name) === undefined &&
    world.kills.some((at) => at > logged.receivedAt - DAY && at < (connected.removedAt ?? world.now)))

const refusesConsent = (one: Case): boolean => {
  const visitor = visitorOf(one)
  return visitor === undefined ? false : visitor.allows === false || visitor.withdraws
}

const isUnasked = (one: Case): boolean => {
  const visitor = visitorOf(one)
  // Of an order whose visit never became known nothing is known either.
  const unknown =
    visitor?.allows === undefined || isOrderEvent(one.logged.event.name) || one.logged.event.name === 'product_added'
  return unknown && one.connected.shop === 'blanket.myshopify.com'
}

const isErased = (one: Case): boolean => visitorOf(one)?.erasedAt !== undefined

const isOld = ({ world, logged, destination }: Case): boolean => {
  const ahead = Math.max(0, ...world.clock.map(({ skew }) => skew))
  return world.now + ahead - Date.parse(logged.event.occurredAt) > maxAgeOf(destination, logged.event) - MINUTE
}

/** What a cart tells by itself, without its browser, names nobody; and what was erased has lost its part of the story. */
const isPoor = (one: Case): boolean =>
  one.logged.event.flags.includes('from_cart') || isErased(one) || isOrderEvent(one.logged.event.name)
