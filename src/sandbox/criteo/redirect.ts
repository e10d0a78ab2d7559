import type { Answer, PlatformRequest } from '../platform.ts'
import { nothing } from './endpoint.ts'

/**
 * false: every host takes events itself. true: the general hosts send clients to their region. elsewhere: they send
 * them to a host that is not Criteo's. loop: the region sends them back.
 */
export type Redirect = boolean | 'elsewhere' | 'loop'

export const isRedirect = (told: unknown): told is Redirect =>
  typeof told === 'boolean' || told === 'elsewhere' || told === 'loop'

/** General hosts and those of their region. */
export const REGIONAL: ReadonlyMap<string, string> = new Map([
  ['widget.criteo.com', 'widget.us.criteo.com'],
  ['sslwidget.criteo.com', 'sslwidget.us.criteo.com'],
])

/** Belongs to nobody and ends where it is reserved for examples. */
const ELSEWHERE = 'widget.criteo.com.example'

const hostFor = (host: string, redirect: Redirect): string | undefined => {
  const region = REGIONAL.get(host)
  if (region !== undefined) return redirect === 'elsewhere' ? ELSEWHERE : region
  return redirect === 'loop' ? [...REGIONAL].find(([, one]) => one === host)?.[0] : undefined
}

/** The answer 307 with the same path and query at another host; undefined where the request has arrived. */
export const redirected = (request: PlatformRequest, redirect: Redirect): Answer | undefined => {
  const host = redirect === false ? undefined : hostFor(request.host, redirect)
  if (host === undefined) return undefined
  const query = request.query.toString()
  return nothing(307, { location: `https://${host}${request.path}${query === '' ? '' : `?${query}`}` })
}
