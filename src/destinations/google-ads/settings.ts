import { z } from 'zod'
import { commonSettings, testMode } from '../common-settings.ts'
import { credentials } from '../google-data-manager/credentials.ts'

const accountNumber = (message: string) =>
  z
    .string()
    .trim()
    // Google Ads shows them as 123-456-7890 and wants them without.
    .overwrite((text) => text.replaceAll('-', ''))
    .regex(/^\d{10}$/, message)

const action = (label: string) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,19}$/, 'The ID of a conversion action has digits only, without the letters and dashes of its tag.')
    .optional()
    .meta({ label })

const common = commonSettings('shopify_{country}_{product}_{variant}')

const conversionActions = z
  .strictObject(
    {
      order_placed: action('Purchase'),
      order_paid: action('Purchase, when paid'),
      checkout_started: action('Checkout started'),
      product_added: action('Added to cart'),
      signed_up: action('Signed up'),
      subscribed: action('Subscribed'),
      lead_submitted: action('Lead submitted'),
    },
    {
      error: ({ code }) =>
        code === 'unrecognized_keys'
          ? 'Only purchases, checkouts, additions to the cart, sign-ups, subscriptions and leads can be conversions. Refunds follow the action of their purchase.'
          : undefined,
    },
  )
  .refine(
    (actions) => Object.values(actions).some((id) => id !== undefined),
    'Enter the ID of at least one conversion action.',
  )

/** What a merchant enters to connect Google Ads. */
export const settings = z.object({
  customerId: accountNumber('The customer ID has 10 digits.').meta({
    label: 'Customer ID',
    help: 'In Google Ads at the top right, beside the account’s name. Take the account that owns the conversion actions.',
    placeholder: '123-456-7890',
  }),
  credentials,
  conversionActions: conversionActions.meta({
    label: 'Conversion actions',
    placeholder: '1234567890',
    help: 'In Google Ads under Goals, Conversions: open a conversion action whose source is the website and copy the number behind ctId= in the address. Events without one are not sent.',
  }),
  tag: z
    .string()
    .trim()
    .regex(/^AW-\d{6,15}\/[\w-]{3,60}$/, 'The tag and the label of the purchase, such as AW-123456789/AbC-D_efG.')
    .optional()
    .meta({
      label: 'Browser tag of the purchase',
      help: 'Only for Converlay’s own browser tag in the checkout (the custom pixel). In Google Ads: open the purchase’s conversion action, Tag setup, Use Google Tag Manager: AW-, the conversion ID, a slash and the label.',
      placeholder: 'AW-123456789/AbC-D_efG',
      advanced: true,
    }),
  loginCustomerId: accountNumber('The manager account’s customer ID has 10 digits.').optional().meta({
    label: 'Manager account',
    help: 'Only if the e-mail address of the credentials is a user of a manager account, and not of the account itself.',
    placeholder: '987-654-3210',
    advanced: true,
  }),
  merchantId: z
    .string()
    .trim()
    .regex(/^\d{1,20}$/, 'The Merchant Center ID has digits only.')
    .optional()
    .meta({
      label: 'Merchant Center ID',
      help: 'In Merchant Center at the top right. With it purchases tell which products were bought.',
      advanced: true,
    }),
  feedLabel: z
    .string()
    .trim()
    .regex(/^[A-Z0-9_-]{1,20}$/, 'The feed label has capital letters, digits, dashes and underscores, at most 20.')
    .optional()
    .meta({
      label: 'Feed label',
      help: 'In Merchant Center beside the product feed, often a country such as US.',
      placeholder: 'US',
      advanced: true,
    }),
  feedLanguage: z
    .string()
    .trim()
    .regex(/^[a-z]{2}$/, 'Two small letters, such as en.')
    .optional()
    .meta({
      label: 'Feed language',
      help: 'In Merchant Center beside the product feed.',
      placeholder: 'en',
      advanced: true,
    }),
  testMode: testMode(
    'Google checks every event against the account and its conversion actions, and records none. Switch it off when you are done testing.',
  ),
  ...common,
  sendPos: common.sendPos.meta({
    help: 'Google’s website conversions take only what happened on the web. This choice changes nothing here.',
  }),
})

export type Settings = z.infer<typeof settings>
