import type { Shop } from '../event/event.ts'
import type { HttpResponse } from '../lib/http.ts'
import type { Clock } from '../pipeline/runtime.ts'
import { type Admin, adminWith } from './admin.ts'

/** Stand-ins for what lies around the Admin API's users, for their tests: whatever answers for Shopify, without HTTP. */
interface Answering {
  readonly token: string
  readonly scopes: readonly string[]
  readonly api: {
    answer(request: {
      readonly method: string
      readonly host: string
      readonly path: string
      readonly query: URLSearchParams
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
      readonly ip: string
      readonly now: number
    }): Omit<HttpResponse, 'body'> & { readonly body: string | Buffer }
  }
}

interface Fake {
  readonly admin: Admin
  /** Every question asked so far: the body as it was sent, and the status of the answer. */
  readonly asked: { readonly body: string; readonly status: number }[]
  /** What answers instead, while it is set; undefined lets the question through. */
  instead: ((url: string) => HttpResponse | undefined) | undefined
  /** Tokens that are given out, in turn; the last one again and again. */
  tokens: readonly string[]
}

/** The way to a stand-in for Shopify. */
export const wayTo = <Store extends Answering>(store: Store, clock: Clock): Fake & Store => {
  const { api, token, scopes } = store
  const admin = adminWith({
    clock,
    stopping: new AbortController().signal,
    tokens: {
      of: async (_: Shop, refused) => {
        const [first = token, ...others] = made.tokens
        if (refused === first && others.length > 0) made.tokens = others
        return { ok: true, token: made.tokens[0] ?? token, scopes }
      },
    },
    send: async (request) => {
      const url = new URL(request.url)
      const answered = (status: number) => made.asked.push({ body: request.body ?? '', status })
      const other = made.instead?.(request.url)
      if (other) {
        answered(other.status)
        return other
      }
      const { status, headers, body } = api.answer({
        method: request.method,
        host: url.hostname,
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: request.body ?? '',
        ip: '203.0.113.9',
        now: clock.now(),
      })
      answered(status)
      return { status, headers, body: String(body) }
    },
  })
  const made: Fake & Store = { ...store, admin, asked: [], instead: undefined, tokens: [token] }
  return made
}
