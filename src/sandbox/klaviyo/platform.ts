import { isObject } from '../../lib/json.ts'
import { createPlatform } from '../kit/create-platform.ts'
import type { TagReading } from '../kit/reading.ts'
import type { Platform, PlatformRequest } from '../platform.ts'
import { DEFAULT_ACCOUNT, type KlaviyoAccount, readAccount } from './accounts.ts'
import { readApi, type Settings, type Told } from './endpoint.ts'
import { accepted, answerOf, failing, NOT_FOUND } from './errors.ts'
import { eventKey, profilesOf, profilesPanel } from './profiles.ts'
import { createRates, type Rates } from './rates.ts'
import { readTag } from './tag.ts'

export interface KlaviyoOptions {
  readonly accounts?: readonly KlaviyoAccount[]
  /** Calls per second and minute by kind of call; Klaviyo’s own unless told. */
  readonly rates?: Partial<Rates>
  /** How many events are kept before the oldest are forgotten. */
  readonly remember?: number
}

const USUAL: Settings = { native: false, badKey: 401 }

/** Klaviyo: the events calls, account and metrics to read, the browser’s call, and the profiles they make. */
export const createKlaviyo = (options: KlaviyoOptions = {}): Platform => {
  let settings = USUAL
  const rates = createRates(options.rates)

  const withinRate = ({ reading, call }: Told, { now }: PlatformRequest) => {
    if (call === undefined) return reading
    const spent = rates.spend(call, reading.account, now)
    return 'refusal' in spent
      ? { answer: spent.refusal, account: reading.account }
      : { ...reading, answer: { ...reading.answer, headers: { ...reading.answer.headers, ...spent.headers } } }
  }

  const tagWithinRate = (reading: TagReading | undefined, { now }: PlatformRequest): TagReading | undefined => {
    const siteId = reading?.hits?.[0]?.tagId
    const spent = siteId === undefined ? undefined : rates.spend('client', siteId, now)
    return spent && 'refusal' in spent ? { answer: spent.refusal } : reading
  }

  const platform = createPlatform<KlaviyoAccount>({
    slug: 'klaviyo',
    name: 'Klaviyo',
    hosts: ['a.klaviyo.com'],
    browserPaths: ['a.klaviyo.com/client/'],
    // 5 MB; whether thousands or 1,024s are meant is not told.
    largestBody: 5_000_000,
    accounts: options.accounts ?? [DEFAULT_ACCOUNT],
    readAccount,
    merging: { key: eventKey },
    purchase: 'Placed Order',
    identifiers: [
      ['email', 'Email'],
      ['phone_number', 'Phone'],
      ['external_id', 'External id'],
      ['_kx', 'Exchange id (_kx)'],
      ['anonymous_id', 'Browser id'],
      ['first_name', 'First name'],
      ['last_name', 'Last name'],
      ['city', 'City'],
      ['zip', 'Post code'],
    ],
    recognises: {
      email: ({ email }) => email?.toLowerCase(),
      phone_number: ({ phone }) => phone,
    },
    server: (request, known) => withinRate(readApi(request, known, settings), request),
    tag: (request, known) => tagWithinRate(readTag(request, known, settings.native), request),
    notFound: answerOf([NOT_FOUND]),
    failing,
    // It has no form in which single events are refused; what a 202 swallowed nobody learns.
    refuseAll: accepted,
    settings: (body) => {
      const told = isObject(body) ? body : {}
      if (told.native !== undefined && typeof told.native !== 'boolean') return 'native must be true or false'
      if (told.badKey !== undefined && told.badKey !== 400 && told.badKey !== 401) return 'badKey must be 400 or 401'
      settings = { native: told.native ?? settings.native, badKey: told.badKey ?? settings.badKey }
      return undefined
    },
    reset: () => {
      settings = USUAL
      rates.clear()
    },
    remember: options.remember,
  })

  return {
    ...platform,
    query: (list, params) =>
      list === 'profiles'
        ? profilesOf(platform.conversions(params.get('account') ?? undefined))
        : platform.query(list, params),
    adsManager: (now) => platform.adsManager(now) + profilesPanel(platform.conversions()),
  }
}
