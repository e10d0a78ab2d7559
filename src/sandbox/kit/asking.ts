import type { Answer, Platform } from '../platform.ts'

/** A request as tests write it. */
export interface Asked {
  /** POST when there is a body, else GET. */
  readonly method?: string
  /** The real one, e.g. https://graph.facebook.com/v26.0/1/events?access_token=x. */
  readonly url: string
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>
  /** Text as it is; anything else goes as JSON, with that content type unless `headers` tell another. */
  readonly body?: unknown
  /** ms since 1970. */
  readonly at: number
  /** The connection's address; 203.0.113.9 unless told. */
  readonly ip?: string
}

/** Asks a platform without HTTP in between. */
export const ask = (platform: Platform, asked: Asked): Answer => {
  const url = new URL(asked.url)
  const isText = typeof asked.body === 'string'
  return platform.answer({
    method: asked.method ?? (asked.body === undefined ? 'GET' : 'POST'),
    host: url.hostname,
    path: url.pathname,
    query: url.searchParams,
    headers: {
      ...(asked.body === undefined || isText ? {} : { 'content-type': 'application/json' }),
      ...asked.headers,
    },
    body: isText ? String(asked.body) : (JSON.stringify(asked.body) ?? ''),
    ip: asked.ip ?? '203.0.113.9',
    now: asked.at,
  })
}

/** An answer's body that is JSON. */
export const told = (answer: Answer) => JSON.parse(String(answer.body))
