import { posix } from 'node:path'
import { dotted, type Import, isNode, type Node, place, type Source, walk } from './source-scan.ts'

/**
 * The project's rules about its own shape. Each takes parsed files and returns what breaks it, one line per fault with
 * file and line; an empty list is what we want.
 */

/** From the bottom up: a folder (or file) of src may import those of lower rows, never its neighbours or higher ones. */
const LAYERS: readonly (readonly string[])[] = [
  ['lib'],
  ['event'],
  ['sources', 'destinations', 'store'],
  ['pipeline'],
  ['shopify'],
  ['http', 'jobs'],
  ['config.ts'],
  ['runtimes'],
  ['cli'],
  ['main.ts'],
]

/** The sandbox repeats the platforms' rules from their documentation; what it shared with us it could not check. */
const SANDBOX = 'sandbox'
const SANDBOX_USER = 'src/runtimes/demo.ts'

const PURE_FOLDERS = ['event', 'sources', 'destinations']
/** Decisions that stand beside the shells which carry them out. */
export const PURE_FILES = ['join', 'project', 'route', 'settle'].map((name) => `src/pipeline/${name}.ts`)

const IMPURE_NAMES = new Set([
  'fetch',
  'process',
  'globalThis',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'randomUUID',
  'randomBytes',
  'randomInt',
  'getRandomValues',
])
const IMPURE_MEMBERS = new Set(['Date.now', 'Math.random', 'crypto.randomUUID', 'crypto.getRandomValues'])
/** Of Node's modules, pure code may use these. */
const PURE_MODULES = new Set(['node:crypto', 'node:buffer', 'node:util', 'node:querystring'])

const LONGEST_FILE = 400

export const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file)
const partOf = (file: string): string => file.split('/')[1] ?? ''

const mayImport = (from: string, to: string): boolean => {
  const [part, target] = [partOf(from), partOf(to)]
  if (part === target) return true
  if (target === SANDBOX) return from === SANDBOX_USER
  if (part === SANDBOX) return target === 'lib'
  const layer = (name: string): number => LAYERS.findIndex((names) => names.includes(name))
  return layer(part) !== -1 && layer(target) !== -1 && layer(target) < layer(part)
}

const importFault = (source: Source, found: Import): string | undefined => {
  const { file } = source
  const { to } = found
  const what = `${place(source, found.offset)} imports ${to ?? found.specifier}`
  if (!to) return undefined
  const outside = to.startsWith('test/') || to.startsWith('bench/')
  if (file.startsWith('src/') && outside) return `${what}: the program does not know its tests and benchmarks`
  if (isTest(file)) return undefined
  if (file.startsWith('dashboard/') && to.startsWith('src/') && found.kind !== 'type')
    return `${what}: the dashboard knows the server by types only`
  if (file.startsWith('extensions/') && to.startsWith('src/') && !['lib', 'event'].includes(partOf(to)))
    return `${what}: extensions may use src/lib and src/event only`
  if (!file.startsWith('src/')) return undefined
  if (!to.startsWith('src/')) return `${what}: src imports only from src`
  return mayImport(file, to) ? undefined : `${what}: against the direction of imports`
}

/** lib <- event <- {sources, destinations, store} <- pipeline <- shopify <- {http, jobs} <- runtimes <- {cli, main}. */
export const importDirection = (sources: readonly Source[]): string[] =>
  sources.flatMap((source) => source.imports.flatMap((found) => importFault(source, found) ?? []))

/** Names that are only names: keys, members after a dot, and everything in a type. */
const isOnlyAName = (node: Node, parent: Node | undefined): boolean => {
  if (!parent) return false
  if (parent.type.startsWith('TS') && parent.expression !== node) return true
  if (parent.type === 'MemberExpression') return parent.property === node && !parent.computed
  return (
    (parent.type === 'Property' || parent.type === 'PropertyDefinition') && parent.key === node && !parent.shorthand
  )
}

const impurity = (node: Node, parent: Node | undefined): string | undefined => {
  const name = dotted(node)
  if (node.type === 'Identifier' && name && IMPURE_NAMES.has(name) && !isOnlyAName(node, parent)) return name
  if (node.type === 'MemberExpression' && name && IMPURE_MEMBERS.has(name)) return name
  if (node.type === 'CallExpression' && dotted(node.callee) === 'Date') return 'Date()'
  const noArguments = Array.isArray(node.arguments) && node.arguments.length === 0
  if (node.type === 'NewExpression' && dotted(node.callee) === 'Date' && noArguments) return 'new Date()'
  return undefined
}

/** Pure code gives the same answer for the same input: no network, disk, clock, timer, randomness, environment. */
export const purity = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ file }) => !isTest(file) && (PURE_FOLDERS.includes(partOf(file)) || PURE_FILES.includes(file)))
    .flatMap((source) => [
      ...source.imports
        .filter(({ specifier }) => specifier.startsWith('node:') && !PURE_MODULES.has(specifier))
        .map(({ specifier, offset }) => `${place(source, offset)} imports ${specifier} in a pure file`),
      ...[...walk(source.program)].flatMap(([node, parent]) => {
        const what = impurity(node, parent)
        return what ? [`${place(source, node.start)} uses ${what} in a pure file`] : []
      }),
    ])

const readsEnvironment = (node: Node): boolean =>
  (node.type === 'MemberExpression' && dotted(node) === 'process.env') ||
  (node.type === 'VariableDeclarator' && dotted(node.init) === 'process') ||
  (node.type === 'ImportDeclaration' && isNode(node.source) && node.source.value === 'node:process')

/** One place knows which settings come from outside. */
export const environment = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ file }) => file.startsWith('src/') && file !== 'src/config.ts' && !isTest(file))
    .flatMap((source) =>
      [...walk(source.program)]
        .filter(([node]) => readsEnvironment(node))
        .map(([node]) => `${place(source, node.start)} reads the environment; only src/config.ts does`),
    )

/** Rings of files that load each other; which of them runs first depends on who asks. */
export const importCycles = (sources: readonly Source[]): string[] => {
  const byFile = new Map(sources.map((source) => [source.file, source]))
  const done = new Set<string>()
  const faults: string[] = []
  const visit = (source: Source, path: readonly string[]): void => {
    for (const { to, kind, offset } of source.imports) {
      const next = kind === 'import' && to ? byFile.get(to) : undefined
      if (!next || done.has(next.file)) continue
      const start = path.indexOf(next.file)
      if (start === -1) visit(next, [...path, next.file])
      else faults.push(`${place(source, offset)} closes a ring: ${[...path.slice(start), next.file].join(' -> ')}`)
    }
    done.add(source.file)
  }
  for (const source of sources) if (!done.has(source.file)) visit(source, [source.file])
  return faults
}

/** A file that only passes on what others export hides where things are. */
export const barrels = (sources: readonly Source[]): string[] =>
  sources.flatMap((source) => {
    const statements = Array.isArray(source.program.body) ? source.program.body.filter(isNode) : []
    const passesOn = ({ type, source: from, declaration }: Node): boolean =>
      type === 'ImportDeclaration' ||
      type === 'ExportAllDeclaration' ||
      (type === 'ExportNamedDeclaration' && (isNode(from) || !isNode(declaration)))
    const exportsSomething = statements.some(({ type }) => type.startsWith('Export'))
    return exportsSomething && statements.every(passesOn) ? [`${source.file}:1 only re-exports`] : []
  })

export const vagueNames = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ file }) => file.split('/').some((part) => /^(utils?|helpers?|misc|common)(\.|$)/.test(part)))
    .map(({ file }) => `${file}:1 is named for nothing in particular`)

const isLongByNature = (file: string): boolean => /(^|\/)(examples|samples)(\.ts$|\/)/.test(file)

export const longFiles = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ file, text }) => !isLongByNature(file) && text.trimEnd().split('\n').length > LONGEST_FILE)
    .map(({ file, text }) => `${file}:${LONGEST_FILE} goes on to line ${text.trimEnd().split('\n').length}`)

const TEST_WORDS = new Set(['test', 'it', 'describe', 'suite'])

/** Whether a file defines tests itself: `test(…)`, `test.each(…)(…)`. */
const definesTests = (source: Source): boolean =>
  [...walk(source.program)].some(
    ([node]) => node.type === 'CallExpression' && /^(test|it)(\.|$)/.test(dotted(node.callee) ?? ''),
  )

/** A test file has tests of its own, or calls a suite (conformance, contract) that has. */
export const emptyTests = (sources: readonly Source[]): string[] => {
  const byFile = new Map(sources.map((source) => [source.file, source]))
  const suites = (source: Source): Source[] => source.imports.flatMap(({ to }) => (to && byFile.get(to)) || [])
  return sources
    .filter((source) => isTest(source.file) && ![source, ...suites(source)].some(definesTests))
    .map(({ file }) => `${file}:1 has no test`)
}

/** Every test runs, every time. */
export const switchedOffTests = (sources: readonly Source[]): string[] =>
  sources.flatMap((source) =>
    [...walk(source.program)].flatMap(([node]) => {
      const [word, ...rest] = node.type === 'MemberExpression' ? (dotted(node) ?? '').split('.') : []
      const off = word && TEST_WORDS.has(word) && /^(skip|only|todo|skipIf|runIf)$/.test(rest.at(-1) ?? '')
      return off ? [`${place(source, node.start)} has ${word}.${rest.join('.')}`] : []
    }),
  )

/** Imports that lead nowhere, so that the other rules have seen every file. */
export const lostImports = (sources: readonly Source[]): string[] => {
  const known = new Set(sources.map(({ file }) => file))
  return sources.flatMap((source) =>
    source.imports
      .filter(({ to }) => to && /\.tsx?$/.test(to) && !known.has(posix.normalize(to)))
      .map(({ to, offset }) => `${place(source, offset)} imports ${to}, which does not exist`),
  )
}
