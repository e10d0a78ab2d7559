import type { Shop } from '../../event/event.ts'
import type { ConnectionId } from '../store.ts'
import type { NewTask, Task } from '../task.ts'
import { freeRanges, lengthOf } from '../task-lanes.ts'
import { type TaskRow, taskOf } from '../task-rows.ts'
import { columns } from './columns.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import { NOW, type Sql } from './database.ts'
import { lanesOf } from './lanes.ts'
import { takeTurns } from './locks.ts'
import { holdConnection } from './shops.ts'

/** So many numbers of a task's lane were passed; with the last one the task is done. */
export const addProgress = async (
  tx: Sql,
  shop: ShopRow,
  task: number,
  passed: number,
  picked: number,
): Promise<void> => {
  await tx
    .sql(
      `UPDATE tasks SET passed = passed + $3, picked = picked + $4,
         state = CASE WHEN passed + $3 >= total THEN 'done' ELSE state END,
         ended_at = CASE WHEN passed + $3 >= total THEN ${NOW} END
       WHERE shop = $1 AND id = $2`,
    )
    .run(shop.id, task, passed, picked)
}

/** The state of a task, which stays as it is until the transaction ends. */
export const holdTask = async (tx: Sql, shop: ShopRow, id: number): Promise<string | undefined> =>
  (
    await tx
      .sql<{ state: string }>('SELECT state FROM tasks WHERE shop = $1 AND id = $2 FOR NO KEY UPDATE')
      .get(shop.id, id)
  )?.state

const TASKS = `SELECT id, connection, kind, first, last, choice, created_at, total, passed, picked, state, ended_at FROM tasks`

export const taskOperations = (context: Context) => {
  const { db } = context
  return {
    async openTask({
      shop: domain,
      connection,
      kind,
      from,
      to,
      choice,
      createdAt,
    }: NewTask): Promise<Task | undefined> {
      const shop = await findShop(context, domain)
      if (!shop) return undefined
      return db.transaction(async (tx) => {
        // The task's number is the shop's next; the lanes must stay as they are read.
        await takeTurns(tx, [shop.id])
        if (!(await holdConnection(tx, shop, connection))) return undefined
        const own = (await lanesOf(tx, shop)).filter((lane) => lane.connection === connection)
        const ranges = own.length === 0 ? [] : freeRanges(own, { from, to })
        if (ranges.length === 0) return undefined
        const row = await tx
          .sql<TaskRow>(
            `INSERT INTO tasks (shop, id, connection, kind, first, last, choice, created_at, total)
             SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM tasks WHERE shop = $1
             RETURNING id, connection, kind, first, last, choice, created_at, total, passed, picked, state, ended_at`,
          )
          .get(shop.id, connection, kind, from, to, JSON.stringify(choice), createdAt, lengthOf(ranges))
        if (!row) return undefined
        const last = Math.max(...own.map(({ lane }) => lane))
        await tx
          .sql(
            `INSERT INTO lanes (shop, connection, lane, kind, first, last, position, task)
             SELECT $1, $2, u.lane, $3, u.first, u.last, u.first - 1, $4
             FROM unnest($5::int[], $6::bigint[], $7::bigint[]) AS u(lane, first, last)`,
          )
          .run(
            shop.id,
            connection,
            kind,
            row.id,
            ranges.map((_, at) => last + 1 + at),
            ...columns(
              ranges,
              (range) => range.from,
              (range) => range.to,
            ),
          )
        return taskOf(domain, row)
      })
    },

    async tasks(
      domain: Shop,
      { connection, limit }: { connection?: ConnectionId; limit: number },
    ): Promise<readonly Task[]> {
      const shop = await findShop(context, domain)
      if (!shop) return []
      const rows = await db
        .sql<TaskRow>(`${TASKS} WHERE shop = $1 AND ($2::int IS NULL OR connection = $2) ORDER BY id DESC LIMIT $3`)
        .all(shop.id, connection ?? null, limit)
      return rows.map((row) => taskOf(domain, row))
    },

    async cancelTask(domain: Shop, id: number, at: number): Promise<boolean> {
      const shop = await findShop(context, domain)
      if (!shop) return false
      return db.transaction(async (tx) => {
        const cancelled = await tx
          .sql(`UPDATE tasks SET state = 'cancelled', ended_at = $3 WHERE shop = $1 AND id = $2 AND state = 'running'`)
          .run(shop.id, id, at)
        if (cancelled === 0) return false
        await tx.sql('DELETE FROM lanes WHERE shop = $1 AND task = $2').run(shop.id, id)
        return true
      })
    },
  }
}
