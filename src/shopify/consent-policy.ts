import { type ConsentPolicy, EVERYWHERE } from '../event/consent.ts'
import { REGION } from '../event/consent-choice.ts'
import type { Shop } from '../event/event.ts'
import { arrayAt, isObject, type Json, textAt } from '../lib/json.ts'
import { type Admin, askAdmin } from './admin.ts'

const POLICY = 'query consentPolicy { consentPolicy { countryCode regionCode consentRequired } }'

/**
 * Where the store's privacy settings have visitors asked; undefined when Shopify does not say, be it that the merchant
 * has not granted the scope for it (read_privacy_settings).
 */
export const askConsentPolicy = async (admin: Admin, shop: Shop): Promise<ConsentPolicy | undefined> => {
  const answer = await askAdmin(admin, shop, POLICY)
  return answer.ok && isObject(answer.data) && Array.isArray(answer.data.consentPolicy)
    ? { requiredIn: [...new Set(arrayAt(answer.data, 'consentPolicy').flatMap(regionOf))] }
    : undefined
}

/** "DE" or "US-CA", of a region in which visitors are asked; a rule without a country is for all of them. */
const regionOf = (rule: Json): readonly string[] => {
  if (!isObject(rule) || rule.consentRequired !== true) return []
  const country = textAt(rule, 'countryCode')
  if (country === undefined) return [EVERYWHERE]
  // Some spell a region with its country before it.
  const part = textAt(rule, 'regionCode')?.replace(`${country}-`, '')
  const region = part === undefined ? country : `${country}-${part}`
  return REGION.test(region) ? [region] : []
}
