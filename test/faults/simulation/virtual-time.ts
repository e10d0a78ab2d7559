import type { Clock } from '../../../src/pipeline/runtime.ts'
import type { Random } from '../../../src/sandbox/random.ts'

/** When every run begins, ms since 1970. */
export const BEGIN = Date.parse('2026-11-22T00:00:00.000Z')

interface Timer {
  readonly at: number
  /** Timers of one moment ring in the order in which they were set. */
  readonly order: number
  readonly ring: () => void
}

/** The only time there is in a run. It passes when everybody waits, and then straight to what is next. */
export interface VirtualTime {
  /** The world's own clock, which never jumps: ms since 1970. */
  now(): number
  /** How far the server's clock is off the world's, ms. */
  readonly skew: number
  /** Every setting of the server's clock, the oldest first. */
  readonly settings: readonly { readonly at: number; readonly skew: number }[]
  setClock(skew: number): void
  /** Rings at a moment of the world's clock, or at once when that is past. */
  at(moment: number, ring: () => void): void
  wait(ms: number): Promise<void>
  /** Lets time pass until a moment. */
  until(moment: number): Promise<void>
}

export const virtualTime = (): VirtualTime => {
  let now = BEGIN
  let orders = 0
  const timers: Timer[] = []
  const settings: { at: number; skew: number }[] = []
  const time: VirtualTime = {
    now: () => now,
    settings,
    get skew() {
      return settings.at(-1)?.skew ?? 0
    },
    setClock: (skew) => void settings.push({ at: now, skew }),
    at: (moment, ring) => push(timers, { at: Math.max(now, moment), order: orders++, ring }),
    wait: (ms) => new Promise((resolve) => time.at(now + ms, resolve)),
    until: async (moment) => {
      await everybodyWaits()
      for (;;) {
        const next = timers[0]
        if (!next || next.at > moment) break
        pop(timers)
        now = next.at
        next.ring()
        await everybodyWaits()
      }
      now = moment
    },
  }
  return time
}

/** Promises that are ready go on before anything else does; nothing in a run waits for a disk or a network. */
const everybodyWaits = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** A binary heap: a day has tens of thousands of timers. */
const push = (heap: Timer[], timer: Timer): void => {
  let place = heap.push(timer) - 1
  while (place > 0) {
    const parent = (place - 1) >> 1
    const above = heap[parent]
    if (!above || !before(timer, above)) break
    heap[place] = above
    place = parent
  }
  heap[place] = timer
}

const pop = (heap: Timer[]): void => {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  let place = 0
  for (;;) {
    const left = 2 * place + 1
    const [a, b] = [heap[left], heap[left + 1]]
    const child = b && a && before(b, a) ? left + 1 : left
    const below = heap[child]
    if (!below || !before(below, last)) break
    heap[place] = below
    place = child
  }
  heap[place] = last
}

/** A process. Killed, it comes to nothing that it has begun: whatever it waits for never comes. */
export interface Life {
  alive: boolean
  /** When it was killed, on the world's clock. */
  diedAt?: number
}

export const never = <T>(): Promise<T> => new Promise(() => {})

/** The clock of a process: the server's, which may be set wrong, while its timers count real time. */
export const clockOf = (time: VirtualTime, life: Life, random: Random): Clock => ({
  now: () => time.now() + time.skew,
  random: random.next,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (!life.alive) return
      if (signal?.aborted || ms <= 0) return resolve()
      let over = false
      const wake = () => {
        if (over || !life.alive) return
        over = true
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      time.at(time.now() + ms, wake)
      signal?.addEventListener('abort', wake, { once: true })
    }),
})
