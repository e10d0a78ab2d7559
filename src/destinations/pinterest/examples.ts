import type { LineItem } from '../../event/event.ts'
import { type EventExample, type Examples, exampleAnswer, exampleEvent } from '../examples.ts'

const SPECIFICATION = 'OpenAPI specification 5.23.0'
const specified = { evidence: 'documented', source: SPECIFICATION } as const
const reading = (source: string) => ({ evidence: 'assumed', source }) as const

const BROWSER =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const EPIK = 'dj0yJnU9RXhhbXBsZUVwaWtWYWx1ZQ'
const SHIRT_PAGE = `https://shop.example.com/products/linen-shirt?epik=${EPIK}`

/** SHA-256 of "7001234567890". */
const CUSTOMER = '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'
/** SHA-256 of "us". */
const US = '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621'
/** SHA-256 of "ca". */
const CALIFORNIA = '6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126'

const shirt: LineItem = {
  productId: '7890123456789',
  variantId: '44112233445566',
  title: 'Linen Shirt',
  vendor: 'Example',
  quantity: 2,
  price: '49.95',
  total: '99.90',
}
const bag: LineItem = {
  productId: '7890123456790',
  variantId: '44112233445577',
  title: 'Canvas Bag',
  quantity: 1,
  price: '30.00',
  total: '30.00',
}
const shirtViewed: LineItem = {
  productId: '7890123456789',
  variantId: '44112233445566',
  title: 'Linen Shirt',
  price: '49.95',
}

const visitor = { ip: '203.0.113.42', userAgent: BROWSER } as const
const visitorData = { client_ip_address: '203.0.113.42', client_user_agent: BROWSER } as const
const ids = { epik: EPIK } as const

const purchase = exampleEvent({
  id: 'pur_6001234567890',
  name: 'order_placed',
  page: { url: `https://shop.example.com/checkouts/thank_you?epik=${EPIK}` },
  identity: {
    ...visitor,
    email: ' Jane.Doe+Shop@Example.COM ',
    phone: '+1 (415) 555-0132',
    firstName: ' Jane',
    lastName: "O'Doe-Smith",
    city: 'San José',
    region: 'CA',
    postalCode: '95112-1234',
    country: 'US',
    customerId: '7001234567890',
    language: 'en-US',
  },
  ids,
  commerce: {
    currency: 'USD',
    value: '129.90',
    subtotal: '119.90',
    presentment: { currency: 'EUR', value: '118.20', subtotal: '109.10' },
    orderId: '6001234567890',
    numItems: 3,
    items: [shirt, bag],
    channel: 'web',
  },
})

const checkout = {
  event_name: 'checkout',
  action_source: 'web',
  event_time: 1795341600,
  event_id: 'pur_6001234567890',
  event_source_url: `https://shop.example.com/checkouts/thank_you?epik=${EPIK}`,
  opt_out: false,
  language: 'en',
  user_data: {
    em: ['bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'],
    ph: ['11072303eb5c8cb5c5a1ebb762f11b37b07131265b46fdfe1276196bfbd3ca51'],
    fn: ['81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2'],
    ln: ['2cbc33dc68c765d29778f4f8157bc9a96955386e9ff6deeeca0ec9482ca8f0f8'],
    ct: ['fcc7b12e619d7e36782eeba767f24c4fe9dd54a931994e68c515be24bd046b59'],
    st: [CALIFORNIA],
    zp: ['b888babfbc5e2d03fd5bdf2b51182aca00a1de23187b779c8455d2f1f19038fd'],
    country: [US],
    external_id: [CUSTOMER],
    ...visitorData,
    click_id: EPIK,
  },
  custom_data: {
    currency: 'USD',
    value: '129.90',
    order_id: '6001234567890',
    num_items: 3,
    content_ids: ['shopify_US_7890123456789_44112233445566', 'shopify_US_7890123456790_44112233445577'],
    contents: [
      {
        id: 'shopify_US_7890123456789_44112233445566',
        item_name: 'Linen Shirt',
        item_brand: 'Example',
        item_price: '49.95',
        quantity: 2,
      },
      { id: 'shopify_US_7890123456790_44112233445577', item_name: 'Canvas Bag', item_price: '30.00', quantity: 1 },
    ],
  },
} as const

const withoutPrice = ({ item_price: _, ...content }: { readonly item_price: string }) => content

/** An event of a visitor of whom nothing but the browser is known, and the parts of its item that are always there. */
const visit = (name: Parameters<typeof exampleEvent>[0]['name'], id: string, rest: object = {}) =>
  exampleEvent({ id, name, identity: visitor, page: { url: 'https://shop.example.com/' }, ...rest })
const visitItem = (event_name: string, event_id: string, rest: object = {}) => ({
  event_name,
  action_source: 'web',
  event_time: 1795341600,
  event_id,
  event_source_url: 'https://shop.example.com/',
  opt_out: false,
  user_data: visitorData,
  ...rest,
})

const events: readonly EventExample[] = [
  { title: 'a purchase is `checkout`', ...specified, event: purchase, gives: [checkout] },
  {
    title: 'a started checkout is `initiate_checkout`, never `checkout`',
    ...specified,
    event: visit('checkout_started', 'ic_c1b2a3', {
      commerce: { currency: 'USD', value: '99.90', checkoutToken: 'c1b2a3', items: [shirt] },
    }),
    gives: [
      visitItem('initiate_checkout', 'ic_c1b2a3', {
        custom_data: {
          currency: 'USD',
          value: '99.90',
          num_items: 2,
          content_ids: ['shopify_US_7890123456789_44112233445566'],
          contents: [checkout.custom_data.contents[0]],
        },
      }),
    ],
  },
  {
    title: 'a purchase counted when paid keeps the id of the purchase',
    ...reading('one order, one event id, whichever moment counts'),
    settings: { purchaseOn: 'paid' },
    event: { ...purchase, id: exampleEvent({ id: 'paid_6001234567890', name: 'order_paid' }).id, name: 'order_paid' },
    gives: [checkout],
  },
  {
    title: 'in the shopper’s currency a purchase carries no prices of lines, since those are in the store’s',
    ...reading('one currency for all amounts of an event'),
    settings: { money: 'presentment' },
    event: purchase,
    gives: [
      {
        ...checkout,
        custom_data: {
          ...checkout.custom_data,
          currency: 'EUR',
          value: '118.20',
          contents: checkout.custom_data.contents.map(withoutPrice),
        },
      },
    ],
  },
  {
    title: 'limited use is told as opt_out and as LDP, with the hashed state and country',
    ...specified,
    how: { limited: true },
    event: visit('page_viewed', 'pv-limited-1', { identity: { ...visitor, region: 'CA', country: 'US' } }),
    gives: [
      visitItem('page_visit', 'pv-limited-1', {
        opt_out: true,
        user_data: { st: [CALIFORNIA], country: [US], ...visitorData },
        custom_data: { opt_out_type: 'LDP' },
      }),
    ],
  },
  {
    title: 'adding to the cart',
    ...specified,
    event: exampleEvent({
      id: 'atc-0f6c1d1e-6a39-4c70-8b0e-1c6f7c0d2a11',
      name: 'product_added',
      occurredAt: '2026-11-22T09:50:00.000Z',
      page: { url: SHIRT_PAGE },
      identity: { ...visitor, customerId: '7001234567890' },
      ids,
      commerce: {
        currency: 'USD',
        value: '99.90',
        numItems: 2,
        items: [{ productId: '7890123456789', variantId: '44112233445566', price: '49.95', quantity: 2 }],
      },
    }),
    gives: [
      {
        event_name: 'add_to_cart',
        action_source: 'web',
        event_time: 1795341000,
        event_id: 'atc-0f6c1d1e-6a39-4c70-8b0e-1c6f7c0d2a11',
        event_source_url: SHIRT_PAGE,
        opt_out: false,
        user_data: { external_id: [CUSTOMER], ...visitorData, click_id: EPIK },
        custom_data: {
          currency: 'USD',
          value: '99.90',
          num_items: 2,
          content_ids: ['shopify_US_7890123456789_44112233445566'],
          contents: [{ id: 'shopify_US_7890123456789_44112233445566', item_price: '49.95', quantity: 2 }],
        },
      },
    ],
  },
  {
    title: 'an anonymous page view',
    ...specified,
    event: exampleEvent({
      id: 'pv-5b1f8f0a-2a55-4a0c-9f61-0e4c9d6f3b77',
      name: 'page_viewed',
      occurredAt: '2026-11-22T09:45:00.000Z',
      page: { url: `https://shop.example.com/?epik=${EPIK}` },
      identity: visitor,
      ids,
    }),
    gives: [
      {
        event_name: 'page_visit',
        action_source: 'web',
        event_time: 1795340700,
        event_id: 'pv-5b1f8f0a-2a55-4a0c-9f61-0e4c9d6f3b77',
        event_source_url: `https://shop.example.com/?epik=${EPIK}`,
        opt_out: false,
        user_data: { ...visitorData, click_id: EPIK },
      },
    ],
  },
  {
    title: 'a product view is a page visit with the product’s id',
    ...specified,
    event: visit('product_viewed', 'sh-product-1', {
      page: { url: SHIRT_PAGE },
      commerce: { currency: 'USD', value: '49.95', items: [shirtViewed] },
    }),
    gives: [
      visitItem('page_visit', 'sh-product-1', {
        event_source_url: SHIRT_PAGE,
        custom_data: {
          currency: 'USD',
          value: '49.95',
          content_ids: ['shopify_US_7890123456789_44112233445566'],
          contents: [{ id: 'shopify_US_7890123456789_44112233445566', item_name: 'Linen Shirt', item_price: '49.95' }],
        },
      }),
    ],
  },
  {
    title: 'the page view of a product page is left to the product view: both would be one page visit too many',
    ...reading('the tag’s guide wants one PageVisit for each page'),
    event: visit('page_viewed', 'sh-page-1', { page: { url: SHIRT_PAGE } }),
    gives: { skip: 'covered' },
  },
  {
    title: 'with product views as `view_content` the page view of a product page goes too',
    ...reading('two names, so nothing is counted twice'),
    settings: { productView: 'view_content' },
    event: visit('page_viewed', 'sh-page-1', { page: { url: SHIRT_PAGE } }),
    gives: [visitItem('page_visit', 'sh-page-1', { event_source_url: SHIRT_PAGE })],
  },
  {
    title: 'with product views switched off the page view of a product page goes again',
    ...reading('the page was visited all the same'),
    settings: { events: ['page_viewed', 'order_placed'] },
    event: visit('page_viewed', 'sh-page-1', { page: { url: SHIRT_PAGE } }),
    gives: [visitItem('page_visit', 'sh-page-1', { event_source_url: SHIRT_PAGE })],
  },
  {
    title: 'a collection',
    ...specified,
    event: visit('collection_viewed', 'sh-collection-1', {
      collection: { id: '1', title: 'Summer' },
      commerce: { currency: 'USD', items: [{ productId: '7890123456789', variantId: '44112233445566' }] },
    }),
    gives: [
      visitItem('view_category', 'sh-collection-1', {
        custom_data: {
          currency: 'USD',
          content_ids: ['shopify_US_7890123456789_44112233445566'],
          contents: [{ id: 'shopify_US_7890123456789_44112233445566' }],
          content_category: 'Summer',
        },
      }),
    ],
  },
  {
    title: 'a search',
    ...specified,
    event: visit('searched', 'sh-search-1', { search: { query: 'linen' } }),
    gives: [visitItem('search', 'sh-search-1', { custom_data: { search_string: 'linen' } })],
  },
  ...(
    [
      ['wishlist_added', 'add_to_wishlist'],
      ['payment_info_added', 'add_payment_info'],
      ['signed_up', 'signup'],
      ['lead_submitted', 'lead'],
      ['subscribed', 'subscribe'],
    ] as const
  ).map(([name, theirs]) => ({
    title: `${name} is \`${theirs}\``,
    ...specified,
    event: visit(name, `sh-${name}`),
    gives: [visitItem(theirs, `sh-${name}`)],
  })),
  {
    title: 'customer and client are two external ids',
    ...specified,
    event: visit('page_viewed', 'sh-both-ids', {
      identity: { ...visitor, customerId: '7001234567890', clientId: '4f2b1a9c-8d7e-4c6b-9a5f-3e2d1c0b9a87' },
    }),
    gives: [
      visitItem('page_visit', 'sh-both-ids', {
        user_data: {
          external_id: [CUSTOMER, '08044cb61d30ec8c5dbb182ee54eb6dbb797ac768f7ccd6cd09f29b952a34794'],
          ...visitorData,
        },
      }),
    ],
  },
  {
    title: 'a British postcode stays at home: its digits alone would match strangers',
    ...reading('"digits only" in the specification, taken with care'),
    event: visit('page_viewed', 'sh-postcode', { identity: { ...visitor, postalCode: 'SW1A 1AA' } }),
    gives: [visitItem('page_visit', 'sh-postcode')],
  },
  {
    title: 'a region without a two-letter code is left out',
    ...specified,
    event: visit('page_viewed', 'sh-region', { identity: { ...visitor, region: 'NSW' } }),
    gives: [visitItem('page_visit', 'sh-region')],
  },
  {
    title: 'a US state goes by its code, also where its name was written',
    ...specified,
    event: visit('page_viewed', 'sh-state', { identity: { ...visitor, region: 'California', country: 'US' } }),
    gives: [visitItem('page_visit', 'sh-state', { user_data: { st: [CALIFORNIA], country: [US], ...visitorData } })],
  },
  {
    title: 'an IP address of a private network is nobody’s',
    ...reading('it says where a proxy stands'),
    event: exampleEvent({ id: 'sh-private', name: 'page_viewed', identity: { ...visitor, ip: 'fd12::7' } }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'a phone number alone is no identifier',
    ...specified,
    event: exampleEvent({ id: 'sh-phone-only', name: 'page_viewed', identity: { phone: '+14155550132' }, ids }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'neither is an IP address without its browser',
    ...specified,
    event: exampleEvent({ id: 'sh-ip-only', name: 'page_viewed', identity: { ip: '203.0.113.42' } }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'an order of nothing is not sent',
    ...reading('value guidance of the events page: never 0'),
    event: { ...purchase, commerce: { ...purchase.commerce, value: '0.00' } },
    gives: { skip: 'value_not_positive' },
  },
  {
    title: 'an order without a value is not sent',
    ...reading('a checkout without value spoils every report'),
    event: { ...purchase, commerce: { orderId: '6001234567890' } },
    gives: { skip: 'missing_field', field: 'commerce.value' },
  },
  {
    title: 'neither is one with a value in no currency',
    ...reading('a value says nothing without its currency'),
    event: { ...purchase, commerce: { value: '129.90', orderId: '6001234567890' } },
    gives: { skip: 'missing_field', field: 'commerce.currency' },
  },
  {
    title: 'an order below nothing neither',
    ...reading('value guidance of the events page: never negative'),
    event: { ...purchase, commerce: { ...purchase.commerce, value: '-5.00' } },
    gives: { skip: 'value_not_positive' },
  },
  {
    title: 'an order that staff entered has no page, so it carries the store’s address',
    ...reading('an event of the web should say where it happened'),
    settings: { sendDraft: true },
    event: exampleEvent({
      id: 'pur_6001234567892',
      name: 'order_placed',
      identity: visitor,
      commerce: {
        currency: 'USD',
        value: '30.00',
        orderId: '6001234567892',
        channel: 'draft',
        items: [{ ...bag, quantity: 0 }],
      },
    }),
    gives: [
      {
        event_name: 'checkout',
        action_source: 'web',
        event_time: 1795341600,
        event_id: 'pur_6001234567892',
        event_source_url: 'https://shop.example.com',
        opt_out: false,
        user_data: visitorData,
        custom_data: { currency: 'USD', value: '30.00', order_id: '6001234567892' },
      },
    ],
  },
  {
    title: 'a point-of-sale order, where wanted, is an offline event without a page',
    ...specified,
    settings: { sendPos: true },
    event: visit('order_placed', 'pur_6001234567891', {
      commerce: { currency: 'USD', value: '30.00', orderId: '6001234567891', channel: 'pos' },
    }),
    gives: [
      {
        event_name: 'checkout',
        action_source: 'offline',
        event_time: 1795341600,
        event_id: 'pur_6001234567891',
        opt_out: false,
        user_data: visitorData,
        custom_data: { currency: 'USD', value: '30.00', order_id: '6001234567891' },
      },
    ],
  },
  {
    title: 'a clock that runs ahead is set to the present',
    ...specified,
    how: { now: new Date('2026-11-22T09:59:30.000Z') },
    event: visit('page_viewed', 'sh-ahead'),
    gives: [visitItem('page_visit', 'sh-ahead', { event_time: 1795341570 })],
  },
  {
    title: 'the catalogue’s ids follow the template; a line that lacks a part of it is left out',
    ...reading('ids must equal those of the catalogue'),
    settings: { catalogId: '{sku}', catalogCountry: 'DE' },
    event: visit('product_added', 'sh-sku', {
      commerce: { currency: 'EUR', value: '40.00', items: [{ sku: 'LINEN-M', quantity: 1 }, { quantity: 1 }] },
    }),
    gives: [
      visitItem('add_to_cart', 'sh-sku', {
        custom_data: {
          currency: 'EUR',
          value: '40.00',
          num_items: 2,
          content_ids: ['LINEN-M'],
          contents: [{ id: 'LINEN-M', quantity: 1 }],
        },
      }),
    ],
  },
  {
    title: 'a refund has no counterpart',
    ...specified,
    event: visit('order_refunded', 'ref_900', { commerce: { currency: 'USD', value: '30.00' } }),
    gives: { skip: 'not_accepted' },
  },
]

const processed = { status: 'processed', error_message: '', warning_message: '' }
const failed = { status: 'failed', error_message: 'event_time is too old', warning_message: null }
const accepted = { outcome: 'accepted' } as const

export const examples: Examples = {
  settings: { adAccountId: '549755885175', conversionToken: 'pina_EXAMPLE_TOKEN' },
  events,
  answers: [
    {
      title: 'all taken',
      ...specified,
      response: exampleAnswer(200, {
        num_events_received: 2,
        num_events_processed: 2,
        events: [processed, { status: 'processed', error_message: null, warning_message: null }],
      }),
      verdicts: [accepted, accepted],
    },
    {
      title: 'one taken, one refused, in the order of the request',
      ...specified,
      response: exampleAnswer(200, { num_events_received: 2, num_events_processed: 1, events: [processed, failed] }),
      verdicts: [accepted, { outcome: 'rejected', code: 'event_failed', message: 'event_time is too old' }],
    },
    {
      title: 'taken with a warning, which is kept',
      evidence: 'measured',
      source: 'live interface, 2026-09-24',
      response: exampleAnswer(200, {
        num_events_received: 1,
        num_events_processed: 1,
        events: [{ status: 'processed', error_message: '', warning_message: 'external_id and click_id are missing' }],
      }),
      verdicts: [{ outcome: 'accepted', note: 'external_id and click_id are missing' }],
    },
    {
      title: '422 tells of each event under `details`',
      ...reading('segmentio/action-destinations, pull request 2465'),
      response: exampleAnswer(422, {
        code: 953,
        message: 'Conversion event data is invalid',
        details: { num_events_received: 2, num_events_processed: 1, events: [failed, processed] },
      }),
      verdicts: [{ outcome: 'rejected', code: '953', message: 'event_time is too old' }, accepted],
    },
    {
      title: '422 tells of each event at its root',
      ...reading('the two shapes are not told apart in the documentation'),
      response: exampleAnswer(422, { code: 953, message: 'invalid', events: [failed] }),
      verdicts: [{ outcome: 'rejected', code: '953', message: 'event_time is too old' }],
    },
    {
      title: '422 without events: of several, each is tried alone',
      ...reading('as for 400'),
      response: exampleAnswer(422, { code: 953, message: 'invalid' }),
      verdicts: [
        { outcome: 'singly', code: '953', message: 'invalid' },
        { outcome: 'singly', code: '953', message: 'invalid' },
      ],
    },
    {
      title: 'one unknown key refuses the whole request: of several, each is tried alone',
      ...reading('woocommerce/pinterest-for-woocommerce, issue 967'),
      response: exampleAnswer(400, { code: 4196, message: 'Invalid request: Additional properties are not allowed' }),
      verdicts: [
        { outcome: 'singly', code: '4196', message: 'Invalid request: Additional properties are not allowed' },
        { outcome: 'singly', code: '4196', message: 'Invalid request: Additional properties are not allowed' },
      ],
    },
    {
      title: 'the same for an event that was alone ends it',
      ...specified,
      response: exampleAnswer(400, { code: 4196, message: 'Invalid request' }),
      verdicts: [{ outcome: 'rejected', code: '4196', message: 'Invalid request' }],
    },
    {
      title: 'a bad token is the connection’s matter',
      ...specified,
      response: exampleAnswer(401, { code: 2, message: 'Authentication failed.' }),
      verdicts: [{ outcome: 'unauthorized', code: '2', message: 'Authentication failed.' }],
    },
    {
      title: 'so is an account that the token may not write to',
      ...specified,
      response: exampleAnswer(403, { code: 29, message: 'You are not permitted to access that resource.' }),
      verdicts: [{ outcome: 'unauthorized', code: '29', message: 'You are not permitted to access that resource.' }],
    },
    {
      title: 'so is an account that does not exist: no event is to blame',
      ...specified,
      response: exampleAnswer(404, { code: 2, message: 'Ad account not found.' }),
      verdicts: [{ outcome: 'unauthorized', code: '2', message: 'Ad account not found.' }],
    },
    {
      title: 'too many requests, with the seconds until the quota is full again',
      ...specified,
      response: exampleAnswer(429, { code: 8, message: 'Rate limit exceeded.' }, { 'x-ratelimit-reset': '17' }),
      verdicts: [{ outcome: 'retry', code: '8', message: 'Rate limit exceeded.', after: 17_000 }],
    },
    {
      title: 'Retry-After is not documented and obeyed if it comes',
      ...reading('RFC 9110'),
      response: exampleAnswer(
        429,
        { code: 8, message: 'Rate limit exceeded.' },
        { 'retry-after': '2.5', 'x-ratelimit-reset': '17' },
      ),
      verdicts: [{ outcome: 'retry', code: '8', message: 'Rate limit exceeded.', after: 2500 }],
    },
    {
      title: 'the endpoint is ramped down',
      ...specified,
      response: exampleAnswer(503, { code: 4197, message: 'This endpoint is ramped down.' }),
      verdicts: [{ outcome: 'retry', code: '4197', message: 'This endpoint is ramped down.' }],
    },
    {
      title: 'a status that is not documented proves nothing',
      ...reading('what was taken is unknown'),
      response: exampleAnswer(200, { events: [{ status: 'queued' }] }),
      verdicts: [
        {
          outcome: 'retry',
          code: 'unreadable_answer',
          message: 'Pinterest gave an event a status that is not documented.',
        },
      ],
    },
  ],
  verifications: [
    {
      title: 'token and account fit',
      evidence: 'measured',
      source: 'live interface, 2026-09-10',
      responses: [exampleAnswer(200, { num_events_received: 1, num_events_processed: 1, events: [processed] })],
      outcome: 'ok',
    },
    { title: 'bad token', ...specified, responses: [exampleAnswer(401, { code: 2 })], outcome: 'failed' },
    { title: 'another’s account', ...specified, responses: [exampleAnswer(403, { code: 29 })], outcome: 'failed' },
    { title: 'unknown account', ...specified, responses: [exampleAnswer(404, { code: 2 })], outcome: 'failed' },
    {
      title: 'the event was disliked, so the credentials were not',
      ...reading('segmentio/action-destinations, pull request 2465'),
      responses: [exampleAnswer(422, { code: 953, details: { events: [failed] } })],
      outcome: 'ok',
    },
    { title: 'too many requests', ...specified, responses: [exampleAnswer(429, { code: 8 })], outcome: 'unknown' },
    {
      title: 'somebody else answered',
      ...reading('a proxy'),
      responses: [exampleAnswer(200, '<html>')],
      outcome: 'unknown',
    },
    { title: 'no answer', ...reading('a network fault'), responses: [exampleAnswer(0)], outcome: 'unknown' },
  ],
}
