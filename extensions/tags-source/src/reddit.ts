import { call, hasMember, queued, type Tag, told } from './tag.ts'
import { pieces, type TagEventName } from './told.ts'

/** Types that Reddit knows; other names go as `Custom`. */
const TYPES = /^(?:PageVisit|ViewContent|Search|AddToCart|Purchase)$/

/** What Reddit lets a type tell of money: lists and views only their products. */
const TELLS_MONEY: ReadonlySet<TagEventName> = new Set([
  'product_added',
  'checkout_started',
  'payment_info_added',
  'order_placed',
])

/** rdt. The email's form is Reddit's own and its hash another than the others', so only the customer's id is told. */
export const reddit: Tag = {
  slug: 'reddit',
  script: () => 'www.redditstatic.com/ads/pixel.js',
  names: {
    page_viewed: 'PageVisit',
    product_viewed: 'ViewContent',
    collection_viewed: 'ViewContent',
    searched: 'Search',
    product_added: 'AddToCart',
    checkout_started: 'InitiateCheckout',
    payment_info_added: 'AddPaymentInfo',
    order_placed: 'Purchase',
  },
  limits: true,
  start: ({ account, person, limited }) => {
    queued('rdt', 'callQueue', 'sendEvent')
    call(
      'rdt',
      'init',
      account.id,
      told({ externalId: person.customer, ...(limited ? { dpm: 'LDU', dpcc: 'US', dprc: 'US-CA' } : {}) }),
    )
  },
  track: (name, event, items) => {
    const money = TELLS_MONEY.has(event.name)
    call(
      'rdt',
      'track',
      TYPES.test(name) ? name : 'Custom',
      told({
        conversionId: event.id,
        customEventName: TYPES.test(name) ? undefined : name,
        currency: money ? event.currency : undefined,
        value: money ? event.value : undefined,
        transactionId: event.order,
        itemCount: money ? pieces(event.items) : undefined,
        // As viewed content a list would fill the audiences of products that nobody looked at.
        products:
          items.length > 0 && event.name !== 'collection_viewed' && event.name !== 'searched'
            ? items.map((item) => told({ id: item.id, name: item.title, category: item.category }))
            : undefined,
      }),
    )
  },
  isAlive: () => hasMember('rdt', 'sendEvent'),
}
