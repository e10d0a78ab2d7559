import { Gauge, type Registry } from 'prom-client'
import { SECOND } from '../../lib/duration.ts'
import type { Runtime } from '../../pipeline/runtime.ts'
import { type Waiting, waitingOf } from '../../pipeline/waiting.ts'

/** The store is looked through at most this often, however many ask. */
const FRESH = 10 * SECOND

/** Gauges of what waits in the store; the function looks it up anew. */
export const waitingGauges = (
  registry: Registry,
  { store, clock }: Pick<Runtime, 'store' | 'clock'>,
): (() => Promise<void>) => {
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Gauge<Label> =>
    new Gauge({ name: `converlay_${name}`, help, labelNames, registers: [registry] })
  const inLine = gauge('waiting_events', 'Events that no lane has passed yet.', ['destination'])
  const parked = gauge('parked_events', 'Events held or to be sent again, 1,000 of a connection at most.', [
    'destination',
  ])
  const oldest = gauge('oldest_waiting_seconds', 'Age of the oldest event that waits.', ['destination'])
  const lanes = gauge('lanes', 'Lanes, by kind.', ['destination', 'kind'])
  const events = gauge('store_events', 'Events in the store.', [])
  const bytes = gauge('store_bytes', 'Size of the store.', [])
  const logBytes = gauge('store_log_bytes', 'Size of its write-ahead log, which is part of that.', [])
  let lookedAt = Number.NEGATIVE_INFINITY

  return async () => {
    const now = clock.now()
    if (now < lookedAt + FRESH) return
    lookedAt = now
    const shops = (await store.shops()).filter(({ installedAt }) => installedAt > 0)
    const all: Waiting[] = []
    for (const shop of shops) all.push(...(await waitingOf(store, shop)))
    const health = await store.health()
    for (const one of [inLine, parked, oldest, lanes]) one.reset()
    const ages = new Map<string, number>()
    for (const { connection, lanes: own, ...waiting } of all) {
      const { destination } = connection
      inLine.inc({ destination }, waiting.inLine)
      parked.inc({ destination }, waiting.parked.length)
      for (const { kind } of own) lanes.inc({ destination, kind })
      const age = Math.max(0, now - (waiting.oldest ?? now)) / SECOND
      ages.set(destination, Math.max(age, ages.get(destination) ?? 0))
    }
    for (const [destination, age] of ages) oldest.set({ destination }, age)
    events.set(health.events)
    bytes.set(health.bytes)
    if (health.logBytes !== undefined) logBytes.set(health.logBytes)
  }
}
