import type { Answer, PlatformRequest } from '../platform.ts'

/** The smallest transparent GIF: what a tag's image request gets. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

export const imageAnswer = (): Answer => ({
  status: 200,
  headers: { 'content-type': 'image/gif', 'cache-control': 'no-store', 'access-control-allow-origin': '*' },
  body: PIXEL,
})

/** What a hit tells, out of an image's query or a posted form. */
export const hitFields = (request: PlatformRequest): URLSearchParams =>
  request.method === 'POST'
    ? new URLSearchParams([...request.query, ...new URLSearchParams(request.body)])
    : request.query

/** The fields `prefix[name]=value` of a hit by their names. */
export const bracketed = (query: URLSearchParams, prefix: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...query].flatMap(([key, value]) =>
      key.startsWith(`${prefix}[`) && key.endsWith(']') ? [[key.slice(prefix.length + 1, -1), value]] : [],
    ),
  )

/**
 * The browser's address. Simulated shoppers have one each and bring it along; on the real host only the connection
 * counts.
 */
export const visitorIp = (request: PlatformRequest): string =>
  String(request.headers['x-forwarded-for'] ?? '')
    .split(',')[0]
    ?.trim() || request.ip
