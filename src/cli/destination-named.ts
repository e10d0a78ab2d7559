import { destinations } from '../destinations/all.ts'
import type { Destination } from '../destinations/destination.ts'

/** A destination by its slug, or what to say to somebody who named another. */
export const destinationNamed = (slug: string): Destination | string =>
  destinations.get(slug) ?? `There is no destination "${slug}". There are: ${[...destinations.keys()].join(', ')}.`
