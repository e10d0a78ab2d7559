import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parseSync } from 'vite'

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..')

/** A TypeScript file, parsed by Vite's own parser (TypeScript 7 has no interface for that). */
export interface Source {
  /** Relative to the checkout, with forward slashes. */
  readonly file: string
  readonly text: string
  readonly program: Node
  readonly imports: readonly Import[]
}

export interface Import {
  readonly specifier: string
  /** The file it names, relative to the checkout; undefined for packages and node: modules. */
  readonly to: string | undefined
  /** import: at load. type: erased. worker: a thread that starts from the file. */
  readonly kind: 'import' | 'type' | 'worker'
  readonly offset: number
}

/** Of the ESTree only what all nodes share; the rest is read with the helpers below. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value

/** Every node below `node` with its parent, parents first. */
export function* walk(node: Node, parent?: Node): Generator<readonly [node: Node, parent: Node | undefined]> {
  yield [node, parent]
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* walk(child, node)
  }
}

/** "a.b" for a plain member access, "a" for a name, undefined for anything else. */
export const dotted = (node: unknown): string | undefined => {
  if (!isNode(node)) return undefined
  if (node.type === 'Identifier') return String(node.name)
  if (node.type !== 'MemberExpression' || node.computed) return undefined
  const object = dotted(node.object)
  return object && `${object}.${dotted(node.property)}`
}

const literal = (node: unknown): string | undefined =>
  isNode(node) && node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined

const argumentsOf = (node: Node): readonly unknown[] => (Array.isArray(node.arguments) ? node.arguments : [])

const importIn = (node: Node): Omit<Import, 'to' | 'offset'> | undefined => {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      const specifier = literal(node.source)
      // Only `import type` and `export type` are erased: `import { type A }` still loads the file.
      const erased = (node.importKind ?? node.exportKind) === 'type'
      return specifier === undefined ? undefined : { specifier, kind: erased ? 'type' : 'import' }
    }
    case 'ImportExpression': {
      const specifier = literal(node.source)
      return specifier === undefined ? undefined : { specifier, kind: 'import' }
    }
    case 'TSImportType': {
      const specifier = literal(node.source)
      return specifier === undefined ? undefined : { specifier, kind: 'type' }
    }
    case 'NewExpression': {
      // new Worker(new URL('./worker.ts', import.meta.url))
      const [url] = dotted(node.callee) === 'Worker' ? argumentsOf(node) : []
      const specifier = isNode(url) && dotted(url.callee) === 'URL' ? literal(argumentsOf(url)[0]) : undefined
      return specifier === undefined ? undefined : { specifier, kind: 'worker' }
    }
    default:
      return undefined
  }
}

/** Parses a file's text; throws with the parser's words when it is not TypeScript. */
export const parseSource = (file: string, text: string): Source => {
  const parsed = parseSync(file, text)
  const [error] = parsed.errors
  if (error) throw new Error(`${file}: ${error.message}`)
  const program = parsed.program as unknown as Node
  const imports: Import[] = []
  for (const [node] of walk(program)) {
    const found = importIn(node)
    if (!found) continue
    const to = found.specifier.startsWith('.') ? posix.join(posix.dirname(file), found.specifier) : undefined
    imports.push({ ...found, to, offset: node.start })
  }
  return { file, text, program, imports }
}

export const readSource = (file: string): Source => parseSource(file, readFileSync(join(ROOT, file), 'utf8'))

/** "src/lib/json.ts:12", which editors and terminals open on a click. */
export const place = (source: Source, offset: number): string =>
  `${source.file}:${source.text.slice(0, offset).split('\n').length}`
