import type { Context } from 'hono'
import type { Html } from '../html.ts'
import { DEFAULT_ACCOUNT } from '../pinterest/accounts.ts'
import * as pixel from '../shopify/pixel-events.ts'
import { pieces } from './cart-lines.ts'
import { type PixelPurposes, privacyOf } from './consent.ts'
import type { DemoStoreOptions } from './demo-store.ts'
import { layout, type PageEvent } from './layout.ts'
import type { Session } from './sessions.ts'

/** Every handler finds its visitor in the context. */
export type Visited = { Variables: { session: Session } }

/** Answers with a page: its main part in the store's frame, and the events that the pixel is to publish on it. */
export type Show = (
  c: Context<Visited>,
  title: string,
  main: Html,
  events: readonly PageEvent[],
  status?: 200 | 404,
) => Response | Promise<Response>

export const PAGE_VIEWED: PageEvent = { name: 'page_viewed', data: {}, tag: { name: 'pagevisit' } }

const DEFAULT_PURPOSES: PixelPurposes = { analytics: true, marketing: true, preferences: false, saleOfData: 'ldu' }

type Shown = Pick<DemoStoreOptions, 'shop' | 'sandboxUrl' | 'beaconUrl' | 'pixelSettings' | 'pixelPurposes' | 'links'>

/** `storeUrl` is asked at every page, because the store's port is known only once it listens. */
export const createShow = (options: Shown, storeUrl: () => string): Show => {
  const declared = options.pixelPurposes ?? DEFAULT_PURPOSES
  const settings = options.pixelSettings ?? { beaconUrl: options.beaconUrl }

  return (c, title, main, events, status = 200) => {
    const session = c.get('session')
    const { market, choice, blocker, cart } = session
    const path = new URL(c.req.url)
    c.header('cache-control', 'no-store')
    return c.html(
      layout(
        {
          title,
          path: path.pathname + path.search,
          market,
          choice,
          blocker,
          cartCount: pieces(cart),
          links: [{ label: 'Ads manager of the sandbox', url: options.sandboxUrl }, ...(options.links ?? [])],
          data: {
            events,
            privacy: privacyOf(choice, market),
            declared,
            blocker,
            init: {
              customer: null,
              cart: cart ? pixel.pixelCart(cart, market) : null,
              shop: {
                myshopifyDomain: options.shop,
                countryCode: 'US',
                name: 'North Fern Supply',
                paymentSettings: { currencyCode: 'USD' },
                storefrontUrl: storeUrl(),
              },
              purchasingCompany: null,
            },
            settings,
            tag: {
              src: `${options.sandboxUrl}/s.pinimg.com/ct/core.js`,
              id: DEFAULT_ACCOUNT.tagId,
              ...(session.order ? { em: session.order.checkout.buyer.email } : {}),
            },
          },
        },
        main,
      ),
      status,
    )
  }
}
