/**
 * `npm test`: style, types, a browser, then every test but the walks. Stops at the first stage that fails. Arguments go
 * to Vitest: `npm test -- src/lib` runs the tests of one folder. With --walks (`npm run test:walks`) it is the walks, and
 * style and types are not looked at.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { findBrowser } from './browser-path.ts'

const ROOT = join(import.meta.dirname, '..')

const given = process.argv.slice(2)
const areWalks = given.includes('--walks')

/** Also when started without npm, the project's own Node and tools come first. */
const env = { ...process.env, PATH: [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter) }

/** Runs a command in the open; its exit code, 1 when it could not start or was killed. */
const run = (command: string, args: readonly string[]): number =>
  spawnSync(command, args, { cwd: ROOT, env, stdio: 'inherit' }).status ?? 1

/** A named step of the whole; 0 when it went well, else the exit code of all. */
type Stage = readonly [name: string, work: () => number]

const rightNode = (): number => {
  console.log(`Node ${process.versions.node}`)
  if (process.versions.node.startsWith('26.')) return 0
  console.error('Converlay needs Node 26. On Linux npm ci brings it; on other systems install it from nodejs.org.')
  return 2
}

/** What goes before a command that changes the system: nothing for root, sudo where it asks for no password. */
const asRoot = (): readonly string[] | undefined => {
  if (process.getuid?.() === 0) return []
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined
}

interface Install {
  readonly says: string
  readonly command: string
  readonly forSystem: boolean
}

/** Ways to get a browser, in the order in which they are tried. */
const INSTALLS: readonly Install[] = [
  {
    says: 'No Chromium found: downloading the one that Playwright provides, into its own cache.',
    // Five tries; without a limit each, a firewall that swallows packets costs minutes.
    command: 'PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT=10000 npx playwright-core install chromium',
    forSystem: false,
  },
  {
    says: 'Still no Chromium that starts: installing the package chromium with apt-get.',
    command:
      'export DEBIAN_FRONTEND=noninteractive; apt-get update && apt-get install -y --no-install-recommends chromium',
    forSystem: true,
  },
  {
    says: 'Still no Chromium that starts: installing the libraries that the downloaded one needs.',
    command: 'npx playwright-core install-deps chromium',
    forSystem: true,
  },
]

const browser = (): number => {
  let path = findBrowser()
  for (const { says, command, forSystem } of INSTALLS) {
    const before = forSystem ? asRoot() : []
    if (path || !before) continue
    console.log(says)
    const [program = '', ...args] = [...before, 'sh', '-c', command]
    run(program, args)
    path = findBrowser()
  }
  if (!path) {
    console.error(
      'No Chromium could be installed. Install chromium or google-chrome yourself, then run npm test again.',
    )
    return 1
  }
  console.log(path)
  return 0
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[]
}

let summary: string | undefined

/** Vitest's own output; what it counted becomes the last line of all, for people and scripts. */
const tests = (): number => {
  const folder = mkdtempSync(join(tmpdir(), 'converlay-test-'))
  const file = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const config = areWalks ? ['--config', 'vitest.walks.config.ts'] : []
  const code = run('vitest', ['run', ...config, ...reporters, ...given.filter((one) => one !== '--walks')])
  if (existsSync(file)) {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report
    // A file that could not be loaded has no tests to count; it counts as one that failed.
    const unloaded = report.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0)
    summary = `tests: ${report.numPassedTests} passed, ${report.numFailedTests + unloaded.length} failed`
  }
  rmSync(folder, { recursive: true, force: true })
  return code
}

const STAGES: readonly Stage[] = [
  ['node', rightNode],
  ...(areWalks
    ? []
    : ([
        ['lint', () => run('npm', ['run', '--silent', 'lint'])],
        ['types', () => run('npm', ['run', '--silent', 'types'])],
      ] satisfies Stage[])),
  ['browser', browser],
  ['tests', tests],
]

for (const [name, work] of STAGES) {
  console.log(`\n== ${name}`)
  const started = performance.now()
  const code = work()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`== ${name}: ${code === 0 ? 'ok' : 'FAILED'} after ${seconds} s`)
  if (code !== 0) {
    process.exitCode = code
    break
  }
}
if (summary) console.log(summary)
