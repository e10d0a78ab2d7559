import type { Browser } from '@shopify/web-pixels-extension'
import type { Init } from './facts.ts'
import { within } from './within.ts'

/** The first page of the visit. */
export interface Landing {
  readonly url: string
  readonly referrer: string
  readonly at: string
}

const KEY = 'converlay_landing'

/** What this visit's first page left in the session, else this page, which is then the first. */
export const landingOf = async (session: Browser['sessionStorage'], init: Init): Promise<Landing> => {
  const stored = readLanding(await within(session.getItem(KEY)))
  if (stored) return stored
  const { location, referrer } = init.context.document
  const landing = { url: location.href, referrer, at: new Date().toISOString() }
  await within(session.setItem(KEY, JSON.stringify(landing)))
  return landing
}

const readLanding = (text: string | null | undefined): Landing | undefined => {
  try {
    const { url, referrer, at } = JSON.parse(text ?? '{}')
    return typeof url === 'string' && typeof at === 'string' ? { url, referrer: String(referrer ?? ''), at } : undefined
  } catch {
    return undefined
  }
}
