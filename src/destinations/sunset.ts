import { DAY } from '../lib/duration.ts'
import type { HttpResponse } from '../lib/http.ts'
import type { Destination } from './destination.ts'

/** How long before a platform retires an interface it is said. */
const NOTICE = 90 * DAY

/** Whether an answer says that the interface itself is gone, for everybody. A merchant's own server only speaks for itself. */
export const saysRetired = ({ hosts, isRetired }: Pick<Destination, 'hosts' | 'isRetired'>, response: HttpResponse) =>
  hosts !== 'public' && (response.status === 410 || isRetired?.(response) === true)

/** What to say of an interface that no longer answers. */
export const retiredNotice = ({ name, docs }: Pick<Destination, 'name' | 'docs'>): string =>
  `${name} has ended its interface ${docs.version}. Update Converlay; events wait until then, as long as ${name} takes them.`

/** What to say of an interface that ends within 90 days or has ended; undefined while there is nothing to say. */
export const sunsetNotice = ({ name, docs }: Pick<Destination, 'name' | 'docs'>, now: number): string | undefined => {
  if (docs.sunset === undefined) return undefined
  const ends = Date.parse(docs.sunset)
  if (now < ends - NOTICE) return undefined
  return now < ends
    ? `${name} ends its interface ${docs.version} on ${docs.sunset}. Update Converlay before that day.`
    : `${name} ended its interface ${docs.version} on ${docs.sunset}. Update Converlay; events wait and may be refused.`
}
