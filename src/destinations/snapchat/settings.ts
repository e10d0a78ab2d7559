import { z } from 'zod'
import { commonSettings, testMode } from '../common-settings.ts'

/** What a merchant enters to connect Snapchat. */
export const settings = z.object({
  pixelId: z
    .string()
    .trim()
    .toLowerCase()
    .regex(
      /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      'The pixel ID has 36 characters, like 11111111-2222-3333-4444-555555555555.',
    )
    .meta({
      label: 'Pixel ID',
      help: 'In Snapchat Ads Manager: Events Manager, your pixel, the ID under its name.',
      placeholder: '11111111-2222-3333-4444-555555555555',
    }),
  accessToken: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,4096}$/, 'Paste the token without spaces or line breaks.')
    .meta({
      label: 'Conversions API token',
      help: 'In Ads Manager: Business Details, Conversions API Tokens, Generate Token. It takes an organisation admin, and a new token may need up to a day to work.',
      secret: true,
    }),
  testMode: testMode('Snapchat checks every event and counts none. Switch it off when you are done testing.'),
  ...commonSettings('{variant}'),
})

export type Settings = z.infer<typeof settings>
