import { z } from 'zod'
import { commonSettings, testMode } from '../common-settings.ts'

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
  conversionToken: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,1024}$/, 'Paste the token without spaces or line breaks.')
    .meta({
      label: 'Conversion access token',
      help: 'In Ads Manager: Conversions, Conversions API, Set up, Generate token.',
      secret: true,
    }),
  tagId: z
    .string()
    .trim()
    .regex(/^\d{10,20}$/, 'The tag ID has digits only, such as 2612345678901.')
    .optional()
    .meta({
      label: 'Tag ID',
      help: 'Only for Converlay’s own browser tag in the checkout (the custom pixel). In Ads Manager: Conversions, Pinterest tag.',
      placeholder: '2612345678901',
      advanced: true,
    }),
  productView: z
    .enum(['page_visit', 'view_content'])
    .default('page_visit')
    .meta({
      label: 'Send a product view as',
      help: 'Page visit with the product’s ID is what Pinterest’s catalogue ads read. Choose view content if your tag sends ViewContent.',
      labels: { page_visit: 'Page visit (PageVisit)', view_content: 'View content (ViewContent)' },
    }),
  testMode: testMode('Pinterest checks every event and records none. Switch it off when you are done testing.'),
  ...commonSettings('shopify_{country}_{product}_{variant}'),
})

export type Settings = z.infer<typeof settings>
