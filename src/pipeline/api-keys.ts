import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Shop } from '../event/event.ts'
import { SECOND } from '../lib/duration.ts'
import { isObject, textAt } from '../lib/json.ts'
import { KEY_CHANCE, type KeyKind, keyFrom, keyText, type PresentedKey } from '../sources/track/key.ts'
import type { Entry } from '../store/entry.ts'
import type { Store } from '../store/store.ts'
import type { Clock } from './runtime.ts'

/** What is known of a key. Its text is shown once, when it is made; the store has only its hash. */
export interface ApiKey {
  /** Names it among the shop's keys. */
  readonly id: string
  readonly kind: KeyKind
  /** The last four characters of its text. */
  readonly last: string
  /** ms */
  readonly createdAt: number
  /** YYYY-MM-DD in UTC; absent until it is used. */
  readonly usedOn?: string
}

/** As the store has it. */
interface KeptKey extends ApiKey {
  readonly hash: string
  /** Of the entry. */
  readonly version: number
}

type KeyStore = Pick<Store, 'entries' | 'saveEntry'>

/** More than anybody needs; all of a shop's keys are read at once. */
export const MOST_KEYS = 50

/** How old what is known of a shop's keys may be: a key that is revoked works no longer than this. */
const KEYS_FRESH = 2 * SECOND
/** And before a key that is not among them is refused: it may have been made since. Guessing asks the store no oftener. */
const MISS_FRESH = SECOND / 10
const MOST_SHOPS = 20_000

/** The keys of shops as they were read last. */
export type KeyCache = Map<Shop, { readonly at: number; readonly keys: readonly KeptKey[] }>

/** A shop's keys, the newest first. */
export const keysOf = async (store: KeyStore, shop: Shop): Promise<readonly ApiKey[]> =>
  (await kept(store, shop))
    .map(({ hash: _, version: __, ...key }) => key)
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))

/** A new key with its text, which nobody can ask for again. Undefined when the shop has as many as it may have. */
export const createKey = async (
  store: KeyStore,
  shop: Shop,
  kind: KeyKind,
  now: number,
): Promise<{ readonly key: ApiKey; readonly text: string } | undefined> => {
  if ((await kept(store, shop)).length >= MOST_KEYS) return undefined
  for (;;) {
    const text = keyText(kind, shop, randomBytes(KEY_CHANCE))
    const presented = keyFrom(text)
    if (!presented) throw new Error('a new key cannot be read')
    const { id, hash } = presented
    const key: ApiKey = { id, kind, last: text.slice(-4), createdAt: now }
    if (await store.saveEntry(shop, 'api_key', id, keptValue({ ...key, hash }), { at: now, was: 0 }))
      return { key, text }
  }
}

/** False when there is no such key. */
export const revokeKey = async (store: KeyStore, shop: Shop, id: string, now: number): Promise<boolean> => {
  const found = (await kept(store, shop)).some((key) => key.id === id)
  return found && (await store.saveEntry(shop, 'api_key', id, undefined, { at: now }))
}

/**
 * The kind of a key that is valid now, else undefined, and never why. A store that fails is not asked about a shop
 * whose keys were read before.
 */
export const validKey = async (
  { store, clock, keys }: { readonly store: KeyStore; readonly clock: Pick<Clock, 'now'>; readonly keys: KeyCache },
  { shop, id, hash }: PresentedKey,
): Promise<ApiKey | undefined> => {
  const now = clock.now()
  const cached = keys.get(shop)
  let known = cached?.keys
  const isKnown = known?.some((one) => one.id === id)
  if (!cached || now - cached.at >= (isKnown ? KEYS_FRESH : MISS_FRESH)) {
    try {
      known = await kept(store, shop)
      if (keys.size >= MOST_SHOPS) keys.clear()
      keys.set(shop, { at: now, keys: known })
    } catch (fault) {
      if (!cached) throw fault
    }
  }
  const key = known?.find((one) => one.id === id)
  // Something is compared even where there is nothing to compare with.
  const holds = timingSafeEqual(Buffer.from(key?.hash ?? NO_HASH, 'hex'), Buffer.from(hash, 'hex'))
  return key && holds ? key : undefined
}

const NO_HASH = '0'.repeat(64)

/** Notes the day on which a key is used, once a day. A key that is revoked meanwhile does not come back by that. */
export const noteUse = async (
  { store, clock, keys }: { readonly store: KeyStore; readonly clock: Pick<Clock, 'now'>; readonly keys: KeyCache },
  shop: Shop,
  { id }: ApiKey,
): Promise<void> => {
  const now = clock.now()
  const usedOn = new Date(now).toISOString().slice(0, 10)
  const cached = keys.get(shop)
  const key = cached?.keys.find((one) => one.id === id)
  if (!cached || !key || key.usedOn === usedOn) return
  const used: KeptKey = { ...key, usedOn, version: key.version + 1 }
  // Before it is saved, so that what comes in meanwhile does not save it too.
  keys.set(shop, { at: cached.at, keys: cached.keys.map((one) => (one === key ? used : one)) })
  await store.saveEntry(shop, 'api_key', id, keptValue(used), { at: now, was: key.version })
}

/** Two who make a key at once may go beyond the most; those are read as well. */
const kept = async (store: KeyStore, shop: Shop): Promise<readonly KeptKey[]> =>
  (await store.entries(shop, 'api_key', { limit: 2 * MOST_KEYS })).flatMap((entry) => keptKey(entry) ?? [])

type KeyValue = Omit<KeptKey, 'id' | 'version'>

const keptValue = ({ kind, hash, last, createdAt, usedOn }: KeyValue): KeyValue => ({
  kind,
  hash,
  last,
  createdAt,
  ...(usedOn === undefined ? {} : { usedOn }),
})

const keptKey = ({ key: id, value, version }: Entry): KeptKey | undefined => {
  const hash = textAt(value, 'hash')
  const kind = textAt(value, 'kind')
  const createdAt = isObject(value) ? Number(value.createdAt) : Number.NaN
  if (hash?.length !== 64 || (kind !== 'secret' && kind !== 'public') || Number.isNaN(createdAt)) return undefined
  const usedOn = textAt(value, 'usedOn')
  return {
    id,
    version,
    ...keptValue({ kind, hash, last: textAt(value, 'last') ?? '', createdAt, ...(usedOn ? { usedOn } : {}) }),
  }
}
