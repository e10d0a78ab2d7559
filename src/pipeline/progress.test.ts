import { describe, expect, it } from 'vitest'
import { SECOND } from '../lib/duration.ts'
import type { ConnectionId } from '../store/store.ts'
import type { Task } from '../store/task.ts'
import { NOW, SHOP } from './double.ts'
import { progressOf, type Sightings, sighted } from './progress.ts'

const task = (passed: number, change: Partial<Task> = {}): Task => ({
  shop: SHOP,
  id: 1,
  connection: 1 as ConnectionId,
  kind: 'replay',
  from: 1,
  to: 1000,
  choice: { outcomes: [40] },
  createdAt: NOW,
  total: 1000,
  passed,
  picked: passed / 10,
  state: 'running',
  ...change,
})
const later = (seconds: number) => NOW + seconds * SECOND

describe('the progress of a task', () => {
  it('is what is done, how fast it goes and how long it will take', () => {
    expect(progressOf(task(300), later(10), { at: NOW, passed: 100 })).toEqual({
      done: 300,
      total: 1000,
      tried: 30,
      rate: 20,
      left: 35 * SECOND,
    })
  })

  it('says nothing of time where nothing is known, or nothing moves', () => {
    expect(progressOf(task(300), NOW, undefined)).toEqual({ done: 300, total: 1000, tried: 30 })
    expect(progressOf(task(300), NOW + 1, { at: NOW, passed: 0 })).toEqual({ done: 300, total: 1000, tried: 30 })
    expect(progressOf(task(300), later(9), { at: NOW, passed: 300 })).toMatchObject({ rate: 0 })
    expect(progressOf(task(300), later(9), { at: NOW, passed: 300 })).not.toHaveProperty('left')
  })

  it('of one that ended has no speed', () => {
    for (const state of ['done', 'cancelled'] as const)
      expect(progressOf(task(1000, { state }), later(9), { at: NOW, passed: 0 })).not.toHaveProperty('rate')
  })
})

describe('what was seen of a task earlier', () => {
  it('is its beginning while it is young', () => {
    const sightings: Sightings = new Map()
    expect(sighted(sightings, task(50), later(2))).toEqual({ at: NOW, passed: 0 })
    expect(sighted(sightings, task(80), later(4))).toEqual({ at: NOW, passed: 0 })
  })

  it('moves along, so that a task which stopped is seen to have stopped', () => {
    const sightings: Sightings = new Map()
    for (let second = 1; second <= 20; second++) sighted(sightings, task(second * 10), later(second))
    for (let second = 21; second <= 60; second++) sighted(sightings, task(200), later(second))
    const earlier = sighted(sightings, task(200), later(61))
    expect(earlier.passed).toBe(200)
    expect(progressOf(task(200), later(61), earlier)).toMatchObject({ rate: 0 })
  })

  it('is nothing of an old task that is seen for the first time: it may have waited for hours', () => {
    const sightings: Sightings = new Map()
    const earlier = sighted(sightings, task(50), later(3600))
    expect(progressOf(task(50), later(3600), earlier)).not.toHaveProperty('rate')
  })

  it('is forgotten with its end', () => {
    const sightings: Sightings = new Map()
    sighted(sightings, task(50), later(2))
    sighted(sightings, task(1000, { state: 'done' }), later(4))
    expect(sightings.size).toBe(0)
  })
})
