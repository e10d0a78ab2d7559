import type { LineItem } from '../../event/event.ts'
import { type EventExample, type Examples, exampleAnswer, exampleEvent } from '../examples.ts'

const documented = { evidence: 'documented', source: 'Conversions API, Parameters' } as const
const specified = { evidence: 'documented', source: 'OpenAPI file of Snap’s SDK business-sdk-v3-java' } as const
const reading = (source: string) => ({ evidence: 'assumed', source }) as const

const BROWSER = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15'
const CLICK = 'B3f1c2D4-5e6f-4a7b-8c9d-0e1f2a3b4c5d'
const COOKIE = '7d4e9f10-2b3c-4d5e-9f60-718293a4b5c6'
const SHOE_PAGE = `https://shop.example.com/products/trail-shoe?ScCid=${CLICK}`
const THANKS_PAGE = 'https://shop.example.com/checkouts/cn/abc/thank-you'

const shoe: LineItem = {
  productId: '7890123456789',
  variantId: '44001112223334',
  sku: 'SHOE-42',
  title: 'Trail Shoe',
  quantity: 2,
  price: '60.00',
  total: '120.00',
}
const sock: LineItem = {
  productId: '7890123456790',
  variantId: '44001112223335',
  title: 'Wool Sock',
  quantity: 1,
  price: '25.50',
  total: '25.50',
}
const shoeViewed: LineItem = { productId: '7890123456789', variantId: '44001112223334', price: '60.00' }

const visitor = { ip: '203.0.113.7', userAgent: BROWSER } as const
const visitorData = { client_ip_address: '203.0.113.7', client_user_agent: BROWSER } as const
const ids = { sccid: CLICK, scid: COOKIE } as const
const idData = { sc_click_id: CLICK, sc_cookie1: COOKIE } as const

const shopper = {
  ...visitor,
  email: '  Jane.Doe+Shop@Example.COM ',
  phone: '+1 (213) 373-4253',
  firstName: 'Jane',
  lastName: 'Doe',
  gender: 'Female',
  city: 'Los Angeles',
  region: 'CA',
  postalCode: '90210-1234',
  country: 'US',
  customerId: '7001234567890',
} as const

const purchase = exampleEvent({
  id: 'pur_5550001112223',
  name: 'order_placed',
  occurredAt: '2026-11-20T12:00:00.000Z',
  page: { url: THANKS_PAGE },
  identity: shopper,
  ids,
  commerce: {
    currency: 'USD',
    value: '145.50',
    subtotal: '140.00',
    presentment: { currency: 'EUR', value: '132.40', subtotal: '127.40' },
    orderId: '5550001112223',
    numItems: 3,
    items: [shoe, sock],
    channel: 'web',
  },
})

const bought = {
  event_name: 'PURCHASE',
  event_time: 1795176000,
  event_id: 'pur_5550001112223',
  action_source: 'WEB',
  event_source_url: THANKS_PAGE,
  user_data: {
    em: ['bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'],
    ph: ['1f81adb30e11317806be982cc82769fbf8627833a89dd87cb24d282f71828830'],
    fn: ['81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2'],
    ln: ['799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f'],
    ge: ['252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111'],
    ct: ['8760663bb25fa79f35c2c14fb9c6bcbe444a8c938491cd24fe684a7056c9dbc4'],
    st: ['6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126'],
    zp: ['b83c588da0c6931625f42e0948054a3ade722bfd02c27816305742ed7390ac6c'],
    country: ['79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621'],
    external_id: '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba',
    ...visitorData,
    ...idData,
  },
  custom_data: {
    currency: 'USD',
    value: 145.5,
    order_id: '5550001112223',
    num_items: 3,
    content_type: 'product',
    content_ids: ['44001112223334', '44001112223335'],
    contents: [
      { id: '44001112223334', quantity: '2', item_price: '60.00' },
      { id: '44001112223335', quantity: '1', item_price: '25.50' },
    ],
  },
} as const

const limited = {
  data_processing_options: ['LDU'],
  data_processing_options_country: 1,
  data_processing_options_state: 1000,
} as const

/** An event of a visitor of whom nothing but the browser is known, and the parts of its item that are always there. */
const visit = (name: Parameters<typeof exampleEvent>[0]['name'], id: string, rest: object = {}) =>
  exampleEvent({ id, name, identity: visitor, page: { url: 'https://shop.example.com/' }, ...rest })
const visitItem = (event_name: string, event_id: string, rest: object = {}) => ({
  event_name,
  event_time: 1795341600,
  event_id,
  action_source: 'WEB',
  event_source_url: 'https://shop.example.com/',
  user_data: visitorData,
  ...rest,
})

const events: readonly EventExample[] = [
  { title: 'a purchase of two products, three pieces in all', ...documented, event: purchase, gives: [bought] },
  {
    title: 'a purchase counted when paid keeps the id of the purchase',
    ...reading('one order, one event id, whichever moment counts'),
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
        custom_data: {
          ...bought.custom_data,
          currency: 'EUR',
          value: 132.4,
          contents: bought.custom_data.contents.map(({ item_price: _, ...content }) => content),
        },
      },
    ],
  },
  {
    title: 'a free order is a purchase of 0',
    ...reading('a value is required, and no page says that it must be above 0'),
    event: visit('order_placed', 'pur_5550001112224', {
      commerce: { currency: 'USD', value: '0.00', orderId: '5550001112224' },
    }),
    gives: [
      visitItem('PURCHASE', 'pur_5550001112224', {
        custom_data: { currency: 'USD', value: 0, order_id: '5550001112224' },
      }),
    ],
  },
  {
    title: 'an order without a value is not sent: Snapchat would refuse it',
    evidence: 'documented',
    source: 'Conversions API, Verify Setup: missing price or currency',
    event: { ...purchase, commerce: { currency: 'USD', orderId: '5550001112223' } },
    gives: { skip: 'missing_field', field: 'commerce.value' },
  },
  {
    title: 'neither is one without a currency',
    evidence: 'documented',
    source: 'Conversions API, Verify Setup: missing price or currency',
    event: { ...purchase, commerce: { value: '145.50', orderId: '5550001112223' } },
    gives: { skip: 'missing_field', field: 'commerce.currency' },
  },
  {
    title: 'nor one with a value below 0',
    ...reading('no page tells what a negative price means'),
    event: { ...purchase, commerce: { currency: 'USD', value: '-5.00', orderId: '5550001112223' } },
    gives: { skip: 'value_not_positive' },
  },
  {
    title: 'adding to the cart is `ADD_CART`, by a visitor who came from an ad',
    ...documented,
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
        event_name: 'ADD_CART',
        event_time: 1795175400,
        event_id: 'atc-9b2e7c1a-3f50-4b1e-8d0e-6f2a1c9d7e10',
        action_source: 'WEB',
        event_source_url: SHOE_PAGE,
        user_data: { ...visitorData, ...idData },
        custom_data: {
          currency: 'USD',
          value: 120,
          num_items: 2,
          content_type: 'product',
          content_ids: ['44001112223334'],
          contents: [{ id: '44001112223334', quantity: '2', item_price: '60.00' }],
        },
      },
    ],
  },
  {
    title: 'limited use is told as LDU, with the place that it was made for',
    evidence: 'assumed',
    source: 'Snap’s SDK and Segment; Snap’s pages spell it in three ways',
    how: { limited: true },
    event: exampleEvent({
      id: 'pv-2f0c9a5e-7b7e-4b57-9d3f-5a0f1f6b2c11',
      name: 'page_viewed',
      occurredAt: '2026-11-20T11:45:00.000Z',
      page: { url: 'https://shop.example.com/' },
      identity: visitor,
      ids: { scid: COOKIE },
    }),
    gives: [
      {
        event_name: 'PAGE_VIEW',
        event_time: 1795175100,
        event_id: 'pv-2f0c9a5e-7b7e-4b57-9d3f-5a0f1f6b2c11',
        action_source: 'WEB',
        event_source_url: 'https://shop.example.com/',
        ...limited,
        user_data: { ...visitorData, sc_cookie1: COOKIE },
      },
    ],
  },
  {
    title: 'a product view',
    ...documented,
    event: visit('product_viewed', 'sh-product-1', {
      commerce: { currency: 'USD', value: '60.00', items: [shoeViewed] },
    }),
    gives: [
      visitItem('VIEW_CONTENT', 'sh-product-1', {
        custom_data: {
          currency: 'USD',
          value: 60,
          content_type: 'product',
          content_ids: ['44001112223334'],
          contents: [{ id: '44001112223334', item_price: '60.00' }],
        },
      }),
    ],
  },
  {
    title: 'a collection is a list, with its name as category',
    ...documented,
    event: visit('collection_viewed', 'sh-collection-1', {
      collection: { id: '1', title: 'Running' },
      commerce: { items: [{ productId: '7890123456789', variantId: '44001112223334', price: '60.00' }] },
    }),
    gives: [
      visitItem('LIST_VIEW', 'sh-collection-1', {
        custom_data: {
          content_type: 'product',
          content_ids: ['44001112223334'],
          contents: [{ id: '44001112223334' }],
          content_category: 'Running',
        },
      }),
    ],
  },
  {
    title: 'a search',
    ...documented,
    event: visit('searched', 'sh-search-1', { search: { query: 'trail shoe' } }),
    gives: [visitItem('SEARCH', 'sh-search-1', { custom_data: { search_string: 'trail shoe' } })],
  },
  {
    title: 'a started checkout; a value of 0 is left out of anything but a purchase',
    ...reading('nothing is as good as 0'),
    event: visit('checkout_started', 'ic_c1b2a3', {
      commerce: { currency: 'USD', value: '0.00', checkoutToken: 'c1b2a3', numItems: 1 },
    }),
    gives: [visitItem('START_CHECKOUT', 'ic_c1b2a3', { custom_data: { currency: 'USD', num_items: 1 } })],
  },
  ...(
    [
      ['wishlist_added', 'ADD_TO_WISHLIST'],
      ['payment_info_added', 'ADD_BILLING'],
      ['signed_up', 'SIGN_UP'],
      ['lead_submitted', 'SIGN_UP'],
      ['subscribed', 'SUBSCRIBE'],
    ] as const
  ).map(([name, theirs]) => ({
    title: `${name} is \`${theirs}\``,
    ...documented,
    event: visit(name, `sh-${name}`),
    gives: [visitItem(theirs, `sh-${name}`)],
  })),
  {
    title: 'an email address is enough, even where only the store’s own address is known',
    ...documented,
    event: exampleEvent({ id: 'sh-email-only', name: 'subscribed', identity: { email: 'person@example.com' } }),
    gives: [
      visitItem('SUBSCRIBE', 'sh-email-only', {
        event_source_url: 'https://shop.example.com',
        user_data: { em: ['542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345'] },
      }),
    ],
  },
  {
    title:
      'so is a phone number, written in any way: digits with the country code, without plus sign and zeros before it',
    ...documented,
    event: visit('lead_submitted', 'sh-phone-only', { identity: { phone: '0044 (0) 844 412 4653', country: 'GB' } }),
    gives: [
      visitItem('SIGN_UP', 'sh-phone-only', {
        user_data: {
          ph: ['dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383'],
          country: ['0b407281768f0e833afef47ed464b6571d01ca4d53c12ce5c51d1462f4ad6677'],
        },
      }),
    ],
  },
  {
    title: 'Snapchat’s own ids alone are not',
    ...documented,
    event: exampleEvent({ id: 'sh-ids-only', name: 'page_viewed', ids }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'neither is an IP address without its browser',
    ...documented,
    event: exampleEvent({ id: 'sh-ip-only', name: 'page_viewed', identity: { ip: '203.0.113.7' } }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'nor is one of a private network, which says where a proxy stands',
    ...reading('Snapchat cannot have seen anybody there'),
    event: exampleEvent({ id: 'sh-private', name: 'page_viewed', identity: { ...visitor, ip: '192.168.1.7' } }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'an event of the web that cannot say where it happened is not sent',
    ...documented,
    event: exampleEvent({ id: 'sh-nowhere', name: 'page_viewed', identity: visitor, store: { country: 'US' } }),
    gives: { skip: 'missing_field', field: 'page.url' },
  },
  {
    title: 'a point-of-sale order, where wanted, is an offline event without a page',
    ...documented,
    settings: { sendPos: true },
    event: visit('order_placed', 'pur_5550001112225', {
      identity: { email: 'person@example.com' },
      commerce: { currency: 'USD', value: '30.00', orderId: '5550001112225', channel: 'pos' },
    }),
    gives: [
      {
        event_name: 'PURCHASE',
        event_time: 1795341600,
        event_id: 'pur_5550001112225',
        action_source: 'OFFLINE',
        user_data: { em: ['542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345'] },
        custom_data: { currency: 'USD', value: 30, order_id: '5550001112225' },
      },
    ],
  },
  {
    title: 'a visitor without an account is known by the store’s own id of the browser',
    ...reading('external_id is in Snap’s SDK, not in its specification'),
    event: visit('page_viewed', 'sh-client', {
      identity: { ...visitor, clientId: '4f2b1a9c-8d7e-4c6b-9a5f-3e2d1c0b9a87' },
    }),
    gives: [
      visitItem('PAGE_VIEW', 'sh-client', {
        user_data: {
          external_id: '08044cb61d30ec8c5dbb182ee54eb6dbb797ac768f7ccd6cd09f29b952a34794',
          ...visitorData,
        },
      }),
    ],
  },
  {
    title: 'a clock that runs ahead is set to the present',
    ...reading('no tolerance is documented'),
    how: { now: new Date('2026-11-22T09:59:30.000Z') },
    event: visit('page_viewed', 'sh-ahead'),
    gives: [visitItem('PAGE_VIEW', 'sh-ahead', { event_time: 1795341570 })],
  },
  {
    title: 'with products as ids the ids name groups; a line that lacks its id is left out',
    ...reading('ids must equal those of the catalogue'),
    settings: { catalogId: '{product}' },
    event: visit('product_added', 'sh-groups', {
      commerce: { currency: 'EUR', value: '40.00', items: [shoeViewed, { sku: 'GIFT', quantity: 1 }] },
    }),
    gives: [
      visitItem('ADD_CART', 'sh-groups', {
        custom_data: {
          currency: 'EUR',
          value: 40,
          num_items: 1,
          content_type: 'product_group',
          content_ids: ['7890123456789'],
          contents: [{ id: '7890123456789', item_price: '60.00' }],
        },
      }),
    ],
  },
  {
    title: 'a refund has no counterpart',
    ...documented,
    event: visit('order_refunded', 'ref_900', { commerce: { currency: 'USD', value: '30.00' } }),
    gives: { skip: 'not_accepted' },
  },
]

const VALID = { status: 'VALID', reason: 'Events have been processed successfully.' }
const BAD_TIME = "Param data['event_time'] is an invalid Unix timestamp."
const accepted = { outcome: 'accepted' } as const
const alone = { outcome: 'singly', code: 'invalid_request' } as const
const badTime = { outcome: 'rejected', code: 'invalid_event', message: BAD_TIME } as const

export const examples: Examples = {
  settings: { pixelId: '0f9e8d7c-6b5a-4948-8372-615f4e3d2c1b', accessToken: 'EXAMPLE.capi.token' },
  events,
  answers: [
    {
      title: 'all taken',
      evidence: 'documented',
      source: 'Conversions API, Using the API',
      response: exampleAnswer(200, VALID),
      verdicts: [accepted, accepted],
    },
    {
      title: 'INVALID inside 200 names the event at fault; the others were not taken either and go again',
      ...specified,
      response: exampleAnswer(200, {
        status: 'INVALID',
        event: 1,
        reason: 'Invalid event',
        errors: { codes: ['E_TIME'], error_msgs: [BAD_TIME] },
      }),
      verdicts: [
        { outcome: 'singly', code: 'E_TIME' },
        { outcome: 'rejected', code: 'E_TIME', message: BAD_TIME },
        { outcome: 'singly', code: 'E_TIME' },
      ],
    },
    {
      title: 'the same with 400',
      ...reading('segmentio/action-destinations, pull request 3959'),
      response: exampleAnswer(400, { status: 'INVALID', event: 0, errors: { error_msgs: [BAD_TIME] } }),
      verdicts: [badTime, alone],
    },
    {
      title: 'INVALID that names nobody: of several, each is tried alone',
      ...specified,
      response: exampleAnswer(200, { status: 'INVALID', reason: 'Not enough PII' }),
      verdicts: [alone, alone],
    },
    {
      title: 'the same for an event that was alone ends it',
      ...specified,
      response: exampleAnswer(200, { status: 'INVALID', reason: 'Not enough PII' }),
      verdicts: [{ outcome: 'rejected', code: 'invalid_event', message: 'Not enough PII' }],
    },
    {
      title: 'INVALID that names an event which was not in the request blames nobody',
      ...reading('nothing says what such an answer means'),
      response: exampleAnswer(200, { status: 'INVALID', event: 7, reason: 'Invalid event' }),
      verdicts: [alone, alone],
    },
    {
      title: 'INVALID that speaks of the token is the connection’s matter',
      ...reading('the answer to a bad token is not published'),
      response: exampleAnswer(200, { status: 'INVALID', reason: 'Invalid access_token=EXAMPLE.capi.token' }),
      verdicts: [
        { outcome: 'unauthorized', code: 'bad_credentials', message: 'Invalid access_token=…' },
        { outcome: 'unauthorized', code: 'bad_credentials', message: 'Invalid access_token=…' },
      ],
    },
    {
      title: 'unless it names an event: then the words are about that one',
      ...reading('a name or a URL of an event may hold such words'),
      response: exampleAnswer(200, { status: 'INVALID', event: 0, reason: 'Bad event_source_url /authentication' }),
      verdicts: [
        { outcome: 'rejected', code: 'invalid_event', message: 'Bad event_source_url /authentication' },
        alone,
      ],
    },
    {
      title: 'a refusal in plain text keeps its words',
      ...reading('any server'),
      response: exampleAnswer(400, 'Malformed body'),
      verdicts: [{ outcome: 'rejected', code: 'http_400', message: 'Malformed body' }],
    },
    {
      title: 'so is any other refusal that speaks of it',
      ...reading('the answer to a bad token is not published'),
      response: exampleAnswer(400, { request_status: 'ERROR', debug_message: 'Authentication failed' }),
      verdicts: [{ outcome: 'unauthorized', code: 'bad_credentials', message: 'Snapchat refused the token.' }],
    },
    {
      title: 'in test mode every event has its own entry, with warnings, and none is counted',
      ...specified,
      response: exampleAnswer(200, {
        ...VALID,
        test_event: true,
        event_logs: [
          { event: 0, status: 'VALID', warnings: ['event_id is missing'] },
          { event: 1, status: 'VALID', warnings: [] },
        ],
      }),
      verdicts: [
        { outcome: 'accepted', note: 'Checked by Snapchat in test mode and not counted. event_id is missing' },
        { outcome: 'accepted', note: 'Checked by Snapchat in test mode and not counted.' },
      ],
    },
    {
      title: 'in test mode the entry with an error is refused',
      ...specified,
      response: exampleAnswer(200, {
        status: 'INVALID',
        test_event: true,
        event_logs: [
          { event: 0, status: 'VALID', warnings: [] },
          { event: 1, status: 'INVALID', warnings: [], errors: { codes: [], error_msgs: [BAD_TIME] } },
        ],
      }),
      verdicts: [alone, badTime],
    },
    {
      title: 'an entry that speaks of failure is refused, also without an error beside it',
      ...reading('the words for an event’s status are not published'),
      response: exampleAnswer(200, { ...VALID, event_logs: [{ event: 0, status: 'FAILURE' }] }),
      verdicts: [{ outcome: 'rejected', code: 'invalid_event', message: 'Snapchat gave no reason.' }, accepted],
    },
    {
      title: 'a bad token is the connection’s matter',
      ...reading('statuses of the reference; bodies are not published'),
      response: exampleAnswer(401, { status: 'INVALID', reason: 'Unauthorized' }),
      verdicts: [
        { outcome: 'unauthorized', code: 'http_401', message: 'Unauthorized' },
        { outcome: 'unauthorized', code: 'http_401', message: 'Unauthorized' },
      ],
    },
    {
      title: 'so is a token of another organisation, or one that is not active yet',
      ...reading('statuses of the reference; bodies are not published'),
      response: exampleAnswer(403),
      verdicts: [{ outcome: 'unauthorized', code: 'http_403', message: 'The platform answered 403.' }],
    },
    {
      title: 'so is a pixel that does not exist: no event is to blame',
      ...reading('statuses of the reference; bodies are not published'),
      response: exampleAnswer(404),
      verdicts: [{ outcome: 'unauthorized', code: 'http_404', message: 'The platform answered 404.' }],
    },
    {
      title: 'too many requests, without a word on how long to wait',
      evidence: 'documented',
      source: 'Conversions API, Get Started',
      response: exampleAnswer(429, { status: 'INVALID', reason: 'Too many requests' }),
      verdicts: [{ outcome: 'retry', code: 'http_429', message: 'Too many requests' }],
    },
    {
      title: 'Snapchat is not well',
      ...reading('any server'),
      response: exampleAnswer(503, '<html></html>'),
      verdicts: [
        { outcome: 'retry', code: 'http_503' },
        { outcome: 'retry', code: 'http_503' },
      ],
    },
    {
      title: 'a status that is not documented proves nothing',
      ...reading('what was taken is unknown'),
      response: exampleAnswer(200, { status: 'PARTIAL' }),
      verdicts: [
        {
          outcome: 'retry',
          code: 'unreadable_answer',
          message: 'Snapchat’s answer could not be read, so it is not known what it took.',
        },
      ],
    },
  ],
  verifications: [
    { title: 'token and pixel fit', ...specified, responses: [exampleAnswer(200, VALID)], outcome: 'ok' },
    {
      title: 'bad token',
      ...reading('bodies are not published'),
      responses: [exampleAnswer(401, { status: 'INVALID', reason: 'Unauthorized' })],
      outcome: 'failed',
    },
    {
      title: 'another organisation’s pixel, or a token that is not active yet',
      ...reading('bodies are not published'),
      responses: [exampleAnswer(403)],
      outcome: 'failed',
    },
    {
      title: 'unknown pixel',
      ...reading('bodies are not published'),
      responses: [exampleAnswer(404)],
      outcome: 'failed',
    },
    {
      title: 'INVALID that speaks of the token',
      ...reading('bodies are not published'),
      responses: [exampleAnswer(200, { status: 'INVALID', reason: 'Invalid access token' })],
      outcome: 'failed',
    },
    {
      title: 'the test event was refused, which tells nothing of the token',
      ...specified,
      responses: [exampleAnswer(200, { status: 'INVALID', event: 0, errors: { codes: [], error_msgs: [BAD_TIME] } })],
      outcome: 'unknown',
    },
    {
      title: 'too many requests',
      ...reading('any server'),
      responses: [exampleAnswer(429, { status: 'INVALID', reason: 'Too many requests' })],
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
