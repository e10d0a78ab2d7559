import { type Event, type Shop, shopFrom } from '../event/event.ts'
import { isObject, type Json, objectAt, parseJson, textAt } from '../lib/json.ts'
import { decodeWebhook } from '../sources/shopify-webhook/decode.ts'
import { readWebhookHeaders } from '../sources/shopify-webhook/headers.ts'
import type { Decoded, Message } from '../sources/source.ts'
import { decodePixel } from '../sources/web-pixel/decode.ts'
import { readDocuments } from './read-lines.ts'
import { type CommandResult, wrongUsage } from './result.ts'

export interface DecodeOptions {
  readonly source?: string
  readonly topic?: string
  readonly shop?: string
  readonly ip?: string
  readonly userAgent?: string
  readonly receivedAt?: string
  readonly webhookId?: string
}

/** Stands in where the input names no shop, and is taken out again: what is not given is absent. */
const NAMELESS = 'nameless.myshopify.com' as Shop

/** Bodies inside lines; the operator's own, so generous. */
const LIMITS = { depth: 100, values: 5_000_000 }

const SOURCES = ['shopify-webhook', 'web-pixel'] as const

/**
 * `converlay decode`: a webhook's body, a beacon, a bare Shopify pixel event, or lines {source, topic, headers, ip,
 * userAgent, receivedAt, body}; prints canonical events, one a line.
 */
export const decodeCommand = (options: DecodeOptions, input: string): CommandResult => {
  if (options.shop !== undefined && !shopFrom(options.shop))
    return wrongUsage('--shop must be a permanent domain, NAME.myshopify.com.')
  const documents = readDocuments(input)
  const lines: string[] = []
  let refused = false
  const several = documents.length > 1
  for (const one of documents) {
    const decoded = 'error' in one ? one.error : decodeDocument(one.value, options)
    if (typeof decoded === 'string') {
      refused = true
      lines.push(JSON.stringify({ document: one.document, error: decoded }))
      continue
    }
    if (decoded.nothing !== undefined) lines.push(JSON.stringify({ document: one.document, nothing: decoded.nothing }))
    for (const event of [...decoded.events, ...decoded.parts])
      lines.push(JSON.stringify({ ...(several ? { document: one.document } : {}), ...named(event) }))
  }
  return { lines, status: refused ? 1 : 0 }
}

const named = (event: Event): Partial<Event> => {
  if (event.shop !== NAMELESS) return event
  const { shop: _, ...rest } = event
  return rest
}

/** The decoded message, or why it cannot be read. */
const decodeDocument = (value: Json, options: DecodeOptions): Decoded | string => {
  const envelope = isObject(value) && typeof value.source === 'string' && 'body' in value ? value : undefined
  const source = textAt(envelope, 'source') ?? options.source
  if (source === undefined) return 'Say what it is: --source shopify-webhook or web-pixel.'
  if (!SOURCES.some((known) => known === source))
    return `The source ${source} is not known. Known: ${SOURCES.join(', ')}.`
  const headers = readWebhookHeaders(
    Object.fromEntries(Object.entries(objectAt(envelope, 'headers')).map(([name, text]) => [name, String(text)])),
  )
  const body = bodyOf(envelope ? (envelope.body ?? null) : value)
  if (typeof body === 'string') return body
  const given = <K extends keyof Message>(key: K, text: Message[K] | undefined) =>
    text === undefined ? {} : { [key]: text }
  const message: Message = {
    source: source === 'web-pixel' ? 'web-pixel' : 'shopify-webhook',
    shop:
      headers.shop ??
      shopFrom(textAt(envelope, 'shop')) ??
      shopFrom(textAt(body.value, 'shop')) ??
      shopFrom(options.shop) ??
      NAMELESS,
    ...given('topic', textAt(envelope, 'topic') ?? headers.topic ?? options.topic),
    ...given('webhookId', headers.webhookId ?? options.webhookId),
    ...given('eventId', headers.eventId),
    ...given('triggeredAt', headers.triggeredAt),
    ...given('ip', textAt(envelope, 'ip') ?? options.ip),
    ...given('userAgent', textAt(envelope, 'userAgent') ?? options.userAgent),
    ...given('receivedAt', textAt(envelope, 'receivedAt') ?? options.receivedAt),
  }
  if (message.source === 'web-pixel') return decodePixel(message, body.value)
  if (message.topic === undefined) return 'A webhook needs its topic: --topic orders/create, for example.'
  return decodeWebhook(message, body.value)
}

/** A body is JSON, or JSON as text. */
const bodyOf = (value: Json): { readonly value: Json } | string => {
  if (typeof value !== 'string') return { value }
  const parsed = parseJson(value, LIMITS)
  return parsed.ok ? { value: parsed.value } : `The body cannot be read: ${parsed.why}.`
}
