import { DAY, MINUTE } from '../../lib/duration.ts'
import { isObject } from '../../lib/json.ts'
import { hashedEmail, hashedPhone } from '../ga4/person-forms.ts'
import { createBudget } from '../kit/budget.ts'
import { byOrderId, type Sighting } from '../kit/conversions.ts'
import { createPlatform } from '../kit/create-platform.ts'
import type { Known, Reading } from '../kit/reading.ts'
import type { Platform, PlatformRequest } from '../platform.ts'
import { DEFAULT_ACCOUNTS, type GoogleAccount, readAccount } from './accounts.ts'
import { SANDBOX_USER, type SandboxUser, SCOPE } from './credentials.ts'
import { exhausted, failing, permissionDenied, refuseWhole, statusAnswer, unauthenticated } from './errors.ts'
import { ANALYTICS, readIngest, refuseEvery } from './ingest.ts'
import { createRequestStatus, type Ending, FINISHES, USUAL_ENDING } from './request-status.ts'
import { createSignIn, type Grant } from './sign-in.ts'
import { readTag } from './tag.ts'

export interface GoogleAdsOptions {
  readonly accounts?: readonly GoogleAccount[]
  /** People whose refresh tokens work. */
  readonly users?: readonly SandboxUser[]
  /** Requests a minute and credential before 429, for ingestion and status each; 300 unless told. */
  readonly callsPerMinute?: number
  /** The same for a day; 100,000 unless told. */
  readonly callsPerDay?: number
  /** How many conversions are kept before the oldest are forgotten. */
  readonly remember?: number
}

const INGEST = '/v1/events:ingest'
const STATUS = '/v1/requestStatus:retrieve'

/** Ads: an action’s conversions are one per transaction. Analytics: only purchases have a key. */
const mergeKey = (sighting: Sighting): string | undefined =>
  sighting.marks?.includes(ANALYTICS) && sighting.name !== 'purchase' ? undefined : byOrderId(sighting)

/** Google Ads by the Data Manager API, with Google’s token endpoint, the tag, and Analytics properties as destinations. */
export const createGoogleAds = (options: GoogleAdsOptions = {}): Platform => {
  let ending: Ending = USUAL_ENDING
  let serviceDisabled = false
  const signIn = createSignIn(options.users ?? [SANDBOX_USER])
  const statuses = createRequestStatus()
  const minutes = createBudget(options.callsPerMinute ?? 300, MINUTE)
  const days = createBudget(options.callsPerDay ?? 100_000, DAY)

  /** Who asks, or why nobody is let in. The quota belongs to the credential’s project. */
  const signedIn = (request: PlatformRequest): Grant | Reading => {
    // A key in the query (?key=) is nobody’s credential here.
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) return refuseWhole(unauthenticated('CREDENTIALS_MISSING'), '', 'UNAUTHENTICATED')
    const grant = signIn.grantOf(token)
    if (!grant) return refuseWhole(unauthenticated('ACCESS_TOKEN_UNKNOWN'), '', 'UNAUTHENTICATED')
    if (grant.expires <= request.now) return refuseWhole(unauthenticated('ACCESS_TOKEN_EXPIRED'), '', 'UNAUTHENTICATED')
    if (!grant.scopes.includes(SCOPE)) {
      const reason = 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'
      const answer = permissionDenied(reason, 'Request had insufficient authentication scopes.')
      return refuseWhole(answer, '', reason)
    }
    if (serviceDisabled) {
      const reason = 'SERVICE_DISABLED'
      return refuseWhole(permissionDenied(reason, 'Data Manager API is not enabled in this project.'), '', reason)
    }
    const key = `${grant.principal} ${request.path}`
    if (minutes.spend(key, request.now).over) return { answer: exhausted(quota(request, 'Minute')), account: '' }
    if (days.spend(key, request.now).over) return { answer: exhausted(quota(request, 'Day')), account: '' }
    return grant
  }

  const server = (request: PlatformRequest, known: Known<GoogleAccount>): Reading | undefined => {
    const { host, path, method } = request
    if (host === 'oauth2.googleapis.com')
      return path === '/token' && method === 'POST' ? signIn.answer(request) : undefined
    const isIngest = path === INGEST && method === 'POST'
    if (!isIngest && !(path === STATUS && method === 'GET')) return undefined
    const who = signedIn(request)
    if ('answer' in who) return who
    return isIngest
      ? readIngest(request, who.principal, known, statuses.keep)
      : statuses.read(request, who.principal, known, ending)
  }

  return createPlatform({
    slug: 'google-ads',
    name: 'Google Ads',
    hosts: ['datamanager.googleapis.com', 'oauth2.googleapis.com', 'www.googleadservices.com'],
    browserPaths: ['www.googleadservices.com/'],
    // No bound in bytes is documented; 2,000 events with all their identifiers stay below it.
    largestBody: 16 * 1024 * 1024,
    accounts: options.accounts ?? DEFAULT_ACCOUNTS,
    readAccount,
    merging: {
      key: mergeKey,
      // The API restates value and currency, also those that the tag told; the tag restates nothing. Google keeps the
      // first items and time; here the later ones count too.
      replaces: (_, later) =>
        later.source === 'server' && !later.marks?.includes(ANALYTICS) && later.value !== undefined,
    },
    purchase: 'purchase',
    identifiers: [
      ['emailAddress', 'Email'],
      ['phoneNumber', 'Phone'],
      ['address', 'Name and address'],
      ['gclid', 'Click id (gclid)'],
      ['gbraid', 'Click id (gbraid)'],
      ['wbraid', 'Click id (wbraid)'],
      ['sessionAttributes', 'Session attributes'],
      ['clientId', 'Client id'],
      ['userId', 'User id'],
      ['ipAddress', 'IP address'],
      ['userAgent', 'User agent'],
    ],
    recognises: { emailAddress: hashedEmail, phoneNumber: hashedPhone },
    server,
    tag: readTag,
    notFound: statusAnswer(404, 'NOT_FOUND', 'Method not found.'),
    failing,
    // There is no 200 that refuses: a request is taken, and its status says that nothing came of it.
    refuseAll: (request) => refuseEvery(request, statuses.keep),
    settings: (body) => {
      const told = isObject(body) ? body : {}
      const { finish, reason } = told
      const known = FINISHES.find((one) => one === finish)
      if (finish !== undefined && known === undefined) return `finish must be one of ${FINISHES.join(', ')}`
      if (reason !== undefined && !(typeof reason === 'string' && /^PROCESSING_ERROR_REASON_[A-Z_]+$/.test(reason)))
        return 'reason must be PROCESSING_ERROR_REASON_…'
      for (const key of ['revoked', 'serviceDisabled'])
        if (told[key] !== undefined && typeof told[key] !== 'boolean') return `${key} must be true or false`
      ending = { finish: known ?? ending.finish, reason: reason ?? ending.reason }
      if (told.revoked !== undefined) signIn.revoke(told.revoked === true)
      serviceDisabled = Boolean(told.serviceDisabled ?? serviceDisabled)
      return undefined
    },
    reset: () => {
      ending = USUAL_ENDING
      serviceDisabled = false
      signIn.clear()
      statuses.clear()
      minutes.clear()
      days.clear()
    },
    remember: options.remember,
  })
}

const quota = ({ path }: PlatformRequest, per: 'Minute' | 'Day'): string =>
  `${path === INGEST ? 'Ingestion' : 'Status'}RequestsPer${per}PerProject`
