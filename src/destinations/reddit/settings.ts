import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'

/** What a merchant enters to connect Reddit. */
export const settings = z.object({
  pixelId: z
    .string()
    .trim()
    .regex(/^[atp]2_[A-Za-z0-9]{1,40}$/, 'The pixel ID is like a2_abcdefgh, with its prefix.')
    .meta({
      label: 'Pixel ID',
      help: 'In Reddit Ads: Events Manager, the ID of your pixel, prefix included. It has to be the one in your tag.',
      placeholder: 'a2_abcdefgh',
    }),
  accessToken: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,4096}$/, 'Paste the token without spaces or line breaks.')
    .meta({
      label: 'Conversion access token',
      help: 'In Reddit Ads: Events Manager, Conversions API, Generate access token. It is shown only once and does not expire.',
      secret: true,
    }),
  testId: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,200}$/, 'Paste the test ID without spaces or line breaks.')
    .optional()
    .meta({
      label: 'Test ID',
      help: 'From Events Manager, Event Testing. While it is set, all events are shown there and none is counted. Remove it when you are done testing.',
      advanced: true,
    }),
  ...commonSettings('{variant}'),
})

export type Settings = z.infer<typeof settings>
