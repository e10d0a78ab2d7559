import type { LineItem } from '../../event/event.ts'
import type { EventName } from '../../event/names.ts'
import { type EventExample, type Examples, exampleAnswer, exampleEvent } from '../examples.ts'

const SPECIFICATION = 'OpenAPI specification, revision 2026-07-15'
const specified = { evidence: 'documented', source: SPECIFICATION } as const
const guided = {
  evidence: 'documented',
  source: 'Guide to integrating a platform without a pre-built integration',
} as const
const reading = (source: string) => ({ evidence: 'assumed', source }) as const

const SHIRT_PAGE = 'https://shop.example.com/products/linen-shirt'
const CHECKOUT = 'https://shop.example.com/checkouts/c1b2a3/recover'
const EXCHANGE_ID = 'EXAMPLEexchangeid.AbC123'

const shirt: LineItem = {
  lineId: '13330000000001',
  productId: '7890123456789',
  variantId: '44112233445566',
  sku: 'LS-M',
  title: 'Linen Shirt',
  vendor: 'Example',
  type: 'Shirts',
  url: SHIRT_PAGE,
  imageUrl: 'https://cdn.shop.example.com/linen-shirt.jpg',
  quantity: 2,
  price: '45.00',
  total: '90.00',
  compareAtPrice: '60.00',
}
const sample: LineItem = {
  lineId: '13330000000002',
  productId: '7890123456790',
  title: 'Free Sample',
  quantity: 1,
  price: '0.00',
  total: '0.00',
}

const Shirt = {
  ProductID: '7890123456789',
  SKU: 'LS-M',
  ProductName: 'Linen Shirt',
  Quantity: 2,
  ItemPrice: 45,
  RowTotal: 90,
  ProductURL: SHIRT_PAGE,
  ImageURL: 'https://cdn.shop.example.com/linen-shirt.jpg',
  ProductCategories: ['Shirts'],
}
const Sample = { ProductID: '7890123456790', ProductName: 'Free Sample', Quantity: 1, ItemPrice: 0, RowTotal: 0 }
const bare = ({ ItemPrice: _price, RowTotal: _total, ...line }: { ItemPrice: number; RowTotal: number }) => line

const jane = {
  email: ' Jane.Doe+Shop@Example.COM ',
  phone: '+1 (415) 555-0132',
  firstName: ' Jane',
  lastName: "O'Doe-Smith",
  company: 'Example Goods',
  street: '1 Example Street',
  city: 'San José',
  region: 'CA',
  postalCode: '95112-1234',
  country: 'US',
  customerId: '7001234567890',
  language: 'en-US',
} as const
const Jane = {
  email: 'jane.doe+shop@example.com',
  phone_number: '+14155550132',
  external_id: '7001234567890',
  first_name: 'Jane',
  last_name: "O'Doe-Smith",
  organization: 'Example Goods',
  locale: 'en-US',
  location: {
    address1: '1 Example Street',
    city: 'San José',
    region: 'CA',
    country: 'United States',
    zip: '95112-1234',
  },
}

/** An item, as `data` of a single request. */
const item = (name: string, unique_id: string, profile: object, properties: object, rest: object = {}) => ({
  type: 'event',
  attributes: {
    unique_id,
    time: '2026-11-22T10:00:00Z',
    metric: { data: { type: 'metric', attributes: { name } } },
    profile: { data: { type: 'profile', attributes: profile } },
    properties,
    ...rest,
  },
})
const usd = (value: number) => ({ value, value_currency: 'USD' })

const purchase = exampleEvent({
  id: 'pur_6001234567890',
  name: 'order_placed',
  identity: jane,
  ids: { klaCid: 'OGVhYjQ2ZjctZjI0Mi00YjQ5LWI3ZjYtNTQzYjQ2ZjI0Mjg5', kx: EXCHANGE_ID },
  commerce: {
    currency: 'USD',
    value: '84.90',
    subtotal: '79.90',
    discount: '5.10',
    presentment: { currency: 'EUR', value: '77.20', discount: '4.60' },
    coupons: ['HELLO'],
    orderId: '6001234567890',
    orderName: '#1042',
    items: [shirt, sample],
    channel: 'web',
  },
})
const buyer = { ...Jane, anonymous_id: 'OGVhYjQ2ZjctZjI0Mi00YjQ5LWI3ZjYtNTQzYjQ2ZjI0Mjg5' }

const ordered = {
  OrderId: '6001234567890',
  DiscountCode: 'HELLO',
  DiscountValue: 5.1,
  ItemNames: ['Linen Shirt', 'Free Sample'],
  Categories: ['Shirts'],
  Items: [Shirt, Sample],
  Brands: ['Example'],
}
const orderedShirt = {
  OrderId: '6001234567890',
  ProductID: '7890123456789',
  SKU: 'LS-M',
  ProductName: 'Linen Shirt',
  Quantity: 2,
  ProductURL: SHIRT_PAGE,
  ImageURL: 'https://cdn.shop.example.com/linen-shirt.jpg',
  Categories: ['Shirts'],
  ProductBrand: 'Example',
}
const orderedSample = { OrderId: '6001234567890', ProductID: '7890123456790', ProductName: 'Free Sample', Quantity: 1 }

const purchaseItems = (rest: object = {}) => [
  item('Placed Order', 'pur_6001234567890', buyer, ordered, { ...usd(84.9), ...rest }),
  item('Ordered Product', 'pur_6001234567890:13330000000001', buyer, orderedShirt, { ...usd(90), ...rest }),
  item('Ordered Product', 'pur_6001234567890:13330000000002', buyer, orderedSample, { ...usd(0), ...rest }),
]

/** An event of somebody who came with a link of a mail. */
const visit = (name: EventName, id: string, rest: object = {}) =>
  exampleEvent({ id, name, ids: { kx: EXCHANGE_ID }, page: { url: 'https://shop.example.com/' }, ...rest })
const fromMail = { _kx: EXCHANGE_ID }
const HOME = { URL: 'https://shop.example.com/' }

const checkoutEvent = (name: EventName, id: string, rest: object = {}) =>
  exampleEvent({
    id,
    name,
    identity: { email: 'jane.doe@example.com' },
    commerce: { currency: 'USD', value: '84.90', checkoutToken: 'c1b2a3', checkoutUrl: CHECKOUT, items: [shirt] },
    ...rest,
  })
const checkoutProperties = {
  CheckoutURL: CHECKOUT,
  ItemNames: ['Linen Shirt'],
  Categories: ['Shirts'],
  Items: [Shirt],
}

const events: readonly EventExample[] = [
  {
    title: 'a purchase is `Placed Order` and, for each line, one `Ordered Product`',
    ...guided,
    event: purchase,
    gives: purchaseItems(),
  },
  {
    title: 'a purchase counted when paid keeps the id of the purchase',
    ...reading('one order, one unique_id, whichever moment counts'),
    settings: { purchaseOn: 'paid' },
    event: { ...purchase, id: exampleEvent({ id: 'paid_6001234567890', name: 'order_paid' }).id, name: 'order_paid' },
    gives: purchaseItems(),
  },
  {
    title: 'an order out of the store’s history starts no flow',
    ...specified,
    how: { backfill: true },
    event: purchase,
    gives: purchaseItems({ backfill: true }),
  },
  {
    title: 'in the shopper’s currency a purchase carries no prices of lines, since those are in the store’s',
    ...reading('one currency for all amounts of an order'),
    settings: { money: 'presentment' },
    event: purchase,
    gives: [
      item(
        'Placed Order',
        'pur_6001234567890',
        buyer,
        { ...ordered, DiscountValue: 4.6, Items: [bare(Shirt), bare(Sample)] },
        { value: 77.2, value_currency: 'EUR' },
      ),
      item('Ordered Product', 'pur_6001234567890:13330000000001', buyer, orderedShirt),
      item('Ordered Product', 'pur_6001234567890:13330000000002', buyer, orderedSample),
    ],
  },
  {
    title: 'an order of nothing is an order: explicit 0 is sent',
    ...specified,
    event: exampleEvent({
      id: 'pur_6001234567892',
      name: 'order_placed',
      identity: { email: 'jane.doe@example.com' },
      commerce: { currency: 'USD', value: '0.00', orderId: '6001234567892' },
    }),
    gives: [
      item(
        'Placed Order',
        'pur_6001234567892',
        { email: 'jane.doe@example.com' },
        { OrderId: '6001234567892' },
        usd(0),
      ),
    ],
  },
  {
    title: 'a line without an id goes by its place; one that was taken out of the order stands nowhere',
    ...reading('five lines without unique_id would be one event, since the time is cut to the second'),
    event: exampleEvent({
      id: 'pur_6001234567893',
      name: 'order_placed',
      identity: { email: 'jane.doe@example.com' },
      commerce: {
        currency: 'USD',
        value: '10.00',
        items: [
          { title: 'Mug', vendor: 'Potter', type: 'Mugs', quantity: 0, total: '0.00' },
          { title: 'Card', quantity: 1, total: '10.00' },
        ],
      },
    }),
    gives: [
      item(
        'Placed Order',
        'pur_6001234567893',
        { email: 'jane.doe@example.com' },
        {
          ItemNames: ['Card'],
          Items: [{ ProductName: 'Card', Quantity: 1, RowTotal: 10 }],
        },
        usd(10),
      ),
      item(
        'Ordered Product',
        'pur_6001234567893:line2',
        { email: 'jane.doe@example.com' },
        { ProductName: 'Card', Quantity: 1 },
        usd(10),
      ),
    ],
  },
  {
    title: 'a point-of-sale order, where wanted, is an order like any other',
    ...reading('Klaviyo is the store’s address book: it does not ask where an order was taken'),
    settings: { sendPos: true },
    event: exampleEvent({
      id: 'pur_6001234567891',
      name: 'order_placed',
      identity: { phone: '+14155550132' },
      commerce: { currency: 'USD', value: '30.00', orderId: '6001234567891', channel: 'pos' },
    }),
    gives: [
      item(
        'Placed Order',
        'pur_6001234567891',
        { phone_number: '+14155550132' },
        { OrderId: '6001234567891' },
        usd(30),
      ),
    ],
  },
  {
    title: 'a refund, full or partial, is `Refunded Order` under its own id, so a second one counts too',
    ...reading('its metric is another, so the order’s id would do once; a second partial refund would be lost'),
    event: exampleEvent({
      id: 'ref_880001112223',
      name: 'order_refunded',
      identity: { email: 'jane.doe@example.com' },
      commerce: {
        currency: 'USD',
        value: '45.00',
        orderId: '6001234567890',
        refundId: '880001112223',
        reason: 'size',
        original: { occurredAt: '2026-11-10T10:00:00.000Z', value: '84.90' },
        remaining: '39.90',
        items: [{ productId: '7890123456789', quantity: 1, price: '45.00', total: '45.00' }],
      },
    }),
    gives: [
      item(
        'Refunded Order',
        'ref_880001112223',
        { email: 'jane.doe@example.com' },
        {
          OrderId: '6001234567890',
          Reason: 'size',
          Items: [{ ProductID: '7890123456789', Quantity: 1, ItemPrice: 45, RowTotal: 45 }],
        },
        usd(45),
      ),
    ],
  },
  {
    title: 'a cancelled order takes back its whole value',
    ...guided,
    event: exampleEvent({
      id: 'can_6001234567890',
      name: 'order_cancelled',
      identity: { email: 'jane.doe@example.com' },
      commerce: { currency: 'USD', value: '84.90', orderId: '6001234567890', reason: 'customer', items: [shirt] },
    }),
    gives: [
      item(
        'Cancelled Order',
        'can_6001234567890',
        { email: 'jane.doe@example.com' },
        {
          OrderId: '6001234567890',
          Reason: 'customer',
          ItemNames: ['Linen Shirt'],
          Categories: ['Shirts'],
          Items: [Shirt],
          Brands: ['Example'],
        },
        usd(84.9),
      ),
    ],
  },
  {
    title: 'a refund of nothing (restocked pieces, a note) is not sent: a mail would tell the customer of money',
    ...reading('every Refunded Order may start a flow'),
    event: exampleEvent({
      id: 'ref_880001112225',
      name: 'order_refunded',
      identity: { email: 'jane.doe@example.com' },
      commerce: { currency: 'USD', value: '0.00', orderId: '6001234567890', refundId: '880001112225', items: [shirt] },
    }),
    gives: { skip: 'value_not_positive' },
  },
  {
    title: 'an order that was cancelled after a full refund is cancelled: nothing is left to take back, but it is news',
    ...reading('flows end where an order is cancelled, whatever was paid back before'),
    event: exampleEvent({
      id: 'can_6001234567898',
      name: 'order_cancelled',
      identity: { email: 'jane.doe@example.com' },
      commerce: {
        currency: 'USD',
        value: '0.00',
        orderId: '6001234567898',
        reason: 'customer',
        original: { occurredAt: '2026-11-10T10:00:00.000Z', value: '84.90', subtotal: '79.90' },
        remaining: '0.00',
      },
    }),
    gives: [
      item(
        'Cancelled Order',
        'can_6001234567898',
        { email: 'jane.doe@example.com' },
        { OrderId: '6001234567898', Reason: 'customer' },
        usd(0),
      ),
    ],
  },
  {
    title: 'of a purchase told as its subtotal, a refund takes back the same share',
    ...reading('what is taken back must not exceed what was told'),
    settings: { value: 'subtotal' },
    event: exampleEvent({
      id: 'ref_880001112226',
      name: 'order_refunded',
      identity: { email: 'jane.doe@example.com' },
      commerce: {
        currency: 'USD',
        value: '25.00',
        orderId: '6001234567890',
        original: { occurredAt: '2026-11-10T10:00:00.000Z', value: '100.00', subtotal: '80.00' },
      },
    }),
    gives: [
      item(
        'Refunded Order',
        'ref_880001112226',
        { email: 'jane.doe@example.com' },
        { OrderId: '6001234567890' },
        usd(20),
      ),
    ],
  },
  {
    title:
      'an order whose name is not known goes without OrderId, where the names are wanted: the money counts the same',
    ...reading('OrderId is for flows and mails; nothing is merged by it'),
    settings: { transactionId: '{orderName}' },
    event: exampleEvent({
      id: 'pur_6001234567899',
      name: 'order_placed',
      identity: { email: 'jane.doe@example.com' },
      commerce: { currency: 'USD', value: '30.00', orderId: '6001234567899' },
    }),
    gives: [item('Placed Order', 'pur_6001234567899', { email: 'jane.doe@example.com' }, {}, usd(30))],
  },
  {
    title: 'a shopper who switched Klaviyo’s tracking off in the browser is not told of',
    ...reading('the cookie is of Klaviyo’s snippet; that it holds for servers too is the careful side'),
    event: { ...purchase, ids: { ...purchase.ids, klaOff: 'true' } },
    gives: { skip: 'no_consent' },
  },
  {
    title: 'one who switched it on again is',
    ...reading('the cookie says false then'),
    event: visit('searched', 'sh-on-1', { search: { query: 'linen' }, ids: { kx: EXCHANGE_ID, klaOff: 'false' } }),
    gives: [item('Submitted Search', 'sh-on-1', fromMail, { ...HOME, SearchQuery: 'linen' })],
  },
  {
    title: 'a refund without a value is not sent: it would take nothing back',
    ...reading('lifetime value is counted from values'),
    event: exampleEvent({
      id: 'ref_880001112224',
      name: 'order_refunded',
      identity: { email: 'jane.doe@example.com' },
      commerce: { currency: 'USD', orderId: '6001234567890' },
    }),
    gives: { skip: 'missing_field', field: 'commerce.value' },
  },
  {
    title: 'an order without a currency is not sent: Klaviyo would take the account’s',
    ...specified,
    event: { ...purchase, commerce: { value: '84.90', orderId: '6001234567890' } },
    gives: { skip: 'missing_field', field: 'commerce.currency' },
  },
  {
    title: 'a value below zero is not sent',
    ...reading('not documented'),
    event: { ...purchase, commerce: { currency: 'USD', value: '-1.00', orderId: '6001234567890' } },
    gives: { skip: 'value_not_positive' },
  },
  {
    title: 'a started checkout carries the way back to it',
    ...guided,
    event: checkoutEvent('checkout_started', 'ic_c1b2a3'),
    gives: [item('Started Checkout', 'ic_c1b2a3', { email: 'jane.doe@example.com' }, checkoutProperties, usd(84.9))],
  },
  {
    title: 'the e-mail or phone given in a checkout is its start to Klaviyo, under the checkout’s id: both count once',
    ...reading('who starts a checkout is mostly unknown before'),
    event: checkoutEvent('contact_submitted', 'ct_c1b2a3'),
    gives: [
      item(
        'Started Checkout',
        'ic_c1b2a3',
        { email: 'jane.doe@example.com' },
        { ...checkoutProperties, EventId: 'ct_c1b2a3' },
        usd(84.9),
      ),
    ],
  },
  {
    title: 'payment details',
    ...reading('a metric of our own, which Klaviyo’s Shopify integration lacks'),
    event: checkoutEvent('payment_info_added', 'pi_c1b2a3'),
    gives: [item('Added Payment Info', 'pi_c1b2a3', { email: 'jane.doe@example.com' }, checkoutProperties, usd(84.9))],
  },
  {
    title: 'adding to the cart',
    ...guided,
    event: visit('product_added', 'sh-added-1', { commerce: { currency: 'USD', value: '90.00', items: [shirt] } }),
    gives: [
      item(
        'Added to Cart',
        'sh-added-1',
        fromMail,
        {
          AddedItemProductName: 'Linen Shirt',
          AddedItemProductID: '7890123456789',
          AddedItemSKU: 'LS-M',
          AddedItemCategories: ['Shirts'],
          AddedItemImageURL: 'https://cdn.shop.example.com/linen-shirt.jpg',
          AddedItemURL: SHIRT_PAGE,
          AddedItemPrice: 45,
          AddedItemQuantity: 2,
          ItemNames: ['Linen Shirt'],
          Categories: ['Shirts'],
          Items: [Shirt],
        },
        usd(90),
      ),
    ],
  },
  ...(
    [
      ['product_viewed', 'Viewed Product', guided],
      [
        'wishlist_added',
        'Added to Wishlist',
        reading('a metric of our own, which Klaviyo’s Shopify integration lacks'),
      ],
    ] as const
  ).map(([name, theirs, evidence]) => ({
    title: `${name} is \`${theirs}\``,
    ...evidence,
    event: visit(name, `sh-${name}`, { commerce: { currency: 'USD', value: '45.00', items: [shirt] } }),
    gives: [
      item(theirs, `sh-${name}`, fromMail, {
        ProductName: 'Linen Shirt',
        ProductID: '7890123456789',
        SKU: 'LS-M',
        Categories: ['Shirts'],
        ImageURL: 'https://cdn.shop.example.com/linen-shirt.jpg',
        URL: SHIRT_PAGE,
        Brand: 'Example',
        Price: 45,
        CompareAtPrice: 60,
      }),
    ],
  })),
  {
    title: 'a collection',
    evidence: 'documented',
    source: 'Help Center, article 115005080447',
    event: visit('collection_viewed', 'sh-collection-1', { collection: { id: '1', title: 'Summer' } }),
    gives: [
      item('Viewed Collection', 'sh-collection-1', fromMail, { ...HOME, CollectionName: 'Summer', CollectionID: '1' }),
    ],
  },
  {
    title: 'a search',
    evidence: 'documented',
    source: 'Help Center, article 115005080447',
    event: visit('searched', 'sh-search-1', { search: { query: 'linen' } }),
    gives: [item('Submitted Search', 'sh-search-1', fromMail, { ...HOME, SearchQuery: 'linen' })],
  },
  ...(
    [
      ['signed_up', 'Created Account'],
      ['lead_submitted', 'Submitted Lead'],
    ] as const
  ).map(([name, theirs]) => ({
    title: `${name} is \`${theirs}\``,
    ...reading('a metric of our own, which Klaviyo’s Shopify integration lacks'),
    event: visit(name, `sh-${name}`, { identity: { email: 'jane.doe@example.com' }, ids: {} }),
    gives: [item(theirs, `sh-${name}`, { email: 'jane.doe@example.com' }, HOME)],
  })),
  {
    title: 'the page view that begins a visit is `Active on Site`',
    ...guided,
    event: visit('page_viewed', 'sh-page-1', {
      page: { url: 'https://shop.example.com/?_kx=EXAMPLEexchangeid.AbC123', title: 'Example' },
      landing: { url: 'https://shop.example.com/', at: '2026-11-22T09:59:58.500Z' },
    }),
    gives: [
      item('Active on Site', 'sh-page-1', fromMail, {
        URL: 'https://shop.example.com/?_kx=EXAMPLEexchangeid.AbC123',
        PageTitle: 'Example',
      }),
    ],
  },
  {
    title: 'the visit’s later page views are not: Klaviyo wants one a session',
    ...guided,
    event: visit('page_viewed', 'sh-page-2', {
      landing: { url: 'https://shop.example.com/', at: '2026-11-22T09:40:00.000Z' },
    }),
    gives: { skip: 'covered' },
  },
  {
    title: 'where the beginning of the visit is not known, the page before tells',
    ...reading('who comes from the store’s own page was active before'),
    event: visit('page_viewed', 'sh-page-3', {
      page: { url: SHIRT_PAGE, referrer: 'https://shop.example.com/collections/all' },
    }),
    gives: { skip: 'covered' },
  },
  {
    title: 'and one that no page of the store led to begins a visit',
    ...reading('who comes from the store’s own page was active before'),
    event: visit('page_viewed', 'sh-page-4', {
      page: { url: SHIRT_PAGE, referrer: 'https://search.example.org/' },
    }),
    gives: [item('Active on Site', 'sh-page-4', fromMail, { URL: SHIRT_PAGE })],
  },
  {
    title: 'a browser that Klaviyo’s cookie has a person for is that person',
    ...specified,
    event: visit('searched', 'sh-search-2', { search: { query: 'linen' }, ids: { klaExchangeId: EXCHANGE_ID } }),
    gives: [item('Submitted Search', 'sh-search-2', fromMail, { ...HOME, SearchQuery: 'linen' })],
  },
  {
    title: 'browsing of nobody in particular is not sent, though Klaviyo would take it',
    ...reading('people who are only a browser count for nothing until they are known'),
    event: visit('product_viewed', 'sh-nobody-1', {
      identity: { clientId: '4f2b1a9c-8d7e-4c6b-9a5f-3e2d1c0b9a87', ip: '203.0.113.42' },
      ids: { klaCid: 'OGVhYjQ2ZjctZjI0Mi00YjQ5LWI3ZjYtNTQzYjQ2ZjI0Mjg5' },
    }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'a customer whom the store knows by number only can be told apart',
    ...specified,
    event: visit('searched', 'sh-customer-1', {
      search: { query: 'linen' },
      identity: { customerId: '7001234567890', clientId: '4f2b1a9c-8d7e-4c6b-9a5f-3e2d1c0b9a87' },
      ids: {},
    }),
    gives: [
      item('Submitted Search', 'sh-customer-1', { external_id: '7001234567890' }, { ...HOME, SearchQuery: 'linen' }),
    ],
  },
  {
    title: 'a phone that is no number is left out beside an e-mail: with it the whole event would be refused',
    ...specified,
    event: visit('searched', 'sh-phone-1', {
      search: { query: 'linen' },
      identity: { email: 'jane.doe@example.com', phone: '12345' },
      ids: {},
    }),
    gives: [
      item('Submitted Search', 'sh-phone-1', { email: 'jane.doe@example.com' }, { ...HOME, SearchQuery: 'linen' }),
    ],
  },
  {
    title: 'an exchange id stays at home beside an e-mail: mails are forwarded, and two people would become one',
    ...reading('which of two contradicting identifiers wins is not documented'),
    event: visit('searched', 'sh-forwarded-1', {
      search: { query: 'linen' },
      identity: { email: 'jane.doe@example.com' },
    }),
    gives: [
      item('Submitted Search', 'sh-forwarded-1', { email: 'jane.doe@example.com' }, { ...HOME, SearchQuery: 'linen' }),
    ],
  },
  {
    title: 'a clock that runs ahead is set to the present',
    ...specified,
    how: { now: new Date('2026-11-22T09:59:30.000Z') },
    event: visit('searched', 'sh-ahead-1', { search: { query: 'linen' } }),
    gives: [
      item(
        'Submitted Search',
        'sh-ahead-1',
        fromMail,
        { ...HOME, SearchQuery: 'linen' },
        { time: '2026-11-22T09:59:30Z' },
      ),
    ],
  },
  {
    title: 'the ids of products follow the template',
    ...reading('ids must equal those of the catalogue'),
    settings: { catalogId: '{variant}' },
    event: visit('product_viewed', 'sh-variant-1', {
      page: { url: SHIRT_PAGE },
      commerce: { items: [{ productId: '7890123456789', variantId: '44112233445566' }] },
    }),
    gives: [item('Viewed Product', 'sh-variant-1', fromMail, { ProductID: '44112233445566', URL: SHIRT_PAGE })],
  },
  {
    title: 'a newsletter subscription is consent and no event',
    ...specified,
    event: visit('subscribed', 'sub_7001234567890_1795341600000'),
    gives: { skip: 'not_accepted' },
  },
]

/** A body as Klaviyo writes its errors. */
const refusal = (
  status: number,
  ...errors: readonly (readonly [code: string, detail: string, pointer?: string])[]
) => ({
  errors: errors.map(([code, detail, pointer]) => ({
    id: '1f4a2b60-0000-4000-8000-000000000000',
    status,
    code,
    title: 'Invalid input.',
    detail,
    source: pointer === undefined ? {} : { pointer },
    links: {},
    meta: {},
  })),
})
const inBulk = (place: number, rest: string) => `/data/attributes/events-bulk-create/data/${place}/attributes/${rest}`

const accepted = { outcome: 'accepted' } as const
const together = {
  outcome: 'singly',
  code: 'refused_together',
  message: 'Klaviyo refused another event of the request.',
} as const
const unauthorized = (code: string, message: string) => [{ outcome: 'unauthorized', code, message }] as const

const PHONE = 'profile/data/attributes/phone_number'
const NO_PHONE = 'Invalid phone number format.'
const REPEATED = 'The unique_id is repeated for the same profile and metric.'
const BAD_KEY = 'Incorrect authentication credentials.'
const NO_SCOPE = 'The API key is missing required scopes: events:write.'
const EMPTY = 'metric is a required field for the resource event.'

const account = exampleAnswer(200, {
  data: [
    {
      type: 'account',
      id: 'AbC123',
      attributes: {
        test_account: false,
        contact_information: { organization_name: 'Example Store', default_sender_name: 'Example Store' },
        timezone: 'Europe/Berlin',
        preferred_currency: 'EUR',
        public_api_key: 'AbC123',
        locale: 'en-US',
      },
    },
  ],
})
const metric = (name: string, integration: string) => ({
  type: 'metric',
  id: 'XyZ789',
  attributes: { name, integration: { object: 'integration', id: '0eMvjm', name: integration, category: 'eCommerce' } },
})
const shopifys = exampleAnswer(200, { data: [metric('Placed Order', 'Shopify')], links: {} })
const none = exampleAnswer(200, { data: [], links: {} })
const incomplete = exampleAnswer(400, refusal(400, ['invalid', EMPTY, '/data/attributes/metric']))
const badKey = exampleAnswer(401, refusal(401, ['authentication_failed', BAD_KEY]))
const noScope = exampleAnswer(403, refusal(403, ['permission_denied', NO_SCOPE]))

export const examples: Examples = {
  settings: { apiKey: 'pk_EXAMPLE_PRIVATE_KEY' },
  events,
  answers: [
    { title: 'looked at and queued', ...specified, response: exampleAnswer(202), verdicts: [accepted] },
    { title: 'a whole backlog is queued', ...specified, response: exampleAnswer(202), verdicts: [accepted, accepted] },
    {
      title: 'a phone in no form that Klaviyo knows refuses the whole event',
      evidence: 'documented',
      source: 'Rate limits, status codes and errors',
      response: exampleAnswer(400, refusal(400, ['invalid', NO_PHONE, `/data/attributes/${PHONE}`])),
      verdicts: [{ outcome: 'rejected', code: 'invalid', message: `${NO_PHONE} (/data/attributes/${PHONE})` }],
    },
    {
      title: 'an event without a person',
      evidence: 'documented',
      source: 'Rate limits, status codes and errors',
      response: exampleAnswer(400, refusal(400, ['invalid', 'One of email, phone_number or id is required.', '/data'])),
      verdicts: [
        { outcome: 'rejected', code: 'invalid', message: 'One of email, phone_number or id is required. (/data)' },
      ],
    },
    {
      title: 'one bad event refuses the whole backlog: it is named by its place, the others go again',
      ...reading(
        'segmentio/action-destinations, klaviyo/__tests__/multistatus.test.ts: a made-up answer of a unit test',
      ),
      response: exampleAnswer(400, refusal(400, ['invalid', NO_PHONE, inBulk(1, PHONE)])),
      verdicts: [
        together,
        { outcome: 'rejected', code: 'invalid', message: `${NO_PHONE} (${inBulk(1, PHONE)})` },
        together,
      ],
    },
    {
      title: 'two bad events of a backlog',
      ...reading('errors are a list'),
      response: exampleAnswer(
        400,
        refusal(
          400,
          ['invalid', NO_PHONE, inBulk(0, PHONE)],
          ['invalid', 'Invalid email address.', inBulk(2, 'profile/data/attributes/email')],
          ['invalid', 'Something else.', inBulk(2, 'events')],
        ),
      ),
      verdicts: [
        { outcome: 'rejected', code: 'invalid', message: `${NO_PHONE} (${inBulk(0, PHONE)})` },
        together,
        {
          outcome: 'rejected',
          code: 'invalid',
          message: `Invalid email address. (${inBulk(2, 'profile/data/attributes/email')})`,
        },
      ],
    },
    {
      title: 'a repeat in a backlog refuses it without a name: each goes alone, where a repeat does no harm',
      ...specified,
      response: exampleAnswer(400, refusal(400, ['invalid', REPEATED, '/data'])),
      verdicts: [
        { outcome: 'singly', code: 'invalid', message: `${REPEATED} (/data)` },
        { outcome: 'singly', code: 'invalid', message: `${REPEATED} (/data)` },
      ],
    },
    {
      title: 'a repeat that is named goes alone too: Klaviyo has it already, so it is no bad event',
      ...reading('the specification says that the request fails, not how'),
      response: exampleAnswer(
        409,
        refusal(409, ['duplicate', REPEATED, inBulk(1, 'events/data/0/attributes/unique_id')]),
      ),
      verdicts: [
        {
          outcome: 'singly',
          code: 'duplicate',
          message: `${REPEATED} (${inBulk(1, 'events/data/0/attributes/unique_id')})`,
        },
        {
          outcome: 'singly',
          code: 'duplicate',
          message: `${REPEATED} (${inBulk(1, 'events/data/0/attributes/unique_id')})`,
        },
      ],
    },
    {
      title: 'a place that was not in the request blames nobody',
      ...reading('nothing to go by'),
      response: exampleAnswer(400, refusal(400, ['invalid', NO_PHONE, inBulk(7, PHONE)])),
      verdicts: [
        { outcome: 'singly', code: 'invalid', message: `${NO_PHONE} (${inBulk(7, PHONE)})` },
        { outcome: 'singly', code: 'invalid', message: `${NO_PHONE} (${inBulk(7, PHONE)})` },
      ],
    },
    {
      title: 'an e-mail and a phone of two people',
      evidence: 'measured',
      source: 'klaviyo/klaviyo-api-node, issue 75 (on profiles)',
      response: exampleAnswer(
        409,
        refusal(409, [
          'duplicate_profile',
          'A profile already exists with one of these identifiers.',
          '/data/attributes',
        ]),
      ),
      verdicts: [
        {
          outcome: 'rejected',
          code: 'duplicate_profile',
          message: 'A profile already exists with one of these identifiers. (/data/attributes)',
        },
      ],
    },
    {
      title: 'a bad key is the connection’s matter',
      ...reading('the status is documented, the code is not'),
      response: badKey,
      verdicts: unauthorized('authentication_failed', BAD_KEY),
    },
    {
      title: 'also where it comes as 400',
      evidence: 'documented',
      source: 'API overview',
      response: exampleAnswer(400, refusal(400, ['not_authenticated', 'Missing or invalid private key.', '/data/'])),
      verdicts: unauthorized('not_authenticated', 'Missing or invalid private key. (/data/)'),
    },
    {
      title: 'a key that may not write events',
      ...reading('the status is documented, the code is not'),
      response: noScope,
      verdicts: unauthorized('permission_denied', NO_SCOPE),
    },
    {
      title: 'a guard that wants to see a browser is no missing scope: it passes',
      evidence: 'measured',
      source: 'klaviyo/klaviyo-api-python, issue 84',
      response: exampleAnswer(403, '<!DOCTYPE html>', { 'cf-mitigated': 'challenge' }),
      verdicts: [
        { outcome: 'retry', code: 'challenge', message: 'A guard in front of Klaviyo held the request back.' },
      ],
    },
    ...([404, 405, 406, 410, 415] as const).map((status) => ({
      title: `${status} is no event’s fault: the request’s path, method, form or revision is`,
      evidence: 'documented' as const,
      source: 'Rate limits, status codes and errors',
      response: exampleAnswer(status),
      verdicts: [
        {
          outcome: 'unauthorized' as const,
          code: `http_${status}`,
          message: `${status === 406 || status === 415 ? 'Klaviyo' : 'The platform'} answered ${status}.`,
        },
      ],
    })),
    {
      title: 'too large together',
      ...specified,
      response: exampleAnswer(413),
      verdicts: [
        { outcome: 'singly', code: 'http_413' },
        { outcome: 'singly', code: 'http_413' },
      ],
    },
    {
      title: 'too many requests, with the seconds to wait',
      evidence: 'documented',
      source: 'Rate limits, status codes and errors',
      response: exampleAnswer(429, refusal(429, ['throttled', 'Request was throttled.']), { 'retry-after': '12' }),
      verdicts: [{ outcome: 'retry', code: 'throttled', message: 'Request was throttled.', after: 12_000 }],
    },
    ...([500, 502, 503, 504, 524] as const).map((status) => ({
      title: `${status}: Klaviyo is in trouble, the same unique_id goes again`,
      evidence: 'documented' as const,
      source: status === 500 || status === 502 ? 'Rate limits, status codes and errors' : 'klaviyo-api 23.0.0',
      response: exampleAnswer(status),
      verdicts: [{ outcome: 'retry' as const, code: `http_${status}` }],
    })),
    {
      title: 'a page with 200 proves nothing',
      ...reading('a proxy'),
      response: exampleAnswer(200, '<html>'),
      verdicts: [
        {
          outcome: 'retry',
          code: 'unreadable_answer',
          message: 'Something answered in place of Klaviyo, so it is not known what it took.',
        },
      ],
    },
  ],
  verifications: [
    {
      title: 'a good key, and no Shopify integration of Klaviyo’s own',
      ...specified,
      responses: [account, none, incomplete],
      outcome: 'ok',
    },
    {
      title: 'Klaviyo’s own Shopify integration is on',
      ...specified,
      responses: [account, shopifys, incomplete],
      outcome: 'ok',
    },
    {
      title: 'the key may not read metrics',
      ...reading('the code is not documented'),
      responses: [account, noScope, incomplete],
      outcome: 'ok',
    },
    {
      title: 'the key may write events but not read the account',
      ...reading('scopes are looked at before the event'),
      responses: [noScope, noScope, incomplete],
      outcome: 'ok',
    },
    {
      title: 'the incomplete event got no answer',
      ...reading('a network fault'),
      responses: [account, none, exampleAnswer(0)],
      outcome: 'ok',
    },
    {
      title: 'the key may not write events',
      ...reading('scopes are looked at before the event'),
      responses: [account, none, noScope],
      outcome: 'failed',
    },
    {
      title: 'the key may do nothing',
      ...reading('as above'),
      responses: [noScope, noScope, noScope],
      outcome: 'failed',
    },
    {
      title: 'bad key',
      ...reading('the status is documented, the code is not'),
      responses: [badKey, badKey, badKey],
      outcome: 'failed',
    },
    {
      title: 'bad key, told with 400',
      evidence: 'documented',
      source: 'API overview',
      responses: [exampleAnswer(400, refusal(400, ['not_authenticated', 'Missing or invalid private key.', '/data/']))],
      outcome: 'failed',
    },
    {
      title: 'too many requests',
      ...specified,
      responses: [exampleAnswer(429), exampleAnswer(429), exampleAnswer(429)],
      outcome: 'unknown',
    },
    {
      title: 'somebody else answered',
      ...reading('a proxy'),
      responses: [exampleAnswer(200, '<html>'), exampleAnswer(200, '<html>'), exampleAnswer(200, '<html>')],
      outcome: 'unknown',
    },
    {
      title: 'a guard that wants to see a browser',
      evidence: 'measured',
      source: 'klaviyo/klaviyo-api-python, issue 84',
      responses: [exampleAnswer(403, '<!DOCTYPE html>', { 'cf-mitigated': 'challenge' })],
      outcome: 'unknown',
    },
    { title: 'no answer', ...reading('a network fault'), responses: [exampleAnswer(0)], outcome: 'unknown' },
  ],
}
