/** A GraphQL document as far as the Admin API's users write them: one operation, variables, aliases and fragments. */
export interface Operation {
  readonly kind: 'query' | 'mutation'
  readonly fields: readonly Field[]
}

export interface Field {
  /** Under which it is answered. */
  readonly alias: string
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
  /** Absent for a field without a selection. Those of fragments stand among them; `on` is the fragment's type. */
  readonly fields?: readonly Field[]
  readonly on?: string
}

/** What does not parse, in the words of Shopify's answer. */
export class SyntaxFault extends Error {}

// Spaces and comments, a text, a number, a name, or a sign.
const TOKEN = /(?:[\s,]|#.*)*(?:("(?:\\.|[^"\\])*")|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(\.\.\.|[!$():=@[\]{|}]))/y

type Token = { readonly kind: 'text' | 'number' | 'name' | 'sign'; readonly text: string }

const tokensOf = (document: string): readonly Token[] => {
  const tokens: Token[] = []
  const trimmed = document.replace(/(?:[\s,]|#.*)+$/, '')
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < trimmed.length) {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(trimmed)
    if (!found) throw new SyntaxFault(`syntax error, unexpected ${JSON.stringify(trimmed.slice(at, at + 12))}`)
    const [, text, number, name, sign] = found
    if (text !== undefined) tokens.push({ kind: 'text', text })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else tokens.push({ kind: 'sign', text: sign ?? '' })
  }
  return tokens
}

type Fragments = ReadonlyMap<string, { readonly on: string; readonly fields: readonly Spread[] }>
/** A field, or where a fragment's fields go. */
type Spread = Field | { readonly spread: string; readonly fields?: readonly Spread[]; readonly on?: string }

/** Reads a document; variables are filled in, fragments laid out. Throws a SyntaxFault. */
export const readQuery = (document: string, variables: Readonly<Record<string, unknown>>): Operation => {
  const tokens = tokensOf(document)
  let at = 0
  const peek = (text: string): boolean => tokens[at]?.text === text && tokens[at]?.kind !== 'text'
  const take = (text: string): boolean => {
    if (!peek(text)) return false
    at++
    return true
  }
  const unexpected = (): never => {
    throw new SyntaxFault(`syntax error, unexpected ${tokens[at]?.text ?? 'end of file'}`)
  }
  const want = (text: string): void => {
    if (!take(text)) unexpected()
  }
  const name = (): string => {
    const token = tokens[at]
    if (token?.kind !== 'name') return unexpected()
    at++
    return token.text
  }

  const value = (): unknown => {
    if (take('$')) return variables[name()] ?? null
    if (take('[')) {
      const items: unknown[] = []
      while (!take(']')) items.push(value())
      return items
    }
    if (take('{')) {
      const object: Record<string, unknown> = {}
      while (!take('}')) {
        const key = name()
        want(':')
        object[key] = value()
      }
      return object
    }
    const token = tokens[at++]
    if (token?.kind === 'text') return JSON.parse(token.text)
    if (token?.kind === 'number') return Number(token.text)
    if (token?.kind !== 'name') return unexpected()
    return token.text === 'true' ? true : token.text === 'false' ? false : token.text === 'null' ? null : token.text
  }

  const args = (): Record<string, unknown> => {
    const given: Record<string, unknown> = {}
    if (!take('(')) return given
    while (!take(')')) {
      const key = name()
      want(':')
      given[key] = value()
    }
    return given
  }

  const selection = (): readonly Spread[] => {
    const fields: Spread[] = []
    want('{')
    while (!take('}')) {
      if (take('...')) {
        if (take('on')) {
          const on = name()
          fields.push({ spread: '', on, fields: selection() })
        } else fields.push({ spread: name() })
        continue
      }
      const first = name()
      const alias = take(':') ? name() : first
      // `a: b` names the field after the alias.
      const field = { alias: first, name: alias, args: args() }
      fields.push(peek('{') ? { ...field, fields: selection() as readonly Field[] } : field)
    }
    return fields
  }

  const skipDefinitions = (): void => {
    if (!take('(')) return
    while (!take(')')) at++
  }

  let operation: { kind: Operation['kind']; fields: readonly Spread[] } | undefined
  const fragments = new Map<string, { on: string; fields: readonly Spread[] }>()
  while (at < tokens.length) {
    if (take('fragment')) {
      const named = name()
      want('on')
      const on = name()
      fragments.set(named, { on, fields: selection() })
    } else {
      const kind = take('mutation') ? 'mutation' : 'query'
      if (kind === 'query') take('query')
      if (tokens[at]?.kind === 'name') at++
      skipDefinitions()
      operation = { kind, fields: selection() }
    }
  }
  if (!operation) throw new SyntaxFault('no operation in the document')
  return { kind: operation.kind, fields: laidOut(operation.fields, fragments) }
}

const laidOut = (spreads: readonly Spread[], fragments: Fragments, on?: string): readonly Field[] =>
  spreads.flatMap((one): readonly Field[] => {
    if (!('spread' in one))
      return [
        {
          ...one,
          ...(one.fields ? { fields: laidOut(one.fields, fragments) } : {}),
          ...(on === undefined ? {} : { on }),
        },
      ]
    if (one.spread === '') return laidOut(one.fields ?? [], fragments, one.on)
    const fragment = fragments.get(one.spread)
    if (!fragment) throw new SyntaxFault(`Fragment ${one.spread} was used, but not defined`)
    return laidOut(fragment.fields, fragments, fragment.on)
  })
