import type { LineItem } from '../../event/event.ts'
import { type EventExample, type Examples, exampleAnswer, exampleEvent } from '../examples.ts'

const specified = { evidence: 'documented', source: 'OpenAPI file of the Ads API v3' } as const
const helpPage = { evidence: 'documented', source: 'Reddit’s help, About event metadata' } as const
const guide = { evidence: 'documented', source: 'Ads API v3, Conversions API guides' } as const
const reading = (source: string) => ({ evidence: 'assumed', source }) as const

const BROWSER = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15'
const CLICK = '7231234567890123456'
const UUID = '1795170000000.7c73e5ee-c0ac-4eca-a8bc-84c2d1ad5d2b'
const SHOE_PAGE = `https://shop.example.com/products/trail-shoe?rdt_cid=${CLICK}`
const THANKS_PAGE = 'https://shop.example.com/checkouts/cn/abc/thank-you'
/** SHA-256 of "janedoe@example.com". */
const JANE = 'c4d25e9c90ff23e9145397bc6fbd5385ca5fbe78211222ccbecd0b369ebb19a6'
/** SHA-256 of "+12133734253". */
const PHONE = '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd'

const shoe: LineItem = {
  productId: '7890123456789',
  variantId: '44001112223334',
  title: 'Trail Shoe',
  category: 'Shoes',
  quantity: 2,
  price: '60.00',
  total: '120.00',
}
const sock: LineItem = {
  productId: '7890123456790',
  variantId: '44001112223335',
  title: 'Wool Sock',
  type: 'Socks',
  quantity: 1,
  price: '25.50',
  total: '25.50',
}
const shoeViewed: LineItem = {
  productId: '7890123456789',
  variantId: '44001112223334',
  title: 'Trail Shoe',
  category: 'Shoes',
  price: '60.00',
}
const shoeProduct = {
  id: '44001112223334',
  name: 'Trail Shoe',
  category: 'Shoes',
  quantity: 2,
  item_price: 60,
} as const

const visitor = { ip: '203.0.113.7', userAgent: BROWSER } as const
const visitorUser = { ip_address: '203.0.113.7', user_agent: BROWSER } as const

const purchase = exampleEvent({
  id: 'pur_5550001112223',
  name: 'order_placed',
  occurredAt: '2026-11-20T12:00:00.000Z',
  page: { url: THANKS_PAGE },
  identity: {
    ...visitor,
    email: '  Jane.Doe+Shop@Example.COM ',
    phone: '+1 (213) 373-4253',
    firstName: 'Jane',
    lastName: 'Doe',
    city: 'Los Angeles',
    country: 'US',
    customerId: ' 7001234567890 ',
  },
  ids: { rdtCid: CLICK, rdtUuid: UUID },
  commerce: {
    currency: 'USD',
    value: '145.50',
    subtotal: '140.00',
    presentment: { currency: 'JPY', value: '21820', subtotal: '20995' },
    orderId: '5550001112223',
    numItems: 3,
    items: [shoe, sock],
    channel: 'web',
  },
})

const bought = {
  event_at: 1795176000000,
  action_source: 'WEBSITE',
  event_source_url: THANKS_PAGE,
  click_id: CLICK,
  type: { tracking_type: 'PURCHASE' },
  metadata: {
    conversion_id: 'pur_5550001112223',
    order_id: '5550001112223',
    currency: 'USD',
    value: 145.5,
    item_count: 3,
    products: [
      shoeProduct,
      { id: '44001112223335', name: 'Wool Sock', category: 'Socks', quantity: 1, item_price: 25.5 },
    ],
  },
  user: {
    email: JANE,
    phone_number: PHONE,
    external_id: '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba',
    ...visitorUser,
    uuid: UUID,
  },
} as const

/** An event of a visitor of whom nothing but the browser is known, and the parts of its item that are always there. */
const visit = (name: Parameters<typeof exampleEvent>[0]['name'], id: string, rest: object = {}) =>
  exampleEvent({ id, name, identity: visitor, page: { url: 'https://shop.example.com/' }, ...rest })
const visitItem = (type: object, conversion_id: string, metadata: object = {}, rest: object = {}) => ({
  event_at: 1795341600000,
  action_source: 'WEBSITE',
  event_source_url: 'https://shop.example.com/',
  type,
  metadata: { conversion_id, ...metadata },
  user: visitorUser,
  ...rest,
})

const events: readonly EventExample[] = [
  {
    title: 'a purchase, in milliseconds and major units of the currency',
    ...specified,
    event: purchase,
    gives: [bought],
  },
  {
    title: 'a purchase counted when paid keeps the id of the purchase',
    ...reading('one order, one conversion id, whichever moment counts'),
    settings: { purchaseOn: 'paid' },
    event: { ...purchase, id: exampleEvent({ id: 'paid_5550001112223', name: 'order_paid' }).id, name: 'order_paid' },
    gives: [bought],
  },
  {
    title: 'in the shopper’s currency a purchase carries no prices of lines, since those are in the store’s',
    ...reading('one currency for all amounts of an event'),
    settings: { money: 'presentment' },
    event: purchase,
    gives: [
      {
        ...bought,
        metadata: {
          ...bought.metadata,
          currency: 'JPY',
          value: 21820,
          products: bought.metadata.products.map(({ item_price: _, ...product }) => product),
        },
      },
    ],
  },
  {
    title: 'a free order is a purchase of 0',
    ...specified,
    event: visit('order_placed', 'pur_5550001112224', {
      commerce: { currency: 'USD', value: '0.00', orderId: '5550001112224' },
    }),
    gives: [
      visitItem({ tracking_type: 'PURCHASE' }, 'pur_5550001112224', {
        order_id: '5550001112224',
        currency: 'USD',
        value: 0,
      }),
    ],
  },
  {
    title: 'a purchase with a value below 0 is not sent: Reddit would refuse the whole request',
    ...specified,
    event: { ...purchase, commerce: { currency: 'USD', value: '-5.00', orderId: '5550001112223' } },
    gives: { skip: 'value_not_positive' },
  },
  {
    title: 'neither is one without a value',
    ...reading('Reddit takes it, but somebody should see the mistake'),
    event: { ...purchase, commerce: { currency: 'USD', orderId: '5550001112223' } },
    gives: { skip: 'missing_field', field: 'commerce.value' },
  },
  {
    title: 'nor one without a currency',
    ...reading('a value says nothing without its currency'),
    event: { ...purchase, commerce: { value: '145.50', orderId: '5550001112223' } },
    gives: { skip: 'missing_field', field: 'commerce.currency' },
  },
  {
    title: 'adding to the cart, by a visitor whose ad click is known',
    ...specified,
    event: exampleEvent({
      id: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10',
      name: 'product_added',
      occurredAt: '2026-11-20T11:50:00.000Z',
      page: { url: SHOE_PAGE },
      identity: visitor,
      ids: { rdtUuid: UUID },
      commerce: { currency: 'USD', value: '120.00', items: [shoe] },
    }),
    gives: [
      {
        event_at: 1795175400000,
        action_source: 'WEBSITE',
        event_source_url: SHOE_PAGE,
        type: { tracking_type: 'ADD_TO_CART' },
        metadata: {
          conversion_id: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10',
          currency: 'USD',
          value: 120,
          item_count: 2,
          products: [shoeProduct],
        },
        user: { ...visitorUser, uuid: UUID },
      },
    ],
  },
  {
    title: 'limited use is told as LDU, with the place that it was made for',
    ...specified,
    how: { limited: true },
    event: exampleEvent({
      id: 'pv-2f0c9a5e-7b7e-4b57-9d3f-5a0f1f6b2c11',
      name: 'page_viewed',
      occurredAt: '2026-11-20T11:45:00.000Z',
      page: { url: 'https://shop.example.com/', referrer: 'https://www.reddit.com/' },
      identity: visitor,
      ids: { rdtUuid: UUID },
    }),
    gives: [
      {
        event_at: 1795175100000,
        action_source: 'WEBSITE',
        event_source_url: 'https://shop.example.com/',
        referrer_url: 'https://www.reddit.com/',
        type: { tracking_type: 'PAGE_VISIT' },
        metadata: { conversion_id: 'pv-2f0c9a5e-7b7e-4b57-9d3f-5a0f1f6b2c11' },
        user: {
          ...visitorUser,
          uuid: UUID,
          data_processing_options: { modes: ['LDU'], country: 'US', region: 'US-CA' },
        },
      },
    ],
  },
  {
    title: 'a product view tells the product, but no value: Reddit allows none on views',
    ...helpPage,
    event: visit('product_viewed', 'sh-product-1', {
      commerce: { currency: 'USD', value: '60.00', items: [shoeViewed] },
    }),
    gives: [
      visitItem({ tracking_type: 'VIEW_CONTENT' }, 'sh-product-1', {
        products: [{ id: '44001112223334', name: 'Trail Shoe', category: 'Shoes' }],
      }),
    ],
  },
  {
    title: 'a collection is viewed content as well, but its products were not looked at',
    ...reading('the nearest of Reddit’s types'),
    event: visit('collection_viewed', 'sh-collection-1', {
      collection: { id: '1', title: 'Running' },
      commerce: { currency: 'USD', items: [shoeViewed] },
    }),
    gives: [visitItem({ tracking_type: 'VIEW_CONTENT' }, 'sh-collection-1')],
  },
  {
    title: 'a search; there is no field for what was looked for',
    ...specified,
    event: visit('searched', 'sh-search-1', { search: { query: 'trail shoe' } }),
    gives: [visitItem({ tracking_type: 'SEARCH' }, 'sh-search-1')],
  },
  {
    title: 'a started checkout is a custom event, not a lead',
    ...guide,
    event: visit('checkout_started', 'ic_c1b2a3', {
      commerce: { currency: 'USD', value: '120.00', checkoutToken: 'c1b2a3', items: [shoe] },
    }),
    gives: [
      visitItem({ tracking_type: 'CUSTOM', custom_event_name: 'InitiateCheckout' }, 'ic_c1b2a3', {
        currency: 'USD',
        value: 120,
        item_count: 2,
        products: [shoeProduct],
      }),
    ],
  },
  ...(
    [
      ['payment_info_added', { tracking_type: 'CUSTOM', custom_event_name: 'AddPaymentInfo' }],
      ['subscribed', { tracking_type: 'CUSTOM', custom_event_name: 'Subscribe' }],
      ['wishlist_added', { tracking_type: 'ADD_TO_WISHLIST' }],
      ['signed_up', { tracking_type: 'SIGN_UP' }],
    ] as const
  ).map(([name, type]) => ({
    title: `${name} is \`${'custom_event_name' in type ? type.custom_event_name : type.tracking_type}\``,
    ...guide,
    event: visit(name, `sh-${name}`),
    gives: [visitItem(type, `sh-${name}`)],
  })),
  {
    title: 'a lead may have a value, but no number of pieces',
    ...helpPage,
    event: visit('lead_submitted', 'sh-lead-1', { commerce: { currency: 'USD', value: '20.00', numItems: 1 } }),
    gives: [visitItem({ tracking_type: 'LEAD' }, 'sh-lead-1', { currency: 'USD', value: 20 })],
  },
  {
    title: 'a click from an ad is enough to know a visitor by',
    ...guide,
    event: exampleEvent({ id: 'sh-click-only', name: 'page_viewed', ids: { rdtCid: CLICK } }),
    gives: [
      {
        event_at: 1795341600000,
        action_source: 'WEBSITE',
        event_source_url: 'https://shop.example.com',
        click_id: CLICK,
        type: { tracking_type: 'PAGE_VISIT' },
        metadata: { conversion_id: 'sh-click-only' },
        user: {},
      },
    ],
  },
  {
    title: 'an IP address without its browser is not',
    ...guide,
    event: exampleEvent({ id: 'sh-ip-only', name: 'page_viewed', identity: { ip: '203.0.113.7' } }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'nor is one of a private network, which says where a proxy stands',
    ...reading('Reddit cannot have seen anybody there'),
    event: exampleEvent({ id: 'sh-private', name: 'page_viewed', identity: { ...visitor, ip: '172.20.0.3' } }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'a visitor without an account is known by the store’s own id of the browser; the screen helps too',
    ...specified,
    event: visit('page_viewed', 'sh-client', {
      identity: { ...visitor, clientId: '4f2b1a9c-8d7e-4c6b-9a5f-3e2d1c0b9a87' },
      device: { screen: { width: 1179, height: 2556 } },
    }),
    gives: [
      visitItem(
        { tracking_type: 'PAGE_VISIT' },
        'sh-client',
        {},
        {
          user: {
            external_id: '08044cb61d30ec8c5dbb182ee54eb6dbb797ac768f7ccd6cd09f29b952a34794',
            ...visitorUser,
            screen_dimensions: { height: 2556, width: 1179 },
          },
        },
      ),
    ],
  },
  {
    title: 'a point-of-sale order, where wanted, names the buyer by email and phone only',
    ...guide,
    settings: { sendPos: true },
    event: visit('order_placed', 'pur_5550001112225', {
      identity: { email: 'jane.doe@example.com', phone: '+12133734253' },
      ids: { rdtCid: CLICK, rdtUuid: UUID },
      commerce: { currency: 'USD', value: '30.00', orderId: '5550001112225', channel: 'pos' },
    }),
    gives: [
      {
        event_at: 1795341600000,
        action_source: 'PHYSICAL_STORE',
        type: { tracking_type: 'PURCHASE' },
        metadata: { conversion_id: 'pur_5550001112225', order_id: '5550001112225', currency: 'USD', value: 30 },
        user: { email: JANE, phone_number: PHONE },
      },
    ],
  },
  ...(['draft', 'app', 'subscription'] as const).map((channel) => ({
    title: `an order of the channel “${channel}” happened on no website`,
    ...reading('the list of action sources'),
    settings: { sendDraft: true, sendSubscriptions: true },
    event: visit('order_placed', `pur_${channel}`, {
      commerce: { currency: 'USD', value: '30.00', orderId: '5550001112225', channel },
    }),
    gives: [
      {
        event_at: 1795341600000,
        action_source: 'OTHER',
        type: { tracking_type: 'PURCHASE' },
        metadata: { conversion_id: `pur_${channel}`, order_id: '5550001112225', currency: 'USD', value: 30 },
        user: visitorUser,
      },
    ],
  })),
  {
    title: 'without either of them a point-of-sale order is nobody’s',
    ...guide,
    settings: { sendPos: true },
    event: exampleEvent({
      id: 'pur_5550001112226',
      name: 'order_placed',
      ids: { rdtCid: CLICK, rdtUuid: UUID },
      commerce: { currency: 'USD', value: '30.00', orderId: '5550001112226', channel: 'pos' },
    }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'a clock that runs ahead is set to the present',
    ...reading('vendors found 5 minutes of tolerance; the present is always taken'),
    how: { now: new Date('2026-11-22T09:59:30.000Z') },
    event: visit('page_viewed', 'sh-ahead'),
    gives: [visitItem({ tracking_type: 'PAGE_VISIT' }, 'sh-ahead', {}, { event_at: 1795341570000 })],
  },
  {
    title: 'a line that lacks its id in the catalogue is left out: Reddit takes no product without one',
    ...specified,
    settings: { catalogId: '{sku}' },
    event: visit('product_added', 'sh-sku', {
      commerce: { currency: 'EUR', value: '40.00', items: [{ sku: 'SHOE-42', quantity: 1 }, { title: 'Gift' }] },
    }),
    gives: [
      visitItem({ tracking_type: 'ADD_TO_CART' }, 'sh-sku', {
        currency: 'EUR',
        value: 40,
        item_count: 1,
        products: [{ id: 'SHOE-42', quantity: 1 }],
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

const accepted = { outcome: 'accepted' } as const
const NONE_PROCESSED = 'There were 1 invalid conversion events. None were processed.'
const refusal = (message: string, fields?: readonly object[]) => ({
  error: { code: 400, message, ...(fields === undefined ? {} : { fields }) },
})
const taken = (count: number) => ({ data: { message: `Successfully processed ${count} conversion events.` } })
const live = reading('segmentio/action-destinations, V3-TEST-SCENARIOS.md, 2026-07')

export const examples: Examples = {
  settings: { pixelId: 'a2_exampleabc', accessToken: 'EXAMPLE.conversion.token' },
  events,
  answers: [
    {
      title: 'all taken',
      ...specified,
      response: exampleAnswer(200, taken(3)),
      verdicts: [accepted, accepted, accepted],
    },
    {
      title: 'fewer taken than sent: each is sent again alone, and what was taken is merged by its id',
      ...reading('no page says that a part of a request is taken'),
      response: exampleAnswer(200, taken(1)),
      verdicts: [
        { outcome: 'singly', code: 'processed', message: 'Successfully processed 1 conversion events.' },
        { outcome: 'singly', code: 'processed', message: 'Successfully processed 1 conversion events.' },
      ],
    },
    {
      title: 'the one that was sent not taken',
      ...reading('no page says that a part of a request is taken'),
      response: exampleAnswer(200, taken(0)),
      verdicts: [{ outcome: 'rejected', code: 'processed', message: 'Successfully processed 0 conversion events.' }],
    },
    {
      title: 'more taken than sent is kept for a person to see',
      ...reading('nothing says what such an answer means'),
      response: exampleAnswer(200, taken(3)),
      verdicts: [{ outcome: 'accepted', note: 'Successfully processed 3 conversion events.' }],
    },
    {
      title: 'one bad event and none is processed: without a name for it each is tried alone',
      ...guide,
      response: exampleAnswer(400, refusal(NONE_PROCESSED)),
      verdicts: [
        { outcome: 'singly', code: 'http_400', message: NONE_PROCESSED },
        { outcome: 'singly', code: 'http_400', message: NONE_PROCESSED },
      ],
    },
    {
      title: 'the same for an event that was alone ends it',
      ...guide,
      response: exampleAnswer(
        400,
        refusal(NONE_PROCESSED, [{ field: 'event_at', message: 'event_at timestamp must be less than 168h0m0s old' }]),
      ),
      verdicts: [
        {
          outcome: 'rejected',
          code: 'http_400',
          message: `${NONE_PROCESSED} event_at: event_at timestamp must be less than 168h0m0s old`,
        },
      ],
    },
    {
      title: 'where a field’s name tells the event, that one ends and the others go again',
      ...reading('whether `fields` names the event is not documented'),
      response: exampleAnswer(
        400,
        refusal(NONE_PROCESSED, [{ field: 'data.events[1].action_source', message: 'invalid action_source: web' }]),
      ),
      verdicts: [
        {
          outcome: 'singly',
          code: 'http_400',
          message: `${NONE_PROCESSED} data.events[1].action_source: invalid action_source: web`,
        },
        {
          outcome: 'rejected',
          code: 'http_400',
          message: 'data.events[1].action_source: invalid action_source: web',
        },
      ],
    },
    {
      title: 'an unknown key refuses the request',
      ...live,
      response: exampleAnswer(400, refusal('JSON error "unknown field" on field "test_id"')),
      verdicts: [{ outcome: 'rejected', code: 'http_400', message: 'JSON error "unknown field" on field "test_id"' }],
    },
    {
      title: 'so does a missing action source',
      ...live,
      response: exampleAnswer(400, refusal('missing action_source')),
      verdicts: [{ outcome: 'rejected', code: 'http_400', message: 'missing action_source' }],
    },
    {
      title: 'no token, or a bad one, is the connection’s matter',
      ...specified,
      response: exampleAnswer(401, { error: { code: 401, message: 'No bearer token provided' } }),
      verdicts: [
        { outcome: 'unauthorized', code: 'http_401', message: 'No bearer token provided' },
        { outcome: 'unauthorized', code: 'http_401', message: 'No bearer token provided' },
      ],
    },
    {
      title: 'so is a bad token answered in plain text',
      ...reading('rudderlabs/rudder-transformer, fixtures of the older interface'),
      response: exampleAnswer(401, 'Authorization Required'),
      verdicts: [{ outcome: 'unauthorized', code: 'http_401', message: 'The platform answered 401.' }],
    },
    {
      title: 'so is a pixel that the token may not write to',
      ...specified,
      response: exampleAnswer(403, {
        error: { code: 403, message: "You're not authorized to post conversions to Pixel ID a2_exampleabc" },
      }),
      verdicts: [
        {
          outcome: 'unauthorized',
          code: 'http_403',
          message: "You're not authorized to post conversions to Pixel ID a2_exampleabc",
        },
      ],
    },
    {
      title: 'so is a token without the right to send conversions',
      ...specified,
      response: exampleAnswer(403, { error: { code: 403, message: 'Missing adsconversions scope' } }),
      verdicts: [{ outcome: 'unauthorized', code: 'http_403', message: 'Missing adsconversions scope' }],
    },
    {
      title: 'so is a pixel that does not exist: no event is to blame',
      ...specified,
      response: exampleAnswer(404),
      verdicts: [{ outcome: 'unauthorized', code: 'http_404', message: 'The platform answered 404.' }],
    },
    {
      title: 'too many requests, without a word on how long to wait',
      ...guide,
      response: exampleAnswer(429, {
        error: { code: 429, message: 'Too many requests/events within timeframe.' },
      }),
      verdicts: [{ outcome: 'retry', code: 'http_429', message: 'Too many requests/events within timeframe.' }],
    },
    {
      title: 'a fault at Reddit, which says that nothing was processed',
      ...guide,
      response: exampleAnswer(500, {
        error: {
          code: 500,
          message: 'The service is currently unavailable. No conversion events were processed.',
        },
      }),
      verdicts: [
        {
          outcome: 'retry',
          code: 'http_500',
          message: 'The service is currently unavailable. No conversion events were processed.',
        },
      ],
    },
    {
      title: 'a gateway of Reddit’s',
      ...reading('any server'),
      response: exampleAnswer(502, '<html></html>'),
      verdicts: [
        { outcome: 'retry', code: 'http_502' },
        { outcome: 'retry', code: 'http_502' },
      ],
    },
    {
      title: 'an answer of another form proves nothing',
      ...reading('what was taken is unknown'),
      response: exampleAnswer(200, { message: 'Successfully processed 1 conversion events.' }),
      verdicts: [
        {
          outcome: 'retry',
          code: 'unreadable_answer',
          message: 'Reddit’s answer could not be read, so it is not known what it took.',
        },
      ],
    },
  ],
  verifications: [
    { title: 'token and pixel fit', ...live, responses: [exampleAnswer(200, taken(1))], outcome: 'ok' },
    {
      title: 'bad token',
      ...specified,
      responses: [exampleAnswer(401, { error: { code: 401, message: 'No bearer token provided' } })],
      outcome: 'failed',
    },
    {
      title: 'another’s pixel',
      ...specified,
      responses: [
        exampleAnswer(403, {
          error: { code: 403, message: "You're not authorized to post conversions to Pixel ID a2_exampleabc" },
        }),
      ],
      outcome: 'failed',
    },
    { title: 'unknown pixel', ...specified, responses: [exampleAnswer(404)], outcome: 'failed' },
    {
      title: 'the test event was refused, which tells too little of the token',
      ...guide,
      responses: [exampleAnswer(400, refusal(NONE_PROCESSED))],
      outcome: 'unknown',
    },
    {
      title: 'too many requests',
      ...guide,
      responses: [exampleAnswer(429, { error: { code: 429, message: 'Too many requests/events within timeframe.' } })],
      outcome: 'unknown',
    },
    {
      title: 'somebody else answered',
      ...reading('a proxy'),
      responses: [exampleAnswer(200, '<html>')],
      outcome: 'unknown',
    },
    { title: 'no answer', ...reading('a network fault'), responses: [exampleAnswer(0)], outcome: 'unknown' },
  ],
}
