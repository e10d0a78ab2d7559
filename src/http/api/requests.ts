import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { exportOf, openRequest, personNamed, requestKey, requestsOf } from '../../pipeline/requests.ts'
import { checked, knownShop } from './asked.ts'
import type { ApiDeps } from './deps.ts'

/** Newest requests of each state that are shown. */
const SHOWN = 200

const name = z.string().trim().min(1).max(320).optional()
const asked = z.object({
  kind: z.enum(['customer_data', 'customer_erasure']),
  customer: name,
  email: name,
  phone: name,
  order: name,
})
const ofRequest = z.object({ key: z.string().regex(/^[0-9TZ:.-]{24} [0-9a-f]{16}$/) })

/** What customers and the store asked for, asking it by hand, and the answers. */
export const requestRoutes = ({ runtime }: ApiDeps) => {
  const { store, clock } = runtime
  const known = knownShop(store)
  return (
    new Hono()
      .get('/shops/:shop/requests', known, async (c) => c.json(await requestsOf(store, c.var.shop.shop, SHOWN), 200))

      .post('/shops/:shop/requests', known, checked('json', asked), async (c) => {
        const { kind, ...named } = c.req.valid('json')
        const person = personNamed(named)
        if ('refused' in person) return c.json({ error: person.refused }, 422)
        const now = clock.now()
        const key = requestKey(now, randomUUID())
        await openRequest(store, c.var.shop.shop, key, { kind, by: 'merchant', askedAt: now, person }, now)
        return c.json({ key }, 201)
      })

      // A document to keep, and not one to look at here: it is all in the clear.
      .get('/shops/:shop/requests/answer', known, checked('query', ofRequest), async (c) => {
        const { key } = c.req.valid('query')
        const { shop } = c.var.shop
        const made = await exportOf(store, shop, key)
        if (!made)
          return c.json(
            { error: 'This answer is no longer there: it is kept for 30 days, and no longer than the person.' },
            404,
          )
        const now = clock.now()
        const line = { at: now, did: 'customer_data_fetched', by: 'merchant', request: key }
        await store.saveEntry(shop, 'audit', `${new Date(now).toISOString()} ${randomUUID()}`, line, { at: now })
        c.header('content-type', 'application/json')
        c.header('content-disposition', `attachment; filename="customer-data-${key.slice(0, 10)}.json"`)
        return c.body(JSON.stringify(made.value, undefined, 2))
      })
  )
}
