import { type Event, type Shop, shopFrom } from '../src/event/event.ts'
import { parseJson } from '../src/lib/json.ts'
import { subjectOf } from '../src/pipeline/subject.ts'
import { journeyOf, type Step } from '../src/sandbox/shopper/journey.ts'
import { decodeWebhook } from '../src/sources/shopify-webhook/decode.ts'
import { readWebhookHeaders } from '../src/sources/shopify-webhook/headers.ts'
import type { Decoded } from '../src/sources/source.ts'
import { decodePixel } from '../src/sources/web-pixel/decode.ts'
import type { Arrival, NewEvent } from '../src/store/store.ts'

/** The demo's seeded journeys as arrivals, again and again under other names: as many events as a store is to hold. */

/** Journeys that are walked and decoded; all further ones are these with other names, at other times. */
const JOURNEYS = 300
const SEED = 11
/** Shoppers on their way at a time, so that neighbours in the log are of different shops and browsers. */
const WALKING = 128
const TEMPLATE = 'template.myshopify.com' as Shop
export const STORE_URL = 'https://northfern.example'

/** What one message decodes to, as text that is cut where a name or an instant stands: those are the odd pieces. */
interface Template {
  readonly pieces: readonly string[]
  /** What an instant in it is before the end of its journey, ms. */
  readonly end: number
}

/** An endless stream of arrivals over these shops; `now` is asked for the moment at which each of them comes in. */
export const visits = (shops: readonly Shop[], now: () => number): (() => Arrival) => {
  const journeys = Array.from({ length: JOURNEYS }, (_, number) => templatesOf(number)).filter(
    ({ length }) => length > 0,
  )
  const walking = Array.from({ length: WALKING }, () => ({ left: [] as Template[], serial: 0 }))
  let turn = 0
  let begun = 0
  return () => {
    turn = (turn + 1) % WALKING
    const shopper = walking[turn]
    if (!shopper) throw new Error('nobody walks')
    if (shopper.left.length === 0) {
      shopper.serial = ++begun
      shopper.left = (journeys[begun % journeys.length] ?? []).toReversed()
    }
    const next = shopper.left.pop()
    const shop = shops[shopper.serial % shops.length]
    if (!next || !shop) throw new Error('there are no journeys or no shops')
    return arrivalOf(next, shop, shopper.serial, now())
  }
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/

const templatesOf = (number: number): Template[] => {
  const end = Date.UTC(2026, 10, 1)
  const { steps } = journeyOf(SEED, number, { shop: TEMPLATE, storeUrl: STORE_URL, webhookSecret: '', now: end })
  const messages = withoutRepeats(steps).flatMap((step) => decoded(step, end) ?? [])
  const names = new Set([TEMPLATE, ...messages.flatMap(({ events, parts }) => [...events, ...parts].flatMap(namesOf))])
  const cut = new RegExp(`(${[...names].map((name) => escaped(name)).join('|')}|${INSTANT.source})`)
  return messages.map(({ events, parts, orders }) => ({
    pieces: JSON.stringify({ events, parts, orders }).split(cut),
    end,
  }))
}

/** A second delivery of a webhook ends at its id, before anything is decoded from it into the store. */
const withoutRepeats = (steps: readonly Step[]): Step[] => {
  const seen = new Set<string>()
  return steps.filter((step) => {
    if (step.kind !== 'webhook') return true
    const { webhookId } = step.webhook
    return !seen.has(webhookId) && seen.add(webhookId)
  })
}

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

const decoded = (step: Step, now: number): Decoded | undefined => {
  if (step.kind === 'tag') return undefined
  const base = { shop: TEMPLATE, receivedAt: new Date(now).toISOString() }
  const { browser } = step.kind === 'beacon' ? step.visitor : {}
  const said =
    step.kind === 'beacon'
      ? decodePixel({ ...base, source: 'web-pixel', ...browser }, read(JSON.stringify(step.beacon)))
      : decodeWebhook(
          { ...base, source: 'shopify-webhook', ...readWebhookHeaders(step.webhook.headers), shop: TEMPLATE },
          read(step.webhook.body),
        )
  return said.nothing === undefined ? said : undefined
}

const read = (text: string) => {
  const parsed = parseJson(text, { depth: 64, values: 1_000_000 })
  if (!parsed.ok) throw new Error(parsed.why)
  return parsed.value
}

/** Whatever must not be the same in two visits. Ids of facts are made of these, so they need not be among them. */
const namesOf = ({ id, identity, commerce }: Event): string[] =>
  [
    id.startsWith('sh-') ? id : undefined,
    identity?.clientId,
    identity?.customerId,
    commerce?.orderId,
    commerce?.checkoutToken,
    commerce?.cartToken,
  ].filter((name) => name !== undefined)

/** Digits at its end keep the form of every kind of id: number, hexadecimal, UUID, token. */
const renamed = (name: string, serial: number): string => name.slice(0, -8) + String(serial).padStart(8, '0')

const arrivalOf = ({ pieces, end }: Template, shop: Shop, serial: number, at: number): Arrival => {
  let text = ''
  for (const [place, piece] of pieces.entries())
    if (place % 2 === 0) text += piece
    else if (piece === TEMPLATE) text += shop
    else if (piece.length === 24 && INSTANT.test(piece)) text += new Date(Date.parse(piece) - end + at).toISOString()
    else text += renamed(piece, serial)
  const { events, parts, orders } = JSON.parse(text) as Pick<Decoded, 'events' | 'parts' | 'orders'>
  const taken = (event: Event): NewEvent => ({ event, subject: subjectOf(event), receivedAt: at })
  return {
    shop,
    events: events.map(taken),
    parts: parts.map(taken),
    orders: orders.map((order) => (order.placedAt === undefined ? order : { ...order, placedAt: at })),
  }
}

export const shopNamed = (n: number): Shop => shopFrom(`bench-${n}.myshopify.com`) ?? TEMPLATE
