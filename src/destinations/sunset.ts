import { DAY } from '../lib/duration.ts'
import type { Destination } from './destination.ts'

/** How long before a platform retires an interface it is said. */
const NOTICE = 90 * DAY

/** What to say of an interface that ends within 90 days or has ended; undefined while there is nothing to say. */
export const sunsetNotice = ({ name, docs }: Pick<Destination, 'name' | 'docs'>, now: number): string | undefined => {
  if (docs.sunset === undefined) return undefined
  const ends = Date.parse(docs.sunset)
  if (now < ends - NOTICE) return undefined
  return now < ends
    ? `${name} ends its interface ${docs.version} on ${docs.sunset}. Update Converlay before that day.`
    : `${name} ended its interface ${docs.version} on ${docs.sunset}. Update Converlay; events wait and may be refused.`
}
