import { call, hasMember, queued, type Tag, told } from './tag.ts'
import { pieces } from './told.ts'

/**
 * snaptr. Its names of fields are older than the server's; the id is `client_dedup_id`. No page of Snap's tells how its
 * tag is told of an opt-out of sale, so after one only the server speaks, which can.
 */
export const snapchat: Tag = {
  slug: 'snapchat',
  script: () => 'sc-static.net/scevent.min.js',
  names: {
    page_viewed: 'PAGE_VIEW',
    product_viewed: 'VIEW_CONTENT',
    collection_viewed: 'LIST_VIEW',
    searched: 'SEARCH',
    product_added: 'ADD_CART',
    checkout_started: 'START_CHECKOUT',
    payment_info_added: 'ADD_BILLING',
    order_placed: 'PURCHASE',
  },
  limits: false,
  start: ({ account, person }) => {
    queued('snaptr', 'queue', 'handleRequest')
    call('snaptr', 'init', account.id, told({ user_hashed_email: person.email }))
  },
  track: (name, event, items) =>
    call(
      'snaptr',
      'track',
      name,
      told({
        client_dedup_id: event.id,
        currency: event.currency,
        price: event.value,
        transaction_id: event.order,
        search_string: event.query,
        item_category: event.collection,
        number_items: event.items.length > 0 ? pieces(event.items) : undefined,
        item_ids: items.length > 0 ? items.map(({ id }) => id) : undefined,
      }),
    ),
  isAlive: () => hasMember('snaptr', 'handleRequest'),
}
