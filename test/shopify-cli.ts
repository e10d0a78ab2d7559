import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CLI = join(ROOT, 'node_modules/@shopify/cli/bin/run.js')

export interface Said {
  readonly code: number
  readonly text: string
}

/** A copy of what Shopify's command line reads, since it writes into the folders that it works in. */
export const appCopy = async (): Promise<{ readonly folder: string; remove(): Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'converlay-app-'))
  const keep = (path: string): boolean => !/\/(node_modules|dist)(\/|$)/.test(path.slice(ROOT.length))
  for (const name of [
    'shopify.app.toml',
    'shopify.web.toml',
    'package.json',
    'tsconfig.base.json',
    'extensions',
    'src/event',
  ])
    await cp(join(ROOT, name), join(folder, name), { recursive: true, filter: keep })
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Runs Shopify's command line, which needs no network and no account for building and checking. */
export const shopify = (args: readonly string[], cwd: string): Promise<Said> =>
  new Promise((resolve) => {
    const env = { ...process.env, SHOPIFY_CLI_NO_ANALYTICS: '1', CI: '1', NO_COLOR: '1', HOME: cwd }
    execFile(process.execPath, [CLI, ...args], { cwd, env, timeout: 50_000 }, (fault, stdout, stderr) => {
      resolve({ code: typeof fault?.code === 'number' ? fault.code : fault ? 1 : 0, text: `${stdout}${stderr}` })
    })
  })
