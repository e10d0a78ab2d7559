/**
 * JSON from strangers. Size is limited by the listener; here depth and width are checked on the text, before anything
 * is built or walked (64 KiB can nest 32,768 deep, parses in 9 ms and then breaks every recursive function), integers
 * beyond 2^53 keep their digits as text, and keys that reach into prototypes are dropped.
 */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

export interface JsonLimits {
  /** Deepest nesting of objects and arrays. */
  readonly depth: number
  /** Most values in all, estimated as the number of commas and openings. */
  readonly values: number
}

export type Parsed = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly why: string }

const QUOTE = 34
const BACKSLASH = 92
const COMMA = 44
const OPEN_BRACE = 123
const OPEN_BRACKET = 91
const CLOSE_BRACE = 125
const CLOSE_BRACKET = 93

/** What one pass over the text finds, strings skipped, before anything is built. */
interface Survey {
  /** Why the text is beyond the limits. */
  readonly beyond?: string
  /** A number of 16 or more digits is in it, which a double may not hold. */
  readonly longNumber: boolean
}

/** Does not check that the text is JSON. */
const survey = (text: string, limits: JsonLimits): Survey => {
  let depth = 0
  let values = 0
  let digits = 0
  let longNumber = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 48 && code <= 57) {
      if (++digits >= 16) longNumber = true
      continue
    }
    digits = 0
    if (code === QUOTE) {
      // Jump to the closing quote: an odd run of backslashes before a quote escapes it.
      for (;;) {
        at = text.indexOf('"', at + 1)
        if (at === -1) return { longNumber }
        let slashes = 0
        while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++
        if (slashes % 2 === 0) break
      }
    } else if (code === COMMA) values++
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      values++
      if (++depth > limits.depth) return { beyond: `nested deeper than ${limits.depth} levels`, longNumber }
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--
  }
  return values > limits.values ? { beyond: `more than ${limits.values} values`, longNumber } : { longNumber }
}

const INTEGER = /^-?\d+$/

/** Whether a key could reach into prototypes, plainly or behind an escape. Plain searches: a pattern costs ten times as much. */
const reachesPrototype = (text: string): boolean =>
  text.includes('__proto__') || text.includes('"constructor"') || text.includes('"prototype"') || text.includes('\\u')

/** Keeps the digits of an unsafe integer as text and drops keys that reach into prototypes. */
const exact = (key: string, value: unknown, context?: { source?: string }): unknown => {
  if (key === '__proto__' || key === 'constructor' || key === 'prototype') return undefined
  const source = context?.source
  return typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && INTEGER.test(source)
    ? source
    : value
}

/** Parses JSON text within limits. */
export const parseJson = (text: string, limits: JsonLimits): Parsed => {
  const { beyond, longNumber } = survey(text, limits)
  if (beyond) return { ok: false, why: beyond }
  try {
    // The exact reading is several times slower, and hardly any text needs it.
    const reviver = longNumber || reachesPrototype(text) ? exact : undefined
    return { ok: true, value: JSON.parse(text, reviver) as Json }
  } catch {
    return { ok: false, why: 'not JSON' }
  }
}

// Tolerant readers: a missing or odd field never throws, it reads as absent.

export const isObject = (value: unknown): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object under a key, else an empty one, so that reading can go on. */
export const objectAt = (value: unknown, key: string): { [key: string]: Json } => {
  const inner = isObject(value) ? value[key] : undefined
  return isObject(inner) ? inner : {}
}

/** The array under a key, else an empty one. */
export const arrayAt = (value: unknown, key: string): Json[] => {
  const inner = isObject(value) ? value[key] : undefined
  return Array.isArray(inner) ? inner : []
}

/** Longest text taken from a stranger's field. */
const LONGEST_TEXT = 4096

/** Trimmed, non-empty text under a key; numbers are written out; anything else, and text beyond 4,096 characters, is absent. */
export const textAt = (value: unknown, key: string): string | undefined => {
  const inner = isObject(value) ? value[key] : undefined
  if (typeof inner === 'number') return Number.isFinite(inner) ? String(inner) : undefined
  if (typeof inner !== 'string') return undefined
  const text = inner.trim()
  return text === '' || text.length > LONGEST_TEXT ? undefined : text
}

export const numberAt = (value: unknown, key: string): number | undefined => {
  const inner = isObject(value) ? value[key] : undefined
  const number = typeof inner === 'string' && inner.trim() !== '' ? Number(inner) : inner
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

export const booleanAt = (value: unknown, key: string): boolean | undefined => {
  const inner = isObject(value) ? value[key] : undefined
  return typeof inner === 'boolean' ? inner : undefined
}

/** An object without its undefined members: absent means absent, in JSON and under exactOptionalPropertyTypes. */
export const compact = <T extends object>(value: { [K in keyof T]: T[K] | undefined }): T => {
  const kept: Record<string, unknown> = {}
  for (const key in value) if (value[key] !== undefined) kept[key] = value[key]
  return kept as T
}

/** As compact, but an object with nothing in it is itself absent. */
export const compactOrAbsent = <T extends object>(value: { [K in keyof T]: T[K] | undefined }): T | undefined => {
  const kept = compact<T>(value)
  for (const _ in kept) return kept
  return undefined
}
