import type { NewTask, Task } from '../task.ts'
import { freeRanges, lengthOf } from '../task-lanes.ts'
import type { ShopState } from './shop-state.ts'

/** A stretch of a task's lane was passed; with the last one the task is done. */
export const addProgress = (state: ShopState, id: number, passed: number, picked: number): void => {
  state.tasks = state.tasks.map((task) => {
    if (task.id !== id) return task
    const moved = { ...task, passed: task.passed + passed, picked: task.picked + picked }
    return moved.passed >= task.total ? { ...moved, state: 'done', endedAt: Date.now() } : moved
  })
}

export const openTask = (state: ShopState, { choice, ...told }: NewTask): Task | undefined => {
  const { connection, kind, from, to } = told
  const own = state.lanes.filter((lane) => lane.connection === connection)
  const ranges = own.length === 0 ? [] : freeRanges(own, { from, to })
  if (ranges.length === 0) return undefined
  const id = (state.tasks[0]?.id ?? 0) + 1
  let lane = Math.max(...own.map((one) => one.lane))
  for (const range of ranges)
    state.lanes.push({
      connection,
      lane: ++lane,
      kind,
      ...range,
      position: range.from - 1,
      due: 0,
      tries: 0,
      task: { id, choice: structuredClone(choice) },
    })
  const task: Task = {
    ...told,
    choice: structuredClone(choice),
    id,
    total: lengthOf(ranges),
    passed: 0,
    picked: 0,
    state: 'running',
  }
  state.tasks.unshift(task)
  return task
}

export const cancelTask = (state: ShopState, id: number, at: number): boolean => {
  const running = state.tasks.some((task) => task.id === id && task.state === 'running')
  if (!running) return false
  state.tasks = state.tasks.map((task) => (task.id === id ? { ...task, state: 'cancelled', endedAt: at } : task))
  state.lanes = state.lanes.filter((lane) => lane.task?.id !== id)
  return true
}
