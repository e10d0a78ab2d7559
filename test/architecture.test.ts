import { globSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as rules from './architecture-rules.ts'
import { parseSource, ROOT, readSource } from './source-scan.ts'

const FILES = globSync('{src,test,bench,dashboard,extensions}/**/*.{ts,tsx}', { cwd: ROOT })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !/(^|\/)(node_modules|dist|\.build)\//.test(file) && !file.endsWith('.d.ts'))
  .sort()
const PROJECT = FILES.map(readSource)

describe('the project', () => {
  test('imports only downwards: lib, event, sources and destinations and store, pipeline, shopify, …', () => {
    expect(rules.importDirection(PROJECT)).toEqual([])
  })

  test('keeps its pure folders and files pure', () => {
    expect(rules.purity(PROJECT)).toEqual([])
    for (const file of rules.PURE_FILES) expect(FILES).toContain(file)
  })

  test('reads the environment in one file', () => {
    expect(rules.environment(PROJECT)).toEqual([])
  })

  test('has no rings of files that load each other', () => {
    expect(rules.importCycles(PROJECT)).toEqual([])
  })

  test('has no barrels, no vague names, no file over 400 lines', () => {
    expect(rules.barrels(PROJECT)).toEqual([])
    expect(rules.vagueNames(PROJECT)).toEqual([])
    expect(rules.longFiles(PROJECT)).toEqual([])
  })

  test('has at least one test in every test file, and none switched off', () => {
    expect(rules.emptyTests(PROJECT)).toEqual([])
    expect(rules.switchedOffTests(PROJECT)).toEqual([])
  })

  test('was seen whole: every import leads to a file that was read', () => {
    expect(rules.lostImports(PROJECT)).toEqual([])
  })
})

/** Faults put in on purpose: a rule that finds nothing in these finds nothing anywhere. */
describe('the rules', () => {
  const check = (rule: (sources: ReturnType<typeof parseSource>[]) => string[], files: Record<string, string>) =>
    rule(Object.entries(files).map(([file, text]) => parseSource(file, text)))

  test.each([
    ['upwards', 'src/lib/a.ts', `import { b } from '../event/b.ts'`],
    ['upwards for a type', 'src/event/a.ts', `import type { B } from '../store/b.ts'`],
    ['upwards by import()', 'src/store/a.ts', `await import('../pipeline/b.ts')`],
    ['upwards by a type in place', 'src/store/a.ts', `let b: import('../pipeline/b.ts').B`],
    ['upwards by export from', 'src/store/a.ts', `export * from '../http/b.ts'`],
    ['upwards by a worker', 'src/lib/a.ts', `new Worker(new URL('../store/b.ts', import.meta.url))`],
    ['a neighbour', 'src/sources/a.ts', `import { b } from '../store/b.ts'`],
    ['the sandbox', 'src/runtimes/embedded.ts', `import { b } from '../sandbox/b.ts'`],
    ['our rules from the sandbox', 'src/sandbox/a.ts', `import { b } from '../event/b.ts'`],
    ['a test helper', 'src/http/a.test.ts', `import { b } from '../../test/b.ts'`],
    ['a folder without a place', 'src/elsewhere/a.ts', `import { b } from '../lib/b.ts'`],
    ['server code into the dashboard', 'dashboard/a.tsx', `import { b } from '../src/http/b.ts'`],
    ['the server into the pixel', 'extensions/web-pixel/src/a.ts', `import { b } from '../../../src/store/b.ts'`],
  ])('see an import of %s', (_, file, text) => {
    expect(check(rules.importDirection, { [file]: text })).toHaveLength(1)
  })

  test.each([
    ['src/pipeline/a.ts', `import { b } from '../store/b.ts'`],
    ['src/runtimes/demo.ts', `import { b } from '../sandbox/b.ts'`],
    ['src/sandbox/a.ts', `import { b } from '../lib/b.ts'`],
    ['src/destinations/pinterest/a.test.ts', `import { b } from '../../sandbox/b.ts'`],
    ['dashboard/a.tsx', `import type { Api } from '../src/http/api.ts'`],
    ['src/event/a.ts', `// import { b } from '../store/b.ts'\nconst text = "import '../store/b.ts'"`],
  ])('allow %s its import', (file, text) => {
    expect(check(rules.importDirection, { [file]: text })).toEqual([])
  })

  test.each([
    `fetch('x')`,
    `setTimeout(run, 1)`,
    `Math.random()`,
    `Date.now()`,
    `new Date()`,
    `Date()`,
    `process.exit()`,
    `globalThis.fetch('x')`,
    `import { randomUUID } from 'node:crypto'\nconst id = randomUUID()`,
    `import { readFileSync } from 'node:fs'`,
  ])('see that %j is not pure', (text) => {
    expect(check(rules.purity, { 'src/event/a.ts': text })).not.toEqual([])
    expect(check(rules.purity, { 'src/lib/a.ts': text })).toEqual([])
  })

  test.each([
    `new Date(0)`,
    `const row = { process: 1, fetch: 2 }; row.process + row.fetch`,
    `interface A { fetch(): void; process: string }`,
    `// Date.now()`,
    `import { hash } from 'node:crypto'`,
  ])('see that %j is pure', (text) => {
    expect(check(rules.purity, { 'src/event/a.ts': text })).toEqual([])
  })

  test('name file and line', () => {
    expect(check(rules.purity, { 'src/event/a.ts': '\n\nDate.now()' })).toEqual([
      'src/event/a.ts:3 uses Date.now in a pure file',
    ])
  })

  test('see a reading of the environment', () => {
    const ways = ['process.env.HOME', 'const { env } = process', `import { env } from 'node:process'`]
    for (const way of ways) expect(check(rules.environment, { 'src/http/a.ts': way })).toHaveLength(1)
    expect(check(rules.environment, { 'src/config.ts': 'process.env.HOME' })).toEqual([])
  })

  test('see a ring, unless types close it', () => {
    const ring = (last: string) => ({
      'src/lib/a.ts': `import { b } from './b.ts'`,
      'src/lib/b.ts': `import { c } from './c.ts'`,
      'src/lib/c.ts': last,
    })
    expect(check(rules.importCycles, ring(`import { a } from './a.ts'`))).toEqual([
      'src/lib/c.ts:1 closes a ring: src/lib/a.ts -> src/lib/b.ts -> src/lib/c.ts -> src/lib/a.ts',
    ])
    expect(check(rules.importCycles, ring(`import type { A } from './a.ts'`))).toEqual([])
  })

  test('see a barrel', () => {
    expect(check(rules.barrels, { 'src/lib/a.ts': `export * from './b.ts'\nexport { c } from './c.ts'` })).toHaveLength(
      1,
    )
    expect(check(rules.barrels, { 'src/lib/a.ts': `import { b } from './b.ts'\nexport { b }` })).toHaveLength(1)
    expect(check(rules.barrels, { 'src/lib/a.ts': `import { b } from './b.ts'\nexport const all = [b]` })).toEqual([])
    expect(check(rules.barrels, { 'src/lib/a.ts': `import './b.ts'` })).toEqual([])
  })

  test('see vague names and long files', () => {
    expect(
      check(rules.vagueNames, { 'src/lib/utils.ts': '', 'src/util/a.ts': '', 'src/lib/utility-bill.ts': '' }),
    ).toHaveLength(2)
    expect(
      check(rules.longFiles, { 'src/lib/a.ts': 'a\n'.repeat(401), 'src/lib/b.ts': 'a\n'.repeat(400) }),
    ).toHaveLength(1)
    expect(check(rules.longFiles, { 'src/destinations/pinterest/examples.ts': 'a\n'.repeat(401) })).toEqual([])
  })

  test('see empty and switched-off tests', () => {
    const suite = { 'src/store/conformance.ts': `export const promises = () => test('keeps', keeps)` }
    expect(check(rules.emptyTests, { 'src/lib/a.test.ts': `import './a.ts'` })).toHaveLength(1)
    expect(check(rules.emptyTests, { 'src/lib/a.test.ts': `test.each(all)('is', is)` })).toEqual([])
    const calls = `import { promises } from './conformance.ts'\npromises()`
    expect(check(rules.emptyTests, { ...suite, 'src/store/a.test.ts': calls })).toEqual([])
    for (const word of ['skip', 'only', 'todo', 'concurrent.skip'])
      expect(check(rules.switchedOffTests, { 'src/lib/a.test.ts': `test.${word}('a', a)` })).toHaveLength(1)
    expect(check(rules.switchedOffTests, { 'src/lib/a.test.ts': `expect(result.skip).toBe(1)` })).toEqual([])
  })
})
