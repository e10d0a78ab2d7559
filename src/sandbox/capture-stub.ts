import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type Listening, listen } from './listen.ts'

/** One request that reached the stub. */
export interface Arrival {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Stands in for an app's capture address in tests: keeps what arrives and answers as it is told. */
export interface CaptureStub extends Listening {
  readonly arrivals: Arrival[]
  /** Status of the next answers, by path; 200 unless told. */
  answerWith(status: (arrival: Arrival) => number): void
}

export const startCaptureStub = async (): Promise<CaptureStub> => {
  const arrivals: Arrival[] = []
  let statusOf = (_: Arrival): number => 200
  const server = await listen(
    async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
      const arrival = {
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
      arrivals.push(arrival)
      response.writeHead(statusOf(arrival), { 'access-control-allow-origin': '*' }).end()
    },
    { port: 0 },
  )
  return {
    ...server,
    arrivals,
    answerWith: (status) => {
      statusOf = status
    },
  }
}

/** Whether a webhook's signature is that of its body. */
export const isSigned = ({ headers, body }: Arrival, secret: string): boolean =>
  headers['x-shopify-hmac-sha256'] === createHmac('sha256', secret).update(body, 'utf8').digest('base64')
