import { hash } from 'node:crypto'
import { type Shop, shopFrom } from '../../event/event.ts'

/** secret: the merchant's own servers have it, and may tell of orders and money. public: it stands in a page. */
export type KeyKind = 'secret' | 'public'

/** What a key's text says by itself; whether there is such a key the store knows. */
export interface PresentedKey {
  readonly shop: Shop
  /** Which of the shop's keys it says it is. */
  readonly id: string
  readonly kind: KeyKind
  /** SHA-256 of the whole text, hex. */
  readonly hash: string
}

/** `cvs_` or `cvp_`, the shop's name without `.myshopify.com`, and 40 digits: 8 for its id, 32 that nobody can guess. */
const KEY = /^cv([sp])_([a-z0-9-]{1,63})_([0-9a-f]{8})[0-9a-f]{32}$/

/** How many bytes of chance a key is made of. */
export const KEY_CHANCE = 20

/** The text of a new key; `chance` is `KEY_CHANCE` random bytes. */
export const keyText = (kind: KeyKind, shop: Shop, chance: Uint8Array): string =>
  `cv${kind === 'secret' ? 's' : 'p'}_${shop.replace(/\.myshopify\.com$/, '')}_${Buffer.from(chance).toString('hex')}`

/** Undefined for what is no key at all. */
export const keyFrom = (text: string | undefined): PresentedKey | undefined => {
  const [, kind, handle, id] = KEY.exec(text ?? '') ?? []
  const shop = shopFrom(`${handle}.myshopify.com`)
  if (text === undefined || id === undefined || shop === undefined) return undefined
  return { shop, id, kind: kind === 's' ? 'secret' : 'public', hash: hash('sha256', text, 'hex') }
}
