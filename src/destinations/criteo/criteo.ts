import { identityFrom } from '../../event/identity.ts'
import { DAY, MINUTE, SECOND } from '../../lib/duration.ts'
import { type Destination, defineDestination, type Planned } from '../destination.ts'
import { pack } from '../pack.ts'
import { isPurchase } from '../told.ts'
import { readResponse, readVerify } from './answers.ts'
import { accepts, type CriteoEvent, declines, emailOf, normalizers, toItems, VERSION } from './items.ts'
import { type Settings, settings } from './settings.ts'

// Criteo documents no limit at all; these are our own.
const limits = {
  // The schema has a list of events, every known client sends one.
  batch: 1,
  bytes: 256 * 1024,
  linger: 0,
  inFlight: 32,
  rate: { perSecond: 50, scope: 'connection' },
  // "Real time or near real time"; 24 hours is the sheet's own rule for purchases.
  maxAge: DAY,
  future: 5 * MINUTE,
} as const

/** Criteo knows no credentials: the account stands in the body. */
const toRequests = (events: readonly CriteoEvent[]): readonly Planned<CriteoEvent>[] =>
  pack(events, limits, ['', '']).map(({ body, items }) => ({
    request: {
      method: 'POST',
      url: 'https://widget.criteo.com/m/event?version=s2s_v0',
      headers: { 'content-type': 'application/json' },
      body,
    },
    items,
  }))

/** There is no test mode, so the event is one that no report adds up: a look at the front page by nobody real. */
const verify: Destination<Settings>['verify'] = ({ partnerId, callerId }, now) => {
  const nobody = identityFrom({ email: 'converlay@example.com' })
  const email = nobody && emailOf(nobody)
  const [planned] = toRequests([
    {
      version: VERSION,
      site_type: 'd',
      account: partnerId,
      id: email === undefined ? { mapping_key: callerId } : { mapping_key: callerId, email },
      events: [{ event: 'viewHome', timestamp: Math.floor(now.getTime() / SECOND) }],
    },
  ])
  if (planned === undefined) throw new Error('one event made no request')
  return { requests: [planned.request], counts: true }
}

/**
 * Criteo Events API for servers ("S2S v0"). Criteo publishes little of it, so this is best effort and wants a contact at
 * Criteo who confirms that events arrive: whether the account may use it, whether email digests alone are matched, the
 * oldest age and the rates are open questions.
 */
export const criteo = defineDestination<Settings, CriteoEvent>({
  slug: 'criteo',
  name: 'Criteo',
  docs: { url: 'https://guides.criteotilt.com/events-api/', version: 'Events API (s2s_v0)', checked: '2026-11-22' },
  revision: 1,
  hosts: ['widget.criteo.com'],
  // Answered with 307 to a host of the visitor's region, to which the same body has to be posted.
  redirects: ['.criteo.com', '.criteo.net'],
  settings,
  account: ({ partnerId }) => partnerId,
  accepts,
  declines,
  limits,
  maxAges: [{ what: 'what is not a purchase', maxAge: 10 * MINUTE, holds: ({ name }) => !isPurchase(name) }],
  // Merged is only what carries the page view id of Criteo's tag. That an order's id is merged is nowhere said.
  dedup: () => undefined,
  proof: 'none',
  matchesOn: {
    strong: ['mapped_user_id', 'email'],
    good: ['customer_id', 'retailer_visitor_id'],
    weak: ['ip', 'useragent'],
    source: 'walkerOS’s connector and Criteo’s guide to the OneTag; the tiers are our reading',
  },
  // No consent field, so nothing goes without consent, and nothing after an opt-out of sale.
  consent: { purposes: ['marketing'] },
  normalizers,
  toItems,
  groupOf: () => 'events',
  toRequests,
  readResponse,
  carries: ({ id, customer_id, retailer_visitor_id, ip, useragent }) =>
    Object.entries({
      mapped_user_id: id.mapped_user_id,
      email: id.email,
      customer_id,
      retailer_visitor_id,
      ip,
      useragent,
    }).flatMap(([name, value]) => (value === undefined ? [] : [name])),
  verify,
  readVerify,
})
