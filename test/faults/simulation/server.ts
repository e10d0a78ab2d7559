import { destinations } from '../../../src/destinations/all.ts'
import { startRetention } from '../../../src/jobs/retain.ts'
import { SECOND } from '../../../src/lib/duration.ts'
import type { Log } from '../../../src/lib/log.ts'
import { createBreakers } from '../../../src/pipeline/breakers.ts'
import { startCarts } from '../../../src/pipeline/carts.ts'
import { startDelivery } from '../../../src/pipeline/deliver.ts'
import type { Intake } from '../../../src/pipeline/intake.ts'
import { createLimiter } from '../../../src/pipeline/limiter.ts'
import { silentMeter } from '../../../src/pipeline/meter.ts'
import { alwaysOurs } from '../../../src/pipeline/ownership.ts'
import { type Projector, startProjector } from '../../../src/pipeline/projector.ts'
import type { Runtime } from '../../../src/pipeline/runtime.ts'
import { settleInTheEnd } from '../../../src/pipeline/settle-in-the-end.ts'
import { createSlots } from '../../../src/pipeline/slots.ts'
import { localWake } from '../../../src/runtimes/wake.ts'
import type { Random } from '../../../src/sandbox/random.ts'
import { type MemoryDisk, openMemory } from '../../../src/store/memory/memory.ts'
import { SECRET } from '../../harness.ts'
import { type DiskTrouble, type Logged, noting, storeOf } from './disk.ts'
import type { Network } from './network.ts'
import { type Door, statusOf } from './shoppers.ts'
import { clockOf, type Life, type VirtualTime } from './virtual-time.ts'

/** What a server stands on, whatever becomes of its processes. */
export interface Ground {
  readonly time: VirtualTime
  readonly random: Random
  readonly disk: MemoryDisk
  readonly trouble: DiskTrouble
  readonly network: Network
  readonly logged: Logged
  readonly log: Log
  readonly fired: (kind: string) => void
}

export interface Server {
  readonly door: Door
  /** Of the process that runs, if one does. */
  readonly running: () =>
    | { readonly runtime: Runtime; readonly intake: Intake; readonly projector: Projector }
    | undefined
  /** Resolves when the next message that came in was answered. */
  nextAnswer(): Promise<void>
  /** Resolves when the next settlement is written that leaves something parked. */
  nextParking(): Promise<void>
  start(): Promise<void>
  /** Ends as at SIGTERM. */
  stop(): Promise<void>
  /** Ends as at SIGKILL: nothing that was begun is finished. */
  kill(): void
  /** When it was killed, on the world's clock. */
  readonly kills: readonly number[]
}

interface Process {
  readonly life: Life
  readonly runtime: Runtime
  readonly intake: Intake
  readonly projector: Projector
  readonly died: Promise<void>
  readonly end: () => void
  readonly stop: () => Promise<void>
  /** Requests that are being answered. */
  readonly answering: Set<Promise<number>>
}

/** Something that happens again and again, and those who wait for the next time. */
const moments = (): { readonly next: () => Promise<void>; readonly come: () => void } => {
  let waiting: (() => void)[] = []
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    come: () => {
      for (const resolve of waiting) resolve()
      waiting = []
    },
  }
}

/** The same parts as the engine's, put together in its order, around a disk, a network and a clock of the run's. */
export const createServer = (ground: Ground): Server => {
  const { time, random, disk, network, trouble, logged, log, fired } = ground
  let process: Process | undefined
  const kills: number[] = []
  const answered = moments()
  const parked = moments()

  const start = async (): Promise<void> => {
    const life: Life = { alive: true }
    const { promise: died, resolve: end } = Promise.withResolvers<void>()
    const clock = clockOf(time, life, random)
    const opened = openMemory(disk, clock.now)
    const enough = new AbortController()
    const store = storeOf(noting(opened, logged, time), life, time, random, trouble, fired, parked.come)
    const runtime: Runtime = {
      store: settleInTheEnd(store, clock, enough.signal),
      send: network.sendOf(life),
      clock,
      limiter: createLimiter(clock),
      wake: localWake(),
      ownership: alwaysOurs,
      breakers: createBreakers({ clock, log, meter: silentMeter }),
      slots: createSlots(clock),
      meter: silentMeter,
      log,
      destinations,
      options: { hold: 30 * SECOND, attemptSample: 10 },
    }
    const projector = await startProjector(runtime)
    const carts = startCarts(runtime, projector)
    const intake: Intake = {
      runtime,
      projector,
      carts,
      secrets: [SECRET],
      dropped: { count: 0 },
      shops: new Map(),
      keys: new Map(),
    }
    const delivery = startDelivery(runtime)
    const retention = startRetention(runtime)
    const stop = async (): Promise<void> => {
      await retention.stop()
      await carts.stop()
      await projector.stop()
      enough.abort()
      await delivery.stop()
      await opened.close()
    }
    process = { life, runtime, intake, projector, died, end, stop, answering: new Set() }
  }

  return {
    door: async (work) => {
      const at = process
      if (!at) return 0
      const answer = Promise.race([statusOf(work(at.intake)), at.died.then(() => 0)])
      at.answering.add(answer)
      try {
        return await answer
      } finally {
        at.answering.delete(answer)
        answered.come()
      }
    },
    nextAnswer: answered.next,
    nextParking: parked.next,
    kills,
    running: () => process,
    start,
    stop: async () => {
      const ending = process
      process = undefined
      if (!ending) return
      await Promise.all(ending.answering)
      await ending.stop()
    },
    kill: () => {
      const killed = process
      process = undefined
      if (!killed) return
      killed.life.alive = false
      killed.life.diedAt = time.now()
      kills.push(time.now())
      killed.end()
    },
  }
}
