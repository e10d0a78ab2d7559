import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { conversions, until } from '../harness.ts'
import { startBrowsedDemo } from './browsed-demo.ts'
import { hindrances } from './hindrances.ts'

/**
 * Writes what every page of the dashboard looks like, on a desk and on a phone, light and dark, to .build/screenshots.
 * The pages are those that the navigation leads to, and of those behind them one of each kind. Says what axe-core finds.
 */

const FOLDER = fileURLToPath(new URL('../../.build/screenshots', import.meta.url))
const SIZES = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
]
const SCHEMES = ['light', 'dark'] as const

/** Paths of the dashboard with the name of their picture. */
const pagesOf = async (page: Page): Promise<ReadonlyMap<string, string>> => {
  await page.getByRole('navigation').waitFor()
  await settled(page)
  const links = await page.getByRole('navigation').getByRole('link').all()
  const found = new Map<string, string>()
  const note = (path: string) => {
    const rest = path.split('/').slice(3)
    found.set(path, rest.length === 0 ? 'home' : rest.join('-'))
  }
  for (const link of links) {
    const path = await link.getAttribute('href')
    if (path?.startsWith('/s/')) note(path)
  }
  const [, , shop] = new URL(page.url()).pathname.split('/')
  for (const path of ['connect', 'connect/pinterest', 'connections/1']) note(`/s/${shop}/${path}`)
  await page.goto(new URL(`/s/${shop}/events`, page.url()).href)
  const purchase = page.getByRole('main').getByRole('link', { name: 'Purchase' }).first()
  await purchase.waitFor()
  const story = await purchase.getAttribute('href')
  if (story !== null) found.set(story, 'event')
  return found
}

/** Nothing is fetched any more and nothing stands for something that is still to come. */
const settled = async (page: Page): Promise<void> => {
  await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' })
  await page.getByRole('main').waitFor()
}

const world = await startBrowsedDemo()
try {
  await world.demo.driveShoppers({ count: 12, seed: 3 })
  await until('a delivered purchase', async () => (await conversions(world.demo, 'checkout')).length > 0)
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER, { recursive: true })
  const only = process.argv.slice(2)
  let pages: ReadonlyMap<string, string> | undefined
  for (const viewport of SIZES)
    for (const colorScheme of SCHEMES) {
      const context = await world.browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
      const page = await context.newPage()
      page.on('pageerror', (fault) => console.error(`${page.url()}: ${fault.message}`))
      await page.goto(world.demo.engine.addresses.dashboard)
      pages ??= await pagesOf(page)
      for (const [path, name] of pages) {
        if (only.length > 0 && !only.includes(name)) continue
        await page.goto(new URL(path, world.demo.engine.addresses.dashboard).href)
        await settled(page)
        await page.waitForLoadState('load')
        for (const fault of await hindrances(page)) console.log(`${name} ${viewport.width} ${colorScheme}: ${fault}`)
        const file = join(FOLDER, `${name}-${viewport.width}-${colorScheme}.png`)
        await page.screenshot({ path: file, fullPage: true, animations: 'disabled' })
      }
      await context.close()
    }
  console.log(`screenshots: ${FOLDER}`)
} finally {
  await world.stop()
}
