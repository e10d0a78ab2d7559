import { isObject, type Json, parseJson, textAt } from '../lib/json.ts'
import { FAULT_MODES, type FaultMode, type Faults } from './faults.ts'
import { page } from './page.ts'
import { type Answer, json, type Platform } from './platform.ts'

/** A request to the sandbox itself. */
export interface ControlRequest {
  readonly method: string
  readonly url: URL
  /** Undefined: larger than LARGEST_CONTROL. */
  readonly body: string | undefined
}

export interface Controlled {
  readonly platforms: readonly Platform[]
  readonly faults: Faults
  reset(): void
  now(): number
}

/** Largest body taken at the sandbox's own paths, bytes. */
export const LARGEST_CONTROL = 8 * 1024 * 1024

/** The sandbox's own paths: the ads managers' pages and /control. */
export const answerControl = ({ method, url, body }: ControlRequest, controlled: Controlled): Answer => {
  const { platforms, now } = controlled
  const [, first = '', second = '', third = ''] = url.pathname.split('/')
  const shown = platforms.find(({ slug }) => slug === (first || platforms[0]?.slug))
  if (shown && second === '' && method === 'GET')
    return {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
      body: page(platforms, shown, shown.adsManager(now())),
    }
  if (first !== 'control') return json(404, { error: 'Nothing is here. Platforms stand under their host name.' })

  const parsed = body ? parseJson(body, { depth: 8, values: 2_000_000 }) : { ok: true as const, value: {} }
  if (body === undefined || !parsed.ok) return json(400, { error: 'The body must be JSON of at most 8 MiB.' })
  return method === 'POST'
    ? told(second, third, parsed.value, controlled)
    : asked(second, third, url.searchParams, controlled)
}

const UNKNOWN = json(404, { error: 'No such control. There are faults, people, reset and one per platform.' })

/** The answer to a problem in words, or to none. */
const taken = (problem: string | undefined): Answer =>
  problem === undefined ? json(200, { done: true }) : json(400, { error: problem })

const told = (what: string, name: string, body: Json, controlled: Controlled): Answer => {
  const { platforms } = controlled
  if (what === 'faults') return taken(setFault(body, controlled))
  // A shopper is somebody whom every platform may know.
  if (what === 'people') return taken(platforms.map((platform) => platform.tell('people', body)).find(Boolean))
  if (what === 'reset') {
    controlled.reset()
    return taken(undefined)
  }
  const platform = platforms.find(({ slug }) => slug === what)
  return platform ? taken(platform.tell(name, body)) : UNKNOWN
}

const asked = (what: string, name: string, params: URLSearchParams, { platforms, faults }: Controlled): Answer => {
  if (what === 'faults') return json(200, { fired: faults.fired() })
  const platform = platforms.find(({ slug }) => slug === what)
  if (!platform) return UNKNOWN
  const found = platform.query(name, params)
  return found === undefined ? json(404, { error: `${platform.name} has no list named ${name}.` }) : json(200, found)
}

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined

const setFault = (body: Json, { platforms, faults }: Controlled): string | undefined => {
  const slugs = platforms.map(({ slug }) => slug)
  const slug = textAt(body, 'platform')
  const mode = textAt(body, 'mode')
  if (slug === undefined || !slugs.includes(slug)) return `platform must be one of ${slugs.join(', ')}`
  if (mode === 'none') {
    faults.clear(slug)
    return undefined
  }
  if (!isFaultMode(mode)) return `mode must be none or one of ${FAULT_MODES.join(', ')}`
  const { times, ms } = isObject(body) ? body : {}
  faults.set(slug, { mode, times: positive(times), ms: positive(ms) })
  return undefined
}

const isFaultMode = (mode: string | undefined): mode is FaultMode => FAULT_MODES.some((known) => known === mode)
