import { type ConsentPolicy, DEFAULT_POLICY, EVERYWHERE } from './consent.ts'

/** What the merchant chose about visitors whose answer is not known. */
export interface ConsentChoice {
  /** As Shopify's own settings of the store say; as listed here; or nothing without a known yes, anywhere. */
  readonly mode: 'shopify' | 'listed' | 'everywhere'
  /** With `listed`: where consent must be asked for. */
  readonly regions: readonly string[]
}

/** Until the merchant chooses: what the store's own settings say, and the law's usual list until they are known. */
export const DEFAULT_CHOICE: ConsentChoice = { mode: 'shopify', regions: DEFAULT_POLICY.requiredIn }

/** The policy that follows from a choice and from what Shopify's settings of the store say, where they are known. */
export const policyOf = ({ mode, regions }: ConsentChoice, shopify: ConsentPolicy | undefined): ConsentPolicy => {
  if (mode === 'everywhere') return { requiredIn: [EVERYWHERE] }
  if (mode === 'listed') return { requiredIn: regions }
  return shopify ?? DEFAULT_POLICY
}

/** A country ("DE") or a part of one ("US-CA"). */
export const REGION = /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/
