import { hash } from 'node:crypto'
import type { Shop } from '../event/event.ts'
import { purchaseId } from '../event/event-ids.ts'
import { email, phone } from '../event/identity.ts'
import { DAY } from '../lib/duration.ts'
import { compact } from '../lib/json.ts'
import { shopifyId } from '../sources/ids.ts'
import type { AskedPerson, RequestKind } from '../sources/shopify-webhook/compliance.ts'
import type { Entry } from '../store/entry.ts'
import type { Store } from '../store/store.ts'
import { emailName, phoneName } from '../store/subject-names.ts'

/** What was held of whoever was asked for. Numbers only: it is kept when the person is gone. */
export interface Found {
  /** Names under which the person was known: browsers, checkouts, carts, the customer, orders. */
  readonly names: number
  readonly orders: number
  readonly events: number
  /** Slugs of the platforms that were sent some of it: what they have, only they can erase. */
  readonly sentTo: readonly string[]
}

/** A request that waits for its job. Sealed for itself, so that it goes for good when it is done. */
export interface OpenRequest {
  readonly kind: RequestKind
  readonly by: 'shopify' | 'merchant'
  /** When it was asked, ms since 1970, by Shopify's clock where it told. */
  readonly askedAt: number
  readonly person: AskedPerson
  /** Counted before anything was erased: a job that was killed and begins again finds less. */
  readonly found?: Found
}

/** What was done, in numbers only: the record of a request, and the certificate of an erasure. */
export interface DoneRequest {
  readonly kind: RequestKind
  readonly by: OpenRequest['by']
  readonly askedAt: number
  readonly doneAt: number
  /** Of a person. */
  readonly found?: Found
  /** Keys that were deleted; what they had sealed can be read by nobody. */
  readonly keys?: number
  /** How many events were handed out, or the shop had. */
  readonly events?: number
  /** Of a shop that was installed again: what came before this moment, ms, was erased. */
  readonly before?: number
  /** Until when the answer can be fetched, ms. */
  readonly until?: number
}

/** How a person is named by whoever asks for them by hand. */
export interface NamedPerson {
  readonly customer?: string | undefined
  readonly email?: string | undefined
  readonly phone?: string | undefined
  readonly order?: string | undefined
}

/** The person, or in words what is wrong with a name. A telephone number needs its country's code. */
export const personNamed = (named: NamedPerson): AskedPerson | { readonly refused: string } => {
  const [customerId, orderId] = [shopifyId(named.customer), shopifyId(named.order)]
  const address = email(named.email)
  const number = phone(named.phone)
  if (named.customer !== undefined && customerId === undefined)
    return { refused: 'A customer is named by the number at the end of its address in Shopify’s admin.' }
  if (named.order !== undefined && orderId === undefined)
    return { refused: 'An order is named by the number at the end of its address in Shopify’s admin, not by its name.' }
  if (named.email !== undefined && address === undefined) return { refused: 'This is no email address.' }
  if (named.phone !== undefined && number === undefined)
    return { refused: 'This is no telephone number. Write it with its country code, as +41441234567.' }
  const orders = orderId === undefined ? [] : [orderId]
  const person = compact<AskedPerson>({ customerId, email: address, phone: number, orders })
  return namesOf(person).length > 0 ? person : { refused: 'Say who it is: a customer, an email address, an order.' }
}

/** How long the answer to a request for data can be fetched. */
export const EXPORT_KEPT = 30 * DAY

/** A key for a request: the same for every repeat of one delivery. */
export const requestKey = (askedAt: number, id: string): string =>
  `${new Date(askedAt).toISOString()} ${hash('sha256', id, 'hex').slice(0, 16)}`

/** The subject that seals a request and its answer. */
export const requestSubject = (key: string): string => `request:${key}`

type NamedBy = Pick<AskedPerson, 'orders'> & {
  readonly [Name in 'customerId' | 'email' | 'phone']?: string | undefined
}

/** The names by which the store knows whom a request is about. */
export const namesOf = ({ customerId, email, phone, orders }: NamedBy): string[] => [
  ...(customerId === undefined ? [] : [customerId]),
  ...(email === undefined ? [] : [emailName(email)]),
  ...(phone === undefined ? [] : [phoneName(phone)]),
  ...orders.map(purchaseId),
]

/** Keeps a request for the job that does it, once, however often it is told. Resolves after the flush. */
export const openRequest = async (
  store: Pick<Store, 'entry' | 'saveEntry'>,
  shop: Shop,
  key: string,
  request: OpenRequest,
  now: number,
): Promise<void> => {
  if (await store.entry(shop, 'data_request', key)) return
  await store.saveEntry(shop, 'data_request_open', key, request, { at: now, was: 0, subject: requestSubject(key) })
}

/** Requests that wait, the oldest first. */
export const openRequests = async (
  store: Pick<Store, 'entries'>,
  shop: Shop,
  limit: number,
): Promise<readonly { readonly key: string; readonly request: OpenRequest }[]> =>
  (await store.entries(shop, 'data_request_open', { limit })).map(({ key, value }) => ({
    key,
    request: value as OpenRequest,
  }))

/** A request as it is shown. */
export type ShownRequest = { readonly key: string } & (
  | ({ readonly state: 'open' } & Pick<OpenRequest, 'kind' | 'by' | 'askedAt'>)
  | ({ readonly state: 'done' } & DoneRequest)
)

/** The newest requests of a shop, at most `limit` of each state; those that wait stand first. */
export const requestsOf = async (
  store: Pick<Store, 'entries'>,
  shop: Shop,
  limit: number,
): Promise<readonly ShownRequest[]> => {
  const [open, done] = await Promise.all([
    openRequests(store, shop, limit),
    store.entries(shop, 'data_request', { limit, descending: true }),
  ])
  return [
    ...open.map(({ key, request: { kind, by, askedAt } }) => ({ key, state: 'open', kind, by, askedAt }) as const),
    ...done.map(({ key, value }) => ({ key, state: 'done', ...(value as DoneRequest) }) as const),
  ]
}

/** The answer to a request for data, while it is kept and the person was not erased since. */
export const exportOf = (store: Pick<Store, 'entry'>, shop: Shop, key: string): Promise<Entry | undefined> =>
  store.entry(shop, 'data_export', key)

/** What was done, once it was. */
export const doneRequest = async (
  store: Pick<Store, 'entry'>,
  shop: Shop,
  key: string,
): Promise<DoneRequest | undefined> => (await store.entry(shop, 'data_request', key))?.value as DoneRequest | undefined
