import { Hono } from 'hono'
import { z } from 'zod'
import { createKey, keysOf, MOST_KEYS, revokeKey } from '../../pipeline/api-keys.ts'
import { checked, inShop, knownShop } from './asked.ts'
import type { ApiDeps } from './deps.ts'

/** The keys with which a shop's own servers and pages send events. A key's text is told once, to whoever made it. */
export const keyRoutes = ({ runtime: { store, clock, log } }: ApiDeps) => {
  const known = knownShop(store)
  return new Hono()
    .get('/shops/:shop/keys', known, async (c) => c.json(await keysOf(store, c.var.shop.shop)))

    .post('/shops/:shop/keys', known, checked('json', z.object({ kind: z.enum(['secret', 'public']) })), async (c) => {
      const { shop } = c.var.shop
      const made = await createKey(store, shop, c.req.valid('json').kind, clock.now())
      if (!made)
        return c.json({ error: `A store can have ${MOST_KEYS} keys. Revoke one that is not used any more.` }, 409)
      log.info('api key made', { shop, kind: made.key.kind })
      return c.json(made, 201)
    })

    .delete('/shops/:shop/keys/:key', known, checked('param', inShop.extend({ key: z.string() })), async (c) => {
      const { shop } = c.var.shop
      const { key } = c.req.valid('param')
      if (!(await revokeKey(store, shop, key, clock.now())))
        return c.json({ error: 'This key is no longer there. Reload the page.' }, 404)
      log.info('api key revoked', { shop })
      return c.json({ revoked: true }, 200)
    })
}
