import { Hono } from 'hono'
import { z } from 'zod'
import { OUTCOMES, type Outcome } from '../../destinations/outcomes.ts'
import { EVENT_NAMES } from '../../event/names.ts'
import { DAY } from '../../lib/duration.ts'
import { compact } from '../../lib/json.ts'
import { deadGroups } from '../../pipeline/dead.ts'
import { progressOf, type Sightings, sighted } from '../../pipeline/progress.ts'
import {
  begin,
  isRefused,
  MOST_SEQS,
  mayRepeat,
  type Plan,
  planBackfill,
  planReplay,
  type Refused,
  type Replay,
} from '../../pipeline/replay.ts'
import type { ConnectionId, ShopRecord } from '../../store/store.ts'
import type { Task } from '../../store/task.ts'
import { checked, connectionOf, id, inShop, knownShop, NO_CONNECTION } from './asked.ts'
import { deadCausesOf } from './dead-causes.ts'
import type { ApiDeps } from './deps.ts'
import { type PlanShown, planShown, type TaskShown, taskShown } from './task-shown.ts'

const OUTCOME_NAMES = Object.keys(OUTCOMES) as [Outcome, ...Outcome[]]

/** What is to be sent again: times in ms since 1970, the end excluded. */
const replayed = z.object({
  from: z.number().int().min(0).optional(),
  until: z.number().int().min(0).optional(),
  names: z.array(z.enum(EVENT_NAMES)).min(1).max(EVENT_NAMES.length).optional(),
  outcomes: z.array(z.enum(OUTCOME_NAMES)).min(1).max(OUTCOME_NAMES.length).optional(),
  seqs: z.array(id).min(1).max(MOST_SEQS).optional(),
  code: z.string().max(500).optional(),
  message: z.string().max(500).optional(),
})
const days = z.number().int().min(1).max(365)
const ofConnection = inShop.extend({ id })

/** Newest tasks that are shown. */
const SHOWN = 30
/** What is offered to be filled in on connecting. */
const OFFERED_DAYS = 7

const sure = 'The platform may have some of these events already. Say that you are sure.'

/** Sending again and filling in: what it would do, beginning it, how far it is, ending it; and what there is to be cured. */
export const taskRoutes = ({ runtime }: ApiDeps) => {
  const { store, clock, log, wake } = runtime
  const known = knownShop(store)
  const sightings: Sightings = new Map()

  const shown = (task: Task): TaskShown => {
    const now = clock.now()
    return taskShown(task, progressOf(task, now, sighted(sightings, task, now)))
  }
  const at = async (shop: ShopRecord, wanted: number) => {
    const found = await connectionOf(runtime, shop, wanted)
    return found && { store, now: clock.now(), connection: found[0], destination: found[1] }
  }
  const started = async (plan: Plan): Promise<TaskShown | Refused> => {
    const task = await begin(store, plan)
    if (isRefused(task)) return task
    log.info('task begun', { shop: task.shop, connection: task.connection, task: task.id, kind: task.kind })
    wake.arrived(task.shop)
    return shown(task)
  }

  return (
    new Hono()
      .get('/shops/:shop/tasks', known, checked('query', z.object({ connection: id.optional() })), async (c) => {
        const { connection } = c.req.valid('query')
        const only = connection === undefined ? {} : { connection: connection as ConnectionId }
        const tasks = await store.tasks(c.var.shop.shop, { ...only, limit: SHOWN })
        return c.json(tasks.map(shown))
      })

      .delete('/shops/:shop/tasks/:task', known, checked('param', inShop.extend({ task: id })), async (c) => {
        const { shop } = c.var.shop
        const { task } = c.req.valid('param')
        if (!(await store.cancelTask(shop, task, clock.now())))
          return c.json({ error: 'This is over already, or its connection is gone.' }, 404)
        log.info('task cancelled', { shop, task })
        wake.settled(shop)
        return c.json({ cancelled: true }, 200)
      })

      .post(
        '/shops/:shop/connections/:id/replay/preview',
        known,
        checked('param', ofConnection),
        checked('json', replayed),
        async (c) => {
          const here = await at(c.var.shop, c.req.valid('param').id)
          if (!here) return c.json(NO_CONNECTION, 404)
          const plan = await planReplay(here, compact<Replay>(c.req.valid('json')))
          return isRefused(plan) ? c.json({ error: plan.refused }, 422) : c.json<PlanShown>(planShown(plan), 200)
        },
      )

      .post(
        '/shops/:shop/connections/:id/replay',
        known,
        checked('param', ofConnection),
        checked('json', replayed.extend({ sure: z.boolean().default(false) })),
        async (c) => {
          const here = await at(c.var.shop, c.req.valid('param').id)
          if (!here) return c.json(NO_CONNECTION, 404)
          const { sure: isSure, ...asked } = c.req.valid('json')
          const plan = await planReplay(here, compact<Replay>(asked))
          if (isRefused(plan)) return c.json({ error: plan.refused }, 422)
          if (mayRepeat(plan.counts) && !isSure) return c.json({ error: sure }, 422)
          const task = await started(plan)
          return isRefused(task) ? c.json({ error: task.refused }, 409) : c.json(task, 201)
        },
      )

      .post(
        '/shops/:shop/connections/:id/backfill/preview',
        known,
        checked('param', ofConnection),
        checked('json', z.object({ days })),
        async (c) => {
          const here = await at(c.var.shop, c.req.valid('param').id)
          if (!here) return c.json(NO_CONNECTION, 404)
          const plan = await planBackfill(here, c.req.valid('json').days)
          return isRefused(plan) ? c.json({ error: plan.refused }, 422) : c.json<PlanShown>(planShown(plan), 200)
        },
      )

      .post(
        '/shops/:shop/connections/:id/backfill',
        known,
        checked('param', ofConnection),
        checked('json', z.object({ days })),
        async (c) => {
          const here = await at(c.var.shop, c.req.valid('param').id)
          if (!here) return c.json(NO_CONNECTION, 404)
          const plan = await planBackfill(here, c.req.valid('json').days)
          if (isRefused(plan)) return c.json({ error: plan.refused }, 422)
          const task = await started(plan)
          return isRefused(task) ? c.json({ error: task.refused }, 409) : c.json(task, 201)
        },
      )

      // What could be sent that nobody asked for yet: what came before the connection, and what was only tested.
      .get('/shops/:shop/connections/:id/offers', known, checked('param', ofConnection), async (c) => {
        const here = await at(c.var.shop, c.req.valid('param').id)
        if (!here) return c.json(NO_CONNECTION, 404)
        const { limits } = here.destination
        const span = Math.min(OFFERED_DAYS, Math.ceil(limits.maxAge / DAY))
        const [backfill, tested] = await Promise.all([
          planBackfill(here, span),
          planReplay(here, { from: here.now - limits.maxAge, outcomes: ['tested'] }),
        ])
        return c.json(
          {
            backfill: { days: span, events: isRefused(backfill) ? 0 : backfill.total },
            tested: isRefused(tested) ? 0 : tested.total,
          },
          200,
        )
      })

      // The same of all connections at once, by what it died of.
      .get('/shops/:shop/dead', known, async (c) => c.json(await deadCausesOf(runtime, c.var.shop), 200))

      .get('/shops/:shop/connections/:id/dead', known, checked('param', ofConnection), async (c) =>
        c.json(await deadGroups(store, c.var.shop, c.req.valid('param').id as ConnectionId)),
      )
  )
}
