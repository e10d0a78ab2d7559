import type { LineItem } from '../../event/event.ts'
import {
  type AnswerExample,
  type EventExample,
  type Evidence,
  type Examples,
  exampleAnswer,
  exampleEvent,
} from '../examples.ts'

const page = (name: string) => ({ evidence: 'documented', source: `Conversions API documentation: ${name}` }) as const
const measured = (source: string) => ({ evidence: 'measured', source }) as const
const reading = (source: string) => ({ evidence: 'assumed', source }) as const

const PARAMETERS = page('parameters, 2026-06-30')
const PERSON = page('customer information parameters, 2026-01-09')
const CLICKS = page('fbp and fbc, 2026-01-09')
const REFUSED_SETS = page('customer information parameters, the sets refused since version 13')
const LIVE = measured('live interface, version 26.0, 2026-09-05')

const BROWSER =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const CLICK = 'IwAR2ExampleFbclid_aB-cD9'
const FBC = `fb.1.1795341500000.${CLICK}`
const FBP = 'fb.1.1795255200000.1098115397'
const CLICKED = '2026-11-22T09:58:20.000Z'

/** SHA-256 of "7001234567890". */
const CUSTOMER = '68da5dbb7edcdd1626b9c865b23fd1250b2b3cdab9cd74e78dd998ce80fd85ba'
/** SHA-256 of "us". */
const US = '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621'
/** SHA-256 of "ca". */
const CALIFORNIA = '6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126'
/** SHA-256 of "jane.doe+shop@example.com". */
const JANE = 'bb55843f3da2af28071cd4be7ae1e05989dc6d3ea4833906f7d8fe4be35afad8'

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
const shirtContent = { id: 'shopify_US_7890123456789_44112233445566', quantity: 2, item_price: 49.95 }
const bagContent = { id: 'shopify_US_7890123456790_44112233445577', quantity: 1, item_price: 30 }

const visitor = { ip: '203.0.113.42', userAgent: BROWSER } as const
const visitorData = { client_ip_address: '203.0.113.42', client_user_agent: BROWSER } as const
const ids = { fbclid: CLICK, fbp: FBP, seenAt: { fbclid: CLICKED } } as const

const jane = {
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
} as const

const purchase = exampleEvent({
  id: 'pur_6001234567890',
  name: 'order_placed',
  page: { url: 'https://shop.example.com/checkouts/thank_you', referrer: 'https://www.facebook.com/' },
  identity: jane,
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

const sold = {
  event_name: 'Purchase',
  event_time: 1795341600,
  action_source: 'website',
  event_id: 'pur_6001234567890',
  event_source_url: 'https://shop.example.com/checkouts/thank_you',
  referrer_url: 'https://www.facebook.com/',
  user_data: {
    em: [JANE],
    ph: ['11072303eb5c8cb5c5a1ebb762f11b37b07131265b46fdfe1276196bfbd3ca51'],
    fn: ['81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2'],
    ln: ['86d40fb71b08a94b479e19533a820d32c35594ac3297c09815e6dddd61c14a8a'],
    ct: [
      'fcc7b12e619d7e36782eeba767f24c4fe9dd54a931994e68c515be24bd046b59',
      '198b8f84621d272c3923d3c8bfcf48f0fa33b89dd5999aa72881414b6a551223',
    ],
    st: [CALIFORNIA],
    zp: ['b888babfbc5e2d03fd5bdf2b51182aca00a1de23187b779c8455d2f1f19038fd'],
    country: [US],
    external_id: [CUSTOMER],
    ...visitorData,
    fbc: FBC,
    fbp: FBP,
  },
  custom_data: {
    currency: 'USD',
    value: 129.9,
    order_id: '6001234567890',
    num_items: 3,
    content_type: 'product',
    content_ids: [shirtContent.id, bagContent.id],
    contents: [shirtContent, bagContent],
  },
  data_processing_options: [],
} as const

const withoutPrice = ({ item_price: _, ...content }: { readonly item_price: number }) => content

/** An event of a visitor of whom nothing but the browser is known, and the parts of its item that are always there. */
const visit = (name: Parameters<typeof exampleEvent>[0]['name'], id: string, rest: object = {}) =>
  exampleEvent({ id, name, identity: visitor, page: { url: 'https://shop.example.com/' }, ...rest })
const visitItem = (event_name: string, event_id: string, rest: object = {}) => ({
  event_name,
  event_time: 1795341600,
  action_source: 'website',
  event_id,
  event_source_url: 'https://shop.example.com/',
  user_data: visitorData,
  data_processing_options: [],
  ...rest,
})

/** A page view by which one thing about the person is shown. */
const seen = (
  title: string,
  id: string,
  identity: object,
  userData: object,
  evidence: Evidence = PERSON,
): EventExample => ({
  title,
  ...evidence,
  event: visit('page_viewed', id, { identity: { ...visitor, ...identity } }),
  gives: [visitItem('PageView', id, { user_data: { ...userData, ...visitorData } })],
})
/** A page view of somebody of whom only this is known. */
const knownBy = (title: string, id: string, identity: object): EventExample => ({
  title,
  ...REFUSED_SETS,
  event: exampleEvent({ id, name: 'page_viewed', identity }),
  gives: { skip: 'no_identifier' },
})
/** A page view by which one click is shown. */
const clicked = (title: string, id: string, clickIds: object, fbc: string | undefined): EventExample => ({
  title,
  ...CLICKS,
  event: visit('page_viewed', id, { ids: clickIds }),
  gives: [visitItem('PageView', id, { user_data: fbc === undefined ? visitorData : { ...visitorData, fbc } })],
})
/** An order that was not made in the web shop. */
const elsewhere = (
  channel: 'pos' | 'draft' | 'subscription' | 'app',
  action_source: string,
  setting: object,
): EventExample => ({
  title: `an order of the channel “${channel}” is told as \`${action_source}\`, without a page`,
  ...(channel === 'pos' ? PARAMETERS : reading('the list of action sources')),
  settings: { ...setting },
  event: visit('order_placed', `pur_${channel}`, {
    identity: { email: jane.email },
    commerce: { currency: 'USD', value: '30.00', orderId: '6001234567891', channel },
  }),
  gives: [
    {
      event_name: 'Purchase',
      event_time: 1795341600,
      action_source,
      event_id: `pur_${channel}`,
      user_data: { em: [JANE] },
      custom_data: { currency: 'USD', value: 30, order_id: '6001234567891' },
      data_processing_options: [],
    },
  ],
})

const events: readonly EventExample[] = [
  { title: 'a purchase', ...PARAMETERS, event: purchase, gives: [sold] },
  {
    title: 'limited use of a shopper in California',
    ...page('data processing options'),
    how: { limited: true },
    event: purchase,
    gives: [
      {
        ...sold,
        data_processing_options: ['LDU'],
        data_processing_options_country: 1,
        data_processing_options_state: 1000,
      },
    ],
  },
  {
    title: 'limited use elsewhere, where Meta finds the state by the IP address',
    ...page('data processing options'),
    how: { limited: true },
    event: visit('page_viewed', 'sh-limited-1', { identity: { ...visitor, country: 'US', region: 'NY' } }),
    gives: [
      visitItem('PageView', 'sh-limited-1', {
        user_data: {
          st: ['1b06e2003f8420d6fa42badd8f77ec0f706b976b7a48b13c567dc5a559681683'],
          country: [US],
          ...visitorData,
        },
        data_processing_options: ['LDU'],
        data_processing_options_country: 0,
        data_processing_options_state: 0,
      }),
    ],
  },
  {
    title: 'a purchase counted when paid keeps the id of the purchase',
    ...reading('one order, one event id, whichever moment counts'),
    settings: { purchaseOn: 'paid' },
    event: { ...purchase, id: exampleEvent({ id: 'paid_6001234567890', name: 'order_paid' }).id, name: 'order_paid' },
    gives: [sold],
  },
  {
    title: 'in the shopper’s currency a purchase carries no prices of lines, since those are in the store’s',
    ...reading('one currency for all amounts of an event'),
    settings: { money: 'presentment' },
    event: purchase,
    gives: [
      {
        ...sold,
        custom_data: {
          ...sold.custom_data,
          currency: 'EUR',
          value: 118.2,
          contents: sold.custom_data.contents.map(withoutPrice),
        },
      },
    ],
  },
  {
    title: 'adding to the cart',
    ...PARAMETERS,
    event: exampleEvent({
      id: 'atc-0f6c1d1e-6a39-4c70-8b0e-1c6f7c0d2a11',
      name: 'product_added',
      occurredAt: '2026-11-22T09:50:00.000Z',
      page: { url: 'https://shop.example.com/products/linen-shirt' },
      identity: { ...visitor, customerId: '7001234567890' },
      ids: { fbc: `fb.1.1795340400000.${CLICK}`, fbp: FBP },
      commerce: { currency: 'USD', value: '99.90', numItems: 2, items: [shirt] },
    }),
    gives: [
      {
        event_name: 'AddToCart',
        event_time: 1795341000,
        action_source: 'website',
        event_id: 'atc-0f6c1d1e-6a39-4c70-8b0e-1c6f7c0d2a11',
        event_source_url: 'https://shop.example.com/products/linen-shirt',
        user_data: {
          external_id: [CUSTOMER],
          ...visitorData,
          fbc: `fb.1.1795340400000.${CLICK}`,
          fbp: FBP,
        },
        custom_data: {
          currency: 'USD',
          value: 99.9,
          content_type: 'product',
          content_ids: [shirtContent.id],
          contents: [shirtContent],
        },
        data_processing_options: [],
      },
    ],
  },
  {
    title: 'an anonymous page view',
    ...PARAMETERS,
    event: exampleEvent({
      id: 'pv-5b1f8f0a-2a55-4a0c-9f61-0e4c9d6f3b77',
      name: 'page_viewed',
      occurredAt: '2026-11-22T09:45:00.000Z',
      page: { url: 'https://shop.example.com/' },
      identity: visitor,
      ids: { fbp: FBP },
    }),
    gives: [
      {
        event_name: 'PageView',
        event_time: 1795340700,
        action_source: 'website',
        event_id: 'pv-5b1f8f0a-2a55-4a0c-9f61-0e4c9d6f3b77',
        event_source_url: 'https://shop.example.com/',
        user_data: { ...visitorData, fbp: FBP },
        data_processing_options: [],
      },
    ],
  },
  {
    title: 'a product view',
    ...PARAMETERS,
    event: visit('product_viewed', 'sh-product-1', {
      page: { url: 'https://shop.example.com/products/linen-shirt' },
      commerce: { currency: 'USD', value: '49.95', items: [{ ...shirt, quantity: 1 }] },
    }),
    gives: [
      visitItem('ViewContent', 'sh-product-1', {
        event_source_url: 'https://shop.example.com/products/linen-shirt',
        custom_data: {
          currency: 'USD',
          value: 49.95,
          content_type: 'product',
          content_ids: [shirtContent.id],
          contents: [{ ...shirtContent, quantity: 1 }],
          content_name: 'Linen Shirt',
        },
      }),
    ],
  },
  {
    title: 'a collection has a name of our own: as `ViewContent` it would count as a view of each product in it',
    ...reading('custom events are free to name'),
    event: visit('collection_viewed', 'sh-collection-1', {
      collection: { id: '1', title: 'Summer' },
      commerce: { currency: 'USD', items: [{ productId: '7890123456789', variantId: '44112233445566' }] },
    }),
    gives: [
      visitItem('ViewCategory', 'sh-collection-1', {
        custom_data: {
          currency: 'USD',
          content_type: 'product',
          content_ids: [shirtContent.id],
          contents: [{ id: shirtContent.id }],
          content_category: 'Summer',
        },
      }),
    ],
  },
  {
    title: 'a search',
    ...PARAMETERS,
    event: visit('searched', 'sh-search-1', { search: { query: 'linen' } }),
    gives: [visitItem('Search', 'sh-search-1', { custom_data: { search_string: 'linen' } })],
  },
  {
    title: 'a started checkout tells how many pieces are in it',
    ...PARAMETERS,
    event: visit('checkout_started', 'ic_c1b2a3', {
      commerce: { currency: 'USD', value: '129.90', checkoutToken: 'c1b2a3', items: [shirt, bag] },
    }),
    gives: [
      visitItem('InitiateCheckout', 'ic_c1b2a3', {
        custom_data: {
          currency: 'USD',
          value: 129.9,
          num_items: 3,
          content_type: 'product',
          content_ids: [shirtContent.id, bagContent.id],
          contents: [shirtContent, bagContent],
        },
      }),
    ],
  },
  ...(
    [
      ['wishlist_added', 'AddToWishlist'],
      ['payment_info_added', 'AddPaymentInfo'],
      ['signed_up', 'CompleteRegistration'],
      ['lead_submitted', 'Lead'],
      ['subscribed', 'Lead'],
    ] as const
  ).map(([name, theirs]) => ({
    title: `${name} is \`${theirs}\``,
    ...PARAMETERS,
    event: visit(name, `sh-${name}`),
    gives: [visitItem(theirs, `sh-${name}`)],
  })),
  {
    title: 'a newsletter sign-up is `Subscribe`, which Meta means for paid subscriptions, only on request',
    ...page('standard events'),
    settings: { subscribedAs: 'Subscribe' },
    event: visit('subscribed', 'sh-subscribed-2'),
    gives: [visitItem('Subscribe', 'sh-subscribed-2')],
  },
  {
    title: 'ids that name products, not variants, make a `product_group`',
    ...PARAMETERS,
    settings: { catalogId: '{product}' },
    event: visit('product_added', 'sh-group', { commerce: { currency: 'USD', value: '99.90', items: [shirt] } }),
    gives: [
      visitItem('AddToCart', 'sh-group', {
        custom_data: {
          currency: 'USD',
          value: 99.9,
          content_type: 'product_group',
          content_ids: ['7890123456789'],
          contents: [{ id: '7890123456789', quantity: 2, item_price: 49.95 }],
        },
      }),
    ],
  },
  {
    title: 'the catalogue’s ids follow the template; a line that lacks a part of it is left out',
    ...reading('ids must equal those of the catalogue'),
    settings: { catalogId: '{sku}' },
    event: visit('product_added', 'sh-sku', {
      commerce: { currency: 'EUR', value: '0.00', items: [{ sku: 'LINEN-M', quantity: 1, price: '0.00' }, bag] },
    }),
    gives: [
      visitItem('AddToCart', 'sh-sku', {
        custom_data: {
          currency: 'EUR',
          value: 0,
          content_type: 'product',
          content_ids: ['LINEN-M'],
          contents: [{ id: 'LINEN-M', quantity: 1, item_price: 0 }],
        },
      }),
    ],
  },

  {
    title: 'what was told by no page is told with the address of the store, since Meta requires one',
    ...reading('`event_source_url` is required of websites and need only fit their domain'),
    event: exampleEvent({ id: 'cus_7001234567890', name: 'signed_up', identity: { email: jane.email } }),
    gives: [
      visitItem('CompleteRegistration', 'cus_7001234567890', {
        event_source_url: 'https://shop.example.com',
        user_data: { em: [JANE] },
      }),
    ],
  },

  // Purchases that lack something, or were made elsewhere.
  {
    title: 'an order without a value is not sent: one such event costs its whole batch',
    ...page('custom data'),
    event: { ...purchase, commerce: { orderId: '6001234567890', currency: 'USD' } },
    gives: { skip: 'missing_field', field: 'commerce.value' },
  },
  {
    title: 'neither is one without a currency',
    ...page('custom data'),
    event: { ...purchase, commerce: { orderId: '6001234567890', value: '129.90' } },
    gives: { skip: 'missing_field', field: 'commerce.currency' },
  },
  {
    title: 'nor one with a currency that is none',
    ...page('custom data'),
    event: { ...purchase, commerce: { ...purchase.commerce, currency: 'dollars' } },
    gives: { skip: 'invalid_field', field: 'commerce.currency' },
  },
  {
    title: 'an order that a gift card paid is a purchase of nothing, and a purchase',
    ...reading('a value is required, no least value is given'),
    event: visit('order_placed', 'pur_6001234567892', { commerce: { currency: 'USD', value: '0.00' } }),
    gives: [visitItem('Purchase', 'pur_6001234567892', { custom_data: { currency: 'USD', value: 0 } })],
  },
  {
    title: 'an order below nothing is not sent',
    ...reading('a negative purchase is no refund'),
    event: { ...purchase, commerce: { ...purchase.commerce, value: '-5.00' } },
    gives: { skip: 'value_not_positive' },
  },
  {
    title: 'a refund has no counterpart on the web',
    ...PARAMETERS,
    event: visit('order_refunded', 'ref_900', { commerce: { currency: 'USD', value: '30.00' } }),
    gives: { skip: 'not_accepted' },
  },
  {
    title: 'limited use without an IP address names the place that the mark was made for: nothing else could find it',
    ...reading('zeros leave it to Meta to find the state by the IP address'),
    how: { limited: true },
    event: visit('page_viewed', 'sh-limited-2', { identity: { email: jane.email } }),
    gives: [
      visitItem('PageView', 'sh-limited-2', {
        user_data: { em: [JANE] },
        data_processing_options: ['LDU'],
        data_processing_options_country: 1,
        data_processing_options_state: 1000,
      }),
    ],
  },
  {
    title: 'what was removed from an order, of which no piece is left, is not among its contents',
    ...reading('nobody bought it'),
    event: visit('product_added', 'sh-removed', {
      commerce: { currency: 'USD', items: [{ ...shirt, quantity: 0 }] },
    }),
    gives: [visitItem('AddToCart', 'sh-removed', { custom_data: { currency: 'USD' } })],
  },
  elsewhere('pos', 'physical_store', { sendPos: true }),
  elsewhere('draft', 'other', { sendDraft: true }),
  elsewhere('subscription', 'system_generated', { sendSubscriptions: true }),
  elsewhere('app', 'other', {}),

  // The click.
  clicked('a click is told by its cookie as it is', 'sh-cookie', { fbc: FBC, fbclid: CLICK }, FBC),
  clicked(
    'also with the mark of the library that wrote it',
    'sh-cookie-marked',
    { fbc: `${FBC}.AQQCAQMC`, fbclid: CLICK, seenAt: { fbclid: '2026-11-22T09:59:00.000Z' } },
    `${FBC}.AQQCAQMC`,
  ),
  clicked(
    'without a cookie it is built of the click id and the moment that was first seen',
    'sh-built',
    { fbclid: CLICK, seenAt: { fbclid: CLICKED } },
    FBC,
  ),
  clicked(
    'a click after the cookie’s is the one that counts',
    'sh-newer',
    { fbc: 'fb.1.1795255200000.IwAR2Earlier', fbclid: CLICK, seenAt: { fbclid: CLICKED } },
    FBC,
  ),
  clicked(
    'a click before the cookie’s is not',
    'sh-older',
    { fbc: FBC, fbclid: 'IwAR2Earlier', seenAt: { fbclid: '2026-11-21T10:00:00.000Z' } },
    FBC,
  ),
  clicked(
    'a click over 90 days before the event had no part in it',
    'sh-old-click',
    { fbc: 'fb.1.1780000000000.IwAR2Old', fbclid: 'IwAR2Old', seenAt: { fbclid: '2026-08-24T09:59:59.999Z' } },
    undefined,
  ),
  clicked(
    'nor one after the event',
    'sh-late-click',
    { fbc: `fb.1.1795341600001.${CLICK}`, fbclid: CLICK, seenAt: { fbclid: '2026-11-22T10:00:00.001Z' } },
    undefined,
  ),
  clicked('no click is ever invented', 'sh-no-click', { fbc: 'IwAR2NoCookie' }, undefined),

  // The person.
  seen(
    'customer and client are two external ids, in lower case',
    'sh-both-ids',
    { customerId: '7001234567890', clientId: '4F2B1A9C-8D7E-4C6B-9A5F-3E2D1C0B9A87' },
    { external_id: [CUSTOMER, '08044cb61d30ec8c5dbb182ee54eb6dbb797ac768f7ccd6cd09f29b952a34794'] },
  ),
  seen(
    'a British postcode goes whole',
    'sh-postcode',
    { postalCode: 'SW1A 1AA', country: 'GB' },
    {
      zp: ['830e1d4b9838bab1f5c2acdb23e0b502ff13a9832c4632e8d67a1d43d3b7f614'],
      country: ['0b407281768f0e833afef47ed464b6571d01ca4d53c12ce5c51d1462f4ad6677'],
    },
  ),
  seen(
    'a phone number with a trunk zero',
    'sh-phone',
    { phone: '+44 (0)20 7946 0958' },
    {
      ph: ['35e206e5dec4c89b9e8b71b8c32724a5bb518483ac5a20c6617d738375b3b823'],
    },
  ),
  seen(
    'a US state by its name',
    'sh-state',
    { region: 'California', country: 'US' },
    {
      st: [CALIFORNIA],
      country: [US],
    },
  ),
  seen(
    'a name of several words goes with and without its spaces, of which the documentation is silent',
    'sh-name',
    { lastName: 'van der Berg' },
    {
      ln: [
        'a6fe68a719fbd8e4466cb6992d9a64dd1f6837e26dfc5a024f1393f51d3737c0',
        'aad607ca3121d5d843c2cd64e8c73c2a24fa3a4cb890ed8d40a1efa8af7a14d5',
      ],
    },
    reading('the two generations of Meta’s libraries differ'),
  ),
  seen('a gender that is neither of Meta’s two letters is left out', 'sh-gender', { gender: 'n' }, {}),

  // Too little to match.
  knownBy('city, postal code and country are too little', 'sh-place', {
    city: 'Paris',
    postalCode: '75001',
    country: 'FR',
  }),
  knownBy('so is an address of a private network, which says where a proxy stands', 'sh-private', {
    ip: '192.168.1.7',
    userAgent: BROWSER,
  }),
  knownBy('so is a browser without its IP address', 'sh-browser', { userAgent: BROWSER }),
  knownBy('so is a birthday, with or without a browser', 'sh-birthday', {
    birthDate: '1990-04-15',
    userAgent: BROWSER,
  }),
  knownBy('so is a first name with the gender', 'sh-first-name', { firstName: 'Jane', gender: 'f' }),
  knownBy('so is a last name', 'sh-last-name', { lastName: 'Doe' }),
  {
    title: 'of somebody of whom nothing is known Meta is not told',
    ...REFUSED_SETS,
    event: exampleEvent({ id: 'sh-nobody', name: 'page_viewed', page: { url: 'https://shop.example.com/' } }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'a clock that runs ahead is set to the present',
    ...reading('no bound is documented'),
    how: { now: new Date('2026-11-22T09:59:30.000Z') },
    event: visit('page_viewed', 'sh-ahead'),
    gives: [visitItem('PageView', 'sh-ahead', { event_time: 1795341570 })],
  },
]

const taken = (count: number) => ({ events_received: count, messages: [], fbtrace_id: 'A1b2C3d4E5f6G7h8' })
const error = (code: number, message: string, rest: object = {}) => ({
  error: { message, type: 'OAuthException', code, is_transient: false, fbtrace_id: 'A1b2C3d4E5f6G7h8', ...rest },
})
const accepted = { outcome: 'accepted' } as const

const ERRORS = { evidence: 'documented', source: 'Graph API and Marketing API: error references' } as const
const NETWORK_HANDLER = reading('rudder-transformer, facebookUtils/networkHandler.js, 2026-08-06')

/** Errors of the events: a single one is refused, of several each is tried alone. */
const fault = (subcode: number | undefined, title: string, evidence: Evidence = ERRORS): AnswerExample => {
  const code = subcode === undefined ? '100' : `100/${subcode}`
  return {
    title: `${code}: ${title}`,
    ...evidence,
    response: exampleAnswer(400, error(100, title, subcode === undefined ? {} : { error_subcode: subcode })),
    verdicts: [{ outcome: 'rejected', code, message: title }],
  }
}
/** Errors of the connection: the events wait for a person. */
const refused = (status: number, code: number, message: string, subcode?: number): AnswerExample => {
  const both = subcode === undefined ? String(code) : `${code}/${subcode}`
  return {
    title: `${both}: ${message}`,
    ...ERRORS,
    response: exampleAnswer(status, error(code, message, subcode === undefined ? {} : { error_subcode: subcode })),
    verdicts: [
      { outcome: 'unauthorized', code: both, message },
      { outcome: 'unauthorized', code: both, message },
    ],
  }
}
/** Errors of the moment: the same events are sent again later. */
const later = (status: number, code: number, message: string, subcode?: number): AnswerExample => {
  const both = subcode === undefined ? String(code) : `${code}/${subcode}`
  return {
    title: `${both}: ${message}`,
    ...ERRORS,
    response: exampleAnswer(status, error(code, message, subcode === undefined ? {} : { error_subcode: subcode })),
    verdicts: [
      { outcome: 'retry', code: both, message },
      { outcome: 'retry', code: both, message },
    ],
  }
}

const answers: readonly AnswerExample[] = [
  {
    title: 'all taken',
    ...page('using the API'),
    response: exampleAnswer(200, taken(2)),
    verdicts: [accepted, accepted],
  },
  {
    title: 'taken with a message, which is kept',
    ...reading('`messages` is normally empty'),
    response: exampleAnswer(200, { events_received: 1, messages: ['The currency looks odd.'] }),
    verdicts: [{ outcome: 'accepted', note: 'The currency looks odd.' }],
  },
  {
    title: 'taken, and Meta says that the version is about to go',
    ...page('versioning, 2026-06-24'),
    response: exampleAnswer(200, taken(1), { 'x-ad-api-version-warning': 'The call has been auto-upgraded to v27.0.' }),
    verdicts: [{ outcome: 'accepted', note: 'The call has been auto-upgraded to v27.0.' }],
  },
  {
    title: 'fewer counted than sent: each is tried alone',
    ...reading('a request is taken as a whole, so this should not be'),
    response: exampleAnswer(200, taken(1)),
    verdicts: [
      { outcome: 'singly', code: 'events_received', message: 'Meta counted fewer events than were sent.' },
      { outcome: 'singly', code: 'events_received', message: 'Meta counted fewer events than were sent.' },
    ],
  },
  {
    title: 'none counted of one that was sent, with a message',
    ...reading('the count is of accepted events'),
    response: exampleAnswer(200, { events_received: 0, messages: ['The event was dropped.'] }),
    verdicts: [{ outcome: 'rejected', code: 'events_received', message: 'The event was dropped.' }],
  },
  {
    title: 'one bad event costs the whole request, and Meta does not say which: each is tried alone',
    ...page('using the API, 2026-02-06'),
    response: exampleAnswer(400, {
      error: {
        message: 'Invalid parameter',
        type: 'OAuthException',
        code: 100,
        error_subcode: 2804003,
        is_transient: false,
        error_user_title: 'Event Timestamp Too Old',
        error_user_msg: 'The timestamp is more than seven days in the past.',
      },
    }),
    verdicts: [
      {
        outcome: 'singly',
        code: '100/2804003',
        message: 'Event Timestamp Too Old: The timestamp is more than seven days in the past.',
      },
      {
        outcome: 'singly',
        code: '100/2804003',
        message: 'Event Timestamp Too Old: The timestamp is more than seven days in the past.',
      },
    ],
  },
  fault(2804003, 'Event Timestamp Too Old'),
  fault(2804009, 'A purchase without value or currency'),
  fault(undefined, 'Invalid parameter'),
  ...[2804001, 2804007, 2804016, 2804017, 2804019, 2804048].map((subcode) =>
    fault(subcode, 'Invalid event or user data', NETWORK_HANDLER),
  ),
  refused(400, 100, 'Limited data use is required', 2804030),
  {
    title: '5000: an unknown error that does not pass',
    ...NETWORK_HANDLER,
    response: exampleAnswer(500, error(5000, 'Unknown error')),
    verdicts: [{ outcome: 'rejected', code: '5000', message: 'Unknown error' }],
  },
  refused(400, 100, 'Unsupported post request. Object does not exist or cannot be loaded.', 33),
  refused(400, 190, 'Error validating access token.'),
  ...[458, 459, 460, 463, 464, 467, 492].map((subcode) => refused(401, 190, 'Error validating access token.', subcode)),
  refused(400, 102, 'Session key invalid or no longer valid.'),
  refused(400, 104, 'Invalid appsecret_proof provided in the API argument.'),
  refused(403, 10, 'Application does not have permission for this action.'),
  refused(403, 200, 'Permissions error.'),
  refused(403, 294, 'Managing advertisements requires an extended permission.'),
  refused(403, 299, 'Permissions error.'),
  refused(400, 3, 'Application does not have the capability to make this API call.'),
  refused(400, 2500, 'Unknown path components: /events.'),
  refused(400, 368, 'The action attempted has been deemed abusive or is otherwise disallowed.'),
  later(500, 1, 'An unknown error occurred.'),
  later(503, 2, 'Service temporarily unavailable.'),
  later(400, 4, 'Application request limit reached.'),
  later(400, 4, 'Application request limit reached.', 1504022),
  later(400, 4, 'Application request limit reached.', 1504039),
  later(400, 17, 'User request limit reached.', 2446079),
  later(400, 32, 'Page request limit reached.'),
  later(400, 341, 'Application limit reached.'),
  later(400, 613, 'Calls to this API have exceeded the rate limit.'),
  later(400, 613, 'Calls to this API have exceeded the rate limit.', 1487742),
  later(400, 613, 'Calls to this API have exceeded the rate limit.', 5044001),
  ...[80000, 80003, 80004, 80014].map((code) => later(400, code, 'There have been too many calls to this account.')),
  later(400, 21009, 'The dataset is not ready yet.'),
  {
    title: 'an error that calls itself transient is tried again, whatever its number',
    ...ERRORS,
    response: exampleAnswer(400, error(100, 'Please retry.', { is_transient: true })),
    verdicts: [{ outcome: 'retry', code: '100', message: 'Please retry.' }],
  },
  {
    title: 'a number that is not documented goes by the status of the answer',
    ...reading('as for platforms that give no numbers'),
    response: exampleAnswer(400, error(987654, 'Something else.')),
    verdicts: [{ outcome: 'rejected', code: '987654', message: 'Something else.' }],
  },
  {
    title: 'a limit on calls tells in minutes when it ends',
    ...page('rate limiting: estimated_time_to_regain_access'),
    response: exampleAnswer(400, error(80004, 'There have been too many calls to this ad-account.'), {
      'x-business-use-case-usage': JSON.stringify({
        '549755885175': [{ type: 'ads_management', call_count: 100, estimated_time_to_regain_access: 3 }],
      }),
    }),
    verdicts: [
      {
        outcome: 'retry',
        code: '80004',
        message: 'There have been too many calls to this ad-account.',
        after: 180_000,
      },
    ],
  },
  {
    title: 'Retry-After is not promised and obeyed if it comes',
    ...reading('RFC 9110'),
    response: exampleAnswer(400, error(4, 'Application request limit reached.'), { 'retry-after': '60' }),
    verdicts: [{ outcome: 'retry', code: '4', message: 'Application request limit reached.', after: 60_000 }],
  },
  {
    title: 'the token that Meta repeats in its text is not kept',
    ...reading('Meta’s texts may echo the token'),
    response: exampleAnswer(401, error(190, 'Malformed access token EAABsbCS1iHgBAExampleToken0123456789')),
    verdicts: [{ outcome: 'unauthorized', code: '190', message: 'Malformed access token' }],
  },
  {
    title: 'a gateway’s page is not Meta’s word, whatever its status',
    ...reading('a proxy on the way'),
    response: exampleAnswer(400, '<!DOCTYPE html><html><body>Bad Request</body></html>'),
    verdicts: [
      { outcome: 'retry', code: 'unreadable_answer', message: 'Something answered in place of Meta, with a page.' },
    ],
  },
  {
    title: 'an answer without a count proves nothing',
    ...reading('what was taken is unknown'),
    response: exampleAnswer(200, {}),
    verdicts: [
      {
        outcome: 'retry',
        code: 'unreadable_answer',
        message: 'Meta’s answer could not be read, so it is not known what it took.',
      },
    ],
  },
]

export const examples: Examples = {
  settings: { pixelId: '1234567890123456', accessToken: 'EAAB_EXAMPLE_TOKEN' },
  events,
  answers,
  verifications: [
    {
      title: 'the token may read how the dataset’s events match',
      ...LIVE,
      responses: [exampleAnswer(200, { web: [{ event_name: 'Purchase' }] })],
      outcome: 'ok',
    },
    {
      title: 'so it may of a dataset without events',
      ...reading('an empty list'),
      responses: [exampleAnswer(200, { web: [] })],
      outcome: 'ok',
    },
    {
      title: 'the token has ended',
      ...ERRORS,
      responses: [exampleAnswer(401, error(190, 'Session has expired.', { error_subcode: 463 }))],
      outcome: 'failed',
    },
    {
      title: 'the session is invalid',
      ...ERRORS,
      responses: [exampleAnswer(401, error(102, 'Session key invalid.'))],
      outcome: 'failed',
    },
    {
      title: 'the app wants its secret proved',
      ...ERRORS,
      responses: [exampleAnswer(400, error(104, 'API calls from the server require an appsecret_proof argument'))],
      outcome: 'failed',
    },
    {
      title: 'another’s dataset, or none',
      ...ERRORS,
      responses: [exampleAnswer(400, error(100, 'Object does not exist', { error_subcode: 33 }))],
      outcome: 'failed',
    },
    {
      title: 'an id that makes no path',
      ...ERRORS,
      responses: [exampleAnswer(400, error(2500, 'Unknown path components'))],
      outcome: 'failed',
    },
    {
      title: 'a token that may perhaps send and not read',
      ...reading('reading takes `ads_read` beside `ads_management`'),
      responses: [exampleAnswer(403, error(10, 'Application does not have permission for this action'))],
      outcome: 'unknown',
    },
    {
      title: 'the question is no longer understood',
      ...reading('fields of the quality interface have changed before'),
      responses: [exampleAnswer(400, error(100, 'Tried accessing nonexisting field'))],
      outcome: 'unknown',
    },
    {
      title: 'too many calls',
      ...ERRORS,
      responses: [exampleAnswer(400, error(4, 'Application request limit reached'))],
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
