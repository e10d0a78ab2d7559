import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Listening {
  /** e.g. http://127.0.0.1:4001, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** Ends every open connection and stops listening. */
  close(): Promise<void>
}

/** Serves a handler on a port; 0 takes a free one. */
export const listen = (
  handler: RequestListener,
  at: { port: number; host?: string | undefined },
): Promise<Listening> => {
  const host = at.host ?? '127.0.0.1'
  const server = createServer(handler)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(at.port, host, () => {
      const { port } = server.address() as AddressInfo
      resolve({
        url: `http://${host}:${port}`,
        port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            server.closeAllConnections()
          }),
      })
    })
  })
}
