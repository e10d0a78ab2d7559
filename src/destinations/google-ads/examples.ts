import type { LineItem } from '../../event/event.ts'
import { type EventExample, type Examples, exampleAnswer, exampleEvent } from '../examples.ts'

const REFERENCE = 'Data Manager API reference and guides, 2026-11'
const documented = { evidence: 'documented', source: REFERENCE } as const
const reading = (source: string) => ({ evidence: 'assumed', source }) as const
const measured = (source: string) => ({ evidence: 'measured', source }) as const

const BROWSER =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const GCLID = 'Cj0KCQiA_TEST_gclid-123'

const person = {
  email: '  Jane.Doe+shop@Gmail.com ',
  phone: '+44 20 7946 0958',
  firstName: 'Dr. Anna',
  lastName: 'Doe',
  country: 'GB',
  postalCode: ' SW1A 1AA ',
} as const
const EMAIL = { emailAddress: 'd6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69' }
const NAMES = {
  givenName: '55579b557896d0ce1764c47fed644f9b35f58bad620674af23f356d80ed0c503',
  familyName: '799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f',
}
const userData = {
  userIdentifiers: [
    EMAIL,
    { phoneNumber: 'f0bf0228144d9fe2bdf1da2d8ca698f17bf1410ee688b075c27062e47b6f0b6d' },
    { address: { ...NAMES, regionCode: 'GB', postalCode: 'SW1A 1AA' } },
  ],
}

const shirt: LineItem = {
  productId: '111',
  variantId: '222',
  title: 'Linen shirt',
  quantity: 2,
  price: '42.45',
  total: '84.90',
  discount: '5.10',
}
const british = { country: 'GB', currency: 'EUR', timezone: 'Europe/London', url: 'https://shop.example.com' } as const
/** Of an order, what a later event of it is completed with. */
const order = {
  currency: 'EUR',
  orderId: '5551234567890',
  orderName: 'SHOP-5551234567890',
  placedAt: '2026-11-20T14:03:22.000Z',
  channel: 'web',
} as const
const known = {
  store: british,
  identity: person,
  ids: { gclid: GCLID },
  consent: { marketing: true, preferences: false },
}
const consent = { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_DENIED' }

const purchase = exampleEvent({
  id: 'pur_5551234567890',
  name: 'order_placed',
  occurredAt: order.placedAt,
  ...known,
  commerce: { ...order, value: '84.90', subtotal: '84.90', items: [shirt], numItems: 2, customerType: 'new' },
})
const conversion = {
  destinationReferences: ['7001002003'],
  transactionId: '5551234567890',
  eventTimestamp: '2026-11-20T14:03:22.000Z',
  eventSource: 'WEB',
  currency: 'EUR',
  conversionValue: 84.9,
  adIdentifiers: { gclid: GCLID },
  consent,
  userData,
  userProperties: { customerType: 'NEW' },
}

const TWELVE_DAYS_LATER = '2026-12-02T09:30:00.000Z'
const changed = (name: 'order_refunded' | 'order_cancelled', id: string, commerce: object) =>
  exampleEvent({
    id,
    name,
    occurredAt: TWELVE_DAYS_LATER,
    ...known,
    commerce: { ...order, original: { occurredAt: order.placedAt, value: '84.90' }, ...commerce },
  })
const restated = (conversionValue: number) => {
  const { userProperties: _, ...rest } = conversion
  return { ...rest, lastUpdatedTimestamp: TWELVE_DAYS_LATER, conversionValue }
}

/** An event of a visitor whose e-mail address is known, and the parts of its conversion that are always there. */
const visit = (name: Parameters<typeof exampleEvent>[0]['name'], id: string, rest: object = {}) =>
  exampleEvent({ id, name, identity: { email: person.email }, ...rest })
const visitItem = (action: string, transactionId: string, rest: object = {}) => ({
  destinationReferences: [action],
  transactionId,
  eventTimestamp: '2026-11-22T10:00:00.000Z',
  eventSource: 'WEB',
  userData: { userIdentifiers: [EMAIL] },
  ...rest,
})
const bought = (commerce: object = {}) => ({ ...purchase, commerce: { ...purchase.commerce, ...commerce } })
const click = (id: string, rest: object) => exampleEvent({ id, name: 'lead_submitted', ...rest })

const events: readonly EventExample[] = [
  {
    title: 'a purchase is a conversion of the action for purchases',
    ...documented,
    event: purchase,
    gives: [conversion],
  },
  {
    title: 'a purchase counted when paid is the same transaction',
    ...reading('one order, one transaction id, whichever moment counts'),
    settings: { purchaseOn: 'paid' },
    event: { ...purchase, id: exampleEvent({ id: 'paid_5551234567890', name: 'order_paid' }).id, name: 'order_paid' },
    gives: [conversion],
  },
  {
    title: 'a purchase tells what was bought where the products are in Merchant Center',
    ...documented,
    settings: { merchantId: '55001122', feedLabel: 'GB', feedLanguage: 'en' },
    event: purchase,
    gives: [
      {
        ...conversion,
        cartData: {
          merchantId: '55001122',
          merchantFeedLabel: 'GB',
          merchantFeedLanguageCode: 'en',
          transactionDiscount: 5.1,
          items: [{ merchantProductId: 'shopify_GB_111_222', quantity: 2, unitPrice: 45 }],
        },
      },
    ],
  },
  {
    title: 'prices in the cart are told without the tax that they include',
    ...documented,
    settings: { merchantId: '55001122' },
    event: bought({
      value: '120.00',
      tax: '20.00',
      taxesIncluded: true,
      items: [{ ...shirt, price: '60.00', total: '120.00', discount: '0.00' }],
    }),
    gives: [
      {
        ...conversion,
        conversionValue: 120,
        cartData: {
          merchantId: '55001122',
          items: [{ merchantProductId: 'shopify_GB_111_222', quantity: 2, unitPrice: 50 }],
        },
      },
    ],
  },
  {
    title: 'in the shopper’s currency the cart has no prices, since those are in the store’s',
    ...reading('one currency for all amounts of an event'),
    settings: { merchantId: '55001122', money: 'presentment' },
    event: bought({ presentment: { currency: 'GBP', value: '73.10' } }),
    gives: [
      {
        ...conversion,
        currency: 'GBP',
        conversionValue: 73.1,
        cartData: { merchantId: '55001122', items: [{ merchantProductId: 'shopify_GB_111_222', quantity: 2 }] },
      },
    ],
  },
  {
    title: 'a partial refund sets the conversion’s value to what remains, with the purchase’s id and time',
    ...documented,
    event: changed('order_refunded', 'ref_900', { value: '40.00', remaining: '44.90' }),
    gives: [restated(44.9)],
  },
  {
    title: 'a full refund sets the value to 0',
    ...documented,
    event: changed('order_refunded', 'ref_901', { value: '84.90', remaining: '0.00' }),
    gives: [restated(0)],
  },
  {
    title: 'a cancelled order sets the value to 0, whatever was paid back',
    ...documented,
    event: changed('order_cancelled', 'can_5551234567890', { value: '84.90', remaining: '84.90' }),
    gives: [restated(0)],
  },
  {
    title: 'a purchase that was refunded before it went out has what remains of it',
    ...reading('one value for each transaction, the newest'),
    event: bought({ remaining: '44.90' }),
    gives: [{ ...conversion, conversionValue: 44.9 }],
  },
  {
    title: 'where the value is the subtotal, as large a part of it',
    ...reading('one value for each transaction, the newest'),
    settings: { value: 'subtotal' },
    event: bought({ subtotal: '70.00', remaining: '42.45' }),
    gives: [{ ...conversion, conversionValue: 35 }],
  },
  ...(
    [
      ['subtotal', 35],
      ['profit', 12.25],
    ] as const
  ).map(([value, remains]) => ({
    title: `a partial refund leaves as large a part of the ${value}, where that is the value`,
    ...reading('one value for each transaction, the newest'),
    settings: { value },
    event: changed('order_refunded', 'ref_900', {
      original: { occurredAt: order.placedAt, value: '84.90', subtotal: '70.00', profit: '24.50' },
      value: '42.45',
      remaining: '42.45',
    }),
    gives: [restated(remains)],
  })),
  {
    title: 'where a cost was unknown the purchase was told as its subtotal, and so is what remains',
    ...reading('one value for each transaction, the newest'),
    settings: { value: 'profit' },
    event: changed('order_refunded', 'ref_900', {
      original: { occurredAt: order.placedAt, value: '84.90', subtotal: '70.00' },
      value: '42.45',
      remaining: '42.45',
    }),
    gives: [restated(35)],
  },
  {
    title: 'a partial refund is not told where the purchase’s subtotal is unknown',
    ...reading('to tell the remaining total would raise the value'),
    settings: { value: 'subtotal' },
    event: changed('order_refunded', 'ref_900', { value: '40.00', remaining: '44.90' }),
    gives: { skip: 'missing_field', field: 'commerce.original.subtotal' },
  },
  ...(
    [
      ['placed', '7001002003'],
      ['paid', '7001002009'],
    ] as const
  ).map(([purchaseOn, action]) => ({
    title: `a refund goes to the action of the purchase, where it counts when ${purchaseOn} and both moments have one`,
    ...reading('a restatement at another action would be a conversion of its own'),
    settings: { purchaseOn, conversionActions: { order_placed: '7001002003', order_paid: '7001002009' } },
    event: changed('order_refunded', 'ref_900', { value: '40.00', remaining: '44.90' }),
    gives: [{ ...restated(44.9), destinationReferences: [action] }],
  })),
  {
    title: 'a refund of which the purchase’s time is unknown is not sent',
    ...documented,
    event: exampleEvent({
      id: 'ref_902',
      name: 'order_refunded',
      ...known,
      commerce: { currency: 'EUR', orderId: '5551234567890', value: '40.00', remaining: '44.90' },
    }),
    gives: { skip: 'missing_field', field: 'commerce.placedAt' },
  },
  {
    title: 'a refund of a purchase of long ago is not sent',
    ...reading('a probe of another kind of conversion action (UPLOAD_CLICKS), August 2026: 89 days were taken'),
    event: changed('order_refunded', 'ref_903', {
      original: { occurredAt: '2026-08-01T10:00:00.000Z', value: '84.90' },
      remaining: '44.90',
    }),
    gives: { skip: 'too_old' },
  },
  {
    title: 'adding to the cart, where the merchant counts it',
    ...documented,
    event: visit('product_added', 'sh-added-1', { commerce: { currency: 'EUR', value: '45.00', items: [shirt] } }),
    gives: [visitItem('7001002005', 'sh-added-1', { currency: 'EUR', conversionValue: 45 })],
  },
  {
    title: 'a started checkout',
    ...documented,
    event: visit('checkout_started', 'ic_c1b2a3', {
      commerce: { currency: 'EUR', value: '84.90', checkoutToken: 'c1b2a3' },
    }),
    gives: [visitItem('7001002004', 'ic_c1b2a3', { currency: 'EUR', conversionValue: 84.9 })],
  },
  ...(
    [
      ['signed_up', '7001002006'],
      ['subscribed', '7001002007'],
      ['lead_submitted', '7001002008'],
    ] as const
  ).map(([name, action]) => ({
    title: `${name} has no value of its own`,
    ...documented,
    event: visit(name, `sh-${name}`),
    gives: [visitItem(action, `sh-${name}`)],
  })),
  {
    title: 'the IP address of somebody in the United States goes along, that of somebody in Britain would not',
    ...documented,
    event: exampleEvent({
      id: 'sh-lead-us',
      name: 'lead_submitted',
      identity: {
        ...person,
        phone: '+1 (650) 555-0182',
        country: 'US',
        postalCode: '94043',
        ip: '203.0.113.42',
        userAgent: BROWSER,
      },
    }),
    gives: [
      visitItem('7001002008', 'sh-lead-us', {
        userData: {
          userIdentifiers: [
            EMAIL,
            { phoneNumber: '22df9376598c91ead1e038463590cfc60d78fe0ccb7cfae00df708ee5e95a374' },
            { address: { ...NAMES, regionCode: 'US', postalCode: '94043' } },
          ],
        },
        eventDeviceInfo: { userAgent: BROWSER, ipAddress: '203.0.113.42' },
      }),
    ],
  },
  {
    title: 'a click is identifier enough; of several the newest is told',
    ...documented,
    event: click('sh-click-1', {
      ids: {
        gclid: GCLID,
        gbraid: '0AAAAA_TEST_gbraid',
        wbraid: 'CjgKCA_TEST_wbraid',
        seenAt: {
          gclid: '2026-10-01T08:00:00.000Z',
          gbraid: '2026-11-20T08:00:00.000Z',
          wbraid: '2026-11-19T08:00:00.000Z',
        },
      },
    }),
    gives: [
      {
        destinationReferences: ['7001002008'],
        transactionId: 'sh-click-1',
        eventTimestamp: '2026-11-22T10:00:00.000Z',
        eventSource: 'WEB',
        adIdentifiers: { gbraid: '0AAAAA_TEST_gbraid' },
      },
    ],
  },
  {
    title: 'the ad that led to the shop is told with the landing page, without what else stands in its address',
    ...documented,
    event: click('sh-session-1', {
      identity: { userAgent: BROWSER },
      ids: { gclid: GCLID, gadSource: '1', gadCampaignId: '20001' },
      landing: {
        url: `https://shop.example.com/?gad_source=1&gad_campaignid=20001&gclid=${GCLID}&email=jane%40example.com#top`,
        referrer: 'https://www.example.org/search?q=linen',
        at: '2026-11-22T09:30:00.000Z',
      },
    }),
    gives: [
      {
        destinationReferences: ['7001002008'],
        transactionId: 'sh-session-1',
        eventTimestamp: '2026-11-22T10:00:00.000Z',
        eventSource: 'WEB',
        adIdentifiers: {
          gclid: GCLID,
          sessionAttributes: Buffer.from(
            JSON.stringify({
              gad_source: '1',
              gad_campaignid: '20001',
              session_start_time_usec: '1795339800000000',
              landing_page_url: `https://shop.example.com/?gad_source=1&gad_campaignid=20001&gclid=${GCLID}`,
              landing_page_referrer: 'https://www.example.org/search',
              landing_page_user_agent: BROWSER,
            }),
          ).toString('base64url'),
        },
        eventDeviceInfo: { userAgent: BROWSER },
      },
    ],
  },
  {
    title: 'a browser and its address are no identifier',
    ...documented,
    event: click('sh-nobody', { identity: { ip: '203.0.113.42', userAgent: BROWSER }, ids: { gadSource: '1' } }),
    gives: { skip: 'no_identifier' },
  },
  {
    title: 'a shopper who opted out of sale is not told of: without identifiers Google takes no conversion',
    ...reading('both consents would be denied, so identifiers and click ids had to stay at home'),
    how: { limited: true },
    event: purchase,
    gives: { skip: 'sale_opt_out' },
  },
  {
    title: 'an event without a conversion action is not sent',
    ...documented,
    settings: { conversionActions: { order_placed: '7001002003' } },
    event: visit('signed_up', 'sh-signed-up'),
    gives: { skip: 'switched_off' },
  },
  {
    title: 'a point-of-sale order is no website conversion, even where it is wanted',
    ...documented,
    settings: { sendPos: true },
    event: bought({ channel: 'pos' }),
    gives: { skip: 'channel_pos' },
  },
  {
    title: 'a free order is worth 0, which is a value',
    ...documented,
    event: bought({ value: '0.00' }),
    gives: [{ ...conversion, conversionValue: 0 }],
  },
  {
    title: 'an order without a value is not sent: Google would take the conversion action’s own',
    ...reading('a default value in place of money'),
    event: visit('order_placed', 'pur_5551234567890', { commerce: { ...order, currency: 'EUR' } }),
    gives: { skip: 'missing_field', field: 'commerce.value' },
  },
  {
    title: 'an order name as short as this is not taken for an id',
    ...reading('superdesigndev/treg, pull request 151: ids of one character were refused; up to three is our reading'),
    settings: { transactionId: '{orderName}' },
    event: bought({ orderName: '#12' }),
    gives: { skip: 'invalid_field', field: 'commerce.orderName' },
  },
  {
    title: 'an order without the name that its id is made of is not sent',
    ...documented,
    settings: { transactionId: '{orderName}' },
    event: visit('order_placed', 'pur_5551234567890', {
      commerce: { currency: 'EUR', value: '84.90', orderId: '5551234567890' },
    }),
    gives: { skip: 'missing_field', field: 'commerce.orderName' },
  },
  {
    title: 'a product that was taken out of the order again was not bought',
    ...reading('such lines stay in the order without pieces'),
    settings: { merchantId: '55001122' },
    event: bought({
      items: [shirt, { productId: '112', variantId: '223', quantity: 0, price: '9.00', discount: '1.00' }],
    }),
    gives: [
      {
        ...conversion,
        cartData: {
          merchantId: '55001122',
          transactionDiscount: 5.1,
          items: [{ merchantProductId: 'shopify_GB_111_222', quantity: 2, unitPrice: 45 }],
        },
      },
    ],
  },
  {
    title: 'an order without an id is not sent: the tag’s copy would count twice',
    ...documented,
    event: visit('order_placed', 'pur_5551234567890', { commerce: { currency: 'EUR', value: '84.90' } }),
    gives: { skip: 'missing_field', field: 'commerce.orderId' },
  },
  {
    title: 'a clock that runs ahead is set to the present',
    ...documented,
    how: { now: new Date('2026-11-22T09:59:30.000Z') },
    event: visit('signed_up', 'sh-ahead'),
    gives: [visitItem('7001002006', 'sh-ahead', { eventTimestamp: '2026-11-22T09:59:30.000Z' })],
  },
  {
    title: 'a page is no conversion',
    ...documented,
    event: visit('page_viewed', 'sh-page'),
    gives: { skip: 'not_accepted' },
  },
]

/** A refusal as Google writes it. */
const refusal = (status: number, state: string, reason: string, fieldViolations: readonly object[] = []) =>
  exampleAnswer(status, {
    error: {
      code: status,
      status: state,
      message: 'There was a problem with the request.',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'datamanager.googleapis.com' },
        { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations },
      ],
    },
  })
const violation = (index: number, reason: string) => ({
  field: `events.events[${index}].user_data.user_identifiers[0].email_address`,
  description: 'The value is not valid.',
  reason,
})
const statusOf = (requestStatus: string, rest: object = {}) =>
  exampleAnswer(200, {
    requestStatusPerDestination: [{ requestStatus, eventsIngestionStatus: { recordCount: '3' }, ...rest }],
  })
const failures = (...errorCounts: readonly object[]) => ({ errorInfo: { errorCounts } })
const accepted = { outcome: 'accepted' } as const
const taken = { outcome: 'accepted', poll: 'req-1' } as const
const withAnother = { outcome: 'singly', code: 'refused_with_another' } as const

export const examples: Examples = {
  settings: {
    customerId: '123-456-7890',
    credentials: {
      clientId: '42-example.apps.googleusercontent.com',
      clientSecret: 'GOCSPX-example-secret',
      refreshToken: '1//03example-refresh-token',
    },
    conversionActions: {
      order_placed: '7001002003',
      checkout_started: '7001002004',
      product_added: '7001002005',
      signed_up: '7001002006',
      subscribed: '7001002007',
      lead_submitted: '7001002008',
    },
  },
  events,
  answers: [
    {
      title: 'taken for processing; what becomes of it is asked later',
      ...documented,
      response: exampleAnswer(200, { requestId: 'req-1' }),
      verdicts: [taken, taken],
    },
    {
      title: 'taken without something that Google left out of one event',
      ...documented,
      response: exampleAnswer(200, {
        requestId: 'req-1',
        fieldWarnings: [
          {
            reason: 'INVALID_FORMAT',
            description: 'The label was dropped.',
            field: 'events.events[1].cart_data.merchant_feed_label',
          },
        ],
      }),
      verdicts: [taken, { ...taken, note: 'cart_data.merchant_feed_label: The label was dropped. (INVALID_FORMAT)' }],
    },
    {
      title: 'one bad event refuses all; it is named, and the others go again',
      ...documented,
      response: refusal(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', [violation(1, 'INVALID_HEX_ENCODING')]),
      verdicts: [
        withAnother,
        {
          outcome: 'rejected',
          code: 'INVALID_HEX_ENCODING',
          message: 'user_data.user_identifiers[0].email_address: The value is not valid. (INVALID_HEX_ENCODING)',
        },
        withAnother,
      ],
    },
    {
      title: 'an event without its source refuses all, although the documentation calls it optional',
      ...measured('googleapis/google-cloud-php, issue 9201'),
      response: refusal(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT', [
        { field: 'events.events[0].event_source', description: 'Required.', reason: 'REQUIRED_FIELD_MISSING' },
      ]),
      verdicts: [
        {
          outcome: 'rejected',
          code: 'REQUIRED_FIELD_MISSING',
          message: 'event_source: Required. (REQUIRED_FIELD_MISSING)',
        },
        withAnother,
      ],
    },
    {
      title: 'where nobody is named each is tried alone',
      ...reading('one bad event refuses all, so the others may be good'),
      response: refusal(400, 'INVALID_ARGUMENT', 'TOO_MANY_EVENTS'),
      verdicts: [
        { outcome: 'singly', code: 'TOO_MANY_EVENTS', message: 'There was a problem with the request.' },
        { outcome: 'singly', code: 'TOO_MANY_EVENTS', message: 'There was a problem with the request.' },
      ],
    },
    {
      title: 'an event that is refused alone has ended',
      ...documented,
      response: refusal(400, 'INVALID_ARGUMENT', 'NO_IDENTIFIERS_PROVIDED'),
      verdicts: [
        { outcome: 'rejected', code: 'NO_IDENTIFIERS_PROVIDED', message: 'There was a problem with the request.' },
      ],
    },
    {
      title: 'a wrong conversion action is the connection’s matter',
      ...documented,
      response: refusal(400, 'INVALID_ARGUMENT', 'INVALID_CONVERSION_ACTION_ID'),
      verdicts: [
        {
          outcome: 'unauthorized',
          code: 'INVALID_CONVERSION_ACTION_ID',
          message:
            'Google knows no such conversion action in this account. Copy its number from the account that owns it, not from the manager.',
        },
      ],
    },
    {
      title: 'so are terms that were not accepted',
      ...documented,
      response: refusal(400, 'FAILED_PRECONDITION', 'DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED'),
      verdicts: [
        {
          outcome: 'unauthorized',
          code: 'DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED',
          message: 'The customer data terms are not accepted yet. Accept them in Google Ads under Goals, Settings.',
        },
      ],
    },
    {
      title: 'so is an account in which the credentials are no user',
      ...documented,
      response: refusal(403, 'PERMISSION_DENIED', 'USER_PERMISSION_DENIED'),
      verdicts: [
        {
          outcome: 'unauthorized',
          code: 'USER_PERMISSION_DENIED',
          message:
            'The credentials may not write to this account. Invite their e-mail address as a user; if it is a user of a manager account only, enter the manager account too.',
        },
      ],
    },
    {
      title: 'so is a token that has ended',
      ...documented,
      response: refusal(401, 'UNAUTHENTICATED', 'UNAUTHENTICATED'),
      verdicts: [
        { outcome: 'unauthorized', code: 'UNAUTHENTICATED', message: 'There was a problem with the request.' },
      ],
    },
    {
      title: 'the quota of the Google Cloud project is used up',
      ...documented,
      response: refusal(429, 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED'),
      verdicts: [{ outcome: 'retry', code: 'RATE_LIMIT_EXCEEDED', message: 'There was a problem with the request.' }],
    },
    {
      title: 'Retry-After is not documented and obeyed if it comes',
      ...reading('RFC 9110'),
      response: exampleAnswer(503, '', { 'retry-after': '30' }),
      verdicts: [{ outcome: 'retry', code: 'http_503', after: 30_000 }],
    },
    {
      title: 'Google has a fault of its own',
      ...documented,
      response: refusal(500, 'INTERNAL', 'INTERNAL_ERROR'),
      verdicts: [{ outcome: 'retry', code: 'INTERNAL_ERROR', message: 'There was a problem with the request.' }],
    },
    {
      title: 'without the id of the request nothing is proved',
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
  ],
  verifications: [
    {
      title: 'a test has nothing to tell when it is good',
      ...documented,
      responses: [exampleAnswer(200, {})],
      outcome: 'ok',
    },
    {
      title: 'the Data Manager API is switched off in the project',
      ...documented,
      responses: [refusal(403, 'PERMISSION_DENIED', 'SERVICE_DISABLED')],
      outcome: 'failed',
    },
    {
      title: 'the credentials are no user of the account',
      ...documented,
      responses: [refusal(403, 'PERMISSION_DENIED', 'USER_PERMISSION_DENIED')],
      outcome: 'failed',
    },
    {
      title: 'a conversion action does not exist in the account',
      ...documented,
      responses: [
        refusal(400, 'INVALID_ARGUMENT', 'INVALID_CONVERSION_ACTION_ID', [
          {
            field: 'destinations[1].product_destination_id',
            description: 'Not found.',
            reason: 'INVALID_CONVERSION_ACTION_ID',
          },
        ]),
      ],
      outcome: 'failed',
    },
    {
      title: 'the token does not open the interface',
      ...documented,
      responses: [refusal(401, 'UNAUTHENTICATED', 'UNAUTHENTICATED')],
      outcome: 'failed',
    },
    {
      title: 'the quota is used up',
      ...documented,
      responses: [refusal(429, 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED')],
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
  tokens: [
    {
      title: 'a token for an hour, given up a minute before its end',
      ...documented,
      response: exampleAnswer(200, { access_token: 'ya29.example', expires_in: 3599, token_type: 'Bearer' }),
      gives: { outcome: 'granted', token: 'ya29.example', expiresAt: Date.parse('2026-11-22T10:58:59.000Z') },
    },
    {
      title: 'a consent that leaves the Data Manager API out',
      ...documented,
      response: exampleAnswer(200, {
        access_token: 'ya29.example',
        expires_in: 3599,
        scope: 'https://www.googleapis.com/auth/adwords',
      }),
      gives: { outcome: 'failed' },
    },
    {
      title: 'a consent that was withdrawn',
      ...documented,
      response: exampleAnswer(400, { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' }),
      gives: { outcome: 'failed' },
    },
    {
      title: 'an unknown OAuth client',
      ...documented,
      response: exampleAnswer(401, { error: 'invalid_client', error_description: 'The OAuth client was not found.' }),
      gives: { outcome: 'failed' },
    },
    {
      title: 'a fault of Google’s',
      ...reading('not the credentials’'),
      response: exampleAnswer(500),
      gives: { outcome: 'unknown' },
    },
  ],
  polls: [
    {
      title: 'Google is at work',
      ...documented,
      response: statusOf('PROCESSING'),
      items: 2,
      gives: 'pending',
    },
    {
      title: 'all went well',
      ...documented,
      response: statusOf('SUCCESS'),
      items: 2,
      gives: [accepted, accepted],
    },
    {
      title: 'one conversion was too old, one was known from the tag',
      ...reading('what Google has already is no loss'),
      response: statusOf(
        'PARTIAL_SUCCESS',
        failures(
          { reason: 'PROCESSING_ERROR_REASON_EVENT_TOO_OLD', recordCount: '1', recordIndices: ['0'] },
          { reason: 'PROCESSING_ERROR_REASON_DUPLICATE_TRANSACTION_ID', recordCount: '1', recordIndices: ['2'] },
        ),
      ),
      items: 3,
      gives: [
        {
          outcome: 'rejected',
          code: 'EVENT_TOO_OLD',
          message: 'Google took the event and could not use it: EVENT_TOO_OLD.',
        },
        accepted,
        { outcome: 'accepted', note: 'Google had this transaction already, from the tag or from an earlier request.' },
      ],
    },
    {
      title: 'one failed, and answers before November 2026 did not say which',
      ...reading('nobody knows which one it was'),
      response: statusOf(
        'PARTIAL_SUCCESS',
        failures({ reason: 'PROCESSING_ERROR_REASON_INVALID_GCLID', recordCount: '1' }),
      ),
      items: 2,
      gives: [undefined, undefined],
    },
    {
      title: 'Google had some of the transactions already, whichever they are: all is well',
      ...reading('what Google has already is no loss'),
      response: statusOf(
        'PARTIAL_SUCCESS',
        failures({ reason: 'PROCESSING_ERROR_REASON_DUPLICATE_TRANSACTION_ID', recordCount: '1' }),
      ),
      items: 2,
      gives: [accepted, accepted],
    },
    {
      title: 'some failed, without a number and without rows: not known of any',
      ...reading('nobody knows how many there were'),
      response: statusOf('PARTIAL_SUCCESS', failures({ reason: 'PROCESSING_ERROR_REASON_EVENT_TOO_OLD' })),
      items: 2,
      gives: [undefined, undefined],
    },
    {
      title: 'Google failed and may be asked again',
      ...reading('an internal error passes'),
      response: statusOf('FAILED', failures({ reason: 'PROCESSING_ERROR_REASON_INTERNAL_ERROR', recordCount: '1' })),
      items: 1,
      gives: [
        {
          outcome: 'retry',
          code: 'INTERNAL_ERROR',
          message: 'Google failed to process the event and may take it next time.',
        },
      ],
    },
    {
      title: 'Google does not know the request',
      ...reading('it will not know it later either'),
      response: refusal(400, 'INVALID_ARGUMENT', 'INVALID_REQUEST_ID'),
      items: 2,
      gives: [undefined, undefined],
    },
  ],
}
