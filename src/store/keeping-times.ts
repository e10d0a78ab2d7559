/** How long each kind of row lives, ms. */
export interface Retention {
  readonly messages: number
  /** After every connection settled an event. */
  readonly bodyAfterSettled: number
  /** After receipt, whatever the connections did. */
  readonly bodyAtMost: number
  readonly attempts: number
  readonly deadLetters: number
  readonly orders: number
  readonly orderIdentifiers: number
  readonly sharedIds: number
  readonly pixelIds: number
  readonly addresses: number
  readonly identities: number
  readonly rollups: number
}

/** How long a sealed row can live at most, ms: a salt outlives everything that it opens. */
export const longestSealed = (kept: Retention): number =>
  Math.max(kept.bodyAtMost, kept.identities, kept.messages, kept.orderIdentifiers)
