import { maxAgeOf } from '../destinations/deadline.ts'
import type { Lane } from '../store/store.ts'
import type { Outlet } from './outlet.ts'
import type { Feed } from './view.ts'

/**
 * Of the lanes that catch up, the one whose next event the platform will be the first to refuse for its age. Within a
 * lane the order of arrival is near enough to that, and a lane is one position.
 */
export const nearestDeadline = async (
  { destination }: Pick<Outlet, 'destination'>,
  lanes: readonly Lane[],
  feed: Pick<Feed, 'after'>,
): Promise<Lane | undefined> => {
  if (lanes.length < 2) return lanes[0]
  const deadlines = await Promise.all(
    lanes.map(async ({ position }) => {
      const [next] = await feed.after(position, 1)
      // Without a body there is nothing to send: that is soon done.
      return next?.event ? Date.parse(next.event.occurredAt) + maxAgeOf(destination, next.event) : 0
    }),
  )
  return lanes
    .map((lane, place) => ({ lane, deadline: deadlines[place] ?? 0 }))
    .sort((a, b) => a.deadline - b.deadline)[0]?.lane
}
