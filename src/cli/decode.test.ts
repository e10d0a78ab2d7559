import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type DecodeOptions, decodeCommand } from './decode.ts'

const sample = (name: string) => readFileSync(new URL(`../sources/samples/${name}.json`, import.meta.url), 'utf8')
const run = (options: DecodeOptions, input: string) => {
  const { lines, status } = decodeCommand(options, input)
  return { lines, status, printed: status === 2 ? [] : lines.map((line) => JSON.parse(line)) }
}
const ORDER = { source: 'shopify-webhook', topic: 'orders/create' }
const order = sample('order_create')
const viewed = (id: string, name = 'page_viewed') => ({
  id,
  clientId: 'client-1',
  name,
  type: 'standard',
  timestamp: '2026-11-20T10:00:00.000Z',
  context: { document: { location: { href: 'https://northfern.example/' } } },
  data: {},
})
const beacon = (...events: object[]) =>
  JSON.stringify({ v: 1, shop: 'demo.myshopify.com', sentAt: '2026-11-20T10:00:01.000Z', events })
const line = (more: object) => JSON.stringify({ ...ORDER, body: JSON.parse(order), ...more })

describe('converlay decode', () => {
  it('prints a webhook’s event; what the options do not give is absent', () => {
    const { printed, status } = run(ORDER, order)
    expect(status).toBe(0)
    expect(printed).toMatchObject([{ name: 'order_placed' }])
    expect(printed[0]).not.toHaveProperty('shop')
    expect(printed[0]).not.toHaveProperty('document')
  })

  it('says which document an event is from when there are several', () => {
    const { printed } = run({}, [line({}), line({})].join('\n'))
    expect(printed.map(({ document }) => document)).toEqual([0, 1])
  })

  it('tells what of a beacon was left out, beside what was not', () => {
    const { printed, status } = run(
      { source: 'web-pixel' },
      beacon(viewed('sh-000001'), viewed('sh-000002', 'alert_displayed')),
    )
    expect(status).toBe(0)
    expect(printed).toEqual([
      { document: 0, nothing: expect.stringMatching(/./) },
      expect.objectContaining({ id: 'sh-000001', name: 'page_viewed' }),
    ])
  })

  it('tells why there is nothing to send', () => {
    expect(run({ source: 'web-pixel' }, beacon(viewed('sh-000002', 'alert_displayed'))).printed).toEqual([
      { document: 0, nothing: expect.stringMatching(/./) },
    ])
  })
})

describe('wrong usage ends with 2 and one sentence', () => {
  it.each<[what: string, options: DecodeOptions, input: string, said: RegExp]>([
    ['no source', {}, order, /--source shopify-webhook, web-pixel, track, admin-api/],
    ['an unknown source', { source: 'webhooks' }, order, /source webhooks is not known/],
    ['an unknown source, whatever the lines say', { source: 'webhooks' }, line({}), /source webhooks is not known/],
    ['a bare webhook without its topic', { source: 'shopify-webhook' }, order, /--topic/],
    ['no instant', { ...ORDER, receivedAt: 'yesterday' }, order, /--received-at/],
    ['an instant without a time', { ...ORDER, receivedAt: '2026-11-20' }, order, /--received-at/],
    ['no permanent domain', { ...ORDER, shop: 'northfern.example' }, order, /--shop/],
  ])('%s', (_what, options, input, said) => {
    const { lines, status } = run(options, input)
    expect(status).toBe(2)
    expect(lines).toEqual([expect.stringMatching(said)])
  })
})

describe('a bad line is told apart and the rest goes on', () => {
  it.each<[what: string, bad: string, said: RegExp]>([
    ['of an unknown source', line({ source: 'webhooks' }), /not known/],
    ['without a topic', line({ topic: undefined }), /topic is missing/],
    ['received at no instant', line({ receivedAt: 'yesterday' }), /receivedAt/],
    ['without a source', '{"body":{}}', /source is missing/],
    ['that is no JSON', '{', /./],
    ['whose body is no JSON', line({ body: '{' }), /cannot be read/],
  ])('%s', (_what, bad, said) => {
    const { printed, status } = run({}, [bad, line({})].join('\n'))
    expect(status).toBe(1)
    expect(printed).toEqual([
      { document: 0, error: expect.stringMatching(said) },
      expect.objectContaining({ document: 1, name: 'order_placed' }),
    ])
  })
})
