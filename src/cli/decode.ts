import { type Event, type Shop, shopFrom } from '../event/event.ts'
import { isObject, type Json, objectAt, parseJson, textAt } from '../lib/json.ts'
import { decodeOrders } from '../sources/admin-api/decode.ts'
import { instant } from '../sources/instant.ts'
import { decodeWebhook } from '../sources/shopify-webhook/decode.ts'
import { readWebhookHeaders } from '../sources/shopify-webhook/headers.ts'
import type { Decoded, Message, SourceName } from '../sources/source.ts'
import { decodeTrack } from '../sources/track/decode.ts'
import { decodePixel } from '../sources/web-pixel/decode.ts'
import { type Document, readDocuments } from './read-lines.ts'
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

const SOURCES = ['shopify-webhook', 'web-pixel', 'track', 'admin-api'] as const satisfies readonly SourceName[]

/**
 * `converlay decode`: a webhook's body, a beacon, a bare Shopify pixel event, or lines {source, topic, headers, ip,
 * userAgent, receivedAt, body}; prints canonical events, one a line.
 */
export const decodeCommand = (options: DecodeOptions, input: string): CommandResult => {
  const documents = readDocuments(input)
  const misused = optionMistake(options, documents)
  if (misused !== undefined) return wrongUsage(misused)
  const lines: string[] = []
  let refused = false
  const several = documents.length > 1
  for (const one of documents) {
    const { document } = one
    const decoded = 'error' in one ? one.error : decodeDocument(one.value, options)
    if (typeof decoded === 'string') {
      refused = true
      lines.push(JSON.stringify({ document, error: decoded }))
      continue
    }
    const nothing = decoded.nothing ?? decoded.leftOut?.join(' ')
    if (nothing !== undefined) lines.push(JSON.stringify({ document, nothing }))
    for (const event of [...decoded.events, ...decoded.parts])
      lines.push(JSON.stringify({ ...(several ? { document } : {}), ...named(event) }))
  }
  return { lines, status: refused ? 1 : 0 }
}

/**
 * What is wrong with the options themselves. Documents that bring no source of their own need the options; among lines
 * that do, such a document is only a bad line.
 */
const optionMistake = (options: DecodeOptions, documents: readonly Document[]): string | undefined => {
  const { source, topic, shop, receivedAt } = options
  if (shop !== undefined && !shopFrom(shop)) return '--shop must be a permanent domain, NAME.myshopify.com.'
  if (receivedAt !== undefined && instant(receivedAt) === undefined)
    return '--received-at must be an instant like 2026-11-20T10:00:00Z.'
  const unknown = source === undefined ? undefined : unknownSource(source)
  if (unknown !== undefined) return `--source: ${unknown}`
  const values = documents.flatMap((one) => ('value' in one ? [one.value] : []))
  if (values.length === 0 || values.some(isEnvelope)) return undefined
  if (source === undefined) return `Say what it is: --source ${SOURCES.join(', ')}.`
  if (source === 'shopify-webhook' && topic === undefined)
    return 'A webhook needs its topic: --topic orders/create, for example.'
  return undefined
}

const isSource = (source: string): source is (typeof SOURCES)[number] => SOURCES.some((known) => known === source)

const unknownSource = (source: string): string | undefined =>
  isSource(source) ? undefined : `The source ${source} is not known. Known: ${SOURCES.join(', ')}.`

const isEnvelope = (value: Json): value is { [key: string]: Json } =>
  isObject(value) && typeof value.source === 'string' && 'body' in value

const named = (event: Event): Partial<Event> => {
  if (event.shop !== NAMELESS) return event
  const { shop: _, ...rest } = event
  return rest
}

/** The decoded message, or why it cannot be read. */
const decodeDocument = (value: Json, options: DecodeOptions): Decoded | string => {
  const envelope = isEnvelope(value) ? value : undefined
  const source = textAt(envelope, 'source') ?? options.source
  if (source === undefined) return 'source is missing: write {"source", "body"}'
  const unknown = unknownSource(source)
  if (unknown !== undefined) return unknown
  const receivedAt = textAt(envelope, 'receivedAt') ?? options.receivedAt
  if (receivedAt !== undefined && instant(receivedAt) === undefined)
    return 'receivedAt must be an instant like 2026-11-20T10:00:00Z.'
  const headers = readWebhookHeaders(
    Object.fromEntries(Object.entries(objectAt(envelope, 'headers')).map(([name, text]) => [name, String(text)])),
  )
  const body = bodyOf(envelope ? (envelope.body ?? null) : value)
  if (typeof body === 'string') return body
  const given = <K extends keyof Message>(key: K, text: Message[K] | undefined) =>
    text === undefined ? {} : { [key]: text }
  const message: Message = {
    source: isSource(source) ? source : 'shopify-webhook',
    // Whoever runs the command has the documents already; what a key in a page may not tell shows with `trusted: false`.
    ...(source === 'track' && envelope?.trusted !== false ? { trusted: true as const } : {}),
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
    ...given('receivedAt', receivedAt),
  }
  if (message.source === 'web-pixel') return decodePixel(message, body.value)
  if (message.source === 'track') return decodeTrack(message, body.value)
  if (message.source === 'admin-api') return decodeOrders(message, body.value)
  if (message.topic === undefined) return 'topic is missing: a webhook needs it, orders/create for example'
  return decodeWebhook(message, body.value)
}

/** A body is JSON, or JSON as text. */
const bodyOf = (value: Json): { readonly value: Json } | string => {
  if (typeof value !== 'string') return { value }
  const parsed = parseJson(value, LIMITS)
  return parsed.ok ? { value: parsed.value } : `The body cannot be read: ${parsed.why}.`
}
