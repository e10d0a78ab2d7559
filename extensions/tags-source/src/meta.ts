import { call, hasMember, queued, type Tag, told } from './tag.ts'
import { pieces } from './told.ts'

/** Names that fbq knows; others are told with trackCustom. */
const STANDARD = /^(?:PageView|ViewContent|Search|AddToCart|InitiateCheckout|AddPaymentInfo|Purchase)$/

/** fbq. The event id is the fourth argument, `eventID`; trackSingle keeps other pixels of the page out of it. */
export const meta: Tag = {
  slug: 'meta',
  script: () => 'connect.facebook.net/en_US/fbevents.js',
  names: {
    page_viewed: 'PageView',
    product_viewed: 'ViewContent',
    collection_viewed: 'ViewCategory',
    searched: 'Search',
    product_added: 'AddToCart',
    checkout_started: 'InitiateCheckout',
    payment_info_added: 'AddPaymentInfo',
    order_placed: 'Purchase',
  },
  limits: true,
  start: ({ account, person, limited }) => {
    const fbq = queued('fbq', 'queue', 'callMethod')
    fbq.push ??= fbq
    fbq.loaded ??= true
    fbq.version ??= '2.0'
    // Zeros leave it to Meta to find the place. It has to be said before the start.
    call('fbq', 'dataProcessingOptions', ...(limited ? [['LDU'], 0, 0] : [[]]))
    call('fbq', 'init', account.id, told({ em: person.email, external_id: person.customer }))
  },
  track: (name, event, items, { account }) =>
    call(
      'fbq',
      STANDARD.test(name) ? 'trackSingle' : 'trackSingleCustom',
      account.id,
      name,
      told({
        currency: event.currency,
        value: event.value,
        order_id: event.order,
        search_string: event.query,
        content_category: event.collection,
        num_items: event.items.length > 0 ? pieces(event.items) : undefined,
        ...(items.length > 0
          ? {
              content_type: 'product',
              content_ids: items.map(({ id }) => id),
              contents: items.map(({ id, quantity, price }) => ({ id, quantity, item_price: price })),
            }
          : {}),
      }),
      { eventID: event.id },
    ),
  isAlive: () => hasMember('fbq', 'callMethod'),
}
