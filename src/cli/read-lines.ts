import { isObject, type Json, parseJson } from '../lib/json.ts'

/** Generous: the input is the operator's own. Depth stays bounded because everything behind walks the value. */
const LIMITS = { depth: 100, values: 5_000_000 }

/** A document of the input, by its place from 0 on, or why it could not be read. */
export type Document =
  | { readonly document: number; readonly value: Json }
  | { readonly document: number; readonly error: string }

/**
 * The documents of an input: one JSON document over any number of lines, a list of documents, or one document on each
 * line. In lines a bad one is told apart and the rest goes on.
 */
export const readDocuments = (input: string): readonly Document[] => {
  const text = input.charCodeAt(0) === 0xfeff ? input.slice(1) : input
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length === 0) return []
  const whole = parseJson(text, LIMITS)
  if (whole.ok)
    return Array.isArray(whole.value)
      ? whole.value.map((value, document) => ({ document, value }))
      : [{ document: 0, value: whole.value }]
  const documents = lines.map((line, document): Document => {
    const parsed = parseJson(line, LIMITS)
    return parsed.ok ? { document, value: parsed.value } : { document, error: parsed.why }
  })
  // A broken document over many lines has no line that is a document; it is one mistake, not a hundred.
  const areLines = lines.length > 1 && documents.some((one) => 'value' in one && isObject(one.value))
  return areLines ? documents : [{ document: 0, error: whole.why }]
}
