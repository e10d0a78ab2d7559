import { MINUTE } from '../lib/duration.ts'
import { whatFailed } from '../lib/log.ts'
import type { Runtime } from '../pipeline/runtime.ts'
import { RETENTION_SETTING, retentionOf } from '../store/keeping-times.ts'

const EVERY = MINUTE
/** Rows of a kind that go in one round. */
const ROUND = 500

/** Deletes what is past its time, a little at a time, for as long as the process runs. */
export const startRetention = (runtime: Pick<Runtime, 'store' | 'clock' | 'log'>): { stop(): Promise<void> } => {
  const { store, clock, log } = runtime
  const stopping = new AbortController()
  const { signal } = stopping
  const run = async () => {
    while (!signal.aborted) {
      try {
        // Read each time: it may have been changed by a command beside this process.
        const kept = retentionOf(await store.setting(RETENTION_SETTING))
        let gone = ROUND
        while (gone >= ROUND && !signal.aborted) gone = await store.retain(kept, clock.now(), ROUND)
      } catch (fault) {
        log.warn('retention failed, it goes on in a minute', {
          fault: whatFailed(fault),
        })
      }
      await clock.sleep(EVERY, signal)
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
