import { mapEvent, planRequests } from '../destinations/plan.ts'
import { testingOf } from '../destinations/testing.ts'
import { notAfterReceipt } from '../destinations/told.ts'
import type { HttpRequest } from '../lib/http.ts'
import { isBackfill, type Outlet } from './outlet.ts'
import type { Prepared } from './prepare.ts'
import { route } from './route.ts'

/** The requests that would carry some events if they were sent at a moment; none for those that are not sent. */
export const requestsFor = (outlet: Outlet, batch: readonly Prepared[], at: number): readonly HttpRequest[] => {
  const { destination, settings, shop } = outlet
  const test = testingOf(outlet) !== undefined
  const entries = batch.flatMap((prepared) => {
    if (!prepared.event) return []
    const way = route(prepared.event, { destination, settings, policy: shop.policy, now: at, test })
    if ('skip' in way) return []
    const how = {
      limited: way.limited,
      backfill: isBackfill(outlet, prepared),
      test,
      now: new Date(at),
    }
    try {
      const mapped = mapEvent(destination, settings, notAfterReceipt(prepared.event, prepared.receivedAt), how)
      return 'skip' in mapped ? [] : [{ index: prepared.seq, items: mapped.items }]
    } catch {
      // The event ended as mapper_crash and its story says so; there is no request to show.
      return []
    }
  })
  return planRequests(destination, settings, entries, {
    singly: false,
    test,
    now: new Date(at),
  }).map(({ request }) => request)
}
