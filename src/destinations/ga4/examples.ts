import type { LineItem } from '../../event/event.ts'
import { type AnswerExample, type EventExample, type Examples, exampleAnswer, exampleEvent } from '../examples.ts'

const REFERENCE = 'Measurement Protocol reference'
const BUILDER = 'Event Builder, googleanalytics/ga-dev-tools'
const documented = { evidence: 'documented', source: REFERENCE } as const
const built = { evidence: 'documented', source: BUILDER } as const
const reading = (source: string) => ({ evidence: 'assumed', source }) as const

const BROWSER =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const SHIRT_PAGE = 'https://shop.example.com/products/linen-shirt'
const ID = 'shopify_US_7890123456789_44112233445566'

const shirt: LineItem = {
  productId: '7890123456789',
  variantId: '44112233445566',
  title: 'Linen Shirt',
  variantTitle: 'M / natural',
  vendor: 'Example',
  type: 'Apparel',
  quantity: 2,
  price: '49.95',
  total: '99.90',
}
const shirtItem = {
  item_id: ID,
  item_name: 'Linen Shirt',
  item_brand: 'Example',
  item_category: 'Apparel',
  item_variant: 'M / natural',
  price: 49.95,
  quantity: 2,
}
const bag: LineItem = {
  productId: '7890123456790',
  variantId: '44112233445577',
  title: 'Canvas Bag',
  quantity: 1,
  price: '30.00',
  total: '30.00',
}
const bagItem = {
  item_id: 'shopify_US_7890123456790_44112233445577',
  item_name: 'Canvas Bag',
  price: 30,
  quantity: 1,
}

const ids = { gaClientId: '1234567890.1763800000', gaSessions: { 'G-TEST123456': '1763812345' } } as const
const visitor = { ip: '203.0.113.42', userAgent: BROWSER } as const
/** Without the address of somebody of whom it is unknown where they are. */
const browser = { client_id: '1234567890.1763800000', user_agent: BROWSER } as const

/** An event of a visitor whom the tag knows, on the store's first page. */
const visit = (name: Parameters<typeof exampleEvent>[0]['name'], id: string, rest: object = {}) =>
  exampleEvent({
    id,
    name,
    identity: visitor,
    ids,
    page: { url: 'https://shop.example.com/', title: 'Example Goods' },
    ...rest,
  })
const params = (own: object = {}) => ({
  engagement_time_msec: 100,
  session_id: 1763812345,
  ...own,
  page_location: 'https://shop.example.com/',
  page_title: 'Example Goods',
})
const told = (name: string, own: object = {}, sender: object = browser) => ({
  ...sender,
  events: [{ name, timestamp_micros: 1795341600000000, params: params(own) }],
})

const cart = { currency: 'USD', value: '99.90', items: [shirt] } as const
const cartParams = { currency: 'USD', value: 99.9, items: [shirtItem] } as const

const purchase = exampleEvent({
  id: 'pur_6001234567890',
  name: 'order_placed',
  page: { url: 'https://shop.example.com/', title: 'Example Goods' },
  identity: {
    ...visitor,
    email: ' Jane.Doe+shop@Gmail.com ',
    phone: '+1 (650) 555-0182',
    firstName: 'Mary-Jane',
    lastName: 'Doe',
    street: '1600 Amphitheatre Pkwy.',
    city: 'Mountain View',
    region: 'CA',
    postalCode: '94043',
    country: 'US',
    customerId: '7001234567890',
  },
  ids,
  consent: { marketing: true, analytics: true, preferences: true, saleOfData: true, source: 'web-pixel' },
  commerce: {
    currency: 'USD',
    value: '139.90',
    subtotal: '129.90',
    tax: '4.00',
    shipping: '6.00',
    presentment: { currency: 'EUR', value: '127.30', subtotal: '118.20', tax: '3.64', shipping: '5.46' },
    coupons: ['WELCOME'],
    orderId: '6001234567890',
    orderName: '#1042',
    numItems: 3,
    items: [shirt, bag],
    channel: 'web',
  },
})

const buyer = {
  client_id: '1234567890.1763800000',
  user_id: '7001234567890',
  user_agent: BROWSER,
  ip_override: '203.0.113.42',
  consent: { ad_user_data: 'GRANTED', ad_personalization: 'GRANTED' },
  user_data: {
    sha256_email_address: ['d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69'],
    sha256_phone_number: ['22df9376598c91ead1e038463590cfc60d78fe0ccb7cfae00df708ee5e95a374'],
    address: [
      {
        sha256_first_name: 'f08f448a5e7a9dc3619bb7c129f6a7d5fc6af002cea17ad71dfdc1c68f4d4e0e',
        sha256_last_name: '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f',
        sha256_street: '22b7e2d69b91e0ef4a88e81a73d897b92fd9c93ccfbe0a860f77db16c26f662e',
        city: 'mountain view',
        region: 'ca',
        postal_code: '94043',
        country: 'US',
      },
    ],
  },
} as const
const bought = {
  transaction_id: '6001234567890',
  currency: 'USD',
  value: 139.9,
  tax: 4,
  shipping: 6,
  coupon: 'WELCOME',
  items: [shirtItem, bagItem],
}
const withoutPrice = ({ price: _, ...item }: { readonly price: number }) => item

/** A refund as it comes, completed from the purchase. */
const refund = (commerce: object) =>
  exampleEvent({
    id: 'ref_923000000001',
    name: 'order_refunded',
    occurredAt: '2026-12-04T09:00:00.000Z',
    ids,
    commerce: {
      currency: 'USD',
      orderId: '6001234567890',
      original: { occurredAt: '2026-11-22T10:00:00.000Z', value: '139.90' },
      ...commerce,
    },
  })
const takenBack = (own: object) => ({
  client_id: '1234567890.1763800000',
  events: [
    {
      name: 'refund',
      timestamp_micros: 1796374800000000,
      params: { engagement_time_msec: 1, session_id: 1763812345, transaction_id: '6001234567890', ...own },
    },
  ],
})

const events: readonly EventExample[] = [
  { title: 'a purchase', ...documented, event: purchase, gives: [told('purchase', bought, buyer)] },
  {
    title: 'a purchase counted when paid keeps its transaction id',
    ...documented,
    settings: { purchaseOn: 'paid' },
    event: { ...purchase, id: exampleEvent({ id: 'paid_6001234567890', name: 'order_paid' }).id, name: 'order_paid' },
    gives: [told('purchase', bought, buyer)],
  },
  {
    title: 'in the shopper’s currency a purchase carries no prices of products, since those are in the store’s',
    ...reading('one currency for all amounts of an event'),
    settings: { money: 'presentment', transactionId: '{orderName}' },
    event: purchase,
    gives: [
      told(
        'purchase',
        {
          ...bought,
          transaction_id: '#1042',
          currency: 'EUR',
          value: 127.3,
          tax: 3.64,
          shipping: 5.46,
          items: [shirtItem, bagItem].map(withoutPrice),
        },
        buyer,
      ),
    ],
  },
  {
    title: 'a free order is a purchase too',
    ...reading('no lower bound is documented'),
    event: visit('order_placed', 'pur_6001234567891', {
      commerce: { currency: 'USD', value: '0.00', orderId: '6001234567891', items: [{ ...shirt, price: '0.00' }] },
    }),
    gives: [
      told('purchase', {
        transaction_id: '6001234567891',
        currency: 'USD',
        value: 0,
        items: [{ ...shirtItem, price: 0 }],
      }),
    ],
  },
  {
    title: 'a point-of-sale order, where wanted, has no page',
    ...documented,
    settings: { sendPos: true },
    event: exampleEvent({
      id: 'pur_6001234567892',
      name: 'order_placed',
      identity: { customerId: '7001234567890' },
      commerce: { currency: 'USD', value: '99.90', orderId: '6001234567892', channel: 'pos', items: [shirt] },
    }),
    gives: [
      {
        client_id: '138093014.1106200958',
        user_id: '7001234567890',
        events: [
          {
            name: 'purchase',
            timestamp_micros: 1795341600000000,
            params: { engagement_time_msec: 100, transaction_id: '6001234567892', ...cartParams },
          },
        ],
      },
    ],
  },
  {
    title:
      'an order of the counter by somebody of whom only an e-mail address is known is the same visitor’s each time',
    ...reading('shape of the _ga cookie; of the address only bits of a hash go out'),
    settings: { sendPos: true },
    event: exampleEvent({
      id: 'pur_6001234567893',
      name: 'order_placed',
      identity: { email: 'jane.doe@example.com' },
      commerce: { currency: 'USD', value: '99.90', orderId: '6001234567893', channel: 'pos', items: [shirt] },
    }),
    gives: [
      {
        client_id: '591517988.1009445236',
        user_data: { sha256_email_address: ['86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d'] },
        events: [
          {
            name: 'purchase',
            timestamp_micros: 1795341600000000,
            params: { engagement_time_msec: 100, transaction_id: '6001234567893', ...cartParams },
          },
        ],
      },
    ],
  },
  {
    title: 'an order of nobody known is a visitor of its own',
    ...reading('shape of the _ga cookie'),
    settings: { sendPos: true },
    event: exampleEvent({
      id: 'pur_6001234567894',
      name: 'order_placed',
      commerce: { currency: 'USD', value: '99.90', orderId: '6001234567894', channel: 'pos', items: [shirt] },
    }),
    gives: [
      {
        client_id: '1842110500.1089126971',
        events: [
          {
            name: 'purchase',
            timestamp_micros: 1795341600000000,
            params: { engagement_time_msec: 100, transaction_id: '6001234567894', ...cartParams },
          },
        ],
      },
    ],
  },
  {
    title: 'a line that is not in the catalogue goes by its SKU or its own id; one taken out of the order stays away',
    ...reading('a purchase is told whole'),
    event: visit('order_placed', 'pur_6001234567895', {
      commerce: {
        currency: 'USD',
        value: '54.90',
        orderId: '6001234567895',
        items: [
          { ...shirt, quantity: 1 },
          { sku: 'WRAP', title: 'Gift wrap', quantity: 1, price: '3.00' },
          { lineId: '15880000000001', title: 'Engraving', quantity: 1, price: '1.95' },
          { ...bag, quantity: 0 },
        ],
      },
    }),
    gives: [
      told('purchase', {
        transaction_id: '6001234567895',
        currency: 'USD',
        value: 54.9,
        items: [
          { ...shirtItem, quantity: 1 },
          { item_id: 'WRAP', item_name: 'Gift wrap', price: 3, quantity: 1 },
          { item_id: '15880000000001', item_name: 'Engraving', price: 1.95, quantity: 1 },
        ],
      }),
    ],
  },
  {
    title: 'an order without the name that its id is made of is not sent',
    ...documented,
    settings: { transactionId: '{orderName}' },
    event: visit('order_placed', 'pur_6001234567896', { commerce: { ...cart, orderId: '6001234567896' } }),
    gives: { skip: 'missing_field', field: 'commerce.orderName' },
  },
  {
    title: 'a partial refund has the value and the products that go back',
    ...documented,
    event: refund({ value: '49.95', remaining: '89.95', items: [{ ...shirt, quantity: 1, total: '49.95' }] }),
    gives: [takenBack({ currency: 'USD', value: 49.95, items: [{ ...shirtItem, quantity: 1 }] })],
  },
  {
    title: 'a refund of an amount only',
    ...documented,
    event: refund({ value: '10.00', remaining: '129.90' }),
    gives: [takenBack({ currency: 'USD', value: 10 })],
  },
  {
    title: 'a refund without money is no refund',
    ...reading('nothing would be taken back'),
    event: refund({ value: '0.00', items: [shirt] }),
    gives: { skip: 'value_not_positive' },
  },
  {
    title: 'a cancelled order is refunded as a whole',
    ...documented,
    event: {
      ...refund({ value: '139.90', remaining: '0.00', items: [shirt, bag] }),
      id: exampleEvent({ id: 'can_6001234567890', name: 'order_cancelled' }).id,
      name: 'order_cancelled',
    },
    gives: [takenBack({ currency: 'USD', value: 139.9, items: [shirtItem, bagItem] })],
  },
  {
    title: 'of an order that was partly refunded before, a cancellation takes back the rest',
    ...reading('Google adds refunds up'),
    event: {
      ...refund({ value: '89.95', remaining: '0.00', items: [shirt, bag] }),
      id: exampleEvent({ id: 'can_6001234567890', name: 'order_cancelled' }).id,
      name: 'order_cancelled',
    },
    gives: [takenBack({ currency: 'USD', value: 89.95 })],
  },
  {
    title: 'and nothing where the refunds took back everything',
    ...reading('Google adds refunds up'),
    event: {
      ...refund({ value: '0.00', remaining: '0.00', items: [shirt, bag] }),
      id: exampleEvent({ id: 'can_6001234567890', name: 'order_cancelled' }).id,
      name: 'order_cancelled',
    },
    gives: { skip: 'covered' },
  },
  {
    title: 'a page view',
    ...documented,
    event: visit('page_viewed', 'pv-1', {
      page: { url: `${SHIRT_PAGE}?utm_source=newsletter`, referrer: 'https://www.example.org/', title: 'Linen Shirt' },
    }),
    gives: [
      {
        ...browser,
        events: [
          {
            name: 'page_view',
            timestamp_micros: 1795341600000000,
            params: {
              engagement_time_msec: 100,
              session_id: 1763812345,
              page_location: `${SHIRT_PAGE}?utm_source=newsletter`,
              page_referrer: 'https://www.example.org/',
              page_title: 'Linen Shirt',
            },
          },
        ],
      },
    ],
  },
  {
    title: 'an e-mail address in a page’s address stays at home, with the rest of the query',
    evidence: 'documented',
    source: 'Analytics policy: no personal data in parameters',
    event: visit('page_viewed', 'pv-2', {
      page: { url: 'https://shop.example.com/?email=jane.doe%40example.com', title: 'Example Goods' },
    }),
    gives: [told('page_view')],
  },
  {
    title: 'a visitor whom no tag knows has one client id and visit, derived from ours',
    ...reading('shape of the _ga cookie; a visit is numbered by the second in which it began'),
    event: visit('page_viewed', 'pv-3', {
      ids: { epik: 'dj0yJnU9RXhhbXBsZQ' },
      identity: { clientId: '4f2b1a9c-8d7e-4c6b-9a5f-3e2d1c0b9a87' },
      landing: { url: 'https://shop.example.com/', at: '2026-11-22T09:41:12.000Z' },
    }),
    gives: [told('page_view', { session_id: 1795340472 }, { client_id: '1341700518.1075559591' })],
  },
  {
    title: 'a visit of another stream’s tag is not this stream’s',
    ...documented,
    event: visit('page_viewed', 'pv-4', { ids: { ...ids, gaSessions: { 'G-OTHER12345': '1763899999' } } }),
    gives: [
      {
        ...browser,
        events: [
          {
            name: 'page_view',
            timestamp_micros: 1795341600000000,
            params: {
              engagement_time_msec: 100,
              page_location: 'https://shop.example.com/',
              page_title: 'Example Goods',
            },
          },
        ],
      },
    ],
  },
  {
    title: 'nobody at all is skipped: a client id per event would be a new user for each',
    ...documented,
    event: exampleEvent({ id: 'pv-5', name: 'page_viewed', identity: visitor }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'limited use denies both purposes and identifies nobody',
    ...documented,
    how: { limited: true },
    event: visit('page_viewed', 'pv-6', { consent: { marketing: true, analytics: true, saleOfData: false } }),
    gives: [
      told(
        'page_view',
        {},
        {
          ...browser,
          consent: { ad_user_data: 'DENIED', ad_personalization: 'DENIED' },
          non_personalized_ads: true,
        },
      ),
    ],
  },
  {
    title: 'analytics without marketing: counted, and of no use for ads',
    ...documented,
    event: visit('page_viewed', 'pv-7', { consent: { marketing: false, analytics: true, preferences: true } }),
    gives: [told('page_view', {}, { ...browser, consent: { ad_user_data: 'DENIED', ad_personalization: 'DENIED' } })],
  },
  {
    title: 'who refused marketing is not told to have clicked an ad either',
    ...reading('Google Analytics reads click ids out of addresses'),
    event: visit('page_viewed', 'pv-10', {
      consent: { marketing: false, analytics: true },
      page: {
        url: 'https://shop.example.com/?utm_source=google&gclid=Cj0KCQiA_TEST_gclid-123&gad_source=1',
        referrer: 'https://shop.example.com/?fbclid=IwAR2Example',
        title: 'Example Goods',
      },
    }),
    gives: [
      {
        ...browser,
        consent: { ad_user_data: 'DENIED', ad_personalization: 'DENIED' },
        events: [
          {
            name: 'page_view',
            timestamp_micros: 1795341600000000,
            params: {
              engagement_time_msec: 100,
              session_id: 1763812345,
              page_location: 'https://shop.example.com/?utm_source=google',
              page_referrer: 'https://shop.example.com/',
              page_title: 'Example Goods',
            },
          },
        ],
      },
    ],
  },
  {
    title: 'the IP address of somebody of whom it is unknown where they are stays at home',
    ...reading('they may be in Europe, wherever the store is'),
    event: visit('page_viewed', 'pv-11', { identity: { ip: '203.0.113.42' } }),
    gives: [told('page_view', {}, { client_id: '1234567890.1763800000' })],
  },
  {
    title: 'marketing without preferences: no personalised ads',
    ...reading('personalisation is what preferences are about'),
    event: visit('page_viewed', 'pv-8', { consent: { marketing: true, analytics: true, preferences: false } }),
    gives: [told('page_view', {}, { ...browser, consent: { ad_user_data: 'GRANTED', ad_personalization: 'DENIED' } })],
  },
  {
    title: 'a product view',
    ...built,
    event: visit('product_viewed', 'vi-1', {
      commerce: { currency: 'USD', value: '49.95', items: [{ ...shirt, quantity: 1 }] },
    }),
    gives: [told('view_item', { currency: 'USD', value: 49.95, items: [{ ...shirtItem, quantity: 1 }] })],
  },
  {
    title: 'a collection; products that nobody chose have no value, and no currency then',
    ...built,
    event: visit('collection_viewed', 'vl-1', {
      collection: { id: '987', title: 'Summer' },
      commerce: {
        currency: 'USD',
        items: [{ productId: '7890123456789', variantId: '44112233445566', price: '49.95' }],
      },
    }),
    gives: [told('view_item_list', { item_list_id: '987', item_list_name: 'Summer', items: [{ item_id: ID }] })],
  },
  {
    title: 'a search',
    ...built,
    event: visit('searched', 'se-1', { search: { query: 'linen' } }),
    gives: [told('search', { search_term: 'linen' })],
  },
  ...(
    [
      ['cart_viewed', 'view_cart'],
      ['product_added', 'add_to_cart'],
      ['product_removed', 'remove_from_cart'],
      ['wishlist_added', 'add_to_wishlist'],
      ['checkout_started', 'begin_checkout'],
    ] as const
  ).map(([name, theirs]) => ({
    title: `${name} is \`${theirs}\``,
    ...built,
    event: visit(name, `ev-${name}`, { commerce: cart }),
    gives: [told(theirs, cartParams)],
  })),
  {
    title: 'how it is to be shipped',
    ...built,
    event: visit('shipping_submitted', 'sh-1', { commerce: { ...cart, shippingMethod: 'Express' } }),
    gives: [told('add_shipping_info', { ...cartParams, shipping_tier: 'Express' })],
  },
  {
    title: 'how it is paid',
    ...built,
    event: visit('payment_info_added', 'pi_c1b2a3', { commerce: { ...cart, paymentType: 'creditCard' } }),
    gives: [told('add_payment_info', { ...cartParams, payment_type: 'creditCard' })],
  },
  { title: 'a new account', ...built, event: visit('signed_up', 'cus_1'), gives: [told('sign_up')] },
  {
    title: 'a newsletter is a lead from there, worth nothing yet',
    ...reading('there is no name for it'),
    event: visit('subscribed', 'sub_1'),
    gives: [told('generate_lead', { lead_source: 'newsletter', currency: 'USD', value: 0 })],
  },
  {
    title: 'a lead',
    ...built,
    event: visit('lead_submitted', 'le-1', { commerce: { currency: 'EUR', value: '5.00' } }),
    gives: [told('generate_lead', { currency: 'EUR', value: 5 })],
  },
  {
    title: 'an event of the theme’s own keeps its name and its plain data, without what names people',
    ...documented,
    event: visit('custom', 'cu-1', {
      custom: {
        name: 'size_guide_opened',
        size: 'M',
        tries: 2,
        fits: true,
        value: 49.95,
        currency: 'USD',
        email: 'jane.doe@example.com',
        note: 'for jane.doe@example.com',
        product: { id: '7890123456789' },
      },
    }),
    gives: [told('size_guide_opened', { currency: 'USD', value: 49.95, size: 'M', tries: 2, fits: 'true' })],
  },
  {
    title: 'a name that Google reserves',
    ...built,
    event: visit('custom', 'cu-2', { custom: { name: 'session_start' } }),
    gives: { skip: 'invalid_field', field: 'custom.name' },
  },
  {
    title: 'an event that poses as a purchase',
    ...reading('it would be counted as one'),
    event: visit('custom', 'cu-3', { custom: { name: 'purchase' } }),
    gives: { skip: 'invalid_field', field: 'custom.name' },
  },
  {
    title: 'a purchase without products is not sent',
    ...built,
    event: { ...purchase, commerce: { currency: 'USD', value: '139.90', orderId: '6001234567890' } },
    gives: { skip: 'missing_field', field: 'commerce.items' },
  },
  {
    title: 'a purchase without a currency is not sent',
    ...built,
    event: { ...purchase, commerce: { value: '139.90', orderId: '6001234567890', items: [shirt] } },
    gives: { skip: 'missing_field', field: 'commerce.currency' },
  },
  {
    title: 'a clock that runs ahead is set to the present',
    ...documented,
    how: { now: new Date('2026-11-22T09:59:30.000Z') },
    event: visit('page_viewed', 'pv-9'),
    gives: [{ ...browser, events: [{ name: 'page_view', timestamp_micros: 1795341570000000, params: params() }] }],
  },
]

const sent = { outcome: 'accepted' } as const
const ERRORS = 'Data Manager API: errors, and google.rpc.Status'

const answers: readonly AnswerExample[] = [
  {
    title: 'the Measurement Protocol received the request, which is all it ever says',
    ...documented,
    response: exampleAnswer(204),
    verdicts: [sent, sent],
  },
  {
    title: 'a wrong secret, a wrong measurement id and a broken event are answered in the same way',
    ...documented,
    response: exampleAnswer(200),
    verdicts: [sent],
  },
  {
    title: 'a page in its place is somebody else’s answer: nothing is known to have arrived',
    ...reading('a proxy; neither way in ever writes pages'),
    response: exampleAnswer(200, '<html><body>Welcome</body></html>'),
    verdicts: [
      {
        outcome: 'retry',
        code: 'unreadable_answer',
        message: 'The answer was not Google’s, so it is not known whether Google took anything.',
      },
    ],
  },
  {
    title: 'without the id of the request the Data Manager API has proved nothing',
    ...reading('the reference always has it, except for tests'),
    response: exampleAnswer(200, {}),
    verdicts: [
      {
        outcome: 'retry',
        code: 'unreadable_answer',
        message: 'Google’s answer could not be read, so it is not known what it took.',
      },
    ],
  },
  {
    title: 'a fault on the way',
    ...reading('no other answers are documented'),
    response: exampleAnswer(502, '<html>Bad Gateway</html>'),
    verdicts: [{ outcome: 'retry', code: 'http_502' }],
  },
  {
    title: 'too large, of several: each is tried alone',
    ...reading('HTTP'),
    response: exampleAnswer(413),
    verdicts: [
      { outcome: 'singly', code: 'http_413' },
      { outcome: 'singly', code: 'http_413' },
    ],
  },
  {
    title: 'the Data Manager API will look at the events, and can be asked what became of them',
    evidence: 'documented',
    source: 'Data Manager API: events.ingest',
    response: exampleAnswer(200, { requestId: 'req-0001' }),
    verdicts: [
      { outcome: 'accepted', poll: 'req-0001' },
      { outcome: 'accepted', poll: 'req-0001' },
    ],
  },
  {
    title: 'one bad event refuses the whole request: it is to blame, the other goes again',
    evidence: 'documented',
    source: ERRORS,
    response: exampleAnswer(400, {
      error: {
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: 'There was a problem with the request.',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: [
              { field: 'events.events[1].event_name', description: 'is reserved', reason: 'RESERVED_NAME_USED' },
            ],
          },
        ],
      },
    }),
    verdicts: [
      { outcome: 'singly', code: 'refused_with_another' },
      { outcome: 'rejected', code: 'RESERVED_NAME_USED', message: 'event_name: is reserved (RESERVED_NAME_USED)' },
    ],
  },
  {
    title: 'the property is of a kind that takes no events: the connection’s matter',
    evidence: 'documented',
    source: ERRORS,
    response: exampleAnswer(400, {
      error: {
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: 'There was a problem with the request.',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'GOOGLE_ANALYTICS_SUBPROPERTY_OR_ROLLUP_PROPERTY_NOT_ALLOWED',
          },
        ],
      },
    }),
    verdicts: [
      {
        outcome: 'unauthorized',
        code: 'GOOGLE_ANALYTICS_SUBPROPERTY_OR_ROLLUP_PROPERTY_NOT_ALLOWED',
        message: 'Google takes no events for subproperties and roll-up properties. Enter the source property.',
      },
    ],
  },
  {
    title: 'the quota is used up',
    evidence: 'documented',
    source: ERRORS,
    response: exampleAnswer(429, { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded.' } }),
    verdicts: [{ outcome: 'retry', code: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded.' }],
  },
]

export const examples: Examples = {
  settings: { measurementId: 'G-TEST123456', apiSecret: 'EXAMPLE_SECRET', googleTag: false },
  events,
  answers,
  verifications: [
    {
      title: 'nothing wrong with the test event, which is all that can be known',
      evidence: 'documented',
      source: 'Measurement Protocol: validating events',
      responses: [exampleAnswer(200, { validationMessages: [] })],
      outcome: 'ok',
    },
    {
      title: 'the validation server found something',
      evidence: 'documented',
      source: 'Measurement Protocol: validating events',
      responses: [
        exampleAnswer(200, {
          validationMessages: [
            {
              fieldPath: 'events',
              description: 'Event at index: [0] has invalid name.',
              validationCode: 'NAME_INVALID',
            },
          ],
        }),
      ],
      outcome: 'failed',
    },
    {
      title: 'the Data Manager API would take events',
      evidence: 'documented',
      source: 'Data Manager API: events.ingest, validateOnly',
      responses: [exampleAnswer(200, {})],
      outcome: 'ok',
    },
    {
      title: 'the credentials are no user of the property',
      evidence: 'documented',
      source: ERRORS,
      responses: [
        exampleAnswer(403, {
          error: { code: 403, status: 'PERMISSION_DENIED', message: 'The caller does not have permission.' },
        }),
      ],
      outcome: 'failed',
    },
    { title: 'no answer', ...reading('a network fault'), responses: [exampleAnswer(0)], outcome: 'unknown' },
    {
      title: 'somebody else answered',
      ...reading('a proxy'),
      responses: [exampleAnswer(200, '<html>')],
      outcome: 'unknown',
    },
  ],
  tokens: [
    {
      title: 'an access token for the Data Manager API',
      evidence: 'documented',
      source: 'OAuth 2.0 for server to server applications',
      response: exampleAnswer(200, { access_token: 'ya29.EXAMPLE', expires_in: 3599, token_type: 'Bearer' }),
      gives: { outcome: 'granted', token: 'ya29.EXAMPLE' },
    },
    {
      title: 'the key was withdrawn',
      evidence: 'documented',
      source: 'OAuth 2.0 for server to server applications',
      response: exampleAnswer(400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }),
      gives: { outcome: 'failed' },
    },
  ],
}
