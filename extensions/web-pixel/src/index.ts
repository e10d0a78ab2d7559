import { register } from '@shopify/web-pixels-extension'
import { beacons, consentBeacon, type Visit } from './beacon.ts'
import { cartToken, consentOf, customerOf, storeOf } from './facts.ts'
import { idCookies } from './id-cookies.ts'
import { landingOf } from './landing.ts'
import { listsOf, type PixelEvent, trimmed } from './trim.ts'
import { twinsOf } from './twin.ts'
import { unsentIn } from './unsent.ts'

/**
 * How long events of one page wait for company, ms. A page view and its product view come together; what waits longer
 * is lost when the shopper moves on, so it is kept short.
 */
const TOGETHER = 50

register(({ analytics, browser, customerPrivacy, init, settings }) => {
  const address: unknown = settings.beaconUrl
  if (typeof address !== 'string' || !/^https?:\/\//.test(address)) return

  const shop = init.data.shop.myshopifyDomain
  const landing = landingOf(browser.sessionStorage, init)
  const twins = twinsOf(browser.sessionStorage)
  const unsent = unsentIn(browser.sessionStorage)
  let consent = consentOf(init.customerPrivacy)
  let cart = cartToken(init.data.cart?.id)
  // Only events tell the browser's id, and the first of them comes with the page. Before it there is nothing to
  // withdraw from here: its beacon will tell the consent of that moment.
  let clientId: string | undefined
  let waiting: PixelEvent[] = []
  let posted: Promise<void> | undefined

  const send = (body: string): Promise<boolean> => post(address, body)
  /** Posts a beacon or keeps it; whether it got through. */
  const tell = async (body: string): Promise<boolean> => {
    const isThrough = await send(body)
    if (!isThrough) await unsent.keep(body)
    return isThrough
  }

  /** Posts what waits, with the consent of this moment: a later answer must not speak for earlier events. */
  const flush = async (): Promise<void> => {
    const events = waiting
    const allowed = consent
    waiting = []
    posted = undefined
    if (events.length === 0) return
    const [named, first] = await Promise.all([Promise.all(events.map(twins.named)), landing])
    // Asked last: while an id was waited for, the platforms' tags wrote theirs.
    const cookies = await idCookies(browser.cookie)
    const visit: Visit = {
      shop,
      consent: allowed,
      cookies,
      landing: first,
      customer: customerOf(init),
      cart,
      store: storeOf(init),
    }
    const through = await Promise.all(beacons(named, visit, new Date().toISOString()).map(tell))
    if (through.every(Boolean)) await unsent.sendAgain(send)
  }

  /** Resolves when the event was posted. */
  const take = (event: PixelEvent): Promise<void> => {
    waiting.push(trimmed(event))
    clientId = event.clientId
    cart = cartToken(listsOf(event).cart?.id) ?? cart
    posted ??= new Promise((resolve) => setTimeout(() => resolve(flush()), TOGETHER))
    return posted
  }

  analytics.subscribe('all_standard_events', (event) => take(event))
  analytics.subscribe('all_custom_events', (event) => take(event))
  customerPrivacy.subscribe('visitorConsentCollected', ({ customerPrivacy: now }) => {
    void flush()
    consent = consentOf(now)
    // What was seen under a consent that is taken back now, and has not left this browser, stays here.
    if (!consent.analytics || !consent.marketing) void unsent.forget()
    if (clientId) void tell(consentBeacon(clientId, { shop, consent }, new Date().toISOString()))
  })
})

/**
 * A string without a content type of its own is text/plain, which needs no preflight. keepalive lets it outlive the
 * page, but only 64 KiB may be under way so: what is refused goes again without it. False when it should be sent again
 * later: nobody answered, or the server is busy; what it refuses for good it would refuse again.
 */
const post = async (address: string, body: string): Promise<boolean> => {
  const request: RequestInit = { method: 'POST', body, credentials: 'omit' }
  const answer = await fetch(address, { ...request, keepalive: true }).catch(() =>
    fetch(address, request).catch(() => undefined),
  )
  return answer !== undefined && answer.status < 500 && answer.status !== 429
}
