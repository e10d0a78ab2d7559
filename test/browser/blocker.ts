import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium, type Worker } from 'playwright-core'
import { browserPath } from '../browser-path.ts'

/** The lists that AdGuard's browser extension brings, in the form in which Chromium itself applies them. */
const LISTS = { 'AdGuard Base': 2, 'AdGuard Tracking Protection': 3 } as const

const PACKAGE = dirname(dirname(dirname(fileURLToPath(import.meta.resolve('@adguard/dnr-rulesets')))))

/** "AdGuard Base and AdGuard Tracking Protection of 2026-03-20": the package's version ends with the lists' own time. */
export const listsNamed = (): string => {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { readonly version: string }
  const [, year, month, day] = /\.(\d{4})(\d{2})(\d{2})\d{6}$/.exec(version) ?? []
  return `${Object.keys(LISTS).join(' and ')} of ${year}-${month}-${day}`
}

interface Rule {
  readonly id: number
  readonly priority?: number
  readonly action: { readonly type: string }
  readonly condition: { readonly urlFilter?: string; readonly initiatorDomains?: readonly string[] }
}

/**
 * Whether a rule can have a say about one of the addresses: each literal piece of its filter stands in the address. All
 * others can be left out without changing a verdict, and 245,000 rules take seconds to load. Rules for the pages of
 * named sites never meet our invented store. A redirect to a harmless copy would need those copies; what blocks stays.
 */
const canMeet = ({ action, condition }: Rule, addresses: readonly string[]): boolean => {
  if ((action.type !== 'block' && action.type !== 'allow') || condition.initiatorDomains !== undefined) return false
  const pieces = condition.urlFilter?.toLowerCase().split(/[*^|]+/) ?? []
  return addresses.some((address) => pieces.every((piece) => address.includes(piece)))
}

/** The rules of both lists that can meet the addresses, by list. */
const rulesFor = (addresses: readonly string[]): ReadonlyMap<string, readonly Rule[]> => {
  const lower = addresses.map((address) => address.toLowerCase())
  return new Map(
    Object.values(LISTS).map((list) => {
      const path = join(PACKAGE, `dist/filters/declarative/ruleset_${list}/ruleset_${list}.json`)
      const rules = (JSON.parse(readFileSync(path, 'utf8')) as readonly Rule[]).filter((rule) => canMeet(rule, lower))
      return [
        `list-${list}`,
        rules.map(({ id, priority = 1, action, condition }) => ({ id, priority, action, condition })),
      ]
    }),
  )
}

/** A browser with a blocker in it. */
export interface Blocked {
  readonly context: BrowserContext
  /** How many rules of the lists can meet the addresses. */
  readonly rules: number
  /** Switches the lists off, to see what the same browser does without them. */
  switchOff(): Promise<void>
}

/** Starts a Chromium whose profile lies in the folder, with the lists as an extension of its own. */
export const startBlocked = async (folder: string, addresses: readonly string[]): Promise<Blocked> => {
  const extension = join(folder, 'extension')
  const lists = rulesFor(addresses)
  await mkdir(extension, { recursive: true })
  for (const [id, rules] of lists) await writeFile(join(extension, `${id}.json`), JSON.stringify(rules))
  await writeFile(join(extension, 'background.js'), '')
  await writeFile(
    join(extension, 'manifest.json'),
    JSON.stringify({
      manifest_version: 3,
      name: 'Lists',
      version: '1',
      permissions: ['declarativeNetRequest'],
      background: { service_worker: 'background.js' },
      declarative_net_request: {
        rule_resources: [...lists.keys()].map((id) => ({ id, enabled: true, path: `${id}.json` })),
      },
    }),
  )
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: browserPath(),
    headless: true,
    ignoreDefaultArgs: ['--disable-extensions'],
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      `--load-extension=${extension}`,
      `--disable-extensions-except=${extension}`,
      // Nobody is asked outside this machine, whatever a page wants to load.
      '--host-resolver-rules=MAP * 127.0.0.1',
    ],
  })
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
  await enabled(worker, lists.size)
  return {
    context,
    rules: [...lists.values()].reduce((sum, { length }) => sum + length, 0),
    switchOff: async () => {
      const ids = JSON.stringify([...lists.keys()])
      await worker.evaluate(`chrome.declarativeNetRequest.updateEnabledRulesets({ disableRulesetIds: ${ids} })`)
      await enabled(worker, 0)
    },
  }
}

/** Resolves when so many of the extension's lists are in force. */
const enabled = (worker: Worker, count: number): Promise<unknown> =>
  worker.evaluate(`(async () => {
    while ((await chrome.declarativeNetRequest.getEnabledRulesets()).length !== ${count});
  })()`)
