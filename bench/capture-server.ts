/**
 * The server under load, in a process of its own: `bare` reads a body and answers 204, `capture` is the real thing on
 * a durable store. Says its port as one line.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { destinations } from '../src/destinations/all.ts'
import { type Shop, shopFrom } from '../src/event/event.ts'
import { startCapture } from '../src/http/capture.ts'
import { silentLog } from '../src/lib/log.ts'
import { createBreakers } from '../src/pipeline/breakers.ts'
import { startCarts } from '../src/pipeline/carts.ts'
import { createLimiter } from '../src/pipeline/limiter.ts'
import { silentMeter } from '../src/pipeline/meter.ts'
import { alwaysOurs } from '../src/pipeline/ownership.ts'
import { startProjector } from '../src/pipeline/projector.ts'
import type { Runtime } from '../src/pipeline/runtime.ts'
import { createSlots } from '../src/pipeline/slots.ts'
import { systemClock } from '../src/runtimes/clock.ts'
import { PIPELINE } from '../src/runtimes/engine.ts'
import { localWake } from '../src/runtimes/wake.ts'
import { openSqlite } from '../src/store/sqlite/sqlite.ts'

const [mode, folder = ''] = process.argv.slice(2)

const bare = async (): Promise<number> => {
  const server = createServer({ noDelay: true }, (request, response) => {
    request.on('data', () => {})
    request.on('end', () => response.writeHead(204, { 'access-control-allow-origin': '*' }).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return (server.address() as AddressInfo).port
}

const capture = async (): Promise<number> => {
  const store = await openSqlite({ path: folder, masterKey: Buffer.alloc(32, 7), role: 'server' })
  const shop = shopFrom('bench.myshopify.com') as Shop
  await store.saveShop({ shop, facts: { country: 'US', currency: 'USD' }, installedAt: 1 })
  const runtime: Runtime = {
    store,
    send: async () => ({ status: 0, headers: {}, body: '' }),
    clock: systemClock,
    wake: localWake(),
    limiter: createLimiter(systemClock),
    breakers: createBreakers({ clock: systemClock, log: silentLog, meter: silentMeter }),
    slots: createSlots(systemClock),
    meter: silentMeter,
    ownership: alwaysOurs,
    log: silentLog,
    destinations,
    options: PIPELINE,
  }
  const projector = await startProjector(runtime)
  const carts = startCarts(runtime, projector)
  const { port } = await startCapture(
    { runtime, projector, carts, secrets: [], dropped: { count: 0 }, shops: new Map(), keys: new Map() },
    { host: '127.0.0.1', port: 0, trustedProxies: [] },
  )
  return port
}

console.log(mode === 'bare' ? await bare() : await capture())
process.on('disconnect', () => process.exit())
