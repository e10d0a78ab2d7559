import type { IncomingMessage, ServerResponse } from 'node:http'

/** Pages of every store send here. */
export const CORS = { 'access-control-allow-origin': '*' } as const

export interface Refusal {
  readonly status: number
  readonly error?: string
  /** Seconds. */
  readonly retryAfter?: number
}

/** A refusal as its sender reads it. */
export const lineOf = (error = 'Refused.'): string => `${JSON.stringify({ error })}\n`

export const refuse = (
  response: ServerResponse,
  { status, error, retryAfter }: Refusal,
  headers: Readonly<Record<string, string>> = {},
): void => {
  if (response.headersSent) return
  response
    .writeHead(status, {
      ...CORS,
      'content-type': 'application/json',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...headers,
    })
    .end(lineOf(error))
}

/**
 * Refuses a body that nobody will read. What still comes is thrown away before the connection ends (the request's time
 * limit ends it otherwise): closed at once, the sender would meet a broken pipe and never read why.
 */
export const refuseUnread = (
  request: IncomingMessage,
  response: ServerResponse,
  { status, error, retryAfter }: Refusal,
): void => {
  const line = lineOf(error)
  response.writeHead(status, {
    ...CORS,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(line),
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    connection: 'close',
  })
  response.write(line)
  request.on('close', () => response.end())
  request.resume()
}

/**
 * The whole body, or undefined when it was too large and has been refused. Counted while it streams: lengths can
 * lie. As it came: what is compressed in one of the `encodings` still is.
 */
export const readBody = (
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
  encodings: readonly string[] = ['identity'],
): Promise<Buffer | undefined> =>
  new Promise((resolve, reject) => {
    const tooLarge = () => {
      refuseUnread(request, response, {
        status: 413,
        error: `The body is larger than ${limit / 1024} KiB. Send less at once.`,
      })
      resolve(undefined)
    }
    if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge()
    if (!encodings.includes(request.headers['content-encoding'] ?? 'identity')) {
      const error = `Send the body uncompressed${encodings.includes('gzip') ? ' or with gzip' : ''}.`
      refuseUnread(request, response, { status: 415, error })
      return resolve(undefined)
    }
    let first: Buffer | undefined
    let chunks: Buffer[] | undefined
    let bytes = 0
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limit) {
        request.off('data', onData)
        return tooLarge()
      }
      if (!first) first = chunk
      else if (chunks) chunks.push(chunk)
      else chunks = [first, chunk]
    }
    request.on('data', onData)
    request.on('end', () => resolve(chunks ? Buffer.concat(chunks) : (first ?? Buffer.alloc(0))))
    request.on('error', reject)
    request.on('aborted', () => resolve(undefined))
  })

/** Answers what a browser asks before it sends something unusual to another address. */
export const preflight = (response: ServerResponse, allowedHeaders: string): void => {
  response
    .writeHead(204, {
      ...CORS,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': allowedHeaders,
      'access-control-max-age': '86400',
    })
    .end()
}
