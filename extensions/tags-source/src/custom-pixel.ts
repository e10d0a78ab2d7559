import { startTags, type Tags } from './run-tags.ts'
import { page } from './tag.ts'
import { rounded, type TagAccount, type TagEvent, type TagItem } from './told.ts'
import { REPORT } from './twins.ts'

/**
 * A custom pixel for the checkout, which no theme's code reaches: it fires the platforms' tags for a started checkout,
 * the payment and the purchase, under the ids that the server makes of the same facts, and tells Converlay which of them
 * fired. The merchant pastes it; its settings stand before it (src/http/custom-pixel.ts).
 */
interface Settings {
  readonly shop: string
  readonly beaconUrl: string
  readonly country: string
  readonly accounts: Readonly<Record<string, TagAccount>>
  /** Where the demo's imitations of the platforms stand. */
  readonly via?: string
}

interface Money {
  readonly amount?: number
  readonly currencyCode?: string
}

interface CheckoutLine {
  readonly quantity?: number
  readonly title?: string | null
  readonly finalLinePrice?: Money
  readonly variant?: {
    readonly id?: string | null
    readonly sku?: string | null
    readonly product?: { readonly id?: string | null; readonly vendor?: string; readonly type?: string | null }
  } | null
}

interface CheckoutEvent {
  readonly id: string
  readonly clientId: string
  readonly name: string
  readonly timestamp: string
  readonly context?: unknown
  readonly data: {
    readonly checkout: {
      readonly token?: string | null
      readonly email?: string | null
      readonly currencyCode?: string | null
      readonly totalPrice?: Money | null
      readonly subtotalPrice?: Money | null
      readonly order?: {
        readonly id?: string | null
        readonly customer?: { readonly id?: string | null } | null
      } | null
      readonly lineItems?: readonly CheckoutLine[]
    }
  }
}

interface Consent {
  readonly analyticsProcessingAllowed: boolean
  readonly marketingAllowed: boolean
  readonly preferencesProcessingAllowed: boolean
  readonly saleOfDataAllowed: boolean
}

/** What Shopify gives a custom pixel by name. */
declare const analytics: { subscribe(name: string, take: (event: CheckoutEvent) => void): void }
declare const init: { readonly customerPrivacy: Consent }
declare const customerPrivacy: {
  subscribe(name: string, take: (event: { readonly customerPrivacy: Consent }) => void): void
}

/** The number in an id, which may come as gid://shopify/Order/1. */
const number = (id: string | null | undefined): string => /(\d+)(?:\?.*)?$/.exec(id ?? '')?.[1] ?? ''

const itemsOf = (lines: readonly CheckoutLine[] = []): TagItem[] =>
  lines.map(({ quantity = 1, title, finalLinePrice, variant }) => ({
    product: number(variant?.product?.id),
    variant: number(variant?.id),
    sku: variant?.sku ?? undefined,
    title: title ?? undefined,
    vendor: variant?.product?.vendor,
    category: variant?.product?.type ?? undefined,
    price: rounded((finalLinePrice?.amount ?? 0) / (quantity || 1)),
    quantity,
  }))

const sha256 = async (text: string | null | undefined): Promise<string | undefined> => {
  if (!text) return undefined
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text.trim().toLowerCase()))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A checkout's event for the tags; undefined where Shopify left out what makes its id. */
const tagEventOf = ({ name, data: { checkout } }: CheckoutEvent): TagEvent | undefined => {
  const items = itemsOf(checkout.lineItems)
  const order = number(checkout.order?.id)
  const facts = {
    currency: checkout.currencyCode ?? checkout.totalPrice?.currencyCode,
    value: checkout.totalPrice?.amount,
    subtotal: checkout.subtotalPrice?.amount,
    items,
  }
  if (name === 'checkout_completed')
    return order ? { ...facts, name: 'order_placed', id: `pur_${order}`, order } : undefined
  if (!checkout.token) return undefined
  return name === 'checkout_started'
    ? { ...facts, name: 'checkout_started', id: `ic_${checkout.token}` }
    : { ...facts, name: 'payment_info_added', id: `pi_${checkout.token}` }
}

const settings = page.CONVERLAY as Settings
let consent = init.customerPrivacy
let tags: Promise<Tags> | undefined

/** Tells Converlay what came of an event, as a beacon of the web pixel's form. */
const report = (
  event: CheckoutEvent,
  outcome: { readonly fired: readonly string[]; readonly blocked: readonly string[] },
) => {
  const { token, order } = event.data.checkout
  const body = JSON.stringify({
    v: 1,
    shop: settings.shop,
    sentAt: new Date().toISOString(),
    consent: {
      analytics: consent.analyticsProcessingAllowed,
      marketing: consent.marketingAllowed,
      preferences: consent.preferencesProcessingAllowed,
      saleOfData: consent.saleOfDataAllowed,
    },
    events: [
      {
        id: event.id,
        clientId: event.clientId,
        name: REPORT,
        type: 'custom',
        timestamp: event.timestamp,
        context: event.context,
        customData: { event: event.name, checkout: token, order: order?.id, ...outcome },
      },
    ],
  })
  const request: RequestInit = { method: 'POST', body, credentials: 'omit' }
  fetch(settings.beaconUrl, { ...request, keepalive: true }).catch(() => undefined)
}

const start = async ({ data: { checkout } }: CheckoutEvent): Promise<Tags> =>
  startTags({
    ...settings,
    person: { email: await sha256(checkout.email), customer: await sha256(number(checkout.order?.customer?.id)) },
    limited: !consent.saleOfDataAllowed,
  })

const take = async (event: CheckoutEvent): Promise<void> => {
  const told = tagEventOf(event)
  if (!told || !consent.marketingAllowed) return
  tags ??= start(event)
  const outcome = await (await tags).tell(told)
  if (outcome.fired.length + outcome.blocked.length > 0) report(event, outcome)
}

customerPrivacy.subscribe('visitorConsentCollected', ({ customerPrivacy: now }) => {
  consent = now
})
for (const name of ['checkout_started', 'payment_info_submitted', 'checkout_completed'])
  analytics.subscribe(name, (event) => void take(event))
