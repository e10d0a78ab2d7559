import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { SECOND } from '../../lib/duration.ts'
import type { Meter } from '../../pipeline/meter.ts'
import { LAG_BOUNDS } from '../../store/rollup.ts'

/** What `/metrics` tells. Labels are slugs, states and names of operations: nothing of a shop and nothing of a person. */
export interface Metrics {
  readonly registry: Registry
  readonly meter: Meter
  /** A call of the store took so many ms. */
  stored(operation: string, ms: number): void
}

const REQUEST_BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const STORE_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

export const createMetrics = (): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  // The process's own: memory, CPU, garbage, and the delay of its event loop (p50, p99).
  collectDefaultMetrics({ register: registry })
  const messages = new Counter({
    name: 'converlay_messages_total',
    help: 'Messages that were answered, by source and status.',
    labelNames: ['source', 'status'],
    registers,
  })
  const accepted = new Counter({
    name: 'converlay_events_accepted_total',
    help: 'New events that are on the disk, by source.',
    labelNames: ['source'],
    registers,
  })
  const dropped = new Counter({
    name: 'converlay_messages_dropped_total',
    help: 'Messages of shops that are not connected.',
    labelNames: ['source'],
    registers,
  })
  const leftOut = new Counter({
    name: 'converlay_calls_left_out_total',
    help: 'Calls of the tracking API that tell of no act of a shopper or cannot be read.',
    labelNames: ['source'],
    registers,
  })
  const requests = new Counter({
    name: 'converlay_requests_total',
    help: 'Requests to platforms, by class of answer; "none" where no answer came.',
    labelNames: ['destination', 'answer'],
    registers,
  })
  const requestSeconds = new Histogram({
    name: 'converlay_request_seconds',
    help: 'How long requests to platforms took.',
    labelNames: ['destination'],
    buckets: REQUEST_BOUNDS,
    registers,
  })
  const retries = new Counter({
    name: 'converlay_retries_total',
    help: 'Requests, or events of one, that are sent again.',
    labelNames: ['destination'],
    registers,
  })
  const settled = new Counter({
    name: 'converlay_events_settled_total',
    help: 'What became of events. One that is sent and confirmed later counts as both.',
    labelNames: ['destination', 'outcome'],
    registers,
  })
  const lag = new Histogram({
    name: 'converlay_delivery_lag_seconds',
    help: 'From an event to its acceptance by the platform.',
    labelNames: ['destination'],
    buckets: LAG_BOUNDS.map((ms) => ms / SECOND),
    registers,
  })
  const breakers = new Gauge({
    name: 'converlay_breakers',
    help: 'Breakers that hold requests back, by what they protect.',
    labelNames: ['destination', 'scope', 'state'],
    registers,
  })
  const storeSeconds = new Histogram({
    name: 'converlay_store_seconds',
    help: 'How long calls of the store took, waiting included.',
    labelNames: ['operation'],
    buckets: STORE_BOUNDS,
    registers,
  })
  return {
    registry,
    meter: {
      answered: (source, status) => messages.inc({ source, status }),
      accepted: (source, events) => accepted.inc({ source }, events),
      dropped: (source) => dropped.inc({ source }),
      leftOut: (source, calls) => leftOut.inc({ source }, calls),
      request(destination, status, ms) {
        requests.inc({ destination, answer: answerClass(status) })
        requestSeconds.observe({ destination }, ms / SECOND)
      },
      retry: (destination) => retries.inc({ destination }),
      settled: (destination, outcome) => settled.inc({ destination, outcome }),
      lag: (destination, ms) => lag.observe({ destination }, ms / SECOND),
      breaker(destination, scope, from, to) {
        if (from !== 'closed') breakers.dec({ destination, scope, state: from })
        if (to !== 'closed') breakers.inc({ destination, scope, state: to })
      },
    },
    stored: (operation, ms) => storeSeconds.observe({ operation }, ms / SECOND),
  }
}

/** A platform that asks for less is told apart from one that refuses. */
const answerClass = (status: number): string =>
  status === 0 ? 'none' : status === 429 ? '429' : `${Math.floor(status / 100)}xx`
