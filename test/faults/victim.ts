/**
 * A process to be killed: an engine on a given folder, whose requests go to a given sandbox. Says where it listens as one
 * JSON line, and ends when its parent does.
 */

import { type Shop, shopFrom } from '../../src/event/event.ts'
import { silentLog } from '../../src/lib/log.ts'
import { startEngine } from '../../src/runtimes/engine.ts'
import type { Store } from '../../src/store/store.ts'
import { ACCOUNT, SECRET } from '../harness.ts'

const [dataDir = '', keyHex = '', sandboxUrl = '', port = '0', bug = ''] = process.argv.slice(2)
const shop = shopFrom('demo.myshopify.com') as Shop

/** The planted bug: whoever sends is answered before anything is on the disk. */
const hasty = ({ append }: Store): Store['append'] => {
  return (arrival) => {
    append(arrival).catch(() => {})
    return Promise.resolve({ repeated: false, events: arrival.events.map((_, at) => ({ seq: at + 1, fresh: true })) })
  }
}

const engine = await startEngine({
  config: {
    dataDir,
    masterKey: Buffer.from(keyHex, 'hex'),
    port: Number(port),
    dashboardHost: '127.0.0.1',
    captureHost: '127.0.0.1',
    captureUrl: undefined,
    shopifySecrets: [SECRET],
    trustedProxies: ['127.0.0.1'],
    logLevel: 'silent',
  },
  log: silentLog,
  secrets: [SECRET],
  trustedProxies: ['127.0.0.1'],
  pipeline: { hold: 300, attemptSample: 100 },
  rewrite: (url) => new URL(`${sandboxUrl}/${url.hostname}${url.pathname}${url.search}`),
  prepare: async ({ store }) => {
    if (bug === 'hasty') Object.assign(store, { append: hasty(store) })
    if (await store.shop(shop)) return
    await store.saveShop({ shop, facts: { country: 'US', currency: 'USD' }, installedAt: 1 })
    await store.addConnection({ shop, destination: 'pinterest', settings: ACCOUNT, createdAt: Date.now() })
  },
})
console.log(JSON.stringify(engine.addresses))
process.on('disconnect', () => process.exit())
process.on('SIGTERM', () => void engine.stop().then(() => process.exit(0)))
