import { type BrowserIds, browserIdsFrom } from '../../event/browser-ids.ts'
import { DAY } from '../../lib/duration.ts'

/** The cookie lives this long, and so does the attribution to its click. */
const KEPT = 90 * DAY

/** fb.<depth of the cookie's domain>.<ms>.<click id>, and of newer libraries .<2 or 8 characters> that name the builder. */
const FBC = /^fb\.\d\.(\d{13})\.([\w-]{1,1024})(?:\.[\w-]{2,8})?$/
/** The same of a number that names the browser. */
const FBP = /^fb\.\d\.\d{13}\.\d{1,30}(?:\.[\w-]{2,8})?$/
const FBCLID = /^[\w-]{1,1024}$/

/**
 * The click as Meta's `fbc`. The cookie's value goes as it is, unless a click after it is known: one on the event's own
 * page, or one that was first seen after the cookie was written. Without a cookie it is built of the click id and the
 * moment that was first seen, never of anything else. A click that is over 90 days old or lies after the event had no
 * part in it.
 *
 * @param at when the shopper acted, ms since 1970
 * @param page the URL of the event's own page
 */
export const fbcOf = ({ fbc, fbclid, seenAt }: BrowserIds, at: number, page?: string): string | undefined => {
  const led = (clicked: number): boolean => clicked <= at && at - clicked <= KEPT
  const seen = seenAt?.fbclid === undefined ? Number.NaN : Date.parse(seenAt.fbclid)
  const [, written, click] = fbc?.match(FBC) ?? []
  if (written !== undefined && led(Number(written))) {
    // Click ids are compared as they are: two that differ in case only are two clicks.
    if (fbclid === undefined || fbclid === click) return fbc
    // Only what was seen before the event has a moment of its own. An order gives its own moment to the click of a
    // landing page that may lie days back, and since then the pixel may have written the cookie.
    const newer = (seen > Number(written) && seen < at) || (!(seen > at) && isOn(page, fbclid))
    if (!newer) return fbc
  }
  if (fbclid === undefined || !FBCLID.test(fbclid)) return undefined
  // An id that came without its moment was seen with the event at the latest.
  const clicked = Number.isNaN(seen) ? at : seen
  // 1: the cookie's domain is "example.com". Meta wants it of everything that a server builds. Joined, since V8 writes
  // JSON more slowly when a text in it is a rope of others.
  return led(clicked) ? ['fb.1', clicked, fbclid].join('.') : undefined
}

const isOn = (page: string | undefined, fbclid: string): boolean =>
  page?.includes('fbclid') === true && browserIdsFrom({ urls: [page] }, undefined)?.fbclid === fbclid

/** The browser's id as its cookie has it; undefined for what is none of Meta's. */
export const fbpOf = ({ fbp }: BrowserIds): string | undefined => (fbp !== undefined && FBP.test(fbp) ? fbp : undefined)
