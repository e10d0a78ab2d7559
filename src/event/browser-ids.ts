import { DAY } from '../lib/duration.ts'
import { COOKIES, gaSessionOf } from './browser-id-cookies.ts'

/**
 * The single list of ids that platforms give to clicks and browsers. It is the one place outside a platform's folder
 * where platforms' own words appear.
 */
export interface BrowserIds {
  readonly epik?: string
  readonly fbclid?: string
  readonly fbc?: string
  readonly fbp?: string
  readonly ttclid?: string
  readonly ttp?: string
  readonly sccid?: string
  readonly scid?: string
  readonly rdtCid?: string
  readonly rdtUuid?: string
  readonly gclid?: string
  readonly gbraid?: string
  readonly wbraid?: string
  readonly gadSource?: string
  readonly gadCampaignId?: string
  readonly gaClientId?: string
  /** Measurement id -> session id. */
  readonly gaSessions?: Readonly<Record<string, string>>
  readonly kx?: string
  readonly klaCid?: string
  readonly klaExchangeId?: string
  readonly gum?: string
  /** "true" or "false". */
  readonly gumOptOut?: string
  /** "true" or "false". */
  readonly klaOff?: string
  /** When each id was first seen, ISO 8601. */
  readonly seenAt?: Readonly<Partial<Record<BrowserIdName, string>>>
}

/** The ids that are plain text. */
export type BrowserIdName = Exclude<keyof BrowserIds, 'gaSessions' | 'seenAt'>

/** click: tells which ad was clicked, so it may follow a customer to another browser. browser: names one browser. */
export type BrowserIdKind = 'click' | 'browser'

export interface BrowserIdRule {
  readonly name: BrowserIdName
  readonly kind: BrowserIdKind
  /** URL parameter, compared without case. */
  readonly param?: string
  /** Its cookie, or several: the first that holds a well-formed value counts. */
  readonly cookie?: string | readonly string[]
  /** A parameter wins over the cookie: a click that is in a URL is newer than the one that some tool kept. */
  readonly paramFirst?: true
  /** Reads the id out of the cookie's value when it is not the value itself. */
  readonly fromCookie?: (value: string) => string | undefined
  /** How long it may be used after it was first seen, in ms: as long as the platform itself keeps it. */
  readonly keep: number
  /** What a well-formed value looks like; anything else is not taken. */
  readonly form: RegExp
  /** A value by which somebody refuses: it counts wherever it was seen, whatever others say. */
  readonly refusal?: string
}

const OPAQUE = /^[\x21-\x7e]{4,1024}$/

/** `GA1.1.1234567890.1700000000` -> `1234567890.1700000000`; the second part may tell a path's depth too ("2-2"). */
const gaClientId = (cookie: string): string | undefined => /^GA\d\.\d(?:-\d)?\.(\d{1,20}\.\d{1,20})$/.exec(cookie)?.[1]

/** `GCL.<seconds>.<click id>` or, newer and from servers, parts with a letter each: `2.1.k<click id>$i<seconds>`. */
const googleClick = (cookie: string): string | undefined =>
  (cookie.startsWith('GCL.') ? /^GCL\.\d+\.(.+)$/ : /[.$]k([^$]+)/).exec(cookie)?.[1]

/** Klaviyo's cookie is base64 of JSON: {cid, $exchange_id, ...}. */
const klaviyoField =
  (field: string) =>
  (cookie: string): string | undefined => {
    try {
      const value = (JSON.parse(Buffer.from(cookie, 'base64').toString('utf8')) as Record<string, unknown>)[field]
      return typeof value === 'string' ? value : undefined
    } catch {
      return undefined
    }
  }

export const BROWSER_IDS: readonly BrowserIdRule[] = [
  { name: 'epik', kind: 'click', param: 'epik', cookie: COOKIES.epik, keep: 365 * DAY, form: OPAQUE },
  { name: 'fbclid', kind: 'click', param: 'fbclid', keep: 90 * DAY, form: OPAQUE },
  { name: 'fbc', kind: 'click', cookie: COOKIES.fbc, keep: 90 * DAY, form: /^fb\.\d\.\d{10,13}\.[\x21-\x7e]{1,1000}$/ },
  { name: 'fbp', kind: 'browser', cookie: COOKIES.fbp, keep: 90 * DAY, form: /^fb\.\d\.\d{10,13}\.[\w.-]{1,200}$/ },
  {
    name: 'ttclid',
    kind: 'click',
    param: 'ttclid',
    cookie: COOKIES.ttclid,
    paramFirst: true,
    keep: 28 * DAY,
    form: OPAQUE,
  },
  { name: 'ttp', kind: 'browser', cookie: COOKIES.ttp, keep: 390 * DAY, form: OPAQUE },
  {
    name: 'sccid',
    kind: 'click',
    param: 'ScCid',
    cookie: COOKIES.sccid,
    paramFirst: true,
    keep: 365 * DAY,
    form: OPAQUE,
  },
  { name: 'scid', kind: 'browser', cookie: COOKIES.scid, keep: 390 * DAY, form: OPAQUE },
  {
    name: 'rdtCid',
    kind: 'click',
    param: 'rdt_cid',
    cookie: COOKIES.rdtCid,
    paramFirst: true,
    keep: 30 * DAY,
    form: OPAQUE,
  },
  { name: 'rdtUuid', kind: 'browser', cookie: COOKIES.rdtUuid, keep: 90 * DAY, form: OPAQUE },
  {
    name: 'gclid',
    kind: 'click',
    param: 'gclid',
    cookie: [COOKIES.gclid, COOKIES.gclidFirstParty],
    fromCookie: googleClick,
    keep: 90 * DAY,
    form: /^[\w.-]{4,512}$/,
  },
  {
    name: 'gbraid',
    kind: 'click',
    param: 'gbraid',
    cookie: [COOKIES.gbraid, COOKIES.gbraidFirstParty],
    fromCookie: googleClick,
    keep: 90 * DAY,
    form: /^[\w.-]{4,512}$/,
  },
  {
    name: 'wbraid',
    kind: 'click',
    param: 'wbraid',
    cookie: [COOKIES.wbraid, COOKIES.wbraidFirstParty],
    fromCookie: googleClick,
    keep: 90 * DAY,
    form: /^[\w.-]{4,512}$/,
  },
  { name: 'gadSource', kind: 'click', param: 'gad_source', keep: 90 * DAY, form: /^\d{1,4}$/ },
  { name: 'gadCampaignId', kind: 'click', param: 'gad_campaignid', keep: 90 * DAY, form: /^\d{1,20}$/ },
  {
    name: 'gaClientId',
    kind: 'browser',
    cookie: COOKIES.ga,
    fromCookie: gaClientId,
    keep: 730 * DAY,
    form: /^\d+\.\d+$/,
  },
  { name: 'kx', kind: 'click', param: '_kx', keep: 365 * DAY, form: OPAQUE },
  {
    name: 'klaCid',
    kind: 'browser',
    cookie: COOKIES.klaviyo,
    fromCookie: klaviyoField('cid'),
    keep: 730 * DAY,
    form: OPAQUE,
  },
  {
    name: 'klaExchangeId',
    kind: 'browser',
    cookie: COOKIES.klaviyo,
    fromCookie: klaviyoField('$exchange_id'),
    keep: 730 * DAY,
    form: OPAQUE,
  },
  { name: 'gum', kind: 'browser', cookie: COOKIES.gum, keep: 3 * DAY, form: OPAQUE },
  // Names nobody: it says whether the browser's owner opted out at Criteo. So it is remembered longer than the cookie
  // lives, since a refusal must not lapse while the email address beside it stays known.
  {
    name: 'gumOptOut',
    kind: 'browser',
    cookie: COOKIES.gumOptOut,
    keep: 390 * DAY,
    form: /^(?:true|false)$/,
    refusal: 'true',
  },
  // Likewise whether the browser's owner switched Klaviyo's tracking of the store's pages off.
  {
    name: 'klaOff',
    kind: 'browser',
    cookie: COOKIES.klaOff,
    keep: 390 * DAY,
    form: /^(?:true|false)$/,
    refusal: 'true',
  },
]

/** `GS1.1.1700000000.3.1...` (dots) or, since 2025, `GS2.1.s1700000000$o3$g1...`, whose parts may stand in any order. */
const GA_SESSION_VALUE = /^GS(?:1\.\d\.|2\.\d\.(?:[^$]*\$)*s)(\d{6,20})(?:[.$]|$)/

const well = (rule: BrowserIdRule, value: string | undefined): string | undefined =>
  value !== undefined && rule.form.test(value) ? value : undefined

/** The id out of the first of its cookies that holds a well-formed one. */
const fromCookies = (rule: BrowserIdRule, cookies: Readonly<Record<string, unknown>> = {}): string | undefined => {
  for (const name of typeof rule.cookie === 'string' ? [rule.cookie] : (rule.cookie ?? [])) {
    const cookie = cookies[name]
    if (typeof cookie !== 'string') continue
    const clear = decoded(cookie)
    const found = well(rule, rule.fromCookie ? rule.fromCookie(clear) : clear)
    if (found !== undefined) return found
  }
  return undefined
}

/** The id out of the first URL that has a well-formed one. */
const fromParams = (rule: BrowserIdRule, params: readonly ReadonlyMap<BrowserIdName, string>[]): string | undefined => {
  if (rule.param === undefined) return undefined
  for (const known of params) {
    const found = well(rule, known.get(rule.name))
    if (found !== undefined) return found
  }
  return undefined
}

/** An event has a handful of URL parameters at most that matter; this finds them without building a URL object. */
const paramsOf = (url: string): ReadonlyMap<BrowserIdName, string> => {
  const found = new Map<BrowserIdName, string>()
  const question = url.indexOf('?')
  if (question === -1) return found
  const hash = url.indexOf('#', question)
  for (const pair of url.slice(question + 1, hash === -1 ? undefined : hash).split('&')) {
    const equals = pair.indexOf('=')
    if (equals < 1) continue
    const name = PARAMS.get(pair.slice(0, equals).toLowerCase())
    if (name !== undefined && !found.has(name)) found.set(name, decoded(pair.slice(equals + 1)))
  }
  return found
}

/** Lower-case parameter -> the id it carries. */
const PARAMS: ReadonlyMap<string, BrowserIdName> = new Map(
  BROWSER_IDS.flatMap((rule) => (rule.param ? [[rule.param.toLowerCase(), rule.name] as const] : [])),
)

/** URL-decoded once; kept as it is where the encoding is broken. */
const decoded = (text: string): string => {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * Browser ids out of cookies and URLs. A cookie wins over a parameter (Pinterest: "_epik first, else the URL's
 * epik") unless its rule says otherwise, an earlier URL over a later one, and all of them over the visit's first page.
 * Every id found is marked as seen at `at`, and one that is in the first page's URL as seen when that was.
 */
export const browserIdsFrom = (
  sources: {
    readonly cookies?: Readonly<Record<string, unknown>>
    readonly urls?: readonly (string | undefined)[]
    readonly landing?: { readonly url: string | undefined; readonly at: string | undefined }
  },
  at: string | undefined,
): BrowserIds | undefined => {
  const ids: Record<string, unknown> = {}
  const gaSessions: Record<string, string> = {}
  const seenAt: Record<string, string> = {}
  const { landing } = sources
  const params = (sources.urls ?? []).flatMap((url) => (url?.includes('?') ? [paramsOf(url)] : []))
  const landed = landing?.url?.includes('?') ? paramsOf(landing.url) : undefined
  if (landed !== undefined) params.push(landed)
  for (const rule of BROWSER_IDS) {
    let value = rule.paramFirst ? fromParams(rule, params) : fromCookies(rule, sources.cookies)
    value ??= rule.paramFirst ? fromCookies(rule, sources.cookies) : fromParams(rule, params)
    if (value === undefined) continue
    ids[rule.name] = value
    if (at === undefined) continue
    const first = landed?.get(rule.name) === value ? landing?.at : undefined
    seenAt[rule.name] = first !== undefined && first < at ? first : at
  }
  for (const name in sources.cookies) {
    const measurement = gaSessionOf(name)
    const value = sources.cookies[name]
    const session = measurement && typeof value === 'string' ? GA_SESSION_VALUE.exec(decoded(value))?.[1] : undefined
    if (!measurement || !session) continue
    gaSessions[`G-${measurement}`] = session
    ids.gaSessions = gaSessions
  }
  for (const _ in ids) return { ...ids, ...(at === undefined ? {} : { seenAt }) }
  return undefined
}

/** Parameters of a URL that tell about a click, as a query string ("?epik=..."), else "". */
export const clickParamsOf = (url: string): string => {
  const kept = [...paramsOf(url)].map(([name, value]) => `${SPELLED.get(name) ?? name}=${encodeURIComponent(value)}`)
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}

/** A parameter of the query or the fragment that carries such an id, with the "&" behind it. */
const CLICK_PAIR = new RegExp(`(?<=[?&#])(?:${[...PARAMS.keys()].join('|')})=[^&#]*&?`, 'gi')
/** What then has nothing behind it any more. */
const DANGLING = /[?&]+(?=#|$)|#$/g

/** The URL without the parameters that tell about a click; everything else in it stays as it was. */
export const withoutClickParams = (url: string): string => {
  const without = url.replace(CLICK_PAIR, '')
  return without === url ? url : without.replace(DANGLING, '')
}

/** Whether a parameter of this name would tell about a click. */
export const isClickParam = (name: string): boolean => PARAMS.has(name.toLowerCase())

/** The id -> its parameter as the platform spells it. */
const SPELLED: ReadonlyMap<BrowserIdName, string> = new Map(
  BROWSER_IDS.flatMap((rule) => (rule.param ? [[rule.name, rule.param] as const] : [])),
)
