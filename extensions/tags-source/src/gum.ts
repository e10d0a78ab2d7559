import { COOKIES } from '../../../src/event/browser-id-cookies.ts'
import { addressOf, loadScript } from './load-script.ts'
import { page } from './tag.ts'

/** Criteo keeps both cookies for three days. */
const KEEP = 259_200
const CALLBACK = 'converlayGum'

interface Answer {
  readonly status?: string
  readonly userid?: string
}

const keep = (name: string, value: string): void => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${KEEP}; SameSite=Lax; Secure`
}

const forget = (name: string): void => {
  // biome-ignore lint/suspicious/noDocumentCookie: see above
  document.cookie = `${name}=; path=/; max-age=0`
}

/** Takes Criteo's ids back, when the visitor withdraws. The opt-out stays: it names nobody and must not lapse. */
export const forgetGum = (): void => forget(COOKIES.gum)

/**
 * Asks Criteo who this browser is, and keeps the answer in the cookies that Criteo's own template for tag managers uses:
 * there the web pixel finds it. Whoever opted out at Criteo is nobody to us as well. To be called with marketing consent
 * and where the sale of data was not refused.
 */
export const syncGum = (caller: string, via?: string): Promise<boolean> => {
  page[CALLBACK] = ({ status, userid }: Answer = {}) => {
    const optedOut = status === 'OptOut'
    keep(COOKIES.gumOptOut, String(optedOut))
    if (optedOut) forgetGum()
    else if (status === 'OK' && userid) keep(COOKIES.gum, userid)
  }
  return loadScript(addressOf(`gum.criteo.com/sync?c=${encodeURIComponent(caller)}&r=2&a=1&j=${CALLBACK}`, via))
}
