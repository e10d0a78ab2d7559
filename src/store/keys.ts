import type { Shop } from '../event/event.ts'
import { newKey, open, seal, unwrapKey, wrapKey } from '../lib/seal.ts'
import { lru } from './lru.ts'

/**
 * master key (held by the runtime, never stored) -> shop key (stored wrapped) -> subject key (derived with a stored
 * salt). Deleting a salt ends one person's rows, deleting a wrapped key ends a shop's.
 */
export interface ShopKeys {
  /** A new shop key, wrapped for storage. */
  create(shop: Shop): Uint8Array
  /** Throws when the stored key does not belong to this shop or master key: the store would be unreadable. */
  unwrap(shop: Shop, wrapped: Uint8Array): Uint8Array
}

/** Unwrapped shop keys that are kept in memory. */
const KEPT = 4096

export const shopKeys = (masterKey: Uint8Array): ShopKeys => {
  const kept = lru<string, Uint8Array>(KEPT)
  return {
    create: (shop) => wrapKey(masterKey, newKey(), shop),
    unwrap(shop, wrapped) {
      const name = `${shop}\n${Buffer.from(wrapped.buffer, wrapped.byteOffset, wrapped.length).toString('latin1')}`
      const known = kept.get(name)
      if (known) return known
      const key = unwrapKey(masterKey, wrapped, shop)
      if (!key) throw new Error(`The key of ${shop} does not open with this master key.`)
      kept.set(name, key)
      return key
    },
  }
}

const CHECK = 'converlay'
const CHECK_PLACE = 'meta\nkey_check'

/** Stored once, so that a later start with another master key is noticed before anything is written. */
export const keyCheck = (masterKey: Uint8Array): Uint8Array => seal(masterKey, CHECK, CHECK_PLACE)

export const passesKeyCheck = (masterKey: Uint8Array, check: Uint8Array): boolean =>
  open(masterKey, check, CHECK_PLACE)?.toString() === CHECK
