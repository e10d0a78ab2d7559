import type { Shop, Store as StoreFacts } from '../event/event.ts'
import { country } from '../event/identity.ts'
import { compact, objectAt, textAt } from '../lib/json.ts'
import { type Admin, askAdmin } from './admin.ts'

const FACTS = 'query facts { shop { currencyCode ianaTimezone primaryDomain { url } shopAddress { countryCodeV2 } } }'

/** What the shop says of itself; undefined when it cannot be asked now. */
export const askFacts = async (admin: Admin, shop: Shop): Promise<StoreFacts | undefined> => {
  const answer = await askAdmin(admin, shop, FACTS)
  if (!answer.ok) return undefined
  const told = objectAt(answer.data, 'shop')
  return compact<StoreFacts>({
    country: country(textAt(objectAt(told, 'shopAddress'), 'countryCodeV2')),
    currency: textAt(told, 'currencyCode'),
    timezone: textAt(told, 'ianaTimezone'),
    url: textAt(objectAt(told, 'primaryDomain'), 'url')?.replace(/\/+$/, ''),
  })
}
