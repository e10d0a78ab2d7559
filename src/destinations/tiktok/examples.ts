import type { LineItem } from '../../event/event.ts'
import type { EventName } from '../../event/names.ts'
import type { Verdict } from '../destination.ts'
import { type AnswerExample, type EventExample, type Examples, exampleAnswer, exampleEvent } from '../examples.ts'

const documented = (source: string) => ({ evidence: 'documented', source }) as const
const measured = (source: string) => ({ evidence: 'measured', source }) as const
const reading = (source: string) => ({ evidence: 'assumed', source }) as const

const EVENTS = documented('help centre, supported standard events, 2025')
const VENDORS = reading(
  'body as vendors send it (Segment, RudderStack, August 2026); TikTok’s own page could not be read',
)
const CODES = documented('return codes of the Business API, as of 2026-08-13')
/** The codes and their classes; the words beside them are ours. */
const CODES_IN_OUR_WORDS = documented(`${CODES.source}; the words are ours`)
const LOGS = measured('logs that users of the Events API published')

const BROWSER = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15'
const TTCLID = 'E.C.P.ExampleClickIdValue0123456789'
const TTP = '2F7h37YkS1j57AYSKTI7IHhJPYH'
const SHOP = 'https://shop.example.com/'
const SHOE_PAGE = 'https://shop.example.com/products/trail-shoe'

/** SHA-256 of "7001234567890". */
const CUSTOMER = '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'

const shoe: LineItem = {
  productId: '7890123456789',
  variantId: '44001112223334',
  sku: 'TRAIL-42',
  title: 'Trail Shoe',
  category: 'Shoes',
  vendor: 'Acme',
  quantity: 2,
  price: '60.00',
  total: '120.00',
}
const sock: LineItem = {
  productId: '7890123456790',
  variantId: '44001112223335',
  title: 'Wool Sock',
  type: 'Socks',
  vendor: 'Acme',
  quantity: 1,
  price: '25.50',
  total: '25.50',
}
const shoeContent = {
  content_id: '44001112223334',
  content_name: 'Trail Shoe',
  content_category: 'Shoes',
  brand: 'Acme',
  price: 60,
  quantity: 2,
} as const
const sockContent = {
  content_id: '44001112223335',
  content_name: 'Wool Sock',
  content_category: 'Socks',
  brand: 'Acme',
  price: 25.5,
  quantity: 1,
} as const

const visitor = { ip: '203.0.113.7', userAgent: BROWSER } as const
const visitorData = { ip: '203.0.113.7', user_agent: BROWSER } as const
const ids = { ttclid: TTCLID, ttp: TTP } as const

const purchase = exampleEvent({
  id: 'pur_5550001112223',
  name: 'order_placed',
  occurredAt: '2026-11-20T12:00:00.000Z',
  page: {
    url: 'https://shop.example.com/checkouts/cn/abc/thank-you',
    referrer: 'https://shop.example.com/cart',
  },
  identity: {
    ...visitor,
    email: '  Jane.Doe+Shop@Example.COM ',
    phone: '+1 (213) 373-4253',
    firstName: 'Jane',
    lastName: 'Doe',
    city: 'Los Angeles',
    region: 'CA',
    postalCode: '90210',
    country: 'US',
    customerId: ' 7001234567890 ',
    language: 'en-US',
  },
  ids,
  commerce: {
    currency: 'USD',
    value: '145.50',
    subtotal: '135.50',
    presentment: { currency: 'EUR', value: '132.40', subtotal: '123.30' },
    orderId: '5550001112223',
    numItems: 3,
    items: [shoe, sock],
    channel: 'web',
  },
})

const bought = {
  event: 'Purchase',
  event_time: 1795176000,
  event_id: 'pur_5550001112223',
  limited_data_use: false,
  page: {
    url: 'https://shop.example.com/checkouts/cn/abc/thank-you',
    referrer: 'https://shop.example.com/cart',
  },
  user: {
    email: ['bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'],
    phone: ['9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd'],
    external_id: [CUSTOMER],
    first_name: '81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2',
    last_name: '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f',
    zip_code: 'b83c588da0c6931625f42e0948054a3ade722bfd02c27816305742ed7390ac6c',
    city: 'losangeles',
    state: 'ca',
    country: 'us',
    ttclid: TTCLID,
    ttp: TTP,
    ...visitorData,
    locale: 'en-US',
  },
  properties: {
    content_type: 'product',
    contents: [shoeContent, sockContent],
    num_items: 3,
    currency: 'USD',
    value: 145.5,
    order_id: '5550001112223',
  },
} as const

const withoutPrice = ({ price: _, ...content }: { readonly price: number }) => content

/** An event of a visitor of whom nothing but the browser is known, and the parts of its item that are always there. */
const visit = (name: EventName, id: string, rest: object = {}) =>
  exampleEvent({ id, name, identity: visitor, page: { url: SHOP }, ...rest })
const visitItem = (event: string, event_id: string, rest: object = {}) => ({
  event,
  event_time: 1795341600,
  event_id,
  limited_data_use: false,
  page: { url: SHOP },
  user: visitorData,
  ...rest,
})

const events: readonly EventExample[] = [
  { title: 'a purchase is `Purchase`', ...EVENTS, event: purchase, gives: [bought] },
  {
    title: 'a purchase counted when paid keeps the id of the purchase',
    ...reading('one order, one event id, whichever moment counts'),
    settings: { purchaseOn: 'paid' },
    event: { ...purchase, id: exampleEvent({ id: 'paid_5550001112223', name: 'order_paid' }).id, name: 'order_paid' },
    gives: [bought],
  },
  {
    title: 'where the tag still sends the older name, so do we: only equal names are merged',
    ...documented('help centre, reserved events, May 2025'),
    settings: { purchase: 'CompletePayment' },
    event: purchase,
    gives: [{ ...bought, event: 'CompletePayment' }],
  },
  {
    title: 'a catalogue of products, not of variants, is `product_group`',
    ...VENDORS,
    settings: { catalogId: '{product}' },
    event: purchase,
    gives: [
      {
        ...bought,
        properties: {
          ...bought.properties,
          content_type: 'product_group',
          contents: [
            { ...shoeContent, content_id: '7890123456789' },
            { ...sockContent, content_id: '7890123456790' },
          ],
        },
      },
    ],
  },
  {
    title: 'in the shopper’s currency a purchase carries no prices of lines, since those are in the store’s',
    ...reading('one currency for all amounts of an event'),
    settings: { money: 'presentment' },
    event: purchase,
    gives: [
      {
        ...bought,
        properties: {
          ...bought.properties,
          contents: [shoeContent, sockContent].map(withoutPrice),
          currency: 'EUR',
          value: 132.4,
        },
      },
    ],
  },
  {
    title: 'an amount in a currency that TikTok does not count in stays at home, the purchase goes',
    ...reading('whether TikTok refuses or ignores such amounts is not documented'),
    event: visit('order_placed', 'pur_5550001112224', {
      commerce: { currency: 'GEL', value: '80.00', orderId: '5550001112224', items: [shoe] },
    }),
    gives: [
      visitItem('Purchase', 'pur_5550001112224', {
        properties: {
          content_type: 'product',
          contents: [withoutPrice(shoeContent)],
          num_items: 2,
          order_id: '5550001112224',
        },
      }),
    ],
  },
  {
    title: 'an order given away is worth 0',
    ...VENDORS,
    event: visit('order_placed', 'pur_5550001112225', {
      commerce: { currency: 'USD', value: '0.00', orderId: '5550001112225' },
    }),
    gives: [
      visitItem('Purchase', 'pur_5550001112225', {
        properties: { currency: 'USD', value: 0, order_id: '5550001112225' },
      }),
    ],
  },
  {
    title: 'an order without a value is not sent: somebody should see the mistake',
    ...reading('TikTok recommends the value and does not require it'),
    event: { ...purchase, commerce: { currency: 'USD', orderId: '5550001112223' } },
    gives: { skip: 'missing_field', field: 'commerce.value' },
  },
  {
    title: 'nor is one without a currency',
    ...reading('a value says nothing without its currency'),
    event: { ...purchase, commerce: { value: '145.50', orderId: '5550001112223' } },
    gives: { skip: 'missing_field', field: 'commerce.currency' },
  },
  {
    title: 'a loss is no purchase',
    ...reading('TikTok has no negative values'),
    event: { ...purchase, commerce: { currency: 'USD', value: '-5.00', orderId: '5550001112223' } },
    gives: { skip: 'value_not_positive' },
  },
  {
    title: 'what was removed from the order, of which no piece is left, is not among its contents',
    ...VENDORS,
    event: visit('order_placed', 'pur_5550001112227', {
      commerce: {
        currency: 'USD',
        value: '60.00',
        orderId: '5550001112227',
        items: [
          { variantId: '44001112223334', quantity: 1 },
          { variantId: '44001112223335', quantity: 0 },
        ],
      },
    }),
    gives: [
      visitItem('Purchase', 'pur_5550001112227', {
        properties: {
          content_type: 'product',
          contents: [{ content_id: '44001112223334', quantity: 1 }],
          num_items: 1,
          currency: 'USD',
          value: 60,
          order_id: '5550001112227',
        },
      }),
    ],
  },
  {
    title: 'an IP address of a private network is nobody’s',
    ...reading('it says where a proxy stands'),
    event: exampleEvent({ id: 'sh-private', name: 'page_viewed', identity: { ...visitor, ip: '10.0.0.7' } }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'a point-of-sale order is not sent, even where wanted: a pixel takes web events only',
    ...VENDORS,
    settings: { sendPos: true },
    event: { ...purchase, commerce: { ...purchase.commerce, channel: 'pos' } },
    gives: { skip: 'channel_pos' },
  },
  {
    title: 'an order that staff entered has no page, so it carries the store’s address',
    ...reading('a web event without a page is refused'),
    settings: { sendDraft: true },
    event: exampleEvent({
      id: 'pur_5550001112226',
      name: 'order_placed',
      identity: { customerId: '7001234567890' },
      commerce: { currency: 'USD', value: '10.00', orderId: '5550001112226', channel: 'draft' },
    }),
    gives: [
      visitItem('Purchase', 'pur_5550001112226', {
        page: { url: 'https://shop.example.com' },
        user: { external_id: [CUSTOMER] },
        properties: { currency: 'USD', value: 10, order_id: '5550001112226' },
      }),
    ],
  },
  {
    title: 'without a page and without a store there is nothing to send',
    ...VENDORS,
    event: exampleEvent({ id: 'sh-no-page', name: 'signed_up', identity: visitor, store: {} }),
    gives: { skip: 'missing_field', field: 'page.url' },
  },
  {
    title: 'a page that is no web page does not do either',
    ...documented('event page of mParticle’s documentation, October 2023'),
    event: exampleEvent({
      id: 'sh-odd-page',
      name: 'page_viewed',
      identity: visitor,
      page: { url: 'about:srcdoc' },
      store: {},
    }),
    gives: { skip: 'invalid_field', field: 'page.url' },
  },
  {
    title: 'adding to the cart',
    ...EVENTS,
    event: exampleEvent({
      id: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10',
      name: 'product_added',
      occurredAt: '2026-11-20T11:50:00.000Z',
      page: { url: SHOE_PAGE },
      identity: visitor,
      ids,
      commerce: { currency: 'USD', value: '120.00', items: [shoe] },
    }),
    gives: [
      {
        event: 'AddToCart',
        event_time: 1795175400,
        event_id: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10',
        limited_data_use: false,
        page: { url: SHOE_PAGE },
        user: { ttclid: TTCLID, ttp: TTP, ...visitorData },
        properties: {
          content_type: 'product',
          contents: [shoeContent],
          num_items: 2,
          currency: 'USD',
          value: 120,
        },
      },
    ],
  },
  {
    title: 'limited use is told as `limited_data_use`',
    ...VENDORS,
    how: { limited: true },
    event: exampleEvent({
      id: 'pv-2f0c9a5e-7b7e-4b57-9d3f-5a0f1f6b2c11',
      name: 'page_viewed',
      occurredAt: '2026-11-20T11:45:00.000Z',
      page: { url: SHOP, referrer: 'https://www.tiktok.com/' },
      identity: visitor,
      ids: { ttp: TTP },
    }),
    gives: [
      {
        event: 'PageView',
        event_time: 1795175100,
        event_id: 'pv-2f0c9a5e-7b7e-4b57-9d3f-5a0f1f6b2c11',
        limited_data_use: true,
        page: { url: SHOP, referrer: 'https://www.tiktok.com/' },
        user: { ttp: TTP, ...visitorData },
      },
    ],
  },
  {
    title: 'page views are spelled as the merchant’s Events Manager has them',
    ...documented('TikTok’s template for server containers, 2024: Pageview; help centre, 2025: PageView'),
    settings: { pageView: 'Pageview' },
    event: visit('page_viewed', 'sh-page-1'),
    gives: [visitItem('Pageview', 'sh-page-1')],
  },
  {
    title: 'a product view',
    ...EVENTS,
    event: visit('product_viewed', 'sh-product-1', {
      page: { url: SHOE_PAGE },
      commerce: {
        currency: 'USD',
        value: '60.00',
        items: [{ productId: '7890123456789', variantId: '44001112223334', title: 'Trail Shoe', price: '60.00' }],
      },
    }),
    gives: [
      visitItem('ViewContent', 'sh-product-1', {
        page: { url: SHOE_PAGE },
        properties: {
          content_type: 'product',
          contents: [{ content_id: '44001112223334', content_name: 'Trail Shoe', price: 60 }],
          currency: 'USD',
          value: 60,
        },
      }),
    ],
  },
  {
    title: 'a collection is a list of products, each once, whichever variants were shown',
    ...reading('ids of variants under `product_group` would match nothing in the catalogue'),
    event: visit('collection_viewed', 'sh-collection-1', {
      collection: { id: '1', title: 'Running' },
      commerce: {
        currency: 'USD',
        items: [
          { productId: '7890123456789', variantId: '44001112223334', title: 'Trail Shoe', price: '60.00' },
          { productId: '7890123456789', variantId: '44001112223335' },
          { variantId: '44001112223336' },
          { productId: '7890123456790' },
        ],
      },
    }),
    gives: [
      visitItem('ViewContent', 'sh-collection-1', {
        properties: {
          content_type: 'product_group',
          contents: [{ content_id: '7890123456789' }, { content_id: '7890123456790' }],
          currency: 'USD',
          description: 'Running',
        },
      }),
    ],
  },
  {
    title: 'a search, told by both of the names that TikTok’s pages give',
    ...documented('help centre, standard events and parameters, 2025'),
    event: visit('searched', 'sh-search-1', { search: { query: 'trail shoe' } }),
    gives: [visitItem('Search', 'sh-search-1', { properties: { query: 'trail shoe', search_string: 'trail shoe' } })],
  },
  {
    title: 'a started checkout',
    ...EVENTS,
    event: visit('checkout_started', 'ic_c1b2a3', {
      commerce: { currency: 'JPY', value: '39653', checkoutToken: 'c1b2a3', numItems: 1 },
    }),
    gives: [
      visitItem('InitiateCheckout', 'ic_c1b2a3', { properties: { num_items: 1, currency: 'JPY', value: 39653 } }),
    ],
  },
  {
    title: 'a newsletter subscription has no value',
    ...EVENTS,
    event: visit('subscribed', 'sh-newsletter', { commerce: { currency: 'USD', value: '0.00' } }),
    gives: [visitItem('Subscribe', 'sh-newsletter', { properties: { currency: 'USD' } })],
  },
  ...(
    [
      ['wishlist_added', 'AddToWishlist'],
      ['payment_info_added', 'AddPaymentInfo'],
      ['signed_up', 'CompleteRegistration'],
      ['lead_submitted', 'Lead'],
      ['subscribed', 'Subscribe'],
    ] as const
  ).map(([name, theirs]) => ({
    title: `${name} is \`${theirs}\``,
    ...EVENTS,
    event: visit(name, `sh-${name}`),
    gives: [visitItem(theirs, `sh-${name}`)],
  })),
  {
    title: 'customer and client are two external ids',
    ...VENDORS,
    event: visit('page_viewed', 'sh-both-ids', {
      identity: { customerId: '7001234567890', clientId: '4f2b1a9c-8d7e-4c6b-9a5f-3e2d1c0b9a87' },
    }),
    gives: [
      visitItem('PageView', 'sh-both-ids', {
        user: { external_id: [CUSTOMER, '08044cb61d30ec8c5dbb182ee54eb6dbb797ac768f7ccd6cd09f29b952a34794'] },
      }),
    ],
  },
  {
    title: 'a phone number as dialled at home, a city with accents, a region of another country',
    ...VENDORS,
    event: visit('page_viewed', 'sh-london', {
      identity: {
        phone: '020 7946 0958',
        firstName: 'Zoë ',
        city: 'São Paulo',
        region: 'Greater London',
        postalCode: 'SW1A 1AA',
        country: 'GB',
      },
    }),
    gives: [
      visitItem('PageView', 'sh-london', {
        user: {
          phone: ['f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d'],
          first_name: '2752b88686847fa5c86f47b94ce652b7b3f22a91c37617d451a4db9afa431450',
          zip_code: '830e1d4b9838bab1f5c2acdb23e0b502ff13a9832c4632e8d67a1d43d3b7f614',
          city: 'saopaulo',
          country: 'gb',
        },
      }),
    ],
  },
  {
    title: 'a click id alone is enough',
    ...documented('help centre, matching events with Events API, February 2025'),
    event: exampleEvent({ id: 'sh-click', name: 'page_viewed', page: { url: SHOP }, ids: { ttclid: TTCLID } }),
    gives: [visitItem('PageView', 'sh-click', { user: { ttclid: TTCLID } })],
  },
  {
    title: 'an IP address without its browser is no identifier',
    ...reading('TikTok would take the event and match it with nobody'),
    event: exampleEvent({
      id: 'sh-ip-only',
      name: 'page_viewed',
      page: { url: SHOP },
      identity: { ip: '203.0.113.7', firstName: 'Jane', city: 'Los Angeles' },
    }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'a clock that runs ahead is set to the present',
    ...reading('what TikTok makes of the future is not documented'),
    how: { now: new Date('2026-11-22T09:59:30.000Z') },
    event: visit('page_viewed', 'sh-ahead'),
    gives: [visitItem('PageView', 'sh-ahead', { event_time: 1795341570 })],
  },
  {
    title: 'a line that the catalogue’s template cannot name is left out',
    ...reading('ids must equal those of the catalogue'),
    settings: { catalogId: '{sku}' },
    event: visit('product_added', 'sh-sku', {
      commerce: { currency: 'USD', value: '145.50', items: [shoe, sock] },
    }),
    gives: [
      visitItem('AddToCart', 'sh-sku', {
        properties: {
          content_type: 'product',
          contents: [{ ...shoeContent, content_id: 'TRAIL-42' }],
          num_items: 3,
          currency: 'USD',
          value: 145.5,
        },
      }),
    ],
  },
  {
    title: 'a refund has no counterpart',
    ...EVENTS,
    event: visit('order_refunded', 'ref_900', { commerce: { currency: 'USD', value: '30.00' } }),
    gives: { skip: 'not_accepted' },
  },
]

/** TikTok’s envelope, which comes with HTTP 200 whatever it says. */
const envelope = (code: number, message: string, headers: Readonly<Record<string, string>> = {}) =>
  exampleAnswer(200, { code, message, request_id: '20261120120001A1B2C3', data: {} }, headers)

const accepted = { outcome: 'accepted' } as const
const NO_PERMISSION =
  'No permission to operate pixel code: XXXX. You must be an admin or operator of this advertiser account.'
const BATCH_0 = 'Batch.0.properties.contents.0.content_id: Not a valid string'
const NO_TOKEN = 'Access token is null, you should set it in http header with key Access-Token.'
const REVOKED = 'Access token is incorrect or has been revoked.'
const BUSY = 'Too many requests. Please retry in some time.'

/** One example for each code of a class; of two events, so that it shows whom the code is about. */
const coded = (
  what: string,
  codes: Readonly<Record<number, string>>,
  verdict: (code: string, message: string) => Verdict,
): readonly AnswerExample[] =>
  Object.entries(codes).map(([code, message]) => ({
    title: `${what} (${code}: ${message})`,
    ...CODES_IN_OUR_WORDS,
    response: envelope(Number(code), message),
    verdicts: [verdict(code, message), verdict(code, message)],
  }))

const answers: readonly AnswerExample[] = [
  {
    title: 'code 0: the request was taken',
    ...CODES,
    response: envelope(0, 'OK'),
    verdicts: [accepted, accepted],
  },
  {
    title: 'taken in part: which part, TikTok does not say',
    ...reading('20001 is documented for the whole Business API; no example for events was found'),
    response: envelope(20001, 'Partially successful.'),
    verdicts: [
      { outcome: 'accepted', note: 'TikTok took the request in part only. TikTok says: Partially successful.' },
      { outcome: 'accepted', note: 'TikTok took the request in part only. TikTok says: Partially successful.' },
    ],
  },
  {
    title: 'one bad event refuses the whole request: the one that is named ends, the others are sent again',
    ...reading('RudderStack’s fixtures, of the older batch interface'),
    response: envelope(40002, BATCH_0),
    verdicts: [
      { outcome: 'rejected', code: '40002', message: BATCH_0 },
      { outcome: 'singly', code: '40002', message: BATCH_0 },
      { outcome: 'singly', code: '40002', message: BATCH_0 },
    ],
  },
  {
    title: 'the name of the list may be another: the place counts',
    ...reading('how /event/track/ writes the place is not documented'),
    response: envelope(40002, 'Invalid value for data.1.user.email'),
    verdicts: [
      { outcome: 'singly', code: '40002', message: 'Invalid value for data.1.user.email' },
      { outcome: 'rejected', code: '40002', message: 'Invalid value for data.1.user.email' },
    ],
  },
  {
    title: 'a place in a list of products is not an event’s: each is tried alone',
    ...reading('as above'),
    response: envelope(40002, 'properties.contents.0.content_id: Not a valid string'),
    verdicts: [
      { outcome: 'singly', code: '40002', message: 'properties.contents.0.content_id: Not a valid string' },
      { outcome: 'singly', code: '40002', message: 'properties.contents.0.content_id: Not a valid string' },
    ],
  },
  {
    title: 'a place beyond the request blames nobody',
    ...reading('as above'),
    response: envelope(40002, 'Batch.7.event: Missing data for required field.'),
    verdicts: [
      { outcome: 'singly', code: '40002', message: 'Batch.7.event: Missing data for required field.' },
      { outcome: 'singly', code: '40002', message: 'Batch.7.event: Missing data for required field.' },
    ],
  },
  {
    title: 'the same for an event that was alone ends it',
    ...measured('stape-io/tiktok-tag, issue 10'),
    response: envelope(40002, 'Invalid value for event_id: not a valid string.'),
    verdicts: [{ outcome: 'rejected', code: '40002', message: 'Invalid value for event_id: not a valid string.' }],
  },
  {
    title: 'a pixel that the token may not send to is the connection’s matter',
    ...reading('RudderStack’s fixtures'),
    response: envelope(40001, NO_PERMISSION),
    verdicts: [{ outcome: 'unauthorized', code: '40001', message: NO_PERMISSION }],
  },
  {
    title: 'so is a request without a token, with status 200',
    ...measured('live interface, 2026-08-13'),
    response: envelope(40104, NO_TOKEN),
    verdicts: [{ outcome: 'unauthorized', code: '40104', message: NO_TOKEN }],
  },
  {
    title: 'so is a token that was revoked',
    ...LOGS,
    response: envelope(40105, REVOKED),
    verdicts: [{ outcome: 'unauthorized', code: '40105', message: REVOKED }],
  },
  ...coded(
    'the connection’s matter',
    {
      40101: 'Invalid partner or authorization values.',
      40102: 'Access token has expired.',
      40106: 'Authorization failed.',
      40110: 'Authorization failed.',
      40113: 'App is blocked.',
      40115: 'Authorization failed.',
      40117: 'Authorization failed.',
      40118: 'Not allow-listed.',
      40119: 'Authorization failed.',
      40125: 'Authorization failed.',
      40130: 'Scope is not authorized.',
      41000: 'Client IP is in a banned country.',
    },
    (code, message) => ({ outcome: 'unauthorized', code, message }),
  ),
  {
    title: 'too many requests, with status 200',
    ...reading('RudderStack’s fixtures'),
    response: envelope(40100, BUSY),
    verdicts: [{ outcome: 'retry', code: '40100', message: BUSY }],
  },
  {
    title: 'a quota of the minute is free again after a pause of five',
    ...reading('the pause is documented, the words for it are not'),
    response: envelope(40100, 'Too many requests. QPM limit reached.'),
    verdicts: [{ outcome: 'retry', code: '40100', message: 'Too many requests. QPM limit reached.', after: 300_000 }],
  },
  {
    title: 'Retry-After is not documented and obeyed if it comes',
    ...reading('RFC 9110'),
    response: envelope(40100, BUSY, { 'retry-after': '2.5' }),
    verdicts: [{ outcome: 'retry', code: '40100', message: BUSY, after: 2500 }],
  },
  ...coded(
    'the moment’s matter',
    {
      40016: 'Too many requests.',
      40132: 'Too many requests for one pixel.',
      40133: 'Too many requests of one advertiser.',
      40202: 'Write conflict.',
      50000: 'System error.',
      50002: 'Service error.',
      51010: 'Service timed out.',
      51012: 'Pixel service error.',
      51021: 'Too many requests.',
      51305: 'Service error.',
      52000: 'Service error.',
      60001: 'Under maintenance.',
      61000: 'Too many requests.',
    },
    (code, message) => ({ outcome: 'retry', code, message }),
  ),
  ...coded(
    'an event’s matter: of several, each is tried alone',
    {
      40000: 'Invalid value.',
      40003: 'Invalid value.',
      40006: 'Invalid value.',
      40007: 'Invalid value.',
      40008: 'Invalid value.',
      40010: 'Invalid value.',
      40050: 'Duplicate request.',
      40051: 'Invalid value.',
      40061: 'Invalid batch size.',
      40062: 'PII is not hashed.',
      40063: 'Invalid partner_name.',
      40700: 'Invalid value.',
      41001: 'Invalid value.',
      41002: 'Invalid value.',
    },
    (code, message) => ({ outcome: 'singly', code, message }),
  ),
  {
    title: 'the code goes before the status',
    ...CODES,
    response: exampleAnswer(400, { code: 50000, message: 'System error.' }),
    verdicts: [{ outcome: 'retry', code: '50000', message: 'System error.' }],
  },
  {
    title: 'but success is not believed under a status of failure',
    ...reading('a gateway may have answered'),
    response: exampleAnswer(502, { code: 0, message: 'OK' }),
    verdicts: [{ outcome: 'retry', code: 'http_502', message: 'OK' }],
  },
  {
    title: 'a wrong path is the connection’s matter',
    ...measured('the edge answers so without the slash at the end, 2026-08-13'),
    response: exampleAnswer(404, '404 page not found'),
    verdicts: [{ outcome: 'unauthorized', code: 'http_404', message: 'The platform answered 404.' }],
  },
  {
    title: 'a page of the edge says nothing about the events',
    ...LOGS,
    response: exampleAnswer(502, '<html><body>502 Bad Gateway</body></html>'),
    verdicts: [{ outcome: 'retry', code: 'http_502' }],
  },
  {
    title: 'a few of a hundred calls time out on TikTok’s side: they are sent again under the same ids',
    ...reading('Elevar’s help page on timeouts'),
    response: exampleAnswer(0),
    verdicts: [{ outcome: 'retry', code: 'no_answer' }],
  },
  {
    title: 'a code that belongs to no family proves nothing',
    ...reading('what was taken is unknown'),
    response: envelope(7, 'Something new.'),
    verdicts: [
      {
        outcome: 'retry',
        code: 'unreadable_answer',
        message: 'TikTok’s answer could not be read, so it is not known what it took.',
      },
    ],
  },
]

export const examples: Examples = {
  settings: { pixelCode: 'C4A1B2C3D4E5F6G7H8I9', accessToken: 'EXAMPLE0000TOKEN0000' },
  events,
  answers,
  verifications: [
    { title: 'the test event was taken', ...CODES, responses: [envelope(0, 'OK')], outcome: 'ok' },
    {
      title: 'an event without a name was refused, which does not prove that a token was looked at',
      ...reading('tokens are looked at before bodies, seen live on 2026-08-13; the pixel stays unproven'),
      responses: [envelope(40002, 'data.0.event: Missing data for required field.')],
      outcome: 'unknown',
    },
    {
      title: 'no token',
      ...measured('live interface, 2026-08-13'),
      responses: [envelope(40104, NO_TOKEN)],
      outcome: 'failed',
    },
    { title: 'bad token, with status 200', ...LOGS, responses: [envelope(40105, REVOKED)], outcome: 'failed' },
    { title: 'expired token', ...CODES, responses: [envelope(40102, 'Expired')], outcome: 'failed' },
    {
      title: 'another’s pixel',
      ...reading('RudderStack’s fixtures'),
      responses: [envelope(40001, NO_PERMISSION)],
      outcome: 'failed',
    },
    {
      title: 'an app that is not allowed to send events',
      ...CODES,
      responses: [envelope(40130, 'Scope is not authorized.')],
      outcome: 'failed',
    },
    {
      title: 'a status that speaks of credentials',
      ...reading('RFC 9110'),
      responses: [exampleAnswer(403)],
      outcome: 'failed',
    },
    { title: 'too many requests', ...CODES, responses: [envelope(40100, BUSY)], outcome: 'unknown' },
    { title: 'another refusal', ...CODES, responses: [envelope(40061, 'Invalid batch size.')], outcome: 'unknown' },
    {
      title: 'somebody else answered',
      ...reading('a proxy'),
      responses: [exampleAnswer(200, '<html>')],
      outcome: 'unknown',
    },
    { title: 'no answer', ...reading('a network fault'), responses: [exampleAnswer(0)], outcome: 'unknown' },
  ],
}
