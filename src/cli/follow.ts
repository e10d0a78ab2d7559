import { join } from 'node:path'
import { readConfig } from '../config.ts'
import type { Shop } from '../event/event.ts'
import { HOUR, MINUTE, SECOND } from '../lib/duration.ts'
import { type Progress, progressOf } from '../pipeline/progress.ts'
import { isLocked } from '../store/sqlite/lock.ts'
import type { Store } from '../store/store.ts'
import type { Task } from '../store/task.ts'
import { refuse } from './said.ts'
import type { Common } from './with-store.ts'

/** A task and how far it is. */
export interface ToldTask {
  readonly task: Task
  readonly progress: Progress
}

type Sleep = (ms: number) => Promise<unknown>

/** Tasks of each shop that are told at most, the newest. */
const SHOWN = 50
/** Two looks this far apart tell how fast a task goes. */
const LOOK_AGAIN = 1.2 * SECOND

/** The newest tasks of some shops. While one is running it is looked at twice, for its speed. */
export const tasksOf = async (store: Store, shops: readonly Shop[], sleep: Sleep): Promise<readonly ToldTask[]> => {
  const look = async () => (await Promise.all(shops.map((shop) => store.tasks(shop, { limit: SHOWN })))).flat()
  const first = await look()
  const at = Date.now()
  if (first.every(({ state }) => state !== 'running'))
    return first.map((task) => ({ task, progress: progressOf(task, at, undefined) }))
  await sleep(LOOK_AGAIN)
  const now = Date.now()
  return (await look()).map((task) => {
    const earlier = first.find(({ shop, id }) => shop === task.shop && id === task.id)
    return { task, progress: progressOf(task, now, earlier && { at, passed: earlier.passed }) }
  })
}

export const taskDocument = ({ task, progress }: ToldTask) => ({
  shop: task.shop,
  connection: task.connection,
  task: task.id,
  kind: task.kind,
  state: task.state,
  createdAt: new Date(task.createdAt).toISOString(),
  ...(task.endedAt === undefined ? {} : { endedAt: new Date(task.endedAt).toISOString() }),
  done: progress.done,
  total: progress.total,
  tried: progress.tried,
  ...(progress.rate === undefined ? {} : { perSecond: Math.round(progress.rate * 10) / 10 }),
  ...(progress.left === undefined ? {} : { secondsLeft: Math.ceil(progress.left / SECOND) }),
})

/** "Task 3, replay of connection 1, running: 120 of 500 looked at, 12 tried; 40/s, 10 s left". */
export const inWords = ({ task, progress: { done, total, tried, rate, left } }: ToldTask): string => {
  const speed = rate === undefined ? '' : `; ${rate >= 10 ? Math.round(rate) : Math.round(rate * 10) / 10}/s`
  const time = left === undefined ? '' : `, ${timeLeft(left)} left`
  return `Task ${task.id}, ${task.kind} of connection ${task.connection}, ${task.state}: ${done} of ${total} looked at, ${tried} tried${speed}${time}`
}

const timeLeft = (ms: number): string =>
  ms < 2 * MINUTE
    ? `${Math.ceil(ms / SECOND)} s`
    : ms < 2 * HOUR
      ? `${Math.ceil(ms / MINUTE)} min`
      : `${Math.ceil(ms / HOUR)} h`

/** How far a followed task is compared with: about this long ago. */
const LOOKS = 10

/**
 * Tells how far a task is until it ends. Nobody works on it while no Converlay runs on the data folder, so that is said.
 */
export const follow = async (
  store: Store,
  begun: Task,
  flags: Common & { readonly json?: boolean },
  sleep: Sleep,
): Promise<void> => {
  const { databaseUrl, dataDir } = readConfig(flags)
  const seen = [{ at: begun.createdAt, passed: 0 }]
  let told = ''
  for (;;) {
    const task = (await store.tasks(begun.shop, { limit: SHOWN })).find(({ id }) => id === begun.id)
    if (!task) return refuse('The task is no longer there: its connection was removed.')
    const now = Date.now()
    const look = { task, progress: progressOf(task, now, seen[0]) }
    const line = flags.json ? JSON.stringify(taskDocument(look)) : inWords(look)
    if (line !== told) process.stdout.write(`${line}\n`)
    told = line
    if (task.state === 'cancelled') return refuse('It was cancelled.')
    if (task.state === 'done') return
    // Who works on a database is not told by a file of this machine.
    if (databaseUrl === undefined && !isLocked(join(dataDir, 'server.lock')))
      return void process.stderr.write('Converlay is not running on this data folder. The task goes on when it is.\n')
    seen.push({ at: now, passed: task.passed })
    if (seen.length > LOOKS) seen.shift()
    await sleep(SECOND)
  }
}
