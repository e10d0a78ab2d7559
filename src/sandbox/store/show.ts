import type { Context } from 'hono'
import type { Html } from '../html.ts'
import * as pixel from '../shopify/pixel-events.ts'
import { pieces } from './cart-lines.ts'
import { type PixelPurposes, privacyOf } from './consent.ts'
import type { DemoStoreOptions } from './demo-store.ts'
import { layout, type PageEvent } from './layout.ts'
import type { Session } from './sessions.ts'
import { type EmbedPage, embedBlock, scriptsOf } from './tags-embed.ts'

/** Every handler finds its visitor in the context. */
export type Visited = { Variables: { session: Session } }

/**
 * Answers with a page: its main part in the store's frame, and the events that the pixel is to publish on it. Embeds are
 * on the storefront only, never in the checkout.
 */
export type Show = (
  c: Context<Visited>,
  title: string,
  main: Html,
  events: readonly PageEvent[],
  page: EmbedPage | 'checkout',
  status?: 200 | 404,
) => Response | Promise<Response>

export const PAGE_VIEWED: PageEvent = { name: 'page_viewed', data: {} }

const DEFAULT_PURPOSES: PixelPurposes = { analytics: true, marketing: true, preferences: false, saleOfData: 'ldu' }

type Shown = Pick<
  DemoStoreOptions,
  'shop' | 'sandboxUrl' | 'beaconUrl' | 'pixelSettings' | 'pixelPurposes' | 'links' | 'tags'
>

/** `storeUrl` is asked at every page, because the store's port is known only once it listens. */
export const createShow = (options: Shown, storeUrl: () => string): Show => {
  const declared = options.pixelPurposes ?? DEFAULT_PURPOSES
  const settings = options.pixelSettings ?? { beaconUrl: options.beaconUrl }

  return (c, title, main, events, page, status = 200) => {
    const session = c.get('session')
    const { market, choice, blocker, cart } = session
    const path = new URL(c.req.url)
    c.header('cache-control', 'no-store')
    const via = scriptsOf(blocker, options.sandboxUrl, storeUrl())
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
            ...(options.tags && page === 'checkout'
              ? { customPixel: `/assets/custom-pixel.js?blocker=${blocker}` }
              : {}),
          },
          embeds:
            options.tags && page !== 'checkout'
              ? embedBlock(options.tags, page, { market, cartCount: pieces(cart), via })
              : undefined,
        },
        main,
      ),
      status,
    )
  }
}
