import { textAt } from '../lib/json.ts'

const DIGITS = /^\d{1,30}$/
const GID = /^gid:\/\/shopify\/\w+\/(\d{1,30})(?:\?.*)?$/
const BASE64 = /^[A-Za-z0-9+/]{16,200}={0,2}$/

/**
 * The digits of a Shopify id, written as a number, as text, as `gid://shopify/Order/1` or as base64 of that: the pixel
 * has had all of these forms. Undefined for anything else, and for 0, which Shopify writes where there is none.
 */
export const shopifyId = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  if (DIGITS.test(text)) return text === '0' ? undefined : text
  const clear = BASE64.test(text) ? Buffer.from(text, 'base64').toString('latin1') : text
  return GID.exec(clear)?.[1]
}

export const shopifyIdAt = (value: unknown, key: string): string | undefined => shopifyId(textAt(value, key))

const TOKEN = /^[A-Za-z0-9+/=_.:-]{4,200}$/
const CART_GID = 'gid://shopify/Cart/'

/**
 * A cart or checkout token. It is opaque and compared as text, after the `?key=…` is cut off that the storefront's
 * copies carry and webhooks do not.
 */
export const token = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  const question = text.indexOf('?')
  const bare = question === -1 ? text : text.slice(0, question)
  const own = bare.startsWith(CART_GID) ? bare.slice(CART_GID.length) : bare
  return TOKEN.test(own) ? own : undefined
}

export const tokenAt = (value: unknown, key: string): string | undefined => token(textAt(value, key))
