/**
 * One process of several, to be killed: a role on a given database, whose requests go to a given sandbox. Says where it
 * listens as one JSON line, and ends when its parent does.
 */
import { shopFrom } from '../../src/event/event.ts'
import { silentLog } from '../../src/lib/log.ts'
import { ROLES } from '../../src/runtimes/roles.ts'
import { startScaleOut } from '../../src/runtimes/scale-out.ts'
import { ACCOUNT, SECRET } from '../harness.ts'

const [role = '', databaseUrl = '', keyHex = '', sandboxUrl = '', spoolDir = '', shops = ''] = process.argv.slice(2)

const one = await startScaleOut({
  config: {
    dataDir: spoolDir,
    masterKey: Buffer.from(keyHex, 'hex'),
    port: 0,
    dashboardHost: '127.0.0.1',
    captureHost: '127.0.0.1',
    captureUrl: undefined,
    shopifySecrets: [SECRET],
    trustedProxies: ['127.0.0.1'],
    logLevel: 'silent',
    spoolDir,
  },
  log: silentLog,
  role: ROLES.find((known) => known === role) ?? 'all',
  databaseUrl,
  secrets: [SECRET],
  trustedProxies: ['127.0.0.1'],
  pipeline: { hold: 300, attemptSample: 100 },
  rewrite: (url) => new URL(`${sandboxUrl}/${url.hostname}${url.pathname}${url.search}`),
  prepare: async ({ store }) => {
    for (const name of shops.split(',')) {
      const shop = shopFrom(name)
      if (!shop || (await store.shop(shop))) continue
      await store.saveShop({ shop, facts: { country: 'US', currency: 'USD' }, installedAt: 1 })
      await store.addConnection({ shop, destination: 'pinterest', settings: ACCOUNT, createdAt: Date.now() })
    }
  },
})
console.log(JSON.stringify(one.addresses))
void one.failed.then(() => process.exit(1))
process.on('disconnect', () => process.exit())
process.on('SIGTERM', () => void one.stop().then(() => process.exit(0)))
