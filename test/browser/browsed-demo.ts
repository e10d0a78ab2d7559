import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { silentLog } from '../../src/lib/log.ts'
import { type Demo, startDemo } from '../../src/runtimes/demo.ts'
import { browserPath } from '../browser-path.ts'

/** A demo on free ports, and a headless browser to look at it with. */
export interface BrowsedDemo {
  readonly demo: Demo
  readonly browser: Browser
  stop(): Promise<void>
}

/** Test files run beside each other on few processors, and browsers are slow to begin. */
export const PATIENCE = 60_000

/** A demo of its own on free ports, its data in the folder. */
export const startTestDemo = (folder: string): Promise<Demo> =>
  startDemo(
    {
      dataDir: folder,
      masterKey: randomBytes(32),
      port: 0,
      dashboardHost: '127.0.0.1',
      captureHost: '127.0.0.1',
      captureUrl: undefined,
      shopifySecrets: [],
      trustedProxies: [],
      logLevel: 'silent',
    },
    silentLog,
    { hold: 2000, attemptSample: 1 },
  )

export const startBrowsedDemo = async (): Promise<BrowsedDemo> => {
  const folder = await mkdtemp(join(tmpdir(), 'converlay-browser-'))
  const demo = await startTestDemo(folder)
  const browser = await chromium.launch({
    executablePath: browserPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
  return {
    demo,
    browser,
    stop: async () => {
      await browser.close()
      await demo.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
