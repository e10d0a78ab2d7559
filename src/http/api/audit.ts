import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { z } from 'zod'
import { DAY } from '../../lib/duration.ts'
import { dayEnd, dayStart } from '../../lib/zone.ts'
import { AUDIT_STATES, type AuditedOrder, type AuditPeriod, auditPage, isAuditPlace } from '../../pipeline/audit.ts'
import { AUDIT_HEADER, auditLines } from '../../pipeline/audit-lines.ts'
import { auditSums, eachAudited } from '../../pipeline/audit-sums.ts'
import { type Compared, compareWithShopify } from '../../shopify/compare.ts'
import { sharedComparisons } from '../../shopify/comparisons.ts'
import { askToReconcile } from '../../shopify/reconcile-state.ts'
import type { ShopRecord } from '../../store/store.ts'
import { accountOf } from './account.ts'
import { checked, id, knownShop } from './asked.ts'
import type { ApiDeps } from './deps.ts'

/** Rows of a page, and how many orders are looked through for them where a filter leaves most of them out. */
const ROWS = 50
const LOOKED_THROUGH = 2000
/** A day, a hyphen and the id of an order. */
const LONGEST_PLACE = 120
/** Orders are kept this long at most. */
const LONGEST = 800 * DAY

/** An instant, or a day where the shop is; as an end, a day is included. */
const moment = z.union([z.iso.datetime(), z.iso.date()])
const period = z.object({ from: moment, until: moment })
const wanted = period.extend({
  after: z.string().max(LONGEST_PLACE).refine(isAuditPlace, 'is no place in an audit').optional(),
  connection: id.optional(),
  state: z.enum(AUDIT_STATES).optional(),
})

const NO_PERIOD = 'until: has to be after from, and at most 800 days'
const NO_ACCESS = 'Converlay has no access to this store’s admin: install the app on it to have its own count compared.'

const periodOf = (
  { from, until }: { readonly from: string; readonly until: string },
  { facts: { timezone } }: ShopRecord,
): AuditPeriod | undefined => {
  const begin = isDay(from) ? dayStart(from, timezone) : Date.parse(from)
  const end = isDay(until) ? dayEnd(until, timezone) : Date.parse(until)
  if (begin === undefined || end === undefined || begin >= end || end - begin > LONGEST) return undefined
  return { from: begin, until: end }
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)

/** Every order of a period at every connection: a page of it, its sums, Shopify's own, and all of it as a file. */
export const auditRoutes = ({ runtime, shopify }: ApiDeps) => {
  const { store, destinations, clock, wake } = runtime
  const known = knownShop(store)

  const named = async ({ shop }: ShopRecord) =>
    (await store.connections(shop)).map((connection) => {
      const destination = destinations.get(connection.destination)
      const account = accountOf(destination, connection)
      const platform = destination?.name ?? connection.destination
      return { connection, platform, name: [platform, account].filter(Boolean).join(' ') }
    })

  const { admin } = shopify ?? {}
  const compared =
    admin &&
    sharedComparisons(clock, async (record, within) => {
      const found = await compareWithShopify({ admin, store }, record, within)
      // The job that reconciles fetches what Shopify has and we lack.
      if (found.compared && found.missing.count > 0) {
        await askToReconcile(store, record.shop, within.from, clock.now())
        wake.arrived(record.shop)
      }
      return found
    })

  return (
    new Hono()
      .get('/shops/:shop/audit', known, checked('query', wanted), async (c) => {
        const { connection, state, after, ...asked } = c.req.valid('query')
        const within = periodOf(asked, c.var.shop)
        if (!within) return c.json({ error: NO_PERIOD }, 400)
        const isWanted = ({ cells }: AuditedOrder) =>
          (connection === undefined && state === undefined) ||
          cells.some(
            (cell) => (connection ?? cell.connection) === cell.connection && (state ?? cell.state) === cell.state,
          )
        const orders: AuditedOrder[] = []
        let next = after
        // A page may be short, and even empty, while there is more: what is asked for may be rare.
        for (let looked = 0; looked < LOOKED_THROUGH; looked += ROWS) {
          const found = await auditPage(store, c.var.shop.shop, within, {
            limit: ROWS,
            ...(next === undefined ? {} : { after: next }),
          })
          orders.push(...found.orders.filter(isWanted))
          next = found.next
          if (next === undefined || orders.length >= ROWS) break
        }
        return c.json({ orders, ...(next === undefined ? {} : { next }) }, 200)
      })

      .get('/shops/:shop/audit/sums', known, checked('query', period), async (c) => {
        const within = periodOf(c.req.valid('query'), c.var.shop)
        if (!within) return c.json({ error: NO_PERIOD }, 400)
        const [sums, connections] = await Promise.all([auditSums(store, c.var.shop.shop, within), named(c.var.shop)])
        const names = new Map(connections.map(({ connection, platform, name }) => [connection.id, { platform, name }]))
        return c.json(
          {
            all: sums.all,
            connections: sums.connections.map((one) => ({
              ...one,
              ...(names.get(one.connection) ?? { platform: '', name: '' }),
            })),
          },
          200,
        )
      })

      // Asks Shopify, so it may take a while.
      .get('/shops/:shop/audit/shopify', known, checked('query', period), async (c) => {
        const within = periodOf(c.req.valid('query'), c.var.shop)
        if (!within) return c.json({ error: NO_PERIOD }, 400)
        if (!compared) return c.json<Compared>({ compared: false, why: NO_ACCESS }, 200)
        return c.json<Compared>(await compared(c.var.shop, within), 200)
      })

      .get('/shops/:shop/audit/csv', known, checked('query', period), async (c) => {
        const within = periodOf(c.req.valid('query'), c.var.shop)
        if (!within) return c.json({ error: NO_PERIOD }, 400)
        const { shop } = c.var.shop
        const connections = await named(c.var.shop)
        c.header('content-type', 'text/csv; charset=utf-8')
        c.header('content-disposition', `attachment; filename="orders-${shop.split('.', 1)[0]}.csv"`)
        return stream(c, async (file) => {
          await file.write(AUDIT_HEADER)
          await eachAudited(store, shop, within, async (orders) => {
            for (const order of orders) await file.write(auditLines(order, connections))
          })
        })
      })
  )
}
