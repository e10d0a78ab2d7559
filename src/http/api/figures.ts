import { Hono } from 'hono'
import { checked, connectionOf, id, inShop, knownShop, NO_CONNECTION } from './asked.ts'
import { courseOf } from './course.ts'
import { daysOf } from './days.ts'
import type { ApiDeps } from './deps.ts'
import { matchQuality } from './match-quality.ts'
import { todayOf } from './today.ts'

/** Days that the dashboard looks back. */
const DAYS_SHOWN = 14

/** Figures over days, out of rollups only: the cost does not grow with the number of events. */
export const figureRoutes = ({ runtime }: ApiDeps) => {
  const { store, clock } = runtime
  const known = knownShop(store)
  const days = daysOf({ store, now: clock.now })
  return new Hono()
    .get('/shops/:shop/today', known, async (c) =>
      c.json(await todayOf(runtime, c.var.shop, await days(c.var.shop, DAYS_SHOWN)), 200),
    )

    .get('/shops/:shop/match-quality', known, async (c) =>
      c.json(
        matchQuality(
          runtime.destinations,
          await store.connections(c.var.shop.shop),
          await days(c.var.shop, DAYS_SHOWN),
        ),
        200,
      ),
    )

    .get('/shops/:shop/connections/:id/course', known, checked('param', inShop.extend({ id })), async (c) => {
      const found = await connectionOf(runtime, c.var.shop, c.req.valid('param').id)
      if (!found) return c.json(NO_CONNECTION, 404)
      return c.json(await courseOf(runtime, c.var.shop, found, await days(c.var.shop, DAYS_SHOWN)), 200)
    })
}
