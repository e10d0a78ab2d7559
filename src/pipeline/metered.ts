import { stateOf } from '../destinations/outcomes.ts'
import type { Send } from '../lib/http.ts'
import type { Failure } from './failure.ts'
import type { Outlet } from './outlet.ts'
import type { Result } from './settle.ts'

/** A destination's requests, counted with what came of them and how long that took. */
export const countedSend =
  ({ runtime: { meter, clock }, destination }: Pick<Outlet, 'runtime' | 'destination'>, send: Send): Send =>
  async (request) => {
    const began = clock.now()
    const response = await send(request)
    if (!response.unsent) meter.request(destination.slug, response.status, clock.now() - began)
    return response
  }

/** Counts what became of events, once it is written down. A request that failed as a whole is one retry. */
export const countResults = (
  { runtime, destination: { slug } }: Outlet,
  results: readonly Result[],
  failure: Failure | undefined,
): void => {
  const { meter } = runtime
  if (failure && !failure.uncharged) meter.retry(slug)
  const now = runtime.clock.now()
  for (const { outcome, was, parked, event, unconfirmed, takenAt } of results) {
    const state = stateOf(outcome)
    if (state === 'waiting') {
      if (parked?.kind === 'retry' || parked?.kind === 'singly') meter.retry(slug)
      continue
    }
    if (was !== outcome) meter.settled(slug, outcome === 'sent' ? 'sent' : state)
    const told = state === 'delivered' && !unconfirmed && event?.origin === 'live'
    if (told) meter.lag(slug, Math.max(0, (takenAt ?? now) - Date.parse(event.occurredAt)))
  }
}
