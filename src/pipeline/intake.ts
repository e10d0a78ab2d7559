import { randomUUID } from 'node:crypto'
import { type Event, type Shop, shopFrom } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import { type JsonLimits, parseJson, textAt } from '../lib/json.ts'
import { noticeKey } from '../sources/notice.ts'
import { askedPerson, requestKind } from '../sources/shopify-webhook/compliance.ts'
import { decodeWebhook } from '../sources/shopify-webhook/decode.ts'
import { readWebhookHeaders, type WebhookHeaders } from '../sources/shopify-webhook/headers.ts'
import { namedShop } from '../sources/shopify-webhook/named-shop.ts'
import { signatureHolds } from '../sources/shopify-webhook/signature.ts'
import type { Decoded, Message, SourceName } from '../sources/source.ts'
import type { TrackCall } from '../sources/track/batch.ts'
import type { PresentedKey } from '../sources/track/key.ts'
import { decodePixel } from '../sources/web-pixel/decode.ts'
import { type Arrival, type FaultKind, type NewEvent, type ShopRecord, type Store, StoreFault } from '../store/store.ts'
import { type KeyCache, noteUse, validKey } from './api-keys.ts'
import type { Carts } from './carts.ts'
import { embedded } from './embedded.ts'
import { installationOf } from './installation.ts'
import type { Appearance } from './learning.ts'
import type { Projector } from './projector.ts'
import { openRequest, requestKey } from './requests.ts'
import type { Runtime } from './runtime.ts'
import type { Spool } from './spool.ts'
import { subjectOf } from './subject.ts'
import { keyOf, NO_KEY, readTrack, trackAnswer } from './track.ts'

/** The answer to a sender: a status and, for a refusal, one line that says what to do. */
export interface Answer {
  readonly status: 200 | 204 | 400 | 401 | 404 | 503
  readonly error?: string
  /** Why some of a track message's calls are of no use, in plain words. */
  readonly leftOut?: readonly string[]
  /** Seconds. */
  readonly retryAfter?: number
}

/** What capture needs beside the runtime. */
export interface Intake {
  readonly runtime: Pick<Runtime, 'clock' | 'log' | 'meter'> & { readonly store: IntakeStore }
  readonly projector: Pick<Projector, 'take' | 'choose' | 'behind'>
  readonly carts: Pick<Carts, 'take'>
  /** Where messages are kept while the store is away. Without one, senders are asked to come back. */
  readonly spool?: Pick<Spool, 'keep'>
  /** The app's client secret and, for an hour after a rotation, the one before. */
  readonly secrets: readonly string[]
  /** Messages of shops we do not know, and others that were dropped on purpose. */
  readonly dropped: { count: number }
  readonly shops: ShopCache
  readonly keys: KeyCache
  /** A notice of a shop is kept and waits to be carried out. Who is not told finds it at its next look (jobs/notices.ts). */
  readonly noticed?: (shop: Shop) => void
}

/** What capture asks of the store. */
export type IntakeStore = Pick<Store, 'shop' | 'saveShop' | 'append' | 'health' | 'entry' | 'entries' | 'saveEntry'>

/** A message as it came in, with all that is needed to take it later. Of a webhook the signature was checked. */
export type Incoming =
  | {
      readonly kind: 'webhook'
      readonly headers: WebhookHeaders
      /** Its delivery's own id, or one of ours. */
      readonly id: string
      readonly body: Buffer
      readonly receivedAt: number
    }
  | {
      readonly kind: 'beacon'
      /** Whose it is, where Shopify passed it on from the store's own address and signed so: the capture embed's. */
      readonly from?: Shop
      readonly body: Buffer
      readonly ip: string | undefined
      readonly userAgent: string | undefined
      readonly receivedAt: number
    }
  | {
      readonly kind: 'track'
      /** One of ours: names the calls that bring no id. */
      readonly id: string
      readonly call: TrackCall
      /** Not its text: what waits in a spool holds nothing that could be used. */
      readonly key: PresentedKey
      readonly body: Buffer
      readonly ip: string | undefined
      readonly userAgent: string | undefined
      readonly receivedAt: number
    }

/** A shop's record, at most this old: capture reads it for every message. */
const SHOP_FRESH = 2 * SECOND
const MOST_SHOPS = 20_000

export type ShopCache = Map<Shop, { readonly at: number } & KnownShop>

/** What capture knows of a shop. */
interface KnownShop {
  readonly record: ShopRecord | undefined
  /** The app was taken off: its pixel is switched off, and who sends beacons all the same is none of ours. */
  readonly isUninstalled: boolean
}

/** An order of hundreds of lines is wide but not deep. */
const WEBHOOK_LIMITS: JsonLimits = { depth: 32, values: 200_000 }
const BEACON_LIMITS: JsonLimits = { depth: 32, values: 8_000 }

/**
 * A webhook: signature over the raw bytes, then decode, append, answer. The answer follows the flush. A valid
 * signature is answered 200 whatever we know of the shop, because anything else makes Shopify try for hours.
 */
export const takeWebhook = async (
  intake: Intake,
  request: { readonly headers: Readonly<Record<string, string | string[] | undefined>>; readonly body: Buffer },
): Promise<Answer> => {
  const headers = readWebhookHeaders(request.headers)
  if (!signatureHolds(request.body, headers.hmac, intake.secrets))
    return {
      status: 401,
      error: 'The signature does not match. Check that the app’s client secret is the one set here.',
    }
  return takeOrSpool(intake, {
    kind: 'webhook',
    // Without its id a delivery cannot be told from its repeat; the facts' own ids still can.
    id: headers.webhookId ?? randomUUID(),
    headers,
    body: request.body,
    receivedAt: intake.runtime.clock.now(),
  })
}

/**
 * A beacon: anybody can post one, so it is a hint about its own browser. It needs a shop we know, creates no orders
 * and brings no money of orders (platform sheet 3.5, threats T18 and T19).
 */
export const takeBeacon = (
  intake: Intake,
  request: { readonly body: Buffer; readonly ip: string | undefined; readonly userAgent: string | undefined },
): Promise<Answer> => takeOrSpool(intake, { kind: 'beacon', ...request, receivedAt: intake.runtime.clock.now() })

/** A beacon of the capture embed, which Shopify passed on. It may say less than the pixel's (embedded.ts). */
export const takeEmbedded = (
  intake: Intake,
  request: { readonly from: Shop; readonly body: Buffer; readonly ip: string | undefined },
): Promise<Answer> =>
  // Shopify tells the visitor's address; the browser's name stands in the beacon.
  takeOrSpool(intake, {
    kind: 'beacon',
    ...request,
    userAgent: undefined,
    receivedAt: intake.runtime.clock.now(),
  })

/**
 * A call of the tracking API, or a batch of them. `key` is the text that came with the request; without one the body may
 * bring a public key, as libraries for pages do. All keys that do not count are answered alike.
 */
export const takeTrack = async (
  intake: Intake,
  request: Pick<Extract<Incoming, { kind: 'track' }>, 'call' | 'body' | 'ip' | 'userAgent'> & {
    readonly key: string | undefined
  },
): Promise<Answer> => {
  const key = keyOf(request.key, request.body)
  if (!key) return NO_KEY
  return takeOrSpool(intake, {
    kind: 'track',
    ...request,
    id: randomUUID(),
    key,
    receivedAt: intake.runtime.clock.now(),
  })
}

/** What the store cannot take while it is away is kept beside it, and taken later (spool.ts). */
const takeOrSpool = async (intake: Intake, incoming: Incoming): Promise<Answer> => {
  try {
    return await take(intake, incoming)
  } catch (fault) {
    if (!intake.spool || !(fault instanceof StoreFault) || fault.kind !== 'away') throw fault
    await intake.spool.keep(incoming)
    return { status: incoming.kind === 'beacon' ? 204 : 200 }
  }
}

/** Takes a message that may have come in a while ago. Rejects with a StoreFault when the store cannot take it now. */
export const take = (intake: Intake, incoming: Incoming): Promise<Answer> => {
  switch (incoming.kind) {
    case 'webhook':
      return webhook(intake, incoming)
    case 'beacon':
      return beacon(intake, incoming)
    case 'track':
      return track(intake, incoming)
  }
}

const webhook = async (intake: Intake, incoming: Extract<Incoming, { kind: 'webhook' }>): Promise<Answer> => {
  const { runtime } = intake
  const { headers, id, body, receivedAt } = incoming
  const shop = headers.shop
  let known = shop && (await shopOf(intake, shop)).record
  const asked = requestKind(headers.topic)
  if (!shop || (!installed(known) && !asked)) {
    intake.dropped.count++
    runtime.meter.dropped('shopify-webhook')
    // A shop that somebody forgot to add shows here, and nowhere else.
    runtime.log.warn('a webhook of a shop that is not known here was dropped', {
      shop,
      topic: headers.topic,
      dropped: intake.dropped.count,
    })
    return { status: 200 }
  }
  const parsed = parseJson(body.toString('utf8'), WEBHOOK_LIMITS)
  if (!parsed.ok) return malformed(parsed.why)
  const named = namedShop(headers.topic, parsed.value)
  if (named !== undefined && named !== shop)
    return {
      status: 401,
      error: 'The body is of another shop than the header says. Send it with the headers that belong to it.',
    }
  // What a shop that never installed asks for must still be on record. One that was installed since the cache was filled
  // stays as it is.
  known ??= await runtime.store.saveShop({ shop, facts: {}, installedAt: 0 })
  if (asked) {
    const askedAt = Date.parse(headers.triggeredAt ?? '') || receivedAt
    const key = requestKey(askedAt, `${asked} ${headers.eventId ?? id}`)
    const request = { kind: asked, by: 'shopify', askedAt, person: askedPerson(parsed.value) } as const
    await openRequest(runtime.store, shop, key, request, receivedAt)
    return { status: 200 }
  }
  const message: Message = {
    source: 'shopify-webhook',
    shop,
    receivedAt: new Date(receivedAt).toISOString(),
    ...(headers.topic === undefined ? {} : { topic: headers.topic }),
    ...(headers.webhookId === undefined ? {} : { webhookId: headers.webhookId }),
    ...(headers.eventId === undefined ? {} : { eventId: headers.eventId }),
    ...(headers.triggeredAt === undefined ? {} : { triggeredAt: headers.triggeredAt }),
    facts: known.facts,
  }
  const decoded = decodeWebhook(message, parsed.value)
  return append(intake, 'shopify-webhook', shop, decoded, receivedAt, {
    source: 'shopify-webhook',
    topic: headers.topic ?? 'unknown',
    webhookId: id,
    ...(headers.eventId === undefined ? {} : { eventId: headers.eventId }),
    receivedAt,
    body,
  })
}

const beacon = async (intake: Intake, incoming: Extract<Incoming, { kind: 'beacon' }>): Promise<Answer> => {
  const { from, body, ip, userAgent, receivedAt } = incoming
  const parsed = parseJson(body.toString('utf8'), BEACON_LIMITS)
  if (!parsed.ok) return malformed(parsed.why)
  const shop = from ?? shopFrom(textAt(parsed.value, 'shop'))
  const { record: known, isUninstalled } = shop ? await shopOf(intake, shop) : UNKNOWN
  if (!shop || !known || !installed(known) || isUninstalled) return { status: 404, error: 'Not found.' }
  const decoded = decodePixel(
    {
      source: 'web-pixel',
      shop,
      receivedAt: new Date(receivedAt).toISOString(),
      facts: known.facts,
      ...(ip === undefined ? {} : { ip }),
      ...(userAgent === undefined ? {} : { userAgent }),
    },
    parsed.value,
  )
  if (from) {
    const kept = embedded(decoded, textAt(parsed.value, 'country'), known.policy)
    return append(intake, 'web-pixel', shop, kept, receivedAt)
  }
  for (const { clientId, consent } of decoded.consents ?? []) {
    if (intake.projector.behind) return busy
    await intake.projector.choose(shop, clientId, consent, receivedAt)
  }
  return append(intake, 'web-pixel', shop, decoded, receivedAt)
}

const track = async (intake: Intake, incoming: Extract<Incoming, { kind: 'track' }>): Promise<Answer> => {
  const { runtime, keys } = intake
  const { shop } = incoming.key
  const { record: known, isUninstalled } = await shopOf(intake, shop)
  const key = installed(known) && !isUninstalled ? await validKey({ ...runtime, keys }, incoming.key) : undefined
  if (!known || !key) return NO_KEY
  const read = readTrack(known, key.kind, incoming)
  if ('unreadable' in read) return { status: 400, error: read.unreadable }
  const taken = await append(intake, 'track', shop, read.decoded, incoming.receivedAt)
  if (taken.status !== 200) return taken
  // A day that is not noted today is noted with the next call.
  noteUse({ ...runtime, keys }, shop, key).catch(() => {})
  const { answer, leftOut } = trackAnswer(read)
  if (leftOut > 0) runtime.meter.leftOut('track', leftOut)
  return answer
}

const malformed = (why: string): Answer => ({
  status: 400,
  error: `The body cannot be read: ${why}. Send it again as valid JSON.`,
})

const installed = (shop: ShopRecord | undefined): boolean => shop !== undefined && shop.installedAt > 0

const UNKNOWN: KnownShop = { record: undefined, isUninstalled: false }

const shopOf = async ({ runtime, shops }: Intake, shop: Shop): Promise<KnownShop> => {
  const now = runtime.clock.now()
  const cached = shops.get(shop)
  if (cached && now - cached.at < SHOP_FRESH) return cached
  let known: KnownShop
  try {
    const [record, installation] = await Promise.all([runtime.store.shop(shop), installationOf(runtime.store, shop)])
    known = { record, isUninstalled: installation?.state === 'uninstalled' }
  } catch (fault) {
    // A failing store is told apart from an unknown shop, which may have been installed since; append will meet it.
    if (!cached || !installed(cached.record)) throw fault
    known = cached
  }
  if (shops.size >= MOST_SHOPS) shops.clear()
  shops.set(shop, { ...known, at: now })
  return known
}

const append = async (
  { runtime, projector, carts, noticed }: Intake,
  source: SourceName,
  shop: Shop,
  { events, parts, orders, notice }: Decoded,
  receivedAt: number,
  message?: Arrival['message'],
): Promise<Answer> => {
  if (projector.behind) return busy
  const done: Answer = { status: source === 'web-pixel' ? 204 : 200 }
  if (!message && events.length === 0 && parts.length === 0) return done
  // Before the answer, and before the message counts as a repeat. Carried out twice it does no harm.
  if (notice && message)
    await runtime.store.saveEntry(shop, 'notice', noticeKey(notice, message.webhookId), notice, { at: receivedAt })
  const appended = await runtime.store.append({
    shop,
    events: events.map((event) => newEvent(event, receivedAt)),
    parts: parts.map((event) => newEvent(event, receivedAt)),
    orders,
    ...(message ? { message } : {}),
  })
  if (!appended.repeated) {
    runtime.meter.accepted(source, appended.events.filter(({ fresh }) => fresh).length)
    const seen: Appearance[] = []
    for (const [index, event] of events.entries()) {
      const placed = appended.events[index]
      seen.push({ shop, event, at: receivedAt, ...(placed?.fresh ? { seq: placed.seq } : {}) })
    }
    for (const event of parts) seen.push({ shop, event, at: receivedAt })
    projector.take(seen)
    carts.take(seen)
  }
  if (notice) noticed?.(shop)
  return done
}

const busy: Answer = {
  status: 503,
  error: 'Too much is waiting to be written. Send it again in a moment.',
  retryAfter: 5,
}

const FAULTS: Readonly<Record<FaultKind, Answer>> = {
  busy: { status: 503, error: 'Too much arrives at once; send it again in a moment.', retryAfter: 2 },
  full: {
    status: 503,
    error: 'The disk is full, nothing was stored. Free some space; send it again later.',
    retryAfter: 60,
  },
  away: { status: 503, error: 'The database cannot be reached. Send it again in a moment.', retryAfter: 5 },
  broken: { status: 503, error: 'The store is failing, nothing was stored. Send it again later.', retryAfter: 30 },
}

/** The answer for a store that cannot take anything now. Nothing was stored; the sender tries again. */
export const answerFault = (fault: unknown): Answer | undefined =>
  fault instanceof StoreFault ? FAULTS[fault.kind] : undefined

const newEvent = (event: Event, receivedAt: number): NewEvent => ({ event, subject: subjectOf(event), receivedAt })
