import type { CommonSettings } from '../destinations/common-settings.ts'
import { maxAgeOf, twinMergedUntil } from '../destinations/deadline.ts'
import { type Destination, type Skip, skip } from '../destinations/destination.ts'
import type { SkipReason } from '../destinations/outcomes.ts'
import { isPurchase } from '../destinations/told.ts'
import { type Buyer, type ConsentPolicy, decideConsent } from '../event/consent.ts'
import type { Event } from '../event/event.ts'
import type { EventName } from '../event/names.ts'

export type Routed = { readonly go: true; readonly limited: boolean } | Skip

/** Where an event is to go, and when. */
export interface Route {
  readonly destination: Pick<
    Destination,
    'slug' | 'accepts' | 'consent' | 'defaultEvents' | 'limits' | 'maxAges' | 'dedup'
  >
  readonly settings: CommonSettings
  readonly policy: ConsentPolicy
  /** ms since 1970. */
  readonly now: number
  /** The connection only tries things out: test orders go too. */
  readonly test?: boolean
}

/** Decides whether an event goes to a connection: the rules in order, the first that holds it back gives the reason. */
export const route = (event: Event, to: Route): Routed => {
  const reason = heldBack(event, to)
  if (reason !== undefined) return skip(reason)
  const occurredAt = Date.parse(event.occurredAt)
  if (Number.isNaN(occurredAt)) return skip('invalid_field', 'occurredAt')
  if (occurredAt < to.now - maxAgeOf(to.destination, event)) return skip('too_old')
  if (to.now > (twinMergedUntil(to.destination, event) ?? to.now)) return skip('twin_counted')
  if (occurredAt > to.now + to.destination.limits.future) return skip('in_future')
  const consent = decideConsent(event.consent, to.destination.consent, {
    ...whereIs(event),
    policy: to.policy,
  })
  return consent.kind === 'go' ? { go: true, limited: consent.limited } : skip(consent.reason)
}

/** The buyer's own country and region, else the store's country: most visitors of a store are where it is. */
const whereIs = ({ identity, store }: Event): Buyer =>
  identity?.country === undefined ? { country: store?.country } : { country: identity.country, region: identity.region }

const heldBack = (event: Event, { destination, settings, test }: Route): SkipReason | undefined => {
  // A part is sent inside the event it adds to, never by itself.
  if (event.part) return 'covered'
  // A cart's state is for our own comparison, whatever a destination says.
  if (event.name === 'cart_updated') return 'not_accepted'
  // The platform has no such event.
  if (destination.accepts[event.name] === null) return 'not_accepted'
  // The merchant does not want it, or has not asked for what is off by itself.
  const wanted = settings.events?.length ? settings.events : destination.defaultEvents?.(settings)
  if (wanted !== undefined && !isWanted(event.name, wanted)) return 'switched_off'
  // A purchase counts once, at the moment the merchant chose.
  if (event.name === 'order_placed' && settings.purchaseOn === 'paid') return 'waits_for_payment'
  if (event.name === 'order_paid' && settings.purchaseOn === 'placed') return 'sent_as_placed'
  // An order that no visit to the online store led to is not a web purchase, unless the merchant says so.
  switch (event.commerce?.channel) {
    case 'pos':
      if (!settings.sendPos) return 'channel_pos'
      break
    case 'draft':
      if (!settings.sendDraft) return 'channel_draft'
      break
    case 'subscription':
      if (!settings.sendSubscriptions) return 'channel_subscription'
      break
    case 'other':
      return 'channel_other'
  }
  // Nobody paid for a test order.
  return event.commerce?.test && !test ? 'test_order' : undefined
}

/** A purchase is wanted by either of its names: which of its two moments counts is a setting of its own. */
const isWanted = (name: EventName, wanted: readonly EventName[]): boolean =>
  wanted.includes(name) || (isPurchase(name) && wanted.some(isPurchase))
