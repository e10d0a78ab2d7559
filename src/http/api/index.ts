import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import type { Destination } from '../../destinations/destination.ts'
import { shopFrom } from '../../event/event.ts'
import { compact } from '../../lib/json.ts'
import { accountTaken, takenMessage, withSuggested } from '../../pipeline/connecting.ts'
import type { Connection, ConnectionId, ShopRecord, Store } from '../../store/store.ts'
import { accountOf } from './account.ts'
import type { ApiDeps } from './deps.ts'
import { inTurn } from './in-turn.ts'
import { liveTicks } from './live.ts'
import { overviewOf } from './overview.ts'
import { recentEvents } from './recent.ts'
import { sampleProduct } from './sample-product.ts'
import { chosenOf, fieldsOf, readSettings, shownSettings } from './settings.ts'
import { storyToWire } from './story.ts'

/** More connections than any shop has platforms; keeps a runaway script from filling the store. */
const MOST_CONNECTIONS = 50
/** Live views at once; each holds a connection open. */
const MOST_LIVE_VIEWS = 200

const id = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
const slug = z.string().min(1).max(50)
/** What a settings form sends: short values, lists of them, and values by name. */
const typed = z.record(
  z.string().max(100),
  z.union([
    z.string().max(8000),
    z.number(),
    z.boolean(),
    z.array(z.string().max(200)).max(100),
    z.record(z.string().max(100), z.string().max(200)),
  ]),
)

/** A refused input as one plain sentence; which field and why, never the value. */
const checked = <Target extends 'json' | 'query' | 'param', Schema extends z.ZodType>(target: Target, schema: Schema) =>
  zValidator(target, schema, (result, c) => {
    if (result.success) return
    const issue = result.error.issues[0]
    const where = issue?.path.join('.') || target
    return c.json({ error: `${where}: ${issue?.message ?? 'cannot be read'}` }, 400)
  })

const knownShop = (store: Store) =>
  createMiddleware<{ Variables: { shop: ShopRecord } }>(async (c, next) => {
    const name = shopFrom(c.req.param('shop') ?? c.req.query('shop'))
    const shop = name && (await store.shop(name))
    if (!shop) return c.json({ error: 'No such shop is connected to this Converlay.' }, 404)
    c.set('shop', shop)
    return next()
  })

/**
 * The dashboard's API, one chained app so that the dashboard's client has its types. Every route that touches a shop's
 * data names the shop. `closing` ends the live views when the listener closes.
 */
export const dashboardApi = (deps: ApiDeps, closing: AbortSignal = new AbortController().signal) => {
  const { runtime } = deps
  const { store, destinations, log, wake } = runtime
  let liveViews = 0

  const connectionOf = async (shop: ShopRecord, wanted: number): Promise<[Connection, Destination] | undefined> => {
    const connection = (await store.connections(shop.shop)).find((one) => one.id === wanted)
    const destination = connection && destinations.get(connection.destination)
    return connection && destination && [connection, destination]
  }
  const noConnection = { error: 'This connection is no longer there. Reload the page.' }
  const noDestination = { error: 'This version of Converlay knows no such platform.' }

  return (
    new Hono()
      .get('/shops', async (c) => {
        // Others only sent a compliance webhook once; there is nothing to see or to set up.
        const installed = (await store.shops()).filter((shop) => shop.installedAt > 0)
        const shops = installed.map((shop) =>
          compact<{ shop: string; events: number; currency?: string }>({
            shop: shop.shop,
            events: shop.head,
            currency: shop.facts.currency,
          }),
        )
        return c.json({ shops, capture: deps.capture, demo: deps.demo ?? null })
      })

      .get('/destinations', (c) =>
        c.json(
          [...destinations.values()].map((destination) => ({
            slug: destination.slug,
            name: destination.name,
            docs: destination.docs.url,
            fields: fieldsOf(destination),
          })),
        ),
      )

      .get('/shops/:shop/overview', knownShop(store), async (c) => c.json(await overviewOf(runtime, c.var.shop)))

      .get(
        '/shops/:shop/events',
        knownShop(store),
        checked(
          'query',
          z.object({ limit: z.coerce.number().int().min(1).max(100).default(25), below: id.optional() }),
        ),
        async (c) => {
          const { limit, below } = c.req.valid('query')
          return c.json(
            await recentEvents(runtime, c.var.shop, compact<{ limit: number; below?: number }>({ limit, below })),
          )
        },
      )

      .get(
        '/shops/:shop/events/:seq',
        knownShop(store),
        checked('param', z.object({ shop: z.string(), seq: id })),
        async (c) => {
          const story = await deps.inspect(c.var.shop.shop, c.req.valid('param').seq)
          if (!story) return c.json({ error: 'There is no event with this number.' }, 404)
          const connections = await store.connections(c.var.shop.shop)
          const accounts = connections.map(
            (one) => [Number(one.id), accountOf(destinations.get(one.destination), one)] as const,
          )
          return c.json(storyToWire(story, new Map(accounts)))
        },
      )

      .get(
        '/shops/:shop/connections/:id',
        knownShop(store),
        checked('param', z.object({ shop: z.string(), id })),
        async (c) => {
          const found = await connectionOf(c.var.shop, c.req.valid('param').id)
          if (!found) return c.json(noConnection, 404)
          const [connection, destination] = found
          return c.json({
            id: Number(connection.id),
            destination: { slug: destination.slug, name: destination.name },
            state: connection.state,
            account: accountOf(destination, connection) ?? null,
            ...shownSettings(destination, connection.settings),
          })
        },
      )

      .get('/shops/:shop/sample-product', knownShop(store), async (c) => c.json(await sampleProduct(store, c.var.shop)))

      .post(
        '/shops/:shop/connections',
        knownShop(store),
        checked('json', z.object({ destination: slug, settings: typed, anyway: z.boolean().default(false) })),
        async (c) => {
          const { shop } = c.var.shop
          const body = c.req.valid('json')
          const destination = destinations.get(body.destination)
          if (!destination) return c.json(noDestination, 404)
          const read = readSettings(destination, body.settings)
          if (!read.ok) return c.json({ error: 'Some fields need a look.', problems: read.problems }, 422)
          if ((await store.connections(shop)).length >= MOST_CONNECTIONS)
            return c.json({ error: `A shop can have ${MOST_CONNECTIONS} connections; remove one first.` }, 409)
          const parsed = destination.settings.parse(read.settings)
          // Credentials that the platform refuses are not saved without a word; one that does not answer holds nobody up.
          const { counts } = destination.verify(parsed, new Date(runtime.clock.now()))
          const verified = counts || body.anyway ? undefined : await deps.verify(destination.slug, parsed)
          if (verified?.outcome === 'failed') return c.json({ error: verified.message, refused: true }, 422)
          const settings = verified
            ? withSuggested(destination, parsed, chosenOf(destination, body.settings), verified)
            : parsed
          const connection = await inTurn(`connect ${shop}`, async () => {
            const taken = accountTaken(destination, settings, await store.connections(shop))
            if (taken !== undefined) return { error: takenMessage(destination, taken) }
            return store.addConnection({
              shop,
              destination: destination.slug,
              settings,
              createdAt: runtime.clock.now(),
            })
          })
          if ('error' in connection) return c.json(connection, 409)
          log.info('connected', { shop, destination: destination.slug, connection: connection.id })
          wake.arrived(shop)
          return c.json({ id: Number(connection.id) }, 201)
        },
      )

      .put(
        '/shops/:shop/connections/:id',
        knownShop(store),
        checked('param', z.object({ shop: z.string(), id })),
        checked('json', z.object({ settings: typed })),
        async (c) => {
          const { shop } = c.var.shop
          const found = await connectionOf(c.var.shop, c.req.valid('param').id)
          if (!found) return c.json(noConnection, 404)
          const [connection, destination] = found
          const read = readSettings(destination, c.req.valid('json').settings, connection.settings)
          if (!read.ok) return c.json({ error: 'Some fields need a look.', problems: read.problems }, 422)
          const parsed = destination.settings.parse(read.settings)
          const taken = accountTaken(destination, parsed, await store.connections(shop), connection)
          if (taken !== undefined) return c.json({ error: takenMessage(destination, taken) }, 409)
          // New credentials are the answer to a connection that waits for them.
          const cured = connection.state === 'needs_auth' ? { state: 'active' as const, trouble: null } : {}
          await store.updateConnection(shop, connection.id, { settings: read.settings, ...cured })
          log.info('settings changed', { shop, connection: connection.id })
          wake.arrived(shop)
          return c.json({ id: Number(connection.id) }, 200)
        },
      )

      .put(
        '/shops/:shop/connections/:id/state',
        knownShop(store),
        checked('param', z.object({ shop: z.string(), id })),
        checked('json', z.object({ state: z.enum(['active', 'paused']) })),
        async (c) => {
          const { shop } = c.var.shop
          const { state } = c.req.valid('json')
          const changed = await store.updateConnection(shop, c.req.valid('param').id as ConnectionId, {
            state,
            ...(state === 'active' ? { trouble: null } : {}),
          })
          if (!changed) return c.json(noConnection, 404)
          log.info(state === 'active' ? 'resumed' : 'paused', { shop, connection: changed.id })
          wake.arrived(shop)
          return c.json({ state: changed.state }, 200)
        },
      )

      .delete(
        '/shops/:shop/connections/:id',
        knownShop(store),
        checked('param', z.object({ shop: z.string(), id })),
        async (c) => {
          const { shop } = c.var.shop
          const connection = c.req.valid('param').id as ConnectionId
          if (!(await store.removeConnection(shop, connection))) return c.json(noConnection, 404)
          log.info('disconnected', { shop, connection })
          wake.settled(shop)
          return c.json({ removed: true }, 200)
        },
      )

      // Settings that are not saved yet; `connection` lends its secrets where they were left empty.
      .post(
        '/shops/:shop/test',
        knownShop(store),
        checked('json', z.object({ destination: slug, settings: typed, connection: id.optional() })),
        async (c) => {
          const body = c.req.valid('json')
          const destination = destinations.get(body.destination)
          if (!destination) return c.json(noDestination, 404)
          const lender = body.connection === undefined ? undefined : await connectionOf(c.var.shop, body.connection)
          const old = lender?.[1].slug === destination.slug ? lender[0].settings : undefined
          const read = readSettings(destination, body.settings, old)
          if (!read.ok) return c.json({ error: 'Some fields need a look.', problems: read.problems }, 422)
          return c.json(await deps.verify(destination.slug, read.settings), 200)
        },
      )

      .post(
        '/shops/:shop/connections/:id/test',
        knownShop(store),
        checked('param', z.object({ shop: z.string(), id })),
        async (c) => {
          const found = await connectionOf(c.var.shop, c.req.valid('param').id)
          if (!found) return c.json(noConnection, 404)
          return c.json(await deps.verify(found[1].slug, found[0].settings), 200)
        },
      )

      .get('/live', knownShop(store), (c) => {
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
  )
}

/** What the dashboard knows of the server. */
export type Api = ReturnType<typeof dashboardApi>
