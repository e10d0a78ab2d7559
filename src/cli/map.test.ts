import { describe, expect, it, vi } from 'vitest'
import { exampleEvent } from '../destinations/examples.ts'
import { pinterest } from '../destinations/pinterest/pinterest.ts'
import { mapCommand } from './map.ts'

const settings = JSON.stringify({ adAccountId: '549755885175', conversionToken: 'pina_EXAMPLE_TOKEN' })
const now = new Date('2026-11-22T10:00:10Z')
const options = { destination: 'pinterest', settings, now }
const view = (id: string, more: object = {}) => ({
  ...exampleEvent({ id, name: 'page_viewed', identity: { email: 'jane@example.com', country: 'US' } }),
  ...more,
})
const run = (input: string, more: object = {}) => {
  const { lines, status } = mapCommand({ ...options, ...more }, input)
  return { printed: lines.map((line) => JSON.parse(line)), status }
}
const sent = (printed: { request: { body: string } }[]) =>
  printed.flatMap(({ request }) => JSON.parse(request.body).data)

describe('converlay map', () => {
  it('prints the request of an event, as it would be sent', () => {
    const { printed, status } = run(JSON.stringify(view('pv-1'), null, 2))
    expect(status).toBe(0)
    expect(printed).toEqual([
      {
        request: {
          method: 'POST',
          url: 'https://api.pinterest.com/v5/ad_accounts/549755885175/events',
          headers: { authorization: 'Bearer pina_EXAMPLE_TOKEN', 'content-type': 'application/json' },
          body: expect.stringContaining('"event_name":"page_visit"'),
        },
        eventIds: ['pv-1'],
      },
    ])
  })

  it('batches as live', () => {
    const lines = Array.from({ length: 1500 }, (_, n) => JSON.stringify(view(`pv-${n}`)))
    expect(run(lines.join('\n')).printed.map(({ eventIds }) => eventIds.length)).toEqual([1000, 500])
  })

  it('normalises an identity that is not yet', () => {
    const raw = view('pv-1', { identity: { email: ' JANE@Example.com ', phone: '(415) 555-0132', country: 'us' } })
    const clean = view('pv-1', { identity: { email: 'jane@example.com', phone: '+14155550132', country: 'US' } })
    expect(run(JSON.stringify(raw))).toEqual(run(JSON.stringify(clean)))
  })

  it('takes ids and amounts that are numbers, and nothing for absent', () => {
    const { printed } = run(
      JSON.stringify(
        view('pv-1', {
          name: 'product_added',
          commerce: { currency: 'USD', value: 49.95, coupons: null, items: [{ productId: 1, variantId: 2, sku: '' }] },
        }),
      ),
    )
    expect(sent(printed)[0].custom_data).toEqual({
      currency: 'USD',
      value: '49.95',
      content_ids: ['shopify_US_1_2'],
      contents: [{ id: 'shopify_US_1_2' }],
    })
  })

  it('prints a reason for what is not sent, the rest goes, and that is no failure', () => {
    const input = [
      view('ref_1', { name: 'order_refunded' }),
      view('pv-2'),
      view('pv-3', { occurredAt: '2026-11-01T10:00:00.000Z' }),
      view('pv-4', { identity: { country: 'DE', email: 'jane@example.com' } }),
      view('pv-5', { identity: { phone: '+14155550132' } }),
      view('pur_1', { name: 'order_placed', commerce: { orderId: '1' } }),
    ]
    const { printed, status } = run(input.map((event) => JSON.stringify(event)).join('\n'))
    expect(status).toBe(0)
    expect(printed.slice(0, -1)).toEqual([
      { skip: { eventId: 'ref_1', reason: 'not_accepted' } },
      { skip: { eventId: 'pv-3', reason: 'too_old' } },
      { skip: { eventId: 'pv-4', reason: 'consent_unknown' } },
      { skip: { eventId: 'pv-5', reason: 'no_identifier' } },
      { skip: { eventId: 'pur_1', reason: 'missing_field', field: 'commerce.value' } },
    ])
    expect(printed.at(-1).eventIds).toEqual(['pv-2'])
  })

  it('maps for limited use when told to, and by the event’s own consent', () => {
    expect(sent(run(JSON.stringify(view('pv-1')), { limited: true }).printed)[0].opt_out).toBe(true)
    const optedOut = view('pv-1', { consent: { marketing: true, saleOfData: false } })
    expect(sent(run(JSON.stringify(optedOut)).printed)[0].custom_data).toEqual({ opt_out_type: 'LDP' })
  })

  it('tells of a bad line and goes on', () => {
    const { printed, status } = run(
      `${JSON.stringify(view('pv-1'))}\n{"broken\n{"id":"x","name":"bought"}\n${JSON.stringify(view('pv-2'))}`,
    )
    expect(status).toBe(1)
    expect(printed).toEqual([
      { document: 1, error: 'not JSON' },
      { document: 2, error: expect.stringMatching(/^not a canonical event: name: /) },
      { request: expect.anything(), eventIds: ['pv-1', 'pv-2'] },
    ])
  })

  it('says what is wrong with the settings', () => {
    const { lines, status } = mapCommand({ ...options, settings: '{"adAccountId":"act_1"}' }, '')
    expect(status).toBe(2)
    expect(lines[0]).toMatch(/adAccountId: The ad account ID has digits only.*conversionToken/)
    expect(mapCommand({ ...options, settings: 'x' }, '').lines[0]).toBe('The settings file cannot be read: not JSON.')
  })

  it('passes over what decode found nothing to send in, and names a null', () => {
    const lines = ['{"document":0,"nothing":"The shop does not send this."}', JSON.stringify(view('pv-1')), 'null']
    const { printed, status } = run(lines.join('\n'))
    expect(status).toBe(1)
    expect(printed).toEqual([
      { document: 2, error: 'not a canonical event: the document is null' },
      expect.objectContaining({ eventIds: ['pv-1'] }),
    ])
    expect(run(lines.slice(0, 2).join('\n')).status).toBe(0)
  })

  it('a crash of the mapper costs its own event only', () => {
    const crash = vi.spyOn(pinterest, 'toItems').mockImplementationOnce(() => {
      throw new TypeError('no such field')
    })
    const { printed, status } = run([view('pv-1'), view('pv-2')].map((one) => JSON.stringify(one)).join('\n'))
    crash.mockRestore()
    expect(status).toBe(1)
    expect(printed).toEqual([
      { document: 0, error: expect.stringContaining('no such field') },
      expect.objectContaining({ eventIds: ['pv-2'] }),
    ])
  })
})
