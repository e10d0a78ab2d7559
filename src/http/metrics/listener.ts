import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import { SECOND } from '../../lib/duration.ts'
import { type Log, whatFailed } from '../../lib/log.ts'

export interface MetricsListener {
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves `/metrics` on a listener of its own: it is for whoever watches the process, and neither the shoppers' proxy nor
 * the dashboard's leads there. `/live` answers there too, because processes of some roles listen nowhere else. `look` brings up to date what is looked up; if it fails the rest is told all the same.
 */
export const startMetrics = async (options: {
  readonly host: string
  readonly port: number
  readonly registry: Registry
  readonly look: () => Promise<void>
  readonly log: Log
}): Promise<MetricsListener> => {
  const { registry, look, log } = options
  const told = async (): Promise<string> => {
    await look().catch((fault: unknown) => log.warn('what waits could not be counted', { fault: whatFailed(fault) }))
    return registry.metrics()
  }
  const server = createServer({ headersTimeout: 10 * SECOND, requestTimeout: 15 * SECOND }, (request, response) => {
    if (request.method === 'GET' && request.url === '/live') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}\n')
      return
    }
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Metrics are at /metrics.\n')
      return
    }
    told().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => resolve())
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
