import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Config } from '../config.ts'
import { DAY } from '../lib/duration.ts'
import { silentLog } from '../lib/log.ts'
import type { Compared } from '../shopify/compare.ts'
import { DEMO_SHOP, type Demo, startDemo } from './demo.ts'

/** Takes a port; undefined when somebody has it. */
const take = (port: number): Promise<Server | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined)).listen(port, '127.0.0.1', () => resolve(server))
  })
const leave = (server: Server | undefined) =>
  new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))

/** The first of four free ports in a row, below those that the system gives away by itself. */
const fourFree = async (): Promise<number> => {
  for (let port = 21_000 + (process.pid % 1000) * 8; port < 32_000; port += 4) {
    const four = await Promise.all([0, 1, 2, 3].map((offset) => take(port + offset)))
    await Promise.all(four.map(leave))
    if (four.every(Boolean)) return port
  }
  throw new Error('no four free ports')
}

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'converlay-start-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

const configAt = (port: number): Config => ({
  dataDir,
  masterKey: randomBytes(32),
  port,
  dashboardHost: '127.0.0.1',
  captureHost: '127.0.0.1',
  captureUrl: undefined,
  shopifySecrets: [],
  trustedProxies: [],
  logLevel: 'silent',
})

describe('a start that finds a port taken', () => {
  it('stops all that was started, whichever of the four it is, and starts when it is free', async () => {
    const port = await fourFree()
    const config = configAt(port)
    for (const offset of [0, 1, 2, 3]) {
      const other = await take(port + offset)
      await expect(startDemo(config, silentLog)).rejects.toMatchObject({ code: 'EADDRINUSE', port: port + offset })
      await leave(other)
      const all = await Promise.all([0, 1, 2, 3].map((one) => take(port + one)))
      await Promise.all(all.map(leave))
      expect(all.map(Boolean)).toEqual([true, true, true, true])
    }
    const demo = await startDemo(config, silentLog)
    expect(demo.engine.addresses.dashboard).toBe(`http://localhost:${port}`)
    await demo.stop()
  }, 60_000)
})

describe('the demo’s imitation of Shopify', () => {
  /** What the audit's page shows, once the app has its access to the store. */
  const compared = async ({ engine, shopify }: Demo): Promise<Compared> => {
    const day = (offset: number) => new Date(Date.now() + offset * DAY).toISOString()
    const address = `${engine.addresses.dashboard}/api/shops/${DEMO_SHOP}/audit/shopify`
    for (;;) {
      const answer = await fetch(`${address}?from=${day(-1)}&until=${day(1)}`, {
        headers: { authorization: `Bearer ${shopify.sessionToken(DEMO_SHOP)}` },
      })
      const said = (await answer.json()) as Compared
      if (said.compared) return said
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  it('knows what simulated shoppers bought: the audit has the same orders and the same revenue', async () => {
    const demo = await startDemo(configAt(0), silentLog)
    try {
      const body = new URLSearchParams({ count: '10' })
      const fromFooter = await (await fetch(`${demo.store.url}/shoppers`, { method: 'POST', body })).text()
      const [, bought] = /They bought (\d+) times/.exec(fromFooter) ?? []
      const { purchases } = await demo.driveShoppers({ count: 10, seed: 7 })
      const said = await compared(demo)
      expect(said).toMatchObject({ isEqual: true, missing: { count: 0 }, gone: { count: 0 } })
      expect(said.compared && said.shopify.orders).toBe(Number(bought) + purchases)
      expect(said.compared && said.ours).toEqual(said.compared && said.shopify)
    } finally {
      await demo.stop()
    }
  }, 60_000)
})
