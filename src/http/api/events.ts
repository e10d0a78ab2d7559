import { Hono } from 'hono'
import { z } from 'zod'
import { compact } from '../../lib/json.ts'
import { accountOf } from './account.ts'
import { checked, id, inShop, knownShop } from './asked.ts'
import type { ApiDeps } from './deps.ts'
import { recentEvents } from './recent.ts'
import { storyToWire } from './story.ts'

/** The newest events of a shop, and the story of each. */
export const eventRoutes = (deps: ApiDeps) => {
  const { runtime } = deps
  const { store, destinations } = runtime
  const known = knownShop(store)
  return new Hono()
    .get(
      '/shops/:shop/events',
      known,
      checked('query', z.object({ limit: z.coerce.number().int().min(1).max(100).default(25), below: id.optional() })),
      async (c) => {
        const { limit, below } = c.req.valid('query')
        return c.json(
          await recentEvents(runtime, c.var.shop, compact<{ limit: number; below?: number }>({ limit, below })),
        )
      },
    )

    .get('/shops/:shop/events/:seq', known, checked('param', inShop.extend({ seq: id })), async (c) => {
      const story = await deps.inspect(c.var.shop.shop, c.req.valid('param').seq)
      if (!story) return c.json({ error: 'There is no event with this number.' }, 404)
      const connections = await store.connections(c.var.shop.shop)
      const accounts = connections.map(
        (one) => [Number(one.id), accountOf(destinations.get(one.destination), one)] as const,
      )
      return c.json(storyToWire(story, new Map(accounts)))
    })
}
