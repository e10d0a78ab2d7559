import type { Shop } from '../../event/event.ts'
import type { Settlement } from '../settlement.ts'
import type { ConnectionId } from '../store.ts'
import type { NewTask, Task } from '../task.ts'
import { freeRanges, lengthOf } from '../task-lanes.ts'
import { type TaskRow, taskOf } from '../task-rows.ts'
import { type Context, findShop, type ShopRow } from './context.ts'
import type { Database } from './database.ts'
import { lanesOf } from './lanes.ts'

/** A stretch of a task's lane was passed; with the last one the task is done. */
export const addProgress = (
  db: Database,
  shop: ShopRow,
  connection: ConnectionId,
  { lane, outcomes }: NonNullable<Settlement['stretch']>,
  picked: number,
): void => {
  const task = db
    .sql<{ task: number | null }>('SELECT task FROM lanes WHERE shop = ? AND connection = ? AND lane = ?')
    .get(shop.id, connection, lane)?.task
  if (task === null || task === undefined) return
  db.sql(
    `UPDATE tasks SET passed = passed + ?1, picked = picked + ?2,
       state = CASE WHEN passed + ?1 >= total THEN 'done' ELSE state END,
       ended_at = CASE WHEN passed + ?1 >= total THEN CAST(unixepoch('subsec') * 1000 AS INTEGER) END
     WHERE shop = ?3 AND id = ?4`,
  ).run(outcomes.length, picked, shop.id, task)
}

const TASKS = `SELECT id, connection, kind, first, last, choice, created_at, total, passed, picked, state, ended_at FROM tasks`

export const taskOperations = (context: Context) => {
  const { db } = context
  return {
    openTask({ shop: domain, connection, kind, from, to, choice, createdAt }: NewTask): Task | undefined {
      return db.transaction(() => {
        const shop = findShop(context, domain)
        const own = shop ? lanesOf(db, shop).filter((lane) => lane.connection === connection) : []
        const ranges = own.length === 0 ? [] : freeRanges(own, { from, to })
        if (!shop || ranges.length === 0) return undefined
        const last = db.sql<{ id: number | null }>('SELECT max(id) AS id FROM tasks WHERE shop = ?').get(shop.id)?.id
        const id = (last ?? 0) + 1
        db.sql(
          `INSERT INTO tasks (shop, id, connection, kind, first, last, choice, created_at, total)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ).run(shop.id, id, connection, kind, from, to, JSON.stringify(choice), createdAt, lengthOf(ranges))
        for (const range of ranges)
          db.sql(
            `INSERT INTO lanes (shop, connection, lane, kind, first, last, position, task)
             SELECT ?1, ?2, max(lane) + 1, ?3, ?4, ?5, ?4 - 1, ?6 FROM lanes WHERE shop = ?1 AND connection = ?2`,
          ).run(shop.id, connection, kind, range.from, range.to, id)
        const row = db.sql<TaskRow>(`${TASKS} WHERE shop = ? AND id = ?`).get(shop.id, id)
        return row && taskOf(domain, row)
      })
    },

    tasks(domain: Shop, { connection, limit }: { connection?: ConnectionId; limit: number }): readonly Task[] {
      const shop = findShop(context, domain)
      if (!shop) return []
      return db
        .sql<TaskRow>(`${TASKS} WHERE shop = ?1 AND (?2 IS NULL OR connection = ?2) ORDER BY id DESC LIMIT ?3`)
        .all(shop.id, connection ?? null, limit)
        .map((row) => taskOf(domain, row))
    },

    cancelTask(domain: Shop, id: number, at: number): boolean {
      return db.transaction(() => {
        const shop = findShop(context, domain)
        if (!shop) return false
        const { changes } = db
          .sql(`UPDATE tasks SET state = 'cancelled', ended_at = ? WHERE shop = ? AND id = ? AND state = 'running'`)
          .run(at, shop.id, id)
        if (Number(changes) === 0) return false
        db.sql('DELETE FROM lanes WHERE shop = ? AND task = ?').run(shop.id, id)
        return true
      })
    },
  }
}
