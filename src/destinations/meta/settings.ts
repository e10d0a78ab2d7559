import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'

/** What a merchant enters to connect Meta. */
export const settings = z.object({
  pixelId: z
    .string()
    .trim()
    .regex(/^\d{1,20}$/, 'The dataset ID has digits only, at most 20.')
    .meta({
      label: 'Dataset ID (pixel ID)',
      help: 'In Meta Events Manager: Data sources, your dataset, Settings. It is the ID that your browser pixel uses.',
      placeholder: '1234567890123456',
    }),
  accessToken: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,1024}$/, 'Paste the token without spaces or line breaks.')
    .meta({
      label: 'Access token',
      help: 'In Events Manager: your dataset, Settings, Conversions API, Generate access token.',
      secret: true,
    }),
  testEventCode: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_-]{1,50}$/, 'The code has letters and digits only, such as TEST12345.')
    .optional()
    .meta({
      label: 'Test event code',
      help: 'In Events Manager: your dataset, Test events. Events then also show there, and still count. Empty it after your test.',
      placeholder: 'TEST12345',
      advanced: true,
    }),
  subscribedAs: z
    .enum(['Lead', 'Subscribe'])
    .default('Lead')
    .meta({
      label: 'Send a newsletter sign-up as',
      help: 'Meta means a paid subscription by Subscribe. Choose it only if your pixel reports newsletter sign-ups that way.',
      labels: { Lead: 'Lead', Subscribe: 'Subscribe' },
    }),
  // No official word on the ids of Shopify's catalogues at Meta: bare variant and product ids are seen as well.
  ...commonSettings('shopify_{country}_{product}_{variant}'),
})

export type Settings = z.infer<typeof settings>
