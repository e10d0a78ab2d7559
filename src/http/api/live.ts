import type { Shop } from '../../event/event.ts'
import { SECOND } from '../../lib/duration.ts'
import type { Clock, Wake } from '../../pipeline/runtime.ts'

/** At most two ticks a second, however much happens. */
const CALM = SECOND / 2
/** Often enough for proxies that end silent connections after 30 s. */
const HEARTBEAT = 15 * SECOND

/**
 * Calls `tick` when something of the shop arrived or was settled, and `beat` in silence, until the signal aborts.
 * A tick carries no data: whoever hears it asks again.
 */
export const liveTicks = async (
  { wake, clock }: { readonly wake: Wake; readonly clock: Clock },
  shop: Shop,
  signal: AbortSignal,
  say: { readonly tick: () => Promise<unknown>; readonly beat: () => Promise<unknown> },
): Promise<void> => {
  let changed = false
  let doze = new AbortController()
  const heard = (of: Shop) => {
    if (of !== shop) return
    changed = true
    doze.abort()
  }
  const stops = [wake.on('arrived', heard), wake.on('settled', heard)]
  const end = () => doze.abort()
  signal.addEventListener('abort', end)
  try {
    while (!signal.aborted) {
      if (!changed) {
        doze = new AbortController()
        await clock.sleep(HEARTBEAT, doze.signal)
        if (signal.aborted) break
      }
      if (changed) {
        changed = false
        await say.tick()
        await clock.sleep(CALM, signal)
      } else await say.beat()
    }
  } finally {
    signal.removeEventListener('abort', end)
    for (const stop of stops) stop()
  }
}
