import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { listenFault } from './listen-fault.ts'

/** What listening on an address really fails with. */
const fault = (options: { port: number; host: string }): Promise<unknown> =>
  new Promise((resolve) => createServer().once('error', resolve).listen(options))

const listening = async <T>(work: (port: number) => Promise<T>): Promise<T> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  try {
    return await work(typeof address === 'object' && address ? address.port : 0)
  } finally {
    server.close()
  }
}

describe('a port that cannot be had', () => {
  it('is told with what to do', () =>
    listening(async (port) => {
      expect(listenFault(await fault({ port, host: '127.0.0.1' }), 3000)).toBe(
        `Port ${port} is in use. Stop the other program or choose another: --port 3100`,
      )
      expect(listenFault(await fault({ port, host: '127.0.0.1' }), 65_500)).toContain('--port 65400')
    }))

  it('of an address that this machine does not have is told with the setting to check', async () => {
    expect(listenFault(await fault({ port: 0, host: '203.0.113.1' }), 3000)).toMatch(
      /no address 203\.0\.113\.1.*CONVERLAY_HOST/,
    )
  })

  it('is not what every fault is', () => {
    expect(listenFault(new Error('The disk is full.'), 3000)).toBeUndefined()
  })
})
