import { zValidator } from '@hono/zod-validator'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import type { Destination } from '../../destinations/destination.ts'
import { shopFrom } from '../../event/event.ts'
import type { Runtime } from '../../pipeline/runtime.ts'
import type { Connection, ShopRecord, Store } from '../../store/store.ts'

/** What the dashboard asks for, checked before a route sees it. */

export const id = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
export const inShop = z.object({ shop: z.string() })

/** A refused input as one plain sentence; which field and why, never the value. */
export const checked = <Target extends 'json' | 'query' | 'param', Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) =>
  zValidator(target, schema, (result, c) => {
    if (result.success) return
    const issue = result.error.issues[0]
    const where = issue?.path.join('.') || target
    return c.json({ error: `${where}: ${issue?.message ?? 'cannot be read'}` }, 400)
  })

export const knownShop = (store: Store) =>
  createMiddleware<{ Variables: { shop: ShopRecord } }>(async (c, next) => {
    const name = shopFrom(c.req.param('shop') ?? c.req.query('shop'))
    const shop = name && (await store.shop(name))
    if (!shop) return c.json({ error: 'No such shop is connected to this Converlay.' }, 404)
    c.set('shop', shop)
    return next()
  })

export const NO_CONNECTION = { error: 'This connection is no longer there. Reload the page.' }

/** A connection of the shop with its platform's definition. */
export const connectionOf = async (
  { store, destinations }: Runtime,
  { shop }: ShopRecord,
  wanted: number,
): Promise<readonly [Connection, Destination] | undefined> => {
  const connection = (await store.connections(shop)).find((one) => one.id === wanted)
  const destination = connection && destinations.get(connection.destination)
  return connection && destination && [connection, destination]
}
