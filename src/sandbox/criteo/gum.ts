import { hash } from 'node:crypto'
import type { TagReading } from '../kit/reading.ts'
import type { PlatformRequest } from '../platform.ts'
import { nothing } from './endpoint.ts'

/**
 * GET https://gum.criteo.com/sync?c=<caller>&r=2&a=1&j=<callback>: who this browser is, as a script that calls the
 * page's function. The real one knows a browser by its own cookie; here it is its user agent.
 */
export const readSync = ({ path, query, headers }: PlatformRequest): TagReading | undefined => {
  const callback = query.get('j') ?? ''
  if (path !== '/sync' || !query.get('c')) return undefined
  if (!/^[A-Za-z_$][\w$]{0,60}$/.test(callback)) return { answer: nothing(400) }
  const userid = `k-${hash('sha256', headers['user-agent'] ?? '', 'base64url').slice(0, 32)}`
  return {
    answer: {
      status: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' },
      body: `${callback}(${JSON.stringify({ status: 'OK', userid })})`,
    },
  }
}
