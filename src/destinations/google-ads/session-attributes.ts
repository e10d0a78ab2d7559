import type { Event } from '../../event/event.ts'

/** Longest encoded text that Google is known to take. */
const LONGEST = 4000

/** Parameters that tell of the click; everything else in an address may tell of the person. */
const OF_THE_CLICK = /^(?:gad_\w+|gclid|gbraid|wbraid)=/

const shortened = (url: string): string => {
  const [address = '', query] = url.split('#', 1)[0]?.split('?') ?? []
  const kept = query?.split('&').filter((pair) => OF_THE_CLICK.test(pair)) ?? []
  return kept.length === 0 ? address : `${address}?${kept.join('&')}`
}

const encoded = (attributes: object): string => Buffer.from(JSON.stringify(attributes)).toString('base64url')

/** In this order something is left out while the text is too long. */
const DISPENSABLE = ['landing_page_referrer', 'landing_page_user_agent', 'landing_page_url'] as const

type Attributes = { -readonly [Key in (typeof DISPENSABLE)[number]]?: string } & Record<string, string>

/**
 * How the shopper came from an ad, for clicks that carry no id of their own: base64url of JSON, as Google's own script
 * for landing pages builds it. The landing page is told only when it is the one to which the ad led.
 */
export const sessionAttributesOf = ({ ids, landing, identity }: Event): string | undefined => {
  if (ids?.gadSource === undefined) return undefined
  const url = landing?.url === undefined ? undefined : shortened(landing.url)
  const fromAd = url?.includes('?') === true
  const start = Date.parse((fromAd ? landing?.at : undefined) ?? ids.seenAt?.gadSource ?? '')
  if (Number.isNaN(start)) return undefined
  const attributes: Attributes = { gad_source: ids.gadSource }
  if (ids.gadCampaignId !== undefined) attributes.gad_campaignid = ids.gadCampaignId
  attributes.session_start_time_usec = `${start}000`
  if (fromAd) {
    attributes.landing_page_url = url
    const referrer = landing?.referrer?.split(/[?#]/, 1)[0]
    if (referrer) attributes.landing_page_referrer = referrer
  }
  if (identity?.userAgent !== undefined) attributes.landing_page_user_agent = identity.userAgent
  let text = encoded(attributes)
  for (const key of DISPENSABLE) {
    if (text.length <= LONGEST) return text
    delete attributes[key]
    text = encoded(attributes)
  }
  return text.length <= LONGEST ? text : undefined
}
