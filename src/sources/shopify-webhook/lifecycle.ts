import type { Store } from '../../event/event.ts'
import { country } from '../../event/identity.ts'
import { arrayAt, compact, type Json, textAt } from '../../lib/json.ts'
import { shopifyIdAt } from '../ids.ts'
import type { Notice } from '../notice.ts'
import type { Sighting } from '../sighting.ts'
import { type Decoded, nothing } from '../source.ts'
import { originOf } from '../web-url.ts'
import { when } from './when.ts'

/** No shopper did anything: what is told is of the app or the shop. */
const noticed = (why: string, notice: Notice | undefined): Decoded =>
  notice === undefined ? nothing(why) : { ...nothing(why), notice }

/** When it happened, ms; undefined where nothing tells. */
const happened = ({ message }: Sighting, ...texts: readonly (string | undefined)[]): number | undefined => {
  const at = when(message, ...texts)
  return at === undefined ? undefined : Date.parse(at)
}

/** app/uninstalled: the body is the shop as it was, and tells no time of its own. */
export const appUninstalled = (sighting: Sighting): Decoded => {
  const at = happened(sighting)
  return noticed(
    'The app was uninstalled; no shopper did anything.',
    at === undefined ? undefined : { kind: 'uninstalled', at },
  )
}

/** app/scopes_update: what the merchant allows the app from now on. */
export const scopesUpdated = (sighting: Sighting, body: Json): Decoded => {
  const at = happened(sighting, textAt(body, 'updated_at'))
  const scopes = arrayAt(body, 'current').flatMap((scope) => (typeof scope === 'string' ? [scope] : []))
  return noticed(
    'The app’s permissions changed; no shopper did anything.',
    at === undefined ? undefined : { kind: 'scopes_changed', at, scopes },
  )
}

/** shop/update: the shop's own facts. */
export const shopUpdated = (sighting: Sighting, body: Json): Decoded => {
  const at = happened(sighting, textAt(body, 'updated_at'))
  const domain = textAt(body, 'domain')
  const facts = compact<Store>({
    country: country(textAt(body, 'country_code')),
    currency: textAt(body, 'currency'),
    timezone: textAt(body, 'iana_timezone'),
    url: domain === undefined ? undefined : originOf(`https://${domain}`),
  })
  return noticed(
    'The shop changed its own settings; no shopper did anything.',
    at === undefined ? undefined : { kind: 'shop_changed', at, facts },
  )
}

/** products/update: what the catalogue said of the product is old. */
export const productUpdated = (sighting: Sighting, body: Json): Decoded => {
  const at = happened(sighting, textAt(body, 'updated_at'))
  const product = shopifyIdAt(body, 'id')
  return noticed(
    'A product changed; no shopper did anything.',
    at === undefined || product === undefined ? undefined : { kind: 'product_changed', at, product },
  )
}
