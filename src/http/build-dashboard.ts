import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SOURCES = join(ROOT, 'dashboard')
const BUILT = join(ROOT, '.build', 'dashboard')

/**
 * The folder of the built dashboard, built first when its sources or the installed libraries changed. The folder is
 * named by their hash, so a half-finished build is never served and two processes cannot disturb each other. A packed
 * release carries the folder and no sources.
 */
export const buildDashboard = async (): Promise<string> => {
  if (!existsSync(SOURCES)) {
    const [packed] = await readdir(BUILT)
    if (packed === undefined) throw new Error('This release carries no dashboard; install it again.')
    return join(BUILT, packed)
  }
  const target = join(BUILT, await hashOfSources())
  if (existsSync(join(target, 'index.html'))) return target
  // In its own process: the bundler's memory goes with it, and capture's event loop is not held up.
  await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), target], { cwd: ROOT })
  return target
}

/** 16 hex digits over every source file's name and content, and the lock file. */
const hashOfSources = async (): Promise<string> => {
  const entries = await readdir(SOURCES, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
  const hash = createHash('sha256')
  for (const file of [...files.sort(), join(ROOT, 'package-lock.json')]) {
    const content = await readFile(file).catch(() => '')
    hash.update(file.slice(ROOT.length)).update('\0').update(content).update('\0')
  }
  return hash.digest('hex').slice(0, 16)
}

const bundle = async (target: string): Promise<void> => {
  const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')])
  const draft = `${target}.${process.pid}`
  await build({
    root: SOURCES,
    configFile: false,
    envFile: false,
    logLevel: 'warn',
    plugins: [react()],
    build: { outDir: draft, emptyOutDir: true, chunkSizeWarningLimit: 800 },
  })
  await mkdir(BUILT, { recursive: true })
  // Another process was faster: its folder has the same content.
  await rename(draft, target).catch(() => rm(draft, { recursive: true, force: true }))
  const old = (await readdir(BUILT)).filter((name) => !target.endsWith(name) && !name.includes('.'))
  await Promise.all(old.map((name) => rm(join(BUILT, name), { recursive: true, force: true })))
}

if (import.meta.main) {
  const [, , target] = process.argv
  if (target === undefined) throw new Error('Which folder?')
  await bundle(target)
}
