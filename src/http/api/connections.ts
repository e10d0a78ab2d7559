import { Hono } from 'hono'
import { z } from 'zod'
import { accountTaken, takenMessage, withSuggested } from '../../pipeline/connecting.ts'
import { installationOf } from '../../pipeline/installation.ts'
import { testModeOf, withTestMode } from '../../pipeline/test-mode.ts'
import { UNINSTALLED } from '../../shopify/app-life.ts'
import type { ConnectionId } from '../../store/store.ts'
import { hasTag } from '../tag-accounts.ts'
import { accountOf } from './account.ts'
import { checked, connectionOf, id, inShop, knownShop, NO_CONNECTION } from './asked.ts'
import type { ApiDeps } from './deps.ts'
import { inTurn } from './in-turn.ts'
import { sampleProduct } from './sample-product.ts'
import { chosenOf, fieldsOf, readSettings, shownSettings } from './settings.ts'
import { testedBy } from './tested.ts'
import { waitsOf } from './waits.ts'

/** More connections than any shop has platforms; keeps a runaway script from filling the store. */
const MOST_CONNECTIONS = 50

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

const NO_DESTINATION = { error: 'This version of Converlay knows no such platform.' }

/** Platforms that can be connected, and a shop's connections: their settings, their state, whether they work. */
export const connectionRoutes = (deps: ApiDeps) => {
  const { runtime } = deps
  const { store, destinations, log, wake } = runtime
  const known = knownShop(store)
  return (
    new Hono()
      .get('/destinations', (c) =>
        c.json(
          [...destinations.values()].map((destination) => ({
            slug: destination.slug,
            name: destination.name,
            docs: destination.docs.url,
            fields: fieldsOf(destination),
            testing: testModeOf(destination) ?? null,
            hasTag: hasTag(destination.slug),
          })),
        ),
      )

      .get('/shops/:shop/connections/:id', known, checked('param', inShop.extend({ id })), async (c) => {
        const found = await connectionOf(runtime, c.var.shop, c.req.valid('param').id)
        if (!found) return c.json(NO_CONNECTION, 404)
        const [connection, destination] = found
        return c.json({
          id: Number(connection.id),
          destination: { slug: destination.slug, name: destination.name },
          state: connection.state,
          account: accountOf(destination, connection) ?? null,
          tested: testedBy(destination, connection) ?? null,
          waits: await waitsOf(store, c.var.shop, connection),
          ...shownSettings(destination, connection.settings),
        })
      })

      .get('/shops/:shop/sample-product', known, async (c) => c.json(await sampleProduct(store, c.var.shop)))

      .post(
        '/shops/:shop/connections',
        known,
        checked('json', z.object({ destination: slug, settings: typed, anyway: z.boolean().default(false) })),
        async (c) => {
          const { shop } = c.var.shop
          const body = c.req.valid('json')
          const destination = destinations.get(body.destination)
          if (!destination) return c.json(NO_DESTINATION, 404)
          if ((await installationOf(store, shop))?.state === 'uninstalled') return c.json({ error: UNINSTALLED }, 409)
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
        known,
        checked('param', inShop.extend({ id })),
        checked('json', z.object({ settings: typed })),
        async (c) => {
          const { shop } = c.var.shop
          const found = await connectionOf(runtime, c.var.shop, c.req.valid('param').id)
          if (!found) return c.json(NO_CONNECTION, 404)
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
        known,
        checked('param', inShop.extend({ id })),
        checked('json', z.object({ state: z.enum(['active', 'paused']) })),
        async (c) => {
          const { shop } = c.var.shop
          const { state } = c.req.valid('json')
          if (state === 'active' && (await installationOf(store, shop))?.state === 'uninstalled')
            return c.json({ error: UNINSTALLED }, 409)
          const changed = await store.updateConnection(shop, c.req.valid('param').id as ConnectionId, {
            state,
            ...(state === 'active' ? { trouble: null } : {}),
          })
          if (!changed) return c.json(NO_CONNECTION, 404)
          log.info(state === 'active' ? 'resumed' : 'paused', { shop, connection: changed.id })
          wake.arrived(shop)
          return c.json({ state: changed.state }, 200)
        },
      )

      .put(
        '/shops/:shop/connections/:id/test-mode',
        known,
        checked('param', inShop.extend({ id })),
        checked('json', z.object({ on: z.boolean(), code: z.string().max(200).optional() })),
        async (c) => {
          const { shop } = c.var.shop
          const found = await connectionOf(runtime, c.var.shop, c.req.valid('param').id)
          if (!found) return c.json(NO_CONNECTION, 404)
          const [connection, destination] = found
          const { on, code } = c.req.valid('json')
          const changed = withTestMode(destination, connection.settings, {
            on,
            ...(code === undefined ? {} : { code }),
          })
          if ('refused' in changed) return c.json({ error: changed.refused }, 422)
          await store.updateConnection(shop, connection.id, { settings: changed.settings })
          log.info(on ? 'test mode on' : 'test mode off', { shop, connection: connection.id })
          wake.arrived(shop)
          return c.json({ on }, 200)
        },
      )

      .delete('/shops/:shop/connections/:id', known, checked('param', inShop.extend({ id })), async (c) => {
        const { shop } = c.var.shop
        const connection = c.req.valid('param').id as ConnectionId
        if (!(await store.removeConnection(shop, connection))) return c.json(NO_CONNECTION, 404)
        log.info('disconnected', { shop, connection })
        wake.settled(shop)
        return c.json({ removed: true }, 200)
      })

      // Settings that are not saved yet; `connection` lends its secrets where they were left empty.
      .post(
        '/shops/:shop/test',
        known,
        checked('json', z.object({ destination: slug, settings: typed, connection: id.optional() })),
        async (c) => {
          const body = c.req.valid('json')
          const destination = destinations.get(body.destination)
          if (!destination) return c.json(NO_DESTINATION, 404)
          const lender =
            body.connection === undefined ? undefined : await connectionOf(runtime, c.var.shop, body.connection)
          const old = lender?.[1].slug === destination.slug ? lender[0].settings : undefined
          const read = readSettings(destination, body.settings, old)
          if (!read.ok) return c.json({ error: 'Some fields need a look.', problems: read.problems }, 422)
          return c.json(await deps.verify(destination.slug, read.settings), 200)
        },
      )

      .post('/shops/:shop/connections/:id/test', known, checked('param', inShop.extend({ id })), async (c) => {
        const found = await connectionOf(runtime, c.var.shop, c.req.valid('param').id)
        if (!found) return c.json(NO_CONNECTION, 404)
        return c.json(await deps.verify(found[1].slug, found[0].settings), 200)
      })
  )
}
