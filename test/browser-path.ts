import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Asks for the version only: a browser without its shared libraries, or a stub that wants to be installed, fails here. */
const answers = (path: string): boolean =>
  existsSync(path) && spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0

/** A Chromium that works: one on the PATH, else the one in Playwright's own cache. */
export const findBrowser = (): string | undefined => {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return [...onPath, chromium.executablePath()].find(answers)
}

/** For browser tests: where the browser is. `npm test` has installed one if there was none. */
export const browserPath = (): string => {
  const path = findBrowser()
  if (!path) throw new Error('No Chromium found. Run `npm test` once: it installs one.')
  return path
}
