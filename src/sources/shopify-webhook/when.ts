import { instant } from '../instant.ts'
import type { Message } from '../source.ts'

/** When something happened: the first readable instant, else when Shopify triggered or we received the message. */
export const when = (message: Message, ...texts: readonly (string | undefined)[]): string | undefined => {
  for (const text of [...texts, message.triggeredAt, message.receivedAt]) {
    const found = instant(text)
    if (found) return found
  }
  return undefined
}

/** When a thing was made. Imported ones carry the original moment in processed_at, earlier than created_at. */
export const madeAt = (created: string | undefined, processed: string | undefined): string | undefined => {
  const made = instant(created)
  const original = instant(processed)
  return made === undefined || (original !== undefined && original < made) ? original : made
}
