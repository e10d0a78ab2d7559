import type { Event } from '../../event/event.ts'
import type { Identity } from '../../event/identity.ts'
import { SECOND } from '../../lib/duration.ts'
import { type AdConsent, adConsentOf } from '../google-data-manager/ad-consent.ts'
import { isDerived } from './client-id.ts'
import type { Settings } from './settings.ts'
import { normalizers } from './user-data.ts'

/** Who did it, as far as Google Analytics may know. */
export interface Person {
  readonly clientId: string
  readonly userId: string | undefined
  readonly userAgent: string | undefined
  readonly ip: string | undefined
  readonly consent: AdConsent
  /** What hashes are made of; undefined where none may go along. */
  readonly identity: Identity | undefined
}

export const personOf = (event: Event, clientId: string, limited: boolean): Person => {
  const { identity } = event
  const consent = adConsentOf(event.consent, limited)
  return {
    clientId,
    userId: identity?.customerId && normalizers.customerId.form(identity.customerId),
    userAgent: identity?.userAgent,
    ip: identity?.ip && normalizers.ip.form(identity.ip, identity.country),
    consent,
    identity: mayIdentify(event, consent) ? identity : undefined,
  }
}

/**
 * Whether hashes of the person may go along. Analytics consent lets an event go to Google Analytics, and whoever was
 * asked about analytics and not about marketing did not agree to marketing. Where nobody was asked at all, the event
 * goes only in countries that want nobody to be asked.
 */
const mayIdentify = ({ consent }: Pick<Event, 'consent'>, { userData }: AdConsent): boolean =>
  userData ?? consent?.analytics === undefined

/**
 * The visit as Google Analytics numbers it: the second in which it began. The tag’s own number where the tag knows the
 * browser; for a visitor whom no tag knows the first page of the visit, since events without a visit are in no report.
 */
export const sessionOf = (
  { ids, landing }: Event,
  clientId: string,
  { measurementId }: Pick<Settings, 'measurementId'>,
): number | undefined => {
  const session = Number(ids?.gaSessions?.[measurementId])
  if (Number.isSafeInteger(session) && session > 0) return session
  if (landing?.at === undefined || !isDerived(clientId)) return undefined
  const began = Math.floor(Date.parse(landing.at) / SECOND)
  return began > 0 ? began : undefined
}
