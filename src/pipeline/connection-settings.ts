import type { CommonSettings } from '../destinations/common-settings.ts'
import type { Destination } from '../destinations/destination.ts'
import type { Connection, ConnectionId } from '../store/store.ts'
import type { Runtime } from './runtime.ts'

interface Known {
  readonly version: number
  readonly settings: CommonSettings | undefined
}

/** By the limiter, of which a process has one: the runtime is another record for every owner of a shop. */
const known = new WeakMap<Runtime['limiter'], Map<ConnectionId, Known>>()

/** A connection's settings by its destination's schema, read once for each version of them; undefined when they no longer fit. */
export const settingsOf = (
  runtime: Runtime,
  destination: Destination,
  { id, settingsVersion, settings }: Connection,
): CommonSettings | undefined => {
  let all = known.get(runtime.limiter)
  if (all === undefined) {
    all = new Map()
    known.set(runtime.limiter, all)
  }
  const found = all.get(id)
  if (found?.version === settingsVersion) return found.settings
  const parsed = destination.settings.safeParse(settings)
  const read = parsed.success ? parsed.data : undefined
  all.set(id, { version: settingsVersion, settings: read })
  return read
}
