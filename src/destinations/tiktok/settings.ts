import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'

/** What a merchant enters to connect TikTok. */
export const settings = z.object({
  pixelCode: z
    .string()
    .trim()
    // Normally 20 letters and digits; no text says that it always is.
    .regex(/^[A-Za-z0-9]{4,40}$/, 'The pixel code has letters and digits only, such as C4A1B2C3D4E5F6G7H8I9.')
    .meta({
      label: 'Pixel code',
      help: 'In TikTok Events Manager: the ID shown below the name of your pixel, under Web.',
      placeholder: 'C4A1B2C3D4E5F6G7H8I9',
    }),
  accessToken: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,1024}$/, 'Paste the token without spaces or line breaks.')
    .meta({
      label: 'Access token',
      help: 'In Events Manager: your pixel, Settings, Events API, Generate Access Token.',
      secret: true,
    }),
  testEventCode: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'Letters and digits only, such as TEST12345. Leave it empty to send real events.')
    .optional()
    .meta({
      label: 'Test event code',
      help: 'Only while you try things out. In Events Manager: your pixel, Test Events. While it is set, TikTok shows every event there and keeps all of them out of reports and ads; remove it to go live.',
      placeholder: 'TEST12345',
    }),
  // Both spellings stand in TikTok's own material: PageView in its help centre, Pageview in its template for tag managers.
  pageView: z
    .enum(['PageView', 'Pageview'])
    .default('PageView')
    .meta({
      label: 'Spelling of page views',
      help: 'As your Events Manager lists them. If TikTok’s own pixel runs on your store, leave page views out under “Events to send”: the pixel sends them without an ID, so they would be counted twice.',
      labels: { PageView: 'PageView', Pageview: 'Pageview' },
      advanced: true,
    }),
  // TikTok still takes the name of before 2025, and merges what has the same name only.
  purchase: z
    .enum(['Purchase', 'CompletePayment'])
    .default('Purchase')
    .meta({
      label: 'Send a purchase as',
      help: 'Has to be the name your browser tag sends, or TikTok counts every purchase twice. Tags made before 2025 may send CompletePayment.',
      labels: { Purchase: 'Purchase', CompletePayment: 'CompletePayment (the older name)' },
      advanced: true,
    }),
  ...commonSettings('{variant}'),
})

export type Settings = z.infer<typeof settings>
