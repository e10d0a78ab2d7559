import { DAY } from '../lib/duration.ts'

/** How long each kind of row lives, ms. */
export interface Retention {
  readonly messages: number
  /** After every connection settled an event. */
  readonly bodyAfterSettled: number
  /** After receipt, whatever the connections did. */
  readonly bodyAtMost: number
  readonly attempts: number
  readonly deadLetters: number
  readonly orders: number
  readonly orderIdentifiers: number
  readonly sharedIds: number
  readonly pixelIds: number
  readonly addresses: number
  readonly identities: number
  readonly rollups: number
}

/** How long a sealed row can live at most, ms: a salt outlives everything that it opens. */
export const longestSealed = (kept: Retention): number =>
  Math.max(kept.bodyAtMost, kept.identities, kept.messages, kept.orderIdentifiers, kept.deadLetters)

/** One keeping time as a person sets it, in whole days. */
export interface KeepingTime {
  readonly label: string
  /** What goes then, and why it cannot be shorter or longer. */
  readonly help: string
  readonly min: number
  readonly max: number
  readonly default: number
}

/**
 * Everything that can be set. The bounds are what the promises need: a fact's id outlives whoever may still tell of it,
 * a refusal outlives the event that it holds back, and addresses never live longer than a month.
 */
export const KEEPING_TIMES: Readonly<Record<keyof Retention, KeepingTime>> = {
  messages: {
    label: 'Webhooks as they came',
    help: 'From these a mistake in reading can be repaired. Shopify repeats a webhook for hours, and may send it a day late.',
    min: 2,
    max: 30,
    default: 7,
  },
  bodyAfterSettled: {
    label: 'Events that are done',
    help: 'After every platform is through with an event. Google Ads says for a day what became of one.',
    min: 2,
    max: 90,
    default: 7,
  },
  bodyAtMost: {
    label: 'Events at most',
    help: 'After an event came, whatever the platforms did. What was not sent by then expires.',
    min: 2,
    max: 90,
    default: 30,
  },
  attempts: {
    label: 'Attempts',
    help: 'Requests to platforms and their answers, and replays and backfills that have ended.',
    min: 1,
    max: 396,
    default: 30,
  },
  deadLetters: {
    label: 'Dead letters',
    help: 'Events that could not be sent, to be looked at and sent again.',
    min: 1,
    max: 90,
    default: 14,
  },
  orders: {
    label: 'Orders',
    help: 'Number, value and refunds of an order, with which a refund is told. A backfill reaches 90 days back.',
    min: 100,
    max: 800,
    default: 396,
  },
  orderIdentifiers: {
    label: 'Identifiers of orders',
    help: 'Who bought, as it was sent with the purchase; a later refund is completed from it.',
    min: 1,
    max: 396,
    default: 90,
  },
  sharedIds: {
    label: 'Ids of orders and customers',
    help: 'By these a repeat is known. A backfill reaches 90 days back, and what it brings again must not count twice.',
    min: 100,
    max: 800,
    default: 396,
  },
  pixelIds: {
    label: 'Ids of visits',
    help: 'By these a beacon that was sent twice is known. A browser may be a week late with it.',
    min: 9,
    max: 396,
    default: 30,
  },
  addresses: {
    label: 'IP address and browser name',
    help: 'Of a shopper, after the last visit.',
    min: 1,
    max: 30,
    default: 7,
  },
  identities: {
    label: 'Shoppers',
    help: 'Click and browser ids and consent, after the last visit. A refusal must outlive every event that it holds back.',
    min: 90,
    max: 800,
    default: 365,
  },
  rollups: {
    label: 'Counts',
    help: 'What the dashboard counts, per quarter hour. There is nothing personal in it.',
    min: 31,
    max: 1200,
    default: 396,
  },
}

export const KEPT = Object.keys(KEEPING_TIMES) as readonly (keyof Retention)[]

/** The name under which the store keeps what was set: days by name, only those that are not the default. */
export const RETENTION_SETTING = 'retention'

export type KeptDays = { readonly [Name in keyof Retention]: number }

/** Whether so many days may be set; else why not, for a person. */
export const daysFault = (name: keyof Retention, days: number): string | undefined => {
  const { min, max } = KEEPING_TIMES[name]
  return Number.isInteger(days) && days >= min && days <= max
    ? undefined
    : `${name} must be a whole number of days from ${min} to ${max}.`
}

/** The days that count, out of what was saved: what is missing or out of bounds is the default. */
export const keptDays = (saved: unknown): KeptDays => {
  const given = (typeof saved === 'object' && saved !== null ? saved : {}) as Readonly<Record<string, unknown>>
  const daysOf = (name: keyof Retention): number => {
    const days = given[name]
    return typeof days === 'number' && daysFault(name, days) === undefined ? days : KEEPING_TIMES[name].default
  }
  return Object.fromEntries(KEPT.map((name) => [name, daysOf(name)])) as KeptDays
}

export const retentionOf = (saved: unknown): Retention => {
  const days = keptDays(saved)
  return Object.fromEntries(KEPT.map((name) => [name, days[name] * DAY])) as unknown as Retention
}
