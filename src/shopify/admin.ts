import type { Shop } from '../event/event.ts'
import type { Send } from '../lib/http.ts'
import { arrayAt, isObject, type Json, objectAt, parseJson, textAt } from '../lib/json.ts'
import type { Clock } from '../pipeline/runtime.ts'
import { API_VERSION } from './app.ts'
import type { AccessTokens } from './tokens.ts'

/** The way to the Admin API of every shop. */
export interface Admin {
  readonly send: Send
  readonly clock: Clock
  readonly tokens: AccessTokens
  readonly stopping: AbortSignal
}

export const adminWith = (world: Admin): Admin => world

/** What the Admin API said, or in words why it said nothing. */
export type AdminAnswer =
  | { readonly ok: true; readonly data: Json }
  | {
      readonly ok: false
      readonly problem: 'throttled' | 'unauthorized' | 'not_installed' | 'unreachable' | 'refused'
      readonly message: string
    }

const LIMITS = { depth: 32, values: 200_000 }

/** Asks the Admin API of a shop. A token that is refused is fetched anew, once. */
export const askAdmin = async (
  admin: Admin,
  shop: Shop,
  query: string,
  variables: object = {},
): Promise<AdminAnswer> => {
  let refused: string | undefined
  for (;;) {
    const access = await admin.tokens.of(shop, refused)
    if (!access.ok) return { ...access, problem: access.problem === 'reinstall' ? 'unauthorized' : access.problem }
    const { status, body } = await admin.send({
      method: 'POST',
      url: `https://${shop}/admin/api/${API_VERSION}/graphql.json`,
      to: 'shop',
      headers: { 'content-type': 'application/json', 'x-shopify-access-token': access.token },
      body: JSON.stringify({ query, variables }),
    })
    if (status === 401 && refused === undefined) {
      refused = access.token
      continue
    }
    if (status === 401) return { ok: false, problem: 'unauthorized', message: 'Shopify does not take the access.' }
    const parsed = parseJson(body, LIMITS)
    if (status !== 200 || !parsed.ok || !isObject(parsed.value))
      return { ok: false, problem: 'unreachable', message: `Shopify answered with status ${status}.` }
    const [error] = arrayAt(parsed.value, 'errors')
    const data = objectAt(parsed.value, 'data')
    if (error === undefined || Object.values(data).some((value) => value !== null)) return { ok: true, data }
    return { ok: false, problem: 'refused', message: textAt(error, 'message') ?? 'Shopify refused the question.' }
  }
}
