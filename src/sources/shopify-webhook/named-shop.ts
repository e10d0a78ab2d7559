import { type Shop, shopFrom } from '../../event/event.ts'
import { type Json, textAt } from '../../lib/json.ts'

/** Topics whose body is the shop itself: only there does `domain` stand for the sender. */
const OF_THE_SHOP: ReadonlySet<string> = new Set(['app/uninstalled', 'shop/update'])

/**
 * The shop that a signed body names, if it does. The signature covers the body and not the headers, so a body that was
 * once signed for one shop could be sent again in another one's name. A shop's `domain` is the one that it sells under
 * and tells nothing here unless it is a permanent one; what is no permanent domain names no shop.
 */
export const namedShop = (topic: string | undefined, body: Json): Shop | undefined =>
  shopFrom(textAt(body, 'myshopify_domain')) ??
  shopFrom(textAt(body, 'shop_domain')) ??
  (OF_THE_SHOP.has(topic ?? '') ? shopFrom(textAt(body, 'domain')) : undefined)
