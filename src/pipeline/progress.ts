import { SECOND } from '../lib/duration.ts'
import type { Task } from '../store/task.ts'

/** How far a task has come. */
export interface Progress {
  /** Numbers that were looked at, and how many there are. */
  readonly done: number
  readonly total: number
  /** How many of them were picked: sent, or decided once more. */
  readonly tried: number
  /** Numbers a second; absent while it is not known. */
  readonly rate?: number
  /** ms until it is done at this rate; absent while it is not known, and where nothing moves. */
  readonly left?: number
}

/** That at a moment, ms since 1970, a task had passed so many numbers. */
export interface Sighting {
  readonly at: number
  readonly passed: number
}

/** A task's progress; how fast it goes is told from an earlier sighting. Of an ended one that is no question any more. */
export const progressOf = (task: Task, now: number, earlier: Sighting | undefined): Progress => {
  const { passed: done, total, picked: tried, state } = task
  const counts = { done, total, tried }
  if (state !== 'running' || earlier === undefined || now - earlier.at < SECOND) return counts
  const rate = ((done - earlier.passed) / (now - earlier.at)) * SECOND
  return rate > 0 ? { ...counts, rate, left: ((total - done) / rate) * SECOND } : { ...counts, rate: 0 }
}

/** Sightings are compared over at least this long and at most twice that, so that one slow answer does not say much. */
const SPAN = 15 * SECOND

/** Remembers how far each running task was a little earlier. */
export type Sightings = Map<string, { readonly before: Sighting; readonly since: Sighting }>

/** What is remembered of a task from earlier, while it is seen once more. A task begins with nothing passed. */
export const sighted = (sightings: Sightings, task: Task, now: number): Sighting => {
  const key = `${task.shop} ${task.id}`
  const here = { at: now, passed: task.passed }
  const began = { at: task.createdAt, passed: 0 }
  const known = sightings.get(key)
  const fresh = known && now - known.since.at < 2 * SPAN ? known : undefined
  // Nobody looked for a while: how it went meanwhile says little about now, but a young task is known from its beginning.
  const { before, since } =
    fresh ?? (now - began.at < SPAN ? { before: began, since: began } : { before: here, since: here })
  const moved = now - since.at >= SPAN ? { before: since, since: here } : { before, since }
  if (task.state === 'running') sightings.set(key, moved)
  else sightings.delete(key)
  return moved.before
}
