import { DAY, MINUTE } from '../lib/duration.ts'
import type { Runtime } from '../pipeline/runtime.ts'
import type { Retention } from '../store/keeping-times.ts'

/** How long things are kept unless set otherwise (docs/operations.md). */
export const RETENTION: Retention = {
  messages: 7 * DAY,
  bodyAfterSettled: 7 * DAY,
  bodyAtMost: 30 * DAY,
  attempts: 30 * DAY,
  deadLetters: 14 * DAY,
  orders: 396 * DAY,
  orderIdentifiers: 90 * DAY,
  sharedIds: 396 * DAY,
  pixelIds: 30 * DAY,
  addresses: 7 * DAY,
  identities: 365 * DAY,
  rollups: 396 * DAY,
}

const EVERY = MINUTE
/** Rows of a kind that go in one step, so that capture never waits long behind a deletion. */
const STEP = 500

/** Deletes what is past its time, in small steps, for as long as the process runs. */
export const startRetention = (runtime: Runtime, policy: Retention = RETENTION): { stop(): Promise<void> } => {
  const stopping = new AbortController()
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        let gone = STEP
        while (gone >= STEP && !stopping.signal.aborted)
          gone = await runtime.store.retain(policy, runtime.clock.now(), STEP)
      } catch (fault) {
        runtime.log.warn('retention failed, it goes on in a minute', {
          fault: fault instanceof Error ? fault.message : 'unknown',
        })
      }
      await runtime.clock.sleep(EVERY, stopping.signal)
    }
  }
  const running = run()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
