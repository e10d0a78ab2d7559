import { isClickParam, withoutClickParams } from '../../event/browser-ids.ts'
import type { Event } from '../../event/event.ts'
import { WELL_FORMED } from './event-names.ts'
import { cut, LONGEST, tellsPerson } from './text.ts'

/** Google takes 25 parameters with an event; five tell of the visit and its page, two of money. */
const MOST = 25 - 7

const RESERVED = /^(?:ga_|google_|firebase_)/
/** Parameters that say something of their own at Google, told from what we know ourselves or not at all. */
const TAKEN: ReadonlySet<string> = new Set(
  'name session_id engagement_time_msec page_location page_referrer page_title currency value transaction_id coupon items user_id client_id'.split(
    ' ',
  ),
)
/** Google forbids what names a person, and a name or a phone number is not known by its looks. */
const PERSONAL = /mail|phone|first_?name|last_?name|full_?name|street|address|birth/i

const mayBeNamed = (name: string): boolean =>
  WELL_FORMED.test(name) &&
  !RESERVED.test(name) &&
  !TAKEN.has(name) &&
  !PERSONAL.test(name) &&
  // Which ad was clicked is told with the page's address, where it may be told.
  !isClickParam(name)

/**
 * What an event of the theme's or an app's own says beside its name: plain values only, since Google knows no others, and
 * none with an e-mail address. Addresses of pages go without what tells of a click.
 */
export const ownParams = (custom: NonNullable<Event['custom']>): Readonly<Record<string, string | number>> => {
  const params: Record<string, string | number> = {}
  let count = 0
  for (const name in custom) {
    if (count === MOST) break
    const value = plainValue(custom[name])
    if (value === undefined || !mayBeNamed(name)) continue
    params[name] = value
    count++
  }
  return params
}

const plainValue = (value: unknown): string | number | undefined => {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : undefined
    case 'boolean':
      return String(value)
    case 'string': {
      const text = withoutClickParams(value)
      return text.trim() === '' || tellsPerson(text) ? undefined : cut(text, LONGEST.value)
    }
    default:
      return undefined
  }
}
