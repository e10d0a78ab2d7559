import { expect, it } from 'vitest'
import { decodeWebhook } from '../../../src/sources/shopify-webhook/decode.ts'
import { consentOf, idsOfPage } from './cart-attributes.ts'

const AT = Date.parse('2026-11-21T02:00:00.000Z')
const allowed = (marketing: boolean) => ({
  analyticsProcessingAllowed: () => true,
  marketingAllowed: () => marketing,
  preferencesProcessingAllowed: () => false,
  saleOfDataAllowed: () => marketing,
})

/** What the server reads in an order whose cart had these attributes. */
const order = (attributes: Readonly<Record<string, string>>, placedAt = '2026-11-21T02:05:00Z') => {
  const note_attributes = Object.entries(attributes).map(([name, value]) => ({ name, value }))
  const body = {
    id: 6001,
    created_at: placedAt,
    source_name: 'web',
    total_price: '10.00',
    currency: 'USD',
    note_attributes,
  }
  const message = { source: 'shopify-webhook', topic: 'orders/create', shop: 'demo.myshopify.com' as never } as const
  return decodeWebhook(message, body).events[0]
}

it('an order carries the platforms’ cookies and the click ids of the page, and nothing else of either', () => {
  const cookies =
    '_fbp=fb.1.1763690400000.123; cart=secret; _ttp=2F7h37YkS1j57AYSKTI7IHhJPYH; _ga_ABCD1234=GS2.1.s1763690400$o1'
  const search =
    '?epik=dj0yJnU9&fbclid=IwAR0&ttclid=E.C.P&ScCid=abcd-1&rdt_cid=t_1234&gclid=Cj0KCQ&gbraid=0AAAA&wbraid=CmQK&utm_source=x'
  const attributes = idsOfPage(cookies, search, AT)
  expect(Object.keys(attributes).filter((name) => /cart|utm/.test(name))).toEqual([])
  expect(order(attributes)?.ids).toMatchObject({
    epik: 'dj0yJnU9',
    fbc: `fb.1.${AT}.IwAR0`,
    fbp: 'fb.1.1763690400000.123',
    ttclid: 'E.C.P',
    ttp: '2F7h37YkS1j57AYSKTI7IHhJPYH',
    sccid: 'abcd-1',
    rdtCid: 't_1234',
    gclid: 'Cj0KCQ',
    gbraid: '0AAAA',
    wbraid: 'CmQK',
    gaSessions: { 'G-ABCD1234': '1763690400' },
  })
})

it('a cookie of the platform’s own outweighs the page’s address', () => {
  expect(idsOfPage('_fbc=fb.1.1.kept', '?fbclid=new', AT)).toEqual({ _fbc: 'fb.1.1.kept' })
})

it('an order carries what the shopper chose, and when', () => {
  expect(order(consentOf(allowed(false), new Date(AT)))?.consent).toEqual({
    analytics: true,
    marketing: false,
    preferences: false,
    saleOfData: false,
    source: 'cart-attribute',
    at: '2026-11-21T02:00:00.000Z',
  })
})

it('a choice of a browser whose clock runs ahead was made when the order was placed, so that a withdrawal outweighs it', () => {
  const ahead = consentOf(allowed(true), new Date('2027-01-01T00:00:00.000Z'))
  expect(order(ahead)?.consent).toMatchObject({ marketing: true, at: '2026-11-21T02:05:00.000Z' })
})

it('anything else in that attribute says nothing', () => {
  for (const text of ['yes', '2101@2026-11-21T02:00:00.000Z', '1101@soon', '1101@2026-99-21T02:00:00.000Z'])
    expect(order({ _converlay_consent: text })?.consent).toBeUndefined()
})
