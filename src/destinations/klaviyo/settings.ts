import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'

/** What a merchant enters to connect Klaviyo. */
export const settings = z.object({
  apiKey: z
    .string()
    .trim()
    .regex(
      /^pk_[\x21-\x7e]{6,200}$/,
      'Paste the private key whole; it begins with pk_. The public key of six characters cannot write events.',
    )
    .meta({
      label: 'Private API key',
      help: 'In Klaviyo: Settings, API keys, Create private API key. It needs full access to events, and read access to accounts and metrics.',
      placeholder: 'pk_…',
      secret: true,
    }),
  nativeIntegration: z.boolean().default(false).meta({
    label: 'Klaviyo’s own Shopify integration is on',
    help: 'It tells Klaviyo of orders, checkouts and browsing under metrics of its own. Told from here as well they would count twice, and customers could get a flow’s messages twice, so only what it lacks is sent, unless you choose the events yourself. While it is off, map Placed Order and the other metrics of this connection in Klaviyo’s account settings: its predictions rely on that.',
  }),
  // Klaviyo's catalogue of a Shopify store names products by Shopify's product id.
  ...commonSettings('{product}'),
})

export type Settings = z.infer<typeof settings>
