import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DESTINATIONS_PAGE, destinationsPage } from '../src/cli/destinations-page.ts'
import { destinations } from '../src/destinations/all.ts'
import { OUTCOMES } from '../src/destinations/outcomes.ts'
import type { Shop } from '../src/event/event.ts'
import type { Json } from '../src/lib/json.ts'
import { decodeTrack } from '../src/sources/track/decode.ts'
import { KEEPING_TIMES, KEPT } from '../src/store/keeping-times.ts'
import { isNode, type Node, ROOT, readSource } from './source-scan.ts'

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const PAGES = [...globSync('*.md', { cwd: ROOT }), ...globSync('docs/**/*.md', { cwd: ROOT })].sort()

/** Names declared at the top of a file, exported or not. */
const declared = (file: string): Set<string> => {
  const names = new Set<string>()
  const collect = (value: unknown): void => {
    if (!isNode(value)) return
    if (value.type === 'ExportNamedDeclaration') collect(value.declaration)
    if (isNode(value.id) && typeof value.id.name === 'string') names.add(value.id.name)
    for (const declarator of Array.isArray(value.declarations) ? value.declarations : []) collect(declarator)
  }
  for (const statement of readSource(file).program.body as Node[]) collect(statement)
  return names
}

describe('docs/story.md', () => {
  const story = read('docs/story.md')

  test('is one path, numbered without gaps', () => {
    const steps = [...story.matchAll(/^(\d+)\. /gm)].map((match) => Number(match[1]))
    expect(steps).toEqual(steps.map((_, index) => index + 1))
    expect(steps.length).toBeGreaterThanOrEqual(8)
  })

  test.each([...story.matchAll(/`([\w./-]+\.tsx?)#(\w+)`/g)].map((match) => [match[1] ?? '', match[2] ?? '']))(
    'names %s#%s, which exists',
    (file, name) => {
      expect(existsSync(join(ROOT, file)), `${file} does not exist`).toBe(true)
      expect([...declared(file)]).toContain(name)
    },
  )
})

test('README.md’s example of single steps gives the request for a purchase', () => {
  const example = /```sh\n(echo [\s\S]*?)```/.exec(read('README.md'))?.[1] ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'converlay-docs-'))
  try {
    for (const name of ['bin', 'src']) symlinkSync(join(ROOT, name), join(folder, name))
    const printed = JSON.parse(execFileSync('sh', ['-ec', example], { cwd: folder, encoding: 'utf8' }))
    expect(printed).toMatchObject({ request: { method: 'POST' }, eventIds: ['pur_6120000000001'] })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

describe('docs/track.md', () => {
  const examples = [...read('docs/track.md').matchAll(/```(?:sh|js)\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')

  test('has a curl example that is an order with its money', () => {
    const body: unknown = JSON.parse(/-d '(\{[\s\S]*?\})'/.exec(examples.join('\n'))?.[1] ?? '')
    const message = { source: 'track', shop: 'demo.myshopify.com' as Shop, trusted: true } as const
    const { events, leftOut } = decodeTrack(message, body as Json)
    expect(events).toMatchObject([
      { id: 'pur_WEB-1042', commerce: { value: '27.50' }, ids: { epik: 'dj0yJnU9' }, consent: { marketing: true } },
      { id: 'paid_WEB-1042' },
    ])
    expect(leftOut).toBeUndefined()
  })

  test('has an example of looking at a call that gives its event', () => {
    const example = examples.find((one) => one.includes('--source track')) ?? ''
    const printed = execFileSync('sh', ['-ec', example], { cwd: ROOT, encoding: 'utf8' })
    expect(JSON.parse(printed)).toMatchObject({ id: 'view-0001', name: 'product_viewed' })
  })
})

test('docs/destinations.md tells what the definitions say (npm run docs)', () => {
  expect(read(DESTINATIONS_PAGE)).toBe(`${destinationsPage([...destinations.values()])}\n`)
})

describe('commands in the documentation', () => {
  const code = PAGES.flatMap((page) => read(page).match(/```[\s\S]*?```|`[^`\n]+`/g) ?? []).join('\n')
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

  test('npm scripts exist', () => {
    const named = [...code.matchAll(/\bnpm (?:run )?([a-z][a-z:]*)/g)].map((match) => match[1] ?? '')
    expect(named.filter((name) => !(name in scripts) && !['ci', 'install'].includes(name))).toEqual([])
  })

  test('converlay’s commands exist', () => {
    const help = execFileSync(join(ROOT, 'bin/converlay'), ['--help'], { encoding: 'utf8' })
    const known = [...help.matchAll(/^ {2}([a-z]+)\b/gm)].map((match) => match[1])
    const named = [...code.matchAll(/\bbin\/converlay ([a-z]+)/g)].map((match) => match[1] ?? '')
    expect(named).not.toEqual([])
    expect(named.filter((name) => !known.includes(name))).toEqual([])
  })
})

test.each(PAGES)('%s links only to what is there', (page) => {
  const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '')
  const local = targets.filter((target) => !/^(https?:|mailto:|#)/.test(target))
  const missing = local.filter((target) => !existsSync(join(ROOT, dirname(page), target.replace(/#.*/, ''))))
  expect(missing).toEqual([])
})

test('files that the documentation names in backquotes exist', () => {
  const gone = PAGES.flatMap((page) =>
    [...read(page).matchAll(/`((?:src|test|docs|dashboard|extensions|bench|\.ci|bin)\/[\w./-]*)(?:#\w+)?`/g)]
      .map((match) => match[1] ?? '')
      .filter((file) => !existsSync(join(ROOT, file)))
      .map((file) => `${page}: ${file}`),
  )
  expect(gone).toEqual([])
})

test('docs/words.md explains every word of the project, once', () => {
  const words =
    'shop, installation, source, message, event, part, event id, identity, consent, destination, connection, lane, stretch, ledger, outcome, parked, dead letter, attempt, verdict, replay, backfill, reconciling, audit, match quality, runtime'
  const explained = [...read('docs/words.md').matchAll(/^\*\*(.+?)\*\*/gm)].map((match) => match[1])
  expect(explained).toEqual(words.split(', '))
})

test('docs/failures.md lists every outcome of src/destinations/outcomes.ts and no other', () => {
  const table = [...read('docs/failures.md').matchAll(/^\| (\d+) \| `(\w+)` \|/gm)].map((row) => [
    row[2],
    Number(row[1]),
  ])
  expect(Object.fromEntries(table)).toEqual(OUTCOMES)
})

test('docs/operations.md lists how long everything is kept, as the program has it', () => {
  const table = [...read('docs/operations.md').matchAll(/^\| `(\w+)` \| (\d+) \| (\d+) \| (\d+) \| (.+) \|$/gm)]
  expect(table.map(([, name, days, min, max, label]) => [name, Number(days), Number(min), Number(max), label])).toEqual(
    KEPT.map((name) => {
      const { default: days, min, max, label } = KEEPING_TIMES[name]
      return [name, days, min, max, label]
    }),
  )
})

test('CHANGELOG.md has a place for what comes next', () => {
  expect(read('CHANGELOG.md')).toMatch(/^## Unreleased$/m)
})

test('every decision says situation, choice and price', () => {
  const decisions = globSync('docs/decisions/*.md', { cwd: ROOT })
  expect(decisions).not.toEqual([])
  for (const file of decisions) {
    const headings = [...read(file).matchAll(/^## (.+)$/gm)].map((match) => match[1])
    expect(headings, relative(ROOT, file)).toEqual(['Situation', 'Choice', 'Price'])
  }
})
