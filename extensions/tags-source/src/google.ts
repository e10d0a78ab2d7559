import { page, type Tag, told } from './tag.ts'
import type { TagStart } from './told.ts'

/** gtag's calls are the `arguments` of a function, not arrays: its script tells the two apart. */
const gtag = (...call: unknown[]): void => {
  const known = page.gtag
  if (typeof known === 'function') known(...call)
}

/** Both tags may load: what is allowed is said once and before anything else. */
const begin = ({ limited }: TagStart): void => {
  if (typeof page.gtag === 'function') return
  page.dataLayer ??= []
  const layer = page.dataLayer as unknown[]
  page.gtag = function push() {
    // biome-ignore lint/complexity/noArguments: Google's script takes nothing else
    layer.push(arguments)
  }
  gtag('consent', 'default', {
    ad_storage: 'granted',
    analytics_storage: 'granted',
    ad_user_data: 'granted',
    ad_personalization: limited ? 'denied' : 'granted',
  })
  if (limited) gtag('set', 'restricted_data_processing', true)
  gtag('js', new Date())
}

const script = (account: string): string => `www.googletagmanager.com/gtag/js?id=${account}`

/**
 * Google Analytics by gtag. Google merges purchases only, by transaction_id: of a connection whose setting says that a
 * Google tag is on the store, the server tells orders and nothing else.
 */
export const ga4: Tag = {
  slug: 'ga4',
  script,
  names: {
    page_viewed: 'page_view',
    product_viewed: 'view_item',
    collection_viewed: 'view_item_list',
    searched: 'search',
    product_added: 'add_to_cart',
    checkout_started: 'begin_checkout',
    payment_info_added: 'add_payment_info',
    order_placed: 'purchase',
  },
  limits: true,
  start: (start) => {
    begin(start)
    gtag('config', start.account.id, { send_page_view: false })
  },
  track: (name, event, items, { account }) =>
    gtag(
      'event',
      name,
      told({
        send_to: account.id,
        currency: event.currency,
        value: event.value,
        transaction_id: event.order,
        search_term: event.query,
        item_list_name: event.collection,
        items:
          items.length > 0
            ? items.map((item) =>
                told({
                  item_id: item.id,
                  item_name: item.title,
                  item_brand: item.vendor,
                  item_category: item.category,
                  price: item.price,
                  quantity: item.quantity,
                }),
              )
            : undefined,
      }),
    ),
}

/** Google Ads by gtag: conversions of the actions whose labels were entered, merged by transaction_id. */
export const googleAds: Tag = {
  slug: 'google-ads',
  script,
  names: {
    product_added: 'conversion',
    checkout_started: 'conversion',
    order_placed: 'conversion',
  },
  limits: true,
  start: (start) => {
    begin(start)
    gtag('config', start.account.id)
  },
  track: (name, event, _items, { account }) =>
    gtag(
      'event',
      name,
      told({
        send_to: `${account.id}/${account.labels?.[event.name]}`,
        currency: event.currency,
        value: event.value,
        transaction_id: event.order ?? event.id,
      }),
    ),
}
