import type { ConsentPolicy } from '../event/consent.ts'
import { type ConsentChoice, DEFAULT_CHOICE, policyOf } from '../event/consent-choice.ts'
import type { Shop } from '../event/event.ts'
import type { Store } from '../store/store.ts'

/** Under which names of `shop_setting` the merchant's choice and Shopify's own settings of the store are kept. */
const CHOICE = 'consent'
const SHOPIFY = 'consent_in_shopify'

type Kept = Pick<Store, 'entry' | 'saveEntry' | 'shop' | 'saveShop'>

export interface ConsentSetting {
  readonly choice: ConsentChoice
  /** What Shopify's settings of the store say, and when that was learnt; absent until it is. */
  readonly shopify?: { readonly policy: ConsentPolicy; readonly at: number }
}

export const consentSettingOf = async (store: Pick<Store, 'entry'>, shop: Shop): Promise<ConsentSetting> => {
  const [choice, shopify] = await Promise.all([
    store.entry(shop, 'shop_setting', CHOICE),
    store.entry(shop, 'shop_setting', SHOPIFY),
  ])
  return {
    choice: (choice?.value as ConsentChoice | undefined) ?? DEFAULT_CHOICE,
    ...(shopify ? { shopify: { policy: shopify.value as ConsentPolicy, at: shopify.at } } : {}),
  }
}

/** Keeps the merchant's choice. It counts for every event that is sent from then on, whenever it came in. */
export const chooseConsent = async (store: Kept, shop: Shop, choice: ConsentChoice, at: number): Promise<void> => {
  await store.saveEntry(shop, 'shop_setting', CHOICE, choice, { at })
  await apply(store, shop)
}

/** Keeps what Shopify's settings of the store say; a choice that follows them follows at once. */
export const learnConsentPolicy = async (store: Kept, shop: Shop, policy: ConsentPolicy, at: number): Promise<void> => {
  await store.saveEntry(shop, 'shop_setting', SHOPIFY, policy, { at })
  await apply(store, shop)
}

const apply = async (store: Kept, shop: Shop): Promise<void> => {
  const [{ choice, shopify }, known] = await Promise.all([consentSettingOf(store, shop), store.shop(shop)])
  if (!known) return
  await store.saveShop({ ...known, policy: policyOf(choice, shopify?.policy) })
}
