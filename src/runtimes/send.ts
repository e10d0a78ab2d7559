import { Agent, type Dispatcher } from 'undici'
import { SECOND } from '../lib/duration.ts'
import type { HttpRequest, HttpResponse, Send } from '../lib/http.ts'

/** Most bytes of an answer that are read. */
const ANSWER_BYTES = 1024 * 1024
/** A request in all; a worker's lease counts on it. */
const TOTAL = 30 * SECOND

export interface Sender {
  readonly send: Send
  close(): Promise<void>
}

/**
 * Sends requests to the hosts that the destinations name and to no other. Redirects are returned, not followed.
 * `rewrite` leads the demo's requests to the sandbox. undici's request, not fetch: fetch costs 12 to 19 times as much
 * here (docs/decisions).
 */
export const startSender = (hosts: ReadonlySet<string>, rewrite: (url: URL) => URL = (url) => url): Sender => {
  const agent = new Agent({
    connect: { timeout: 3 * SECOND },
    headersTimeout: 15 * SECOND,
    bodyTimeout: 15 * SECOND,
    connections: 64,
  })
  return {
    send: async (request) => {
      const url = new URL(request.url)
      if (!hosts.has(url.hostname) || url.protocol !== 'https:')
        throw new Error('a request to a host that no destination names')
      return exchange(agent, request, rewrite(url))
    },
    close: () => agent.close(),
  }
}

const exchange = async (agent: Dispatcher, request: HttpRequest, url: URL): Promise<HttpResponse> => {
  try {
    const answer = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: { ...request.headers, 'user-agent': 'Converlay' },
      body: request.body ?? null,
      signal: AbortSignal.timeout(TOTAL),
    })
    return { status: answer.statusCode, headers: plain(answer.headers), body: await readLimited(answer.body) }
  } catch (fault) {
    return { status: 0, headers: {}, body: '', ...told(fault) }
  }
}

/** Refused or unresolved: nothing left us. Anything later may have been read by the platform. */
const told = (fault: unknown): { problem: string; ambiguous: boolean } => {
  const code = fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : ''
  switch (code) {
    case 'ECONNREFUSED':
      return { problem: 'the connection was refused', ambiguous: false }
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { problem: 'the host name could not be resolved', ambiguous: false }
    case 'UND_ERR_CONNECT_TIMEOUT':
      return { problem: 'no connection within 3 seconds', ambiguous: false }
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return { problem: 'the connection broke before an answer came', ambiguous: true }
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return { problem: 'no answer within 15 seconds', ambiguous: true }
  }
  if (code.startsWith('ERR_TLS') || code.includes('CERT'))
    return { problem: 'its certificate is not valid', ambiguous: false }
  return { problem: 'no answer came', ambiguous: true }
}

const readLimited = async (body: Dispatcher.ResponseData['body']): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES) {
      body.destroy()
      break
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const plain = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
