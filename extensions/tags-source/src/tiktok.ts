import { page, type Tag, told } from './tag.ts'

type Ttq = unknown[] & { [member: string]: unknown }

const METHODS = ['page', 'track', 'identify', 'instances', 'enableCookie', 'disableCookie', 'load'] as const

/** The waiting line of TikTok's snippet: an array that the script works off, and options by pixel. */
const ttqOf = (account: string, limited: boolean): Ttq => {
  page.TiktokAnalyticsObject = 'ttq'
  if (!page.ttq) {
    const made = [] as unknown as Ttq
    for (const method of METHODS) made[method] = (...call: unknown[]) => made.push([method, ...call])
    page.ttq = made
  }
  const ttq = page.ttq as Ttq
  const address = 'https://analytics.tiktok.com/i18n/pixel/events.js'
  ttq._i = { ...(ttq._i as object), [account]: Object.assign([], { _u: address }) }
  ttq._t = { ...(ttq._t as object), [account]: Date.now() }
  ttq._o = { ...(ttq._o as object), [account]: { limited_data_use: limited } }
  return ttq
}

const call = (method: string, ...rest: unknown[]): void => {
  const known = (page.ttq as Ttq | undefined)?.[method]
  if (typeof known === 'function') known.apply(page.ttq, rest)
}

/**
 * ttq. The event id stands in the options behind the properties. Page views are left to the server: the pixel tells them
 * without an id, so nothing could merge them.
 */
export const tiktok: Tag = {
  slug: 'tiktok',
  script: (account) => `analytics.tiktok.com/i18n/pixel/events.js?sdkid=${account}&lib=ttq`,
  names: {
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
    ttqOf(account.id, limited)
    const known = told({ email: person.email, external_id: person.customer })
    if (Object.keys(known).length > 0) call('identify', known)
  },
  track: (name, event, items) =>
    call(
      'track',
      name,
      told({
        currency: event.currency,
        value: event.value,
        order_id: event.order,
        query: event.query,
        description: event.collection,
        ...(items.length > 0
          ? {
              content_type: 'product',
              contents: items.map((item) =>
                told({
                  content_id: item.id,
                  content_name: item.title,
                  content_category: item.category,
                  brand: item.vendor,
                  price: item.price,
                  quantity: item.quantity,
                }),
              ),
            }
          : {}),
      }),
      { event_id: event.id },
    ),
}
