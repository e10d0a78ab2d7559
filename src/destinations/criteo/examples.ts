import type { LineItem } from '../../event/event.ts'
import type { EventName } from '../../event/names.ts'
import type { Verdict } from '../destination.ts'
import { type EventExample, type Examples, exampleAnswer, exampleEvent } from '../examples.ts'

// Of Criteo's guide to this interface only the opening could be read, so its words are known from those who speak them.
const connector = {
  evidence: 'assumed',
  source: 'elbwalker/walkerOS, packages/server/destinations/criteo',
} as const
const template = {
  evidence: 'assumed',
  source: 'WouterNieuwerth/Criteo-ServerSideGTM-template',
} as const
const optedOut = { evidence: 'documented', source: 'criteo/gtm-criteo-useridentification' } as const
const redirected = {
  evidence: 'documented',
  source: 'developers.criteo.com, specification of the mobile endpoint on the same host',
} as const
const reading = (source: string) => ({ evidence: 'assumed', source }) as const

const DESKTOP =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'
const GUM = 'k-EXAMPLEgumid_01'
const CLIENT = '4f2b1a9c-8d7e-4c6b-9a5f-3e2d1c0b9a87'

/** The digests of "john.smith+promo@example.com". */
const JOHN = {
  md5: 'ac6a7cd52c600482be96c58f41e16632',
  sha256: 'cf991dc7a38547c40e823984e6dd72e2dfe151c5546ad4a135e193e898d7b613',
  sha256_md5: '264869bacb7183036659fc42a62637bcba1da83becc519475dfd9e83cd7fbbf6',
} as const

const france = { country: 'FR', currency: 'EUR', url: 'https://shop.example' } as const
const shirt: LineItem = { productId: '111', variantId: '222', title: 'Linen Shirt', quantity: 2, price: '45.00' }
const bag: LineItem = { productId: '333', variantId: '444', title: 'Canvas Bag', quantity: 1, price: '30.50' }
const shirtLine = { id: 'shopify_FR_111_222', price: 45, quantity: 2 } as const
const bagLine = { id: 'shopify_FR_333_444', price: 30.5, quantity: 1 } as const

/** An event of a visitor of whom the browser and Criteo's id for it are known, on a phone in France. */
const visit = (name: EventName, id: string, rest: object = {}) =>
  exampleEvent({
    id,
    name,
    occurredAt: '2026-11-20T13:58:00.000Z',
    store: france,
    identity: { ip: '203.0.113.7', userAgent: PHONE, clientId: CLIENT, language: 'fr-FR' },
    ids: { gum: GUM },
    page: { url: 'https://shop.example/products/linen-shirt', referrer: 'https://shop.example/' },
    ...rest,
  })

/** The parts of that visitor's request that are always there. */
const visitItem = (told: object, rest: object = {}) => ({
  version: 'converlay_1.0.0',
  site_type: 'm',
  account: '12345',
  id: { mapping_key: '678', mapped_user_id: GUM },
  ip: '203.0.113.7',
  useragent: PHONE,
  full_url: 'https://shop.example/products/linen-shirt',
  previous_url: 'https://shop.example/',
  retailer_visitor_id: CLIENT,
  country: 'FR',
  language: 'fr',
  events: [{ timestamp: 1795183080, ...told }],
  ...rest,
})

/** An event of somebody of whom only the email address is known. */
const byEmail = (name: EventName, id: string, rest: object = {}) =>
  exampleEvent({ id, name, store: france, identity: { email: 'john.smith+promo@example.com' }, ...rest })
const byEmailItem = (told: object) => ({
  version: 'converlay_1.0.0',
  site_type: 'd',
  account: '12345',
  id: { mapping_key: '678', email: JOHN },
  country: 'FR',
  events: [{ timestamp: 1795341600, ...told }],
})

const purchase = exampleEvent({
  id: 'pur_5551234567890',
  name: 'order_placed',
  occurredAt: '2026-11-20T14:03:22.000Z',
  store: france,
  identity: {
    email: ' John.Smith+promo@Example.com ',
    phone: '+33612345678',
    firstName: 'John',
    lastName: 'Smith',
    country: 'FR',
    customerId: '7654321',
    ip: '203.0.113.7',
    userAgent: DESKTOP,
    language: 'fr',
  },
  ids: { gum: GUM },
  commerce: {
    currency: 'EUR',
    value: '126.40',
    subtotal: '120.50',
    presentment: { currency: 'CHF', value: '119.80' },
    orderId: '5551234567890',
    orderName: '#1042',
    items: [shirt, bag],
    channel: 'web',
  },
})

const transaction = {
  version: 'converlay_1.0.0',
  site_type: 'd',
  account: '12345',
  id: { mapping_key: '678', mapped_user_id: GUM, email: JOHN },
  ip: '203.0.113.7',
  useragent: DESKTOP,
  customer_id: 'fe68a21fc76bba7b3a3d8e454eca8cd258de68fd08dddf035f23ddbdce6fc049',
  country: 'FR',
  language: 'fr',
  events: [
    {
      event: 'trackTransaction',
      timestamp: 1795183402,
      id: '5551234567890',
      currency: 'EUR',
      item: [shirtLine, bagLine],
    },
  ],
} as const

const events: readonly EventExample[] = [
  {
    title: 'a purchase is `trackTransaction`, with three digests of the email address and none of the phone number',
    ...template,
    event: purchase,
    gives: [transaction],
  },
  {
    title: 'a purchase counted when paid is the same request',
    ...reading('one order, one transaction, whichever moment counts'),
    settings: { purchaseOn: 'paid' },
    event: { ...purchase, id: exampleEvent({ id: 'paid_5551234567890', name: 'order_paid' }).id, name: 'order_paid' },
    gives: [transaction],
  },
  {
    title: 'the sale is the sum of its lines, so shopper’s currency and subtotal change nothing',
    ...reading('no field for a total; lines have one currency'),
    settings: { money: 'presentment', value: 'subtotal' },
    event: purchase,
    gives: [transaction],
  },
  {
    title: 'a purchase by email address alone is sent too',
    ...reading('whether Criteo uses such events is for the contact to say'),
    event: byEmail('order_placed', 'pur_5551234567891', {
      commerce: { currency: 'EUR', value: '90.00', orderId: '5551234567891', items: [shirt] },
    }),
    gives: [byEmailItem({ event: 'trackTransaction', id: '5551234567891', currency: 'EUR', item: [shirtLine] })],
  },
  {
    title: 'a point-of-sale order, where wanted, is a transaction like any other',
    ...reading('no field tells a store from the web'),
    settings: { sendPos: true },
    event: byEmail('order_placed', 'pur_5551234567892', {
      commerce: { currency: 'EUR', value: '90.00', orderId: '5551234567892', items: [shirt], channel: 'pos' },
    }),
    gives: [byEmailItem({ event: 'trackTransaction', id: '5551234567892', currency: 'EUR', item: [shirtLine] })],
  },
  {
    title: 'a product view is `viewItem` with the product’s id',
    ...connector,
    event: visit('product_viewed', 'sh-product-1', {
      commerce: { currency: 'EUR', value: '45.00', items: [{ productId: '111', variantId: '222', price: '45.00' }] },
    }),
    gives: [visitItem({ event: 'viewItem', item: ['shopify_FR_111_222'] })],
  },
  {
    title: 'the front page is `viewHome`, that of a market too',
    ...connector,
    event: visit('page_viewed', 'sh-home-1', {
      page: { url: 'https://shop.example/en-ch?utm_source=mail', referrer: 'https://shop.example/' },
    }),
    gives: [visitItem({ event: 'viewHome' }, { full_url: 'https://shop.example/en-ch' })],
  },
  {
    title:
      'any other page is `viewPage`; its parameters stay at home, and of a stranger’s page before it all but whose it is',
    ...reading('no parameter is documented as read, and any may hold a name or a key'),
    event: visit('page_viewed', 'sh-page-1', {
      page: {
        url: 'https://shop.example/pages/about-us?email=jane%40example.com&token=abc#top',
        referrer: 'https://mail.example.com/inbox/jane.doe?message=7',
      },
    }),
    gives: [
      visitItem(
        { event: 'viewPage' },
        { full_url: 'https://shop.example/pages/about-us', previous_url: 'https://mail.example.com/' },
      ),
    ],
  },
  {
    title: 'a collection is `viewList` with its first three products',
    ...reading('the OneTag wants the products at the top of the list'),
    event: visit('collection_viewed', 'sh-collection-1', {
      collection: { id: '1', title: 'Summer' },
      commerce: {
        currency: 'EUR',
        items: ['1', '2', '3', '4'].map((variantId) => ({ productId: '111', variantId })),
      },
    }),
    gives: [visitItem({ event: 'viewList', item: ['shopify_FR_111_1', 'shopify_FR_111_2', 'shopify_FR_111_3'] })],
  },
  {
    title: 'a search is `viewList` with what was found; its words have no field',
    ...connector,
    event: visit('searched', 'sh-search-1', {
      search: { query: 'linen' },
      commerce: { items: [shirt] },
      page: { url: 'https://shop.example/search?q=linen', referrer: 'https://shop.example/' },
    }),
    gives: [
      visitItem({ event: 'viewList', item: ['shopify_FR_111_222'] }, { full_url: 'https://shop.example/search' }),
    ],
  },
  {
    title: 'a search that found nothing is not sent',
    ...reading('product events need products'),
    event: visit('searched', 'sh-search-2', { search: { query: 'liinen' } }),
    gives: { skip: 'missing_field', field: 'commerce.items' },
  },
  {
    title: 'looking at the cart is `viewBasket` with the whole cart',
    ...connector,
    event: visit('cart_viewed', 'sh-cart-1', {
      commerce: { currency: 'EUR', value: '120.50', items: [shirt, bag] },
      page: { url: 'https://shop.example/cart', referrer: 'https://shop.example/products/linen-shirt?variant=222' },
    }),
    gives: [
      visitItem(
        { event: 'viewBasket', currency: 'EUR', item: [shirtLine, bagLine] },
        { full_url: 'https://shop.example/cart', previous_url: 'https://shop.example/products/linen-shirt' },
      ),
    ],
  },
  {
    title: 'adding to the cart is `addToCart` with price and quantity',
    ...connector,
    event: visit('product_added', 'sh-added-1', { commerce: { currency: 'EUR', value: '90.00', items: [shirt] } }),
    gives: [visitItem({ event: 'addToCart', currency: 'EUR', item: [shirtLine] })],
  },
  {
    title: 'a started checkout is `beginCheckout`; the token in its address is cut off',
    ...connector,
    event: visit('checkout_started', 'ic_c1b2a3', {
      commerce: { currency: 'EUR', value: '90.00', checkoutToken: 'c1b2a3', items: [shirt] },
      page: { url: 'https://shop.example/fr/checkouts/cn/c1b2a3/information', referrer: 'https://shop.example/cart' },
    }),
    gives: [
      visitItem(
        { event: 'beginCheckout', currency: 'EUR', item: [shirtLine] },
        { full_url: 'https://shop.example/fr/checkouts', previous_url: 'https://shop.example/cart' },
      ),
    ],
  },
  {
    title: 'payment details are `addPaymentInfo`',
    ...connector,
    event: visit('payment_info_added', 'pi_c1b2a3', {
      commerce: { currency: 'EUR', value: '90.00', checkoutToken: 'c1b2a3', items: [shirt] },
    }),
    gives: [visitItem({ event: 'addPaymentInfo', currency: 'EUR', item: [shirtLine] })],
  },
  {
    title: 'a new account is `login`, the only event about accounts',
    ...reading('no event for signing up'),
    event: byEmail('signed_up', 'cus_7654321'),
    gives: [byEmailItem({ event: 'login' })],
  },
  {
    title: 'a line without price, or with no id at all, is left out',
    ...reading('price and quantity belong to a line'),
    settings: { catalogId: '{sku}' },
    event: visit('product_added', 'sh-sku', {
      commerce: {
        currency: 'EUR',
        items: [
          { sku: 'LINEN-M', quantity: 1, price: '45.00' },
          { quantity: 1, price: '5.00' },
          { sku: 'BAG', quantity: 1 },
          { sku: 'GIFT', price: '0.00' },
        ],
      },
    }),
    gives: [
      visitItem({
        event: 'addToCart',
        currency: 'EUR',
        item: [
          { id: 'LINEN-M', price: 45, quantity: 1 },
          { id: 'GIFT', price: 0, quantity: 1 },
        ],
      }),
    ],
  },
  {
    title: 'what the feed does not have goes by another id of its, so that a purchase’s money is whole',
    ...reading('the sale is the sum of its lines; a product of no feed is matched with nothing'),
    event: byEmail('order_placed', 'pur_5551234567896', {
      commerce: {
        currency: 'EUR',
        value: '205.00',
        orderId: '5551234567896',
        items: [
          shirt,
          { variantId: '555', title: 'Gift Card', giftCard: true, quantity: 1, price: '50.00' },
          { productId: '666', title: 'Deleted Variant', quantity: 1, price: '25.00' },
          { sku: 'ENGRAVING', title: 'Engraving', quantity: 2, price: '15.00' },
          { title: 'Written By Staff', quantity: 1, price: '10.00' },
        ],
      },
    }),
    gives: [
      byEmailItem({
        event: 'trackTransaction',
        id: '5551234567896',
        currency: 'EUR',
        item: [
          shirtLine,
          { id: '555', price: 50, quantity: 1 },
          { id: '666', price: 25, quantity: 1 },
          { id: 'ENGRAVING', price: 15, quantity: 2 },
        ],
      }),
    ],
  },
  {
    title: 'a purchase of nothing but deleted products is sent all the same',
    ...reading('the sale is the sum of its lines'),
    event: byEmail('order_placed', 'pur_5551234567897', {
      commerce: {
        currency: 'EUR',
        value: '25.00',
        orderId: '5551234567897',
        items: [{ productId: '666', quantity: 1, price: '25.00' }],
      },
    }),
    gives: [
      byEmailItem({
        event: 'trackTransaction',
        id: '5551234567897',
        currency: 'EUR',
        item: [{ id: '666', price: 25, quantity: 1 }],
      }),
    ],
  },
  {
    title: 'the feed’s order ids may be the order’s names',
    ...reading('has to equal what the OneTag sends'),
    settings: { transactionId: '{orderName}' },
    event: purchase,
    gives: [{ ...transaction, events: [{ ...transaction.events[0], id: '#1042' }] }],
  },
  {
    title: 'a clock that runs ahead is set to the present',
    ...reading('no time in the future'),
    how: { now: new Date('2026-11-20T13:57:30.000Z') },
    event: visit('page_viewed', 'sh-ahead'),
    gives: [visitItem({ event: 'viewPage', timestamp: 1795183050 })],
  },
  {
    title: 'a shopper who opted out at Criteo is not told of at all',
    ...optedOut,
    event: visit('page_viewed', 'sh-out', { ids: { gum: GUM, gumOptOut: 'true' } }),
    gives: { skip: 'no_consent' },
  },
  {
    title: 'a shopper who did not is told of',
    ...optedOut,
    event: visit('page_viewed', 'sh-in', { ids: { gum: GUM, gumOptOut: 'false' } }),
    gives: [visitItem({ event: 'viewPage' })],
  },
  {
    title: 'without Criteo’s id and without an email address there is nobody to match',
    ...reading('events are matched by the one or the other'),
    event: visit('page_viewed', 'sh-nobody', { ids: { fbp: 'fb.1.1795255200000.1098115397' } }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'nor is “undefined” anybody, which a script on the page may have kept as an id',
    evidence: 'assumed',
    source: 'criteo/sgtm-criteo-tag-s2sv2, which sends it so where the cookie is missing',
    event: visit('page_viewed', 'sh-undefined', { ids: { gum: 'undefined' } }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'a purchase without an order number is not sent',
    ...connector,
    event: visit('order_placed', 'pur_x', { commerce: { currency: 'EUR', value: '90.00', items: [shirt] } }),
    gives: { skip: 'missing_field', field: 'commerce.orderId' },
  },
  {
    title: 'nor one without a currency',
    ...reading('it would be counted in the account’s'),
    event: visit('order_placed', 'pur_y', { commerce: { orderId: '5551234567893', items: [shirt] } }),
    gives: { skip: 'missing_field', field: 'commerce.currency' },
  },
  {
    title: 'nor one by name, where the order’s name is not known',
    ...reading('has to equal what the OneTag sends'),
    settings: { transactionId: '{orderName}' },
    event: visit('order_placed', 'pur_w', {
      commerce: { currency: 'EUR', orderId: '5551234567895', items: [shirt] },
    }),
    gives: { skip: 'missing_field', field: 'commerce.orderName' },
  },
  {
    title: 'nor one without products',
    ...connector,
    event: visit('order_placed', 'pur_z', { commerce: { currency: 'EUR', value: '9.00', orderId: '5551234567894' } }),
    gives: { skip: 'missing_field', field: 'commerce.items' },
  },
  {
    title: 'a refund has no counterpart: reports stay gross',
    ...reading('no source knows an event that takes a sale back'),
    event: visit('order_refunded', 'ref_900', { commerce: { currency: 'EUR', value: '45.00' } }),
    gives: { skip: 'not_accepted' },
  },
]

const accepted = { outcome: 'accepted' } as const
const led = (status: number): Verdict => ({
  outcome: 'unauthorized',
  code: `http_${status}`,
  message: `Criteo led the request elsewhere (status ${status}), to a place that is not followed: not a host of Criteo’s, not by 307 or 308, or the sixth in a row. Ask your contact at Criteo which address your account uses.`,
})
const blocked = (status: number): Verdict => ({
  outcome: 'unauthorized',
  code: `http_${status}`,
  message: `Criteo answered ${status} although it asks for no credentials: your account or this server’s address seems to be blocked. Ask your contact at Criteo.`,
})
const vendors = reading('answers are not documented; vendors go by the status')
const sheet = (title: string, status: number, verdict: Verdict, headers: Readonly<Record<string, string>> = {}) => ({
  title,
  ...vendors,
  response: exampleAnswer(status, '', headers),
  verdicts: [verdict],
})

export const examples: Examples = {
  settings: { partnerId: '12345', callerId: '678' },
  events,
  answers: [
    sheet('200: read, which is all it says', 200, accepted),
    sheet('204 as well', 204, accepted),
    {
      title: 'what a 2xx says besides is not read',
      ...vendors,
      response: exampleAnswer(200, { error: 'anything' }),
      verdicts: [accepted],
    },
    {
      title: '200 with a page: somebody else took the event, so it was not sent',
      ...reading('a proxy'),
      response: exampleAnswer(200, '\n<!DOCTYPE html><html></html>'),
      verdicts: [
        {
          outcome: 'retry',
          code: 'unreadable_answer',
          message: 'A web page answered in place of Criteo. Check this server’s network.',
        },
      ],
    },
    {
      title: '307 to a place that is not Criteo’s: nothing is posted there, and events wait',
      ...redirected,
      response: exampleAnswer(307, '', { location: 'https://elsewhere.example.com/m/event' }),
      verdicts: [led(307)],
    },
    sheet('308, the sixth in a row: a loop', 308, led(308)),
    sheet('302 would lose the event on the way', 302, led(302), { location: 'https://widget.eu.criteo.com/' }),
    sheet('400 ends the event; the reason is not told', 400, {
      outcome: 'rejected',
      code: 'http_400',
      message: 'The platform refused the event with status 400.',
    }),
    sheet('401 where no credentials exist', 401, blocked(401)),
    sheet('403 where no credentials exist', 403, blocked(403)),
    sheet('404: not the event’s fault', 404, {
      outcome: 'unauthorized',
      code: 'http_404',
      message:
        'Criteo answered 404: its interface for servers is not where it was. Ask your contact at Criteo whether it is still open to your account.',
    }),
    sheet('408', 408, { outcome: 'retry', code: 'http_408' }),
    sheet('429', 429, { outcome: 'retry', code: 'http_429' }),
    sheet('429 that says how long', 429, { outcome: 'retry', code: 'http_429', after: 7000 }, { 'retry-after': '7' }),
    sheet('500', 500, { outcome: 'retry', code: 'http_500' }),
    sheet('503', 503, { outcome: 'retry', code: 'http_503' }),
    {
      title: 'no answer',
      ...vendors,
      response: { ...exampleAnswer(0), problem: 'no answer within 15 seconds' },
      verdicts: [{ outcome: 'retry', code: 'no_answer', message: 'no answer within 15 seconds' }],
    },
  ],
  verifications: [
    { title: 'Criteo can be reached', ...vendors, responses: [exampleAnswer(200)], outcome: 'ok' },
    { title: 'with nothing to say', ...vendors, responses: [exampleAnswer(204)], outcome: 'ok' },
    {
      title: 'somebody else answered',
      ...reading('a proxy'),
      responses: [exampleAnswer(200, '<html>')],
      outcome: 'unknown',
    },
    { title: 'led to a stranger', ...redirected, responses: [exampleAnswer(307)], outcome: 'failed' },
    { title: 'blocked', ...vendors, responses: [exampleAnswer(403)], outcome: 'failed' },
    { title: 'gone', ...vendors, responses: [exampleAnswer(410)], outcome: 'failed' },
    { title: 'refused', ...vendors, responses: [exampleAnswer(400)], outcome: 'failed' },
    { title: 'too many requests', ...vendors, responses: [exampleAnswer(429)], outcome: 'unknown' },
    { title: 'out of order', ...vendors, responses: [exampleAnswer(503)], outcome: 'unknown' },
    { title: 'no answer', ...reading('a network fault'), responses: [exampleAnswer(0)], outcome: 'unknown' },
  ],
}
