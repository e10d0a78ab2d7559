import { Hono } from 'hono'
import { z } from 'zod'
import { EVENT_NAMES } from '../../event/names.ts'
import { compact } from '../../lib/json.ts'
import { dayEnd, dayStart } from '../../lib/zone.ts'
import { curlFor } from '../../pipeline/curl.ts'
import { type Search, searchLog } from '../../pipeline/search.ts'
import type { ConnectionId } from '../../store/store.ts'
import { accountOf } from './account.ts'
import { checked, id, inShop, knownShop } from './asked.ts'
import type { ApiDeps } from './deps.ts'
import { type RecentEvent, recentEvents } from './recent.ts'
import { storyToWire } from './story.ts'

/** A piece of the list of events, newest first. */
export interface EventPage {
  readonly events: readonly RecentEvent[]
  /** Where the next piece begins; absent at the end. */
  readonly next?: number
  /** Fewer were found than asked for: back to when was looked so far, ms since 1970. */
  readonly lookedTo?: number
}

const connection = id.transform((one) => one as ConnectionId)

/** In the body, not in the address: a buyer's address does not belong in logs and histories. */
const searched = z.object({
  text: z.string().trim().min(1).max(200).optional(),
  names: z.array(z.enum(EVENT_NAMES)).min(1).max(EVENT_NAMES.length).optional(),
  states: z
    .array(z.enum(['delivered', 'skipped', 'waiting', 'dead']))
    .min(1)
    .max(4)
    .optional(),
  connection: connection.optional(),
  /** Days of the shop, both included. */
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
  below: id.optional(),
  limit: z.number().int().min(1).max(100).default(25),
})

/** The events of a shop, searched, and the story of each. */
export const eventRoutes = (deps: ApiDeps) => {
  const { runtime } = deps
  const { store, destinations } = runtime
  const known = knownShop(store)
  return (
    new Hono()
      .post('/shops/:shop/events/search', known, checked('json', searched), async (c) => {
        const { from, until, ...asked } = c.req.valid('json')
        const { timezone } = c.var.shop.facts
        const search = compact<Search>({
          ...asked,
          from: from === undefined ? undefined : dayStart(from, timezone),
          until: until === undefined ? undefined : dayEnd(until, timezone),
        })
        const { events, next, lookedTo } = await searchLog(store, c.var.shop, search)
        const shown = await recentEvents(runtime, c.var.shop, events)
        return c.json(compact<EventPage>({ events: shown, next, lookedTo }), 200)
      })

      .get('/shops/:shop/events/:seq', known, checked('param', inShop.extend({ seq: id })), async (c) => {
        const story = await deps.inspect(c.var.shop.shop, c.req.valid('param').seq)
        if (!story) return c.json({ error: 'There is no event with this number.' }, 404)
        const connections = await store.connections(c.var.shop.shop)
        const accounts = connections.map(
          (one) => [Number(one.id), accountOf(destinations.get(one.destination), one)] as const,
        )
        return c.json(storyToWire(story, new Map(accounts)), 200)
      })

      // The same request for the sandbox, to be sent from a terminal. There is none where no sandbox runs.
      .get(
        '/shops/:shop/events/:seq/curl/:connection',
        known,
        checked('param', inShop.extend({ seq: id, connection })),
        async (c) => {
          const sandbox = deps.demo && { url: deps.demo.ads, settings: deps.demo.accounts }
          const command = sandbox && (await curlFor(runtime, c.var.shop.shop, c.req.valid('param'), sandbox))
          return command === undefined
            ? c.json({ error: 'There is no request to copy: this event is not sent there.' }, 404)
            : c.json({ command }, 200)
        },
      )
  )
}
