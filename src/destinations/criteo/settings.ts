import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'

const DIGITS = /^\d{1,18}$/

// The feed's ids as the channels of Shopify write them. Criteo's feeds differ, and each has exactly one kind of id.
const common = commonSettings('shopify_{country}_{product}_{variant}')

const SUMMED =
  'Criteo takes no total: it adds up the lines, each with the price the shopper paid for it in the store’s currency. This choice changes nothing there.'

/** What a merchant enters to connect Criteo. Both numbers are in every request and neither is a secret. */
export const settings = z.object({
  partnerId: z.string().trim().regex(DIGITS, 'The partner ID has digits only, at most 18.').meta({
    label: 'Partner ID',
    help: 'Also called account. Your contact at Criteo tells it; in Commerce Growth it is the number of your advertiser.',
    placeholder: '12345',
  }),
  callerId: z.string().trim().regex(DIGITS, 'The caller ID has digits only, at most 18.').meta({
    label: 'Caller ID',
    help: 'From your contact at Criteo. It has to be the one with which Criteo’s script on your store asks who the visitor is; with another one nobody is matched, and Criteo does not say so.',
    placeholder: '678',
  }),
  ...common,
  money: common.money.meta({ help: SUMMED }),
  value: common.value.meta({ help: SUMMED }),
})

export type Settings = z.infer<typeof settings>
