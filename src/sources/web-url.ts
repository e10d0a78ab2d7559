import { clickParamsOf } from '../event/browser-ids.ts'
import { textAt } from '../lib/json.ts'
import { withoutPersonalParts } from './personal.ts'

/** Longest URL that is kept. */
const LONGEST = 2048

/** Pages whose query holds keys that open a checkout or an order to whoever has the URL. */
const HOLDS_KEYS = /\/(?:checkouts|orders|account|customer_authentication|authenticate)(?:\/|$)/

/**
 * An http(s) URL under a key, without its fragment and what says who somebody is: platforms are told persons in hashes
 * only. On pages of a checkout, an order or an account only the click parameters of the query stay, because the rest of
 * it can hold keys.
 */
export const webUrlAt = (value: unknown, key: string): string | undefined => {
  const text = textAt(value, key)
  if (text === undefined || !/^https?:\/\/[^\s/]/.test(text)) return undefined
  const hash = text.indexOf('#')
  const url = hash === -1 ? text : text.slice(0, hash)
  const question = url.indexOf('?')
  const path = question === -1 ? url : url.slice(0, question)
  const kept = withoutPersonalParts(question !== -1 && HOLDS_KEYS.test(path) ? path + clickParamsOf(url) : url)
  if (kept.length <= LONGEST) return kept
  const page = withoutPersonalParts(path)
  return page.length <= LONGEST ? page : undefined
}

/** "https://shop.example" of a URL. */
export const originOf = (url: string | undefined): string | undefined => /^https?:\/\/[^/?#\s]+/.exec(url ?? '')?.[0]

/** An http(s) URL under a key as it is, for the one link whose key is its purpose: back to the shopper's own checkout. */
export const keyedUrlAt = (value: unknown, key: string): string | undefined => {
  const text = textAt(value, key)
  return text !== undefined && text.length <= LONGEST && /^https?:\/\/[^\s/]/.test(text) ? text : undefined
}
