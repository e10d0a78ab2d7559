import { call, queued, type Tag, told } from './tag.ts'
import { pieces } from './told.ts'

/** pintrk. The event id stands in the data; its own page call is none of a conversion and has no id. */
export const pinterest: Tag = {
  slug: 'pinterest',
  script: () => 's.pinimg.com/ct/core.js',
  names: {
    page_viewed: 'pagevisit',
    product_viewed: 'pagevisit',
    collection_viewed: 'viewcategory',
    searched: 'search',
    product_added: 'addtocart',
    checkout_started: 'initiatecheckout',
    payment_info_added: 'addpaymentinfo',
    order_placed: 'checkout',
  },
  limits: true,
  start: ({ account, person, limited }) => {
    queued('pintrk', 'queue')
    if (limited) call('pintrk', 'set', { opt_out_type: 'LDP' })
    call('pintrk', 'load', account.id, told({ em: person.email, external_id: person.customer }))
    call('pintrk', 'page')
  },
  track: (name, event, items) =>
    call(
      'pintrk',
      'track',
      name,
      told({
        event_id: event.id,
        currency: event.currency,
        value: event.value,
        order_id: event.order,
        order_quantity: event.items.length > 0 ? pieces(event.items) : undefined,
        search_query: event.query,
        product_category: event.collection,
        line_items:
          items.length > 0
            ? items.map((item) =>
                told({
                  product_id: item.id,
                  product_name: item.title,
                  product_price: item.price,
                  product_quantity: item.quantity,
                  product_category: item.category,
                  product_brand: item.vendor,
                }),
              )
            : undefined,
      }),
    ),
}
