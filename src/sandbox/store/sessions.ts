import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { isCountry, MARKETS, type Market } from '../shopify/markets.ts'
import type { Cart, Checkout, Order } from '../shopify/sale.ts'
import { type Choice, isChoice } from './consent.ts'
import type { Blocker } from './layout.ts'

/** One visitor of the demo store. */
export interface Session {
  readonly id: string
  /** The visitor's address as the checkout tells it: of a documentation range, because the real one is loopback. */
  readonly ip: string
  market: Market
  choice: Choice
  blocker: Blocker
  landing?: { readonly path: string; readonly referrer: string }
  cart?: Cart
  /** Notes on the cart, which its order carries. */
  readonly attributes: Map<string, string>
  checkout?: Checkout
  order?: Order
  /** checkout_completed is published once. */
  completed: boolean
}

export interface Sessions {
  get(id: string | undefined): Session
}

/** Visitors kept; the oldest are forgotten first. */
const KEPT = 5000

export const createSessions = (): Sessions => {
  const sessions = new Map<string, Session>()
  return {
    get: (id) => {
      const known = id === undefined ? undefined : sessions.get(id)
      if (known) return known
      const session: Session = {
        id: randomUUID(),
        ip: `203.0.113.${randomInt(1, 255)}`,
        market: MARKETS.US,
        choice: 'unset',
        blocker: 'none',
        attributes: new Map(),
        completed: false,
      }
      sessions.set(session.id, session)
      const [oldest] = sessions.keys()
      if (sessions.size > KEPT && oldest !== undefined) sessions.delete(oldest)
      return session
    },
  }
}

const isBlocker = (text: string | undefined): text is Blocker => text === 'none' || text === 'tag' || text === 'all'

/** Takes what the demo's own URL parameters say about the visitor. */
export const obey = (session: Session, param: (name: string) => string | undefined): void => {
  const country = param('country')?.toUpperCase()
  const choice = param('consent')
  const blocker = param('blocker')
  if (isCountry(country)) session.market = MARKETS[country]
  if (isChoice(choice)) session.choice = choice
  if (isBlocker(blocker)) session.blocker = blocker
}

/** A token as Shopify makes them since late 2025. */
export const cartToken = (): string =>
  `hWN${randomBytes(32)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 21)}`

export const hexToken = (): string => randomBytes(16).toString('hex')

const EPOCH = Date.UTC(2025, 0, 1)

/** Numeric ids that grow with time, so that a store started anew never gives one twice. */
export const createIds = (base: number, now: () => number): (() => string) => {
  let last = 0
  return () => {
    last = Math.max(last + 1000, base + now() - EPOCH)
    return String(last)
  }
}
