import { DAY, HOUR } from '../../lib/duration.ts'
import type { Target } from './destinations.ts'
import type { Consent, IngestEvent } from './schema.ts'

/** Why a record that was accepted is not counted; found out minutes later, and told by the status of the request. */
export type ProcessingError =
  | 'PROCESSING_ERROR_REASON_EVENT_TOO_OLD'
  | 'PROCESSING_ERROR_REASON_DENIED_CONSENT'
  | 'PROCESSING_ERROR_REASON_INVALID_GCLID'
  | 'PROCESSING_ERROR_REASON_INVALID_GBRAID'
  | 'PROCESSING_ERROR_REASON_INVALID_WBRAID'

/** Neither maximum is documented: 89 days were seen accepted, and Analytics follows the Measurement Protocol. */
const OLDEST_FOR_ADS = 89 * DAY
const OLDEST_FOR_ANALYTICS = 72 * HOUR

const CLICK_ID = /^[\w.-]{4,}$/
/** What is around the click id in the tag’s cookies: `GCL.<seconds>.<gclid>`, `2.1.k<gbraid>$i<seconds>`. */
const COOKIE = /^GCL\.\d+\.|\$i\d+/
const isClickId = (text: string): boolean => CLICK_ID.test(text) && !COOKIE.test(text)

/** What processing finds wrong with an event at one of its destinations. */
export const processingError = (
  event: IngestEvent,
  { action }: Target,
  consent: Consent,
  now: number,
): ProcessingError | undefined => {
  const age = now - Date.parse(event.eventTimestamp ?? '')
  if (age > (action ? OLDEST_FOR_ADS : OLDEST_FOR_ANALYTICS)) return 'PROCESSING_ERROR_REASON_EVENT_TOO_OLD'
  if (!action) return undefined
  // An Ads event has identifiers, or would have been refused at once.
  if (consent.adUserData === 'CONSENT_DENIED') return 'PROCESSING_ERROR_REASON_DENIED_CONSENT'
  const { gclid, gbraid, wbraid } = event.adIdentifiers ?? {}
  if (gclid !== undefined && !isClickId(gclid)) return 'PROCESSING_ERROR_REASON_INVALID_GCLID'
  if (gbraid !== undefined && !isClickId(gbraid)) return 'PROCESSING_ERROR_REASON_INVALID_GBRAID'
  if (wbraid !== undefined && !isClickId(wbraid)) return 'PROCESSING_ERROR_REASON_INVALID_WBRAID'
  return undefined
}

/** European Economic Area, United Kingdom, Switzerland: no IP address of theirs may go to Ads. */
const WITHOUT_IP: ReadonlySet<string> = new Set(
  'AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
)

/** What diagnostics or reports would complain of although the event counts. */
export const warningsOf = (event: IngestEvent, { action }: Target, consent: Consent): string[] => {
  const warnings: string[] = []
  if (consent.adUserData === undefined || consent.adUserData === 'CONSENT_STATUS_UNSPECIFIED')
    warnings.push('no consent for ad user data told, which is expected for EEA, UK and Switzerland')
  if (action) {
    const regions = [
      event.eventLocation?.regionCode,
      ...(event.userData?.userIdentifiers ?? []).map(({ address }) => address?.regionCode),
    ]
    if (event.eventDeviceInfo?.ipAddress !== undefined && regions.some((region) => WITHOUT_IP.has(region ?? '')))
      warnings.push('ip_address of somebody in EEA, UK or Switzerland')
    return warnings
  }
  const parameters = new Map((event.additionalEventParameters ?? []).map((one) => [one.parameterName, one.value]))
  if (!parameters.has('session_id')) warnings.push('session_id is missing: the event is unassigned in reports')
  if (!(Number(parameters.get('engagement_time_msec')) > 0))
    warnings.push('engagement_time_msec is missing: the event counts for no active user')
  if (consent.adUserData === 'CONSENT_DENIED' && event.userData)
    warnings.push('user_data came although its use is denied')
  if (event.userData && event.userId === undefined) warnings.push('user_id should go along with user_data')
  return warnings
}
