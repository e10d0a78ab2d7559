import { type Shop, shopFrom } from '../event/event.ts'
import { MINUTE } from '../lib/duration.ts'
import type { HttpRequest, Send } from '../lib/http.ts'
import type { Json } from '../lib/json.ts'
import { laneWait } from '../pipeline/backoff.ts'
import type { Clock } from '../pipeline/runtime.ts'
import { readAnswer } from './admin-answer.ts'
import { type Points, roomAfter, taken } from './points.ts'
import type { AccessTokens } from './tokens.ts'

/** The version of the Admin API that is asked: supported until October 2027 (platform sheet 6). */
const API_VERSION = '2026-10'

/** The way to the Admin API of every shop. */
export interface Admin {
  readonly send: Send
  readonly clock: Clock
  readonly tokens: AccessTokens
  /** Aborts when the process stops: nobody waits for points any more. */
  readonly stopping: AbortSignal
  /** What is known of each shop's bucket, and what each query costs at most. */
  readonly points: Map<Shop, Points>
  readonly costs: Map<string, number>
}

export const adminWith = (world: Pick<Admin, 'send' | 'clock' | 'tokens' | 'stopping'>): Admin => ({
  send: world.send,
  clock: world.clock,
  tokens: world.tokens,
  stopping: world.stopping,
  points: new Map(),
  costs: new Map(),
})

/** What the Admin API said, or in words why it said nothing. */
export type AdminAnswer =
  | { readonly ok: true; readonly data: Json }
  | {
      readonly ok: false
      readonly problem: 'throttled' | 'unauthorized' | 'not_installed' | 'unreachable' | 'refused'
      readonly message: string
      /** Shopify's own, where it has one. */
      readonly code?: string
    }

export type AdminProblem = Extract<AdminAnswer, { ok: false }>

/** No answer, an unreadable one and a server's trouble are tried this often, seconds apart. */
const TRIES = 4
/** Others may empty the bucket while we wait for it; more often than this in a row somebody else has it all. */
const MOST_THROTTLED = 20
/** A wait that somebody tells us is believed up to this. */
const LONGEST_WAIT = 2 * MINUTE

/**
 * Asks the Admin API of a shop. Waits for points before it would be throttled, and obeys when it is; asks for another
 * token once when one is refused; tries again a few times what may be a moment's trouble. Throws only for a shop's name
 * that is none.
 */
export const askAdmin = async (
  admin: Admin,
  shop: Shop,
  query: string,
  variables: object = {},
): Promise<AdminAnswer> => {
  if (shopFrom(shop) !== shop) throw new Error('the Admin API of something that is no shop')
  const { clock, stopping } = admin
  const body = JSON.stringify({ query, variables })
  let failed = 0
  let throttled = 0
  let refusedToken: string | undefined
  for (;;) {
    const token = await admin.tokens.of(shop, refusedToken)
    if (!token.ok) return { ok: false, problem: tokenProblem(token.problem), message: token.message }
    if (token.token === refusedToken) return unauthorized
    await room(admin, shop, query)
    if (stopping.aborted) return { ok: false, problem: 'unreachable', message: 'Converlay is being stopped.' }
    const answer = readAnswer(await admin.send(requestOf(shop, token.token, body)), clock.now())
    const { points, requested } = answer.cost
    if (points) admin.points.set(shop, points)
    if (requested !== undefined) admin.costs.set(query, requested)
    switch (answer.kind) {
      case 'data':
        return { ok: true, data: answer.data }
      case 'refused':
        return { ok: false, problem: 'refused', message: answer.message, ...(answer.code && { code: answer.code }) }
      case 'gone':
        return { ok: false, problem: 'not_installed', message: answer.message }
      case 'token':
        if (refusedToken !== undefined) return unauthorized
        refusedToken = token.token
        break
      case 'throttled':
        if (++throttled > MOST_THROTTLED)
          return {
            ok: false,
            problem: 'throttled',
            message: 'Shopify limits how much may be asked of this store. It is tried again later.',
          }
        // Without figures there is nothing to count by.
        if (!points) await clock.sleep(laneWait(throttled, undefined, clock.random()), stopping)
        break
      case 'later':
        if (++failed >= TRIES) return { ok: false, problem: 'unreachable', message: answer.message }
        await clock.sleep(Math.min(LONGEST_WAIT, laneWait(failed, answer.after, clock.random())), stopping)
    }
  }
}

const unauthorized: AdminProblem = {
  ok: false,
  problem: 'unauthorized',
  message: 'Shopify does not take the app’s access to this store any more. Open the app in the store’s admin once.',
}

const tokenProblem = (problem: 'not_installed' | 'reinstall' | 'unreachable'): AdminProblem['problem'] =>
  problem === 'reinstall' ? 'unauthorized' : problem

/** Waits until the bucket has what the query may cost, and takes it. */
const room = async ({ clock, points, costs, stopping }: Admin, shop: Shop, query: string): Promise<void> => {
  const cost = costs.get(query) ?? 0
  for (;;) {
    const known = points.get(shop)
    if (known === undefined) return
    const wait = roomAfter(known, cost, clock.now())
    if (wait === 0 || stopping.aborted) {
      points.set(shop, taken(known, cost, clock.now()))
      return
    }
    await clock.sleep(wait, stopping)
  }
}

const requestOf = (shop: Shop, token: string, body: string): HttpRequest => ({
  method: 'POST',
  url: `https://${shop}/admin/api/${API_VERSION}/graphql.json`,
  to: 'shop',
  headers: { 'content-type': 'application/json', accept: 'application/json', 'x-shopify-access-token': token },
  body,
})
