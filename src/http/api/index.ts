import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { compact } from '../../lib/json.ts'
import type { OfShop } from '../embedded.ts'
import { knownShop } from './asked.ts'
import { auditRoutes } from './audit.ts'
import { connectionRoutes } from './connections.ts'
import { consentRoutes } from './consent.ts'
import { customPixelRoutes } from './custom-pixel.ts'
import type { ApiDeps } from './deps.ts'
import { eventRoutes } from './events.ts'
import { figureRoutes } from './figures.ts'
import { installationShown } from './installation.ts'
import { keyRoutes } from './keys.ts'
import { liveTicks } from './live.ts'
import { overviewOf } from './overview.ts'
import { requestRoutes } from './requests.ts'
import { taskRoutes } from './tasks.ts'

/** Live views at once; each holds a connection open. */
const MOST_LIVE_VIEWS = 200

/**
 * The dashboard's API, one chained app so that the dashboard's client has its types. Every route that touches a shop's
 * data names the shop. `closing` ends the live views when the listener closes.
 */
export const dashboardApi = (deps: ApiDeps, closing: AbortSignal = new AbortController().signal) => {
  const { runtime } = deps
  const { store } = runtime
  const known = knownShop(store)
  let liveViews = 0
  return new Hono<OfShop>()
    .get('/shops', async (c) => {
      const only = c.get('onlyShop')
      const all = only === undefined ? await store.shops() : [(await store.shop(only)) ?? []].flat()
      // Others only sent a compliance webhook once; there is nothing to see or to set up.
      const installed = all.filter((shop) => shop.installedAt > 0)
      const shops = installed.map((shop) =>
        compact<{ shop: string; events: number; currency?: string; timezone?: string }>({
          shop: shop.shop,
          events: shop.head,
          currency: shop.facts.currency,
          timezone: shop.facts.timezone,
        }),
      )
      const { demo } = deps
      return c.json({ shops, capture: deps.capture, demo: demo ? { store: demo.store, ads: demo.ads } : null })
    })

    .get('/shops/:shop/overview', known, async (c) => c.json(await overviewOf(runtime, c.var.shop)))

    .route('/', eventRoutes(deps))
    .route('/', connectionRoutes(deps))
    .route('/', taskRoutes(deps))
    .route('/', customPixelRoutes(deps))
    .route('/', auditRoutes(deps))
    .route('/', keyRoutes(deps))
    .route('/', consentRoutes(deps))
    .route('/', requestRoutes(deps))
    .route('/', figureRoutes(deps))

    .get('/shops/:shop/installation', known, async (c) => c.json(await installationShown(deps, c.var.shop.shop)))

    .get('/live', known, (c) => {
      if (liveViews >= MOST_LIVE_VIEWS) return c.json({ error: 'Too many open live views; close some tabs.' }, 503)
      const { shop } = c.var.shop
      const answer = streamSSE(c, async (stream) => {
        liveViews++
        const left = new AbortController()
        stream.onAbort(() => left.abort())
        try {
          // Something at once, so that the browser knows it is connected.
          await stream.write(': following\n\n')
          await liveTicks(runtime, shop, AbortSignal.any([closing, left.signal]), {
            tick: () => stream.writeSSE({ event: 'changed', data: '' }),
            beat: () => stream.write(': still here\n\n'),
          })
        } finally {
          liveViews--
        }
      })
      // hono says keep-alive; a connection kept after the stream has ended would hold up a stop for seconds.
      answer.headers.set('connection', 'close')
      return answer
    })
}

/** What the dashboard knows of the server. */
export type Api = ReturnType<typeof dashboardApi>
