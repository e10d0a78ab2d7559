import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../destinations/examples.ts'
import { pinterest } from '../destinations/pinterest/pinterest.ts'
import { DEFAULT_POLICY } from '../event/consent.ts'
import { DAY, MINUTE } from '../lib/duration.ts'
import { type Route, route } from './route.ts'

const NOW = Date.parse('2026-11-22T10:00:00.000Z')
type Given = Partial<Parameters<typeof exampleEvent>[0]>

const routed = (event: Given, settings: Readonly<Record<string, unknown>> = {}, to: Partial<Route> = {}) =>
  route(exampleEvent({ id: 'pv-1', name: 'page_viewed', ...event }), {
    destination: pinterest,
    settings: pinterest.settings.parse({ adAccountId: '1', conversionToken: 'pina_EXAMPLE', ...settings }),
    policy: DEFAULT_POLICY,
    now: NOW,
    ...to,
  })
const go = { go: true, limited: false }

describe('what holds an event back', () => {
  it.each<[string, Given, Readonly<Record<string, unknown>>, object]>([
    ['nothing', {}, {}, go],
    ['the platform has no such event', { name: 'order_refunded' }, {}, { skip: 'not_accepted' }],
    ['a cart’s state is never sent', { name: 'cart_updated' }, {}, { skip: 'not_accepted' }],
    ['a part goes inside its event', { name: 'order_placed', part: true }, {}, { skip: 'covered' }],
    ['the merchant wants other events only', {}, { events: ['searched'] }, { skip: 'switched_off' }],
    ['the merchant wants it', {}, { events: ['page_viewed'] }, go],
    ['the merchant chose nothing', {}, { events: [] }, go],
    ['purchases count when placed: placed goes', { name: 'order_placed' }, {}, go],
    ['purchases count when placed: paid was sent', { name: 'order_paid' }, {}, { skip: 'sent_as_placed' }],
    [
      'purchases count when paid: placed waits',
      { name: 'order_placed' },
      { purchaseOn: 'paid' },
      { skip: 'waits_for_payment' },
    ],
    ['purchases count when paid: paid goes', { name: 'order_paid' }, { purchaseOn: 'paid' }, go],
    ['a shop’s till', { name: 'order_placed', commerce: { channel: 'pos' } }, {}, { skip: 'channel_pos' }],
    ['a till, wanted', { name: 'order_placed', commerce: { channel: 'pos' } }, { sendPos: true }, go],
    ['a draft order', { name: 'order_placed', commerce: { channel: 'draft' } }, {}, { skip: 'channel_draft' }],
    ['a draft order, wanted', { name: 'order_placed', commerce: { channel: 'draft' } }, { sendDraft: true }, go],
    [
      'a renewal',
      { name: 'order_placed', commerce: { channel: 'subscription' } },
      {},
      { skip: 'channel_subscription' },
    ],
    [
      'a renewal, wanted',
      { name: 'order_placed', commerce: { channel: 'subscription' } },
      { sendSubscriptions: true },
      go,
    ],
    ['another channel', { name: 'order_placed', commerce: { channel: 'other' } }, {}, { skip: 'channel_other' }],
    ['an app of the shop counts as its store', { name: 'order_placed', commerce: { channel: 'app' } }, {}, go],
    ['a test order', { name: 'order_placed', commerce: { test: true } }, {}, { skip: 'test_order' }],
    ['no date', { occurredAt: 'yesterday' }, {}, { skip: 'invalid_field', field: 'occurredAt' }],
    ['exactly as old as allowed', { occurredAt: new Date(NOW - 7 * DAY).toISOString() }, {}, go],
    ['older', { occurredAt: new Date(NOW - 7 * DAY - 1).toISOString() }, {}, { skip: 'too_old' }],
    ['a clock a little ahead', { occurredAt: new Date(NOW + 5 * MINUTE).toISOString() }, {}, go],
    ['the future', { occurredAt: new Date(NOW + 5 * MINUTE + 1).toISOString() }, {}, { skip: 'in_future' }],
    ['marketing refused', { consent: { marketing: false } }, {}, { skip: 'no_consent' }],
    ['consent unknown where none is needed', { identity: { country: 'US' } }, {}, go],
    ['consent unknown in Germany', { identity: { country: 'DE' } }, {}, { skip: 'consent_unknown' }],
    ['consent given in Germany', { identity: { country: 'DE' }, consent: { marketing: true } }, {}, go],
    ['the store’s country where the buyer’s is unknown', { store: { country: 'FR' } }, {}, { skip: 'consent_unknown' }],
    ['the buyer’s country before the store’s', { store: { country: 'FR' }, identity: { country: 'US' } }, {}, go],
    ['sale of data refused', { consent: { marketing: true, saleOfData: false } }, {}, { go: true, limited: true }],
    ['Global Privacy Control', { consent: { gpc: true } }, {}, { go: true, limited: true }],
  ])('%s', (_, event, settings, expected) => {
    expect(routed(event, settings)).toEqual(expected)
  })

  it('lets test orders through while a connection is being tried', () => {
    expect(routed({ name: 'order_placed', commerce: { test: true } }, {}, { test: true })).toEqual(go)
  })

  it('stops an opt-out of sale where the platform knows no limited use', () => {
    const strict = { ...pinterest, consent: { purposes: ['marketing' as const] } }
    expect(routed({ consent: { gpc: true } }, {}, { destination: strict })).toEqual({ skip: 'sale_opt_out' })
  })
})
