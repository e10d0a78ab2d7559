import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'
import { isContentIdTemplate } from '../content-id.ts'

/** What a merchant enters to connect Pinterest. */
export const settings = z.object({
  adAccountId: z
    .string()
    .trim()
    .regex(/^\d{1,18}$/, 'The ad account ID has digits only, at most 18.')
    .meta({
      label: 'Ad account ID',
      help: 'In Pinterest Ads Manager: the number beside the name of your ad account.',
      placeholder: '549755885175',
    }),
  accessToken: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,1024}$/, 'Paste the token without spaces or line breaks.')
    .meta({
      label: 'Conversion access token',
      help: 'In Ads Manager: Conversions, Conversions API, Set up, Generate token.',
      secret: true,
    }),
  productView: z
    .enum(['page_visit', 'view_content'])
    .default('page_visit')
    .meta({
      label: 'Send a product view as',
      help: 'Page visit with the product’s ID is what Pinterest’s catalogue ads read. Choose view content if your tag sends ViewContent.',
      labels: { page_visit: 'Page visit (PageVisit)', view_content: 'View content (ViewContent)' },
    }),
  contentIdTemplate: z
    .string()
    .trim()
    .max(200)
    .refine(isContentIdTemplate, 'Use {product}, {variant} or {sku}, and {country}; other {…} are not known.')
    .default('shopify_{country}_{product}_{variant}')
    .meta({
      label: 'Product IDs in your Pinterest catalogue',
      help: 'Compare with one row of your catalogue. {country}, {product}, {variant} and {sku} are filled in.',
      advanced: true,
    }),
  catalogCountry: z
    .string()
    .trim()
    .regex(/^[A-Za-z]{2}$/, 'Two letters, such as US.')
    .optional()
    .meta({
      label: 'Country of your catalogue',
      help: 'Only if it differs from your store’s country. Written as in the catalogue’s IDs.',
      placeholder: 'US',
      advanced: true,
    }),
  ...commonSettings,
})

export type Settings = z.infer<typeof settings>
