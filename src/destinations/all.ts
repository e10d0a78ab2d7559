import type { Destination } from './destination.ts'
import { pinterest } from './pinterest/pinterest.ts'

/** Every platform Converlay can send to, by slug. A new one is a folder and a line here. */
export const destinations: ReadonlyMap<string, Destination> = new Map(
  [pinterest].map((destination) => [destination.slug, destination]),
)
