import { isObject, objectAt } from '../../lib/json.ts'
import type { Known, Reading } from '../kit/reading.ts'
import type { PlatformRequest } from '../platform.ts'
import { type KlaviyoAccount, mayDo, type Scope } from './accounts.ts'
import {
  accepted,
  answered,
  answerOf,
  badKey,
  invalidParameter,
  MEDIA_TYPE,
  NO_KEY,
  NOT_FOUND,
  noScope,
  notAllowed,
  refuseWhole,
  WRONG_ACCEPT,
  WRONG_MEDIA_TYPE,
} from './errors.ts'
import { type Body, bodyOf, readBulk, readSingle, refusedOf, sightedOf } from './events.ts'
import { listMetrics, metricsProblem } from './metrics.ts'
import type { Call } from './rates.ts'
import { NEWEST, revisionProblem } from './revision.ts'
import { WITH_BACKFILL, WITHOUT_BACKFILL } from './schema.ts'

/** What the sandbox was told about things that differ between accounts or pages of the documentation. */
export interface Settings {
  /** Shopify’s integration is connected. */
  readonly native: boolean
  /** Status for a key that is not known. */
  readonly badKey: 400 | 401
}

interface Route {
  readonly call: Call
  readonly method: 'GET' | 'POST'
  readonly scope: Scope
}

const ROUTES: ReadonlyMap<string, Route> = new Map([
  ['/api/events', { call: 'event', method: 'POST', scope: 'events:write' }],
  ['/api/event-bulk-create-jobs', { call: 'bulk', method: 'POST', scope: 'events:write' }],
  ['/api/accounts', { call: 'accounts', method: 'GET', scope: 'accounts:read' }],
  ['/api/metrics', { call: 'metrics', method: 'GET', scope: 'metrics:read' }],
])

/** A reading, and the kind of call whose rate it spends; none before it may speak for an account. */
export interface Told {
  readonly reading: Reading
  readonly call?: Call
}

/** Reads a server’s request to a.klaviyo.com. */
export const readApi = (request: PlatformRequest, known: Known<KlaviyoAccount>, settings: Settings): Told => {
  const { headers, now } = request
  const route = ROUTES.get(request.path)
  if (!route) return { reading: refuseWhole(NOT_FOUND, '') }
  const token = /^Klaviyo-API-Key (\S+)$/.exec(headers.authorization ?? '')?.[1]
  if (token === undefined) return { reading: refuseWhole(NO_KEY, '') }
  const account = known.accounts.find(({ tokens }) => tokens.includes(token))
  if (!account) return { reading: refuseWhole(badKey(settings.badKey), '') }
  const wrong =
    (request.method === route.method ? undefined : notAllowed(request.method)) ??
    revisionProblem(revisionOf(request), now) ??
    // JSON:API asks for exactly this type. The table of errors has no row for Accept; 406 is HTTP’s.
    (headers.accept === MEDIA_TYPE ? undefined : WRONG_ACCEPT) ??
    (route.method === 'GET' || headers['content-type'] === MEDIA_TYPE ? undefined : WRONG_MEDIA_TYPE) ??
    (mayDo(account, token, route.scope) ? undefined : noScope(route.scope))
  return wrong
    ? { reading: refuseWhole(wrong, account.id) }
    : { reading: read(route.call, request, account, known, settings), call: route.call }
}

export const revisionOf = ({ headers }: PlatformRequest): string | undefined =>
  typeof headers.revision === 'string' ? headers.revision : undefined

const read = (
  call: Call,
  request: PlatformRequest,
  account: KlaviyoAccount,
  known: Known<KlaviyoAccount>,
  settings: Settings,
): Reading => {
  const conversions = () => known.conversions(account.id)
  if (call === 'accounts') return readAccounts(request, account)
  if (call === 'metrics') {
    const wrong = metricsProblem(request.query)
    if (wrong) return refuseWhole(wrong, account.id)
    return { answer: listMetrics(request.query, conversions(), settings.native), account: account.id }
  }
  const [unknown] = request.query.keys()
  if (unknown !== undefined)
    return refuseWhole(invalidParameter(`'${unknown}' is not a known parameter.`, unknown), account.id)
  const schemas = revisionOf(request) === NEWEST ? WITH_BACKFILL : WITHOUT_BACKFILL
  const json = bodyOf(request.body)
  const body =
    call === 'bulk' ? readBulk(json, schemas, request.now, conversions) : readSingle(json, schemas, request.now)
  return readingOf(body, request, account, settings, isProbe(json))
}

/** A single event without any attribute: it can only be meant to find out whether the key may write. */
const isProbe = (body: unknown): boolean => {
  const { type, attributes } = objectAt(body, 'data')
  return type === 'event' && isObject(attributes) && Object.keys(attributes).length === 0
}

const readingOf = (
  body: Body,
  { now }: PlatformRequest,
  account: KlaviyoAccount,
  { native }: Settings,
  probe: boolean,
): Reading => {
  if ('guilty' in body) {
    const [first, ...others] = body.guilty
    const answer = answerOf([first.problem, ...others.map(({ problem }) => problem)])
    return probe
      ? { answer, account: account.id, tested: [{ name: 'empty event', problem: 'refused, so the key may write' }] }
      : { answer, account: account.id, refused: body.guilty.map(refusedOf) }
  }
  const read = body.told.map((one) => sightedOf(one, { now, currency: account.currency, native }))
  return {
    answer: accepted(),
    account: account.id,
    sighted: read.flatMap((one) => ('sighted' in one ? [one.sighted] : [])),
    refused: read.flatMap((one) => ('junk' in one ? [one.junk] : [])),
  }
}

const readAccounts = ({ query }: PlatformRequest, { id, organization, currency }: KlaviyoAccount): Reading => {
  const [unknown] = query.keys()
  if (unknown !== undefined) return refuseWhole(invalidParameter(`'${unknown}' is not a known parameter.`, unknown), id)
  const self = 'https://a.klaviyo.com/api/accounts'
  return {
    answer: answered(200, {
      data: [
        {
          type: 'account',
          id,
          attributes: {
            test_account: false,
            contact_information: {
              default_sender_name: organization,
              default_sender_email: 'hello@northfern.example',
              website_url: 'https://northfern.example',
              organization_name: organization,
              street_address: { city: 'Berlin', country: 'Germany', zip: '10115' },
            },
            industry: 'Ecommerce, Apparel',
            timezone: 'Europe/Berlin',
            preferred_currency: currency,
            public_api_key: id,
            locale: 'en-US',
          },
          links: { self: `${self}/${id}` },
        },
      ],
      links: { self },
    }),
    account: id,
  }
}
