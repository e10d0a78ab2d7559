/**
 * The server: the embedded engine on a given folder, its requests led to the platforms at a given address. Shops and
 * connections are in the folder already.
 */
import { silentLog } from '../src/lib/log.ts'
import { PIPELINE, startEngine } from '../src/runtimes/engine.ts'
import { serve } from './child.ts'
import { SECRET } from './load.ts'

const [dataDir = '', keyHex = '', platforms = ''] = process.argv.slice(2)

const engine = await startEngine({
  config: {
    dataDir,
    masterKey: Buffer.from(keyHex, 'hex'),
    port: 0,
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
  pipeline: PIPELINE,
  rewrite: (url) => new URL(`${platforms}/${url.hostname}${url.pathname}${url.search}`),
})

serve(engine.addresses, async () => {
  await engine.stop()
  return {}
})
