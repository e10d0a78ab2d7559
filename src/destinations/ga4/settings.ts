import { z } from 'zod'
import { commonSettings, testMode } from '../common-settings.ts'
import { credentials } from '../google-data-manager/credentials.ts'

const ONE_WAY =
  'Enter either the API secret (Measurement Protocol), or the property ID and the service account key (Data Manager API), and not both.'

const fields = z.object({
  measurementId: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^G-[A-Z0-9]{4,20}$/, 'A measurement ID looks like G-XXXXXXXXXX.')
    .meta({
      label: 'Measurement ID',
      help: 'In Google Analytics: Admin, Data streams, your web stream, at the top right.',
      placeholder: 'G-XXXXXXXXXX',
    }),
  apiSecret: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,200}$/, 'Paste the secret without spaces or line breaks.')
    .optional()
    .meta({
      label: 'API secret, to send by the Measurement Protocol',
      help: 'In Google Analytics: Admin, Data streams, your web stream, Measurement Protocol API secrets, Create. Google has no way to check it: a wrong secret is answered like a right one. After connecting, look in Google Analytics under Realtime whether events arrive.',
      secret: true,
    }),
  propertyId: z
    .string()
    .trim()
    .regex(/^\d{1,20}$/, 'The property ID has digits only; it is not the measurement ID.')
    .optional()
    .meta({
      label: 'Property ID, to send by the Data Manager API',
      help: 'In place of the API secret, together with a service account key. In Google Analytics: Admin, Property details. If a Google tag sends purchases too, Google must first admit your property to that (“multi-source”).',
      placeholder: '345678901',
    }),
  credentials: credentials.optional().meta({
    label: 'Service account key, to send by the Data Manager API',
    help: 'In the Google Cloud console: switch on the Data Manager API, then IAM & Admin, Service accounts, Keys, Add key, JSON. Paste the whole file, and add the service account’s e-mail address in Google Analytics under Admin, Property access management, as an Editor.',
    placeholder: '{ "type": "service_account", … }',
    secret: true,
    long: true,
  }),
  region: z
    .enum(['global', 'eu'])
    .default('global')
    .meta({
      label: 'Where Google takes the events in',
      help: 'Choose the European Union if your events must be processed there. Only for the Measurement Protocol.',
      labels: { global: 'Anywhere', eu: 'European Union' },
      advanced: true,
    }),
  googleTag: z.boolean().default(true).meta({
    label: 'A Google tag with this measurement ID is on the store',
    help: 'The tag sends page views, product views and the other steps already, and Google Analytics merges purchases only: everything else would be counted twice. While this is on, only orders and refunds are sent, unless you choose events yourself.',
  }),
  testMode: testMode(
    'Google checks the form of every event and keeps none. By the Measurement Protocol it knows neither the secret nor the measurement ID meanwhile. Switch it off when you are done testing.',
  ),
  ...commonSettings('shopify_{country}_{product}_{variant}'),
})

/** What a merchant enters to connect Google Analytics 4: one of two ways in, told apart by what is given. */
export const settings = fields.refine(
  ({ apiSecret, propertyId, credentials }) =>
    apiSecret === undefined
      ? propertyId !== undefined && credentials !== undefined
      : propertyId === undefined && credentials === undefined,
  { message: ONE_WAY, path: ['apiSecret'] },
)

export type Settings = z.infer<typeof settings>
