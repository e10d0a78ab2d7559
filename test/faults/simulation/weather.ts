import { HOUR, MINUTE, SECOND } from '../../../src/lib/duration.ts'
import type { Random } from '../../../src/sandbox/random.ts'

/** What can befall one request to a platform. */
export const REQUEST_FAULTS = [
  'connection refused',
  'reset before reading',
  'reset after reading',
  'reset after taking',
  'hang before taking',
  'hang after taking',
  'answer cut off after taking',
  '408',
  '500',
  '503',
  '503 with Retry-After',
  '502 before taking',
  '502 after taking',
  '504 after taking',
  '429 without a word',
  '429 in seconds',
  '429 in fractions',
  '429 as a date',
  '429 as a date alone',
  '429 negative',
  '429 ten years',
  '429 as a reset header',
  '200 with a page',
  '200 with an error inside',
  'redirect',
  'slow answer',
  'refused credentials',
] as const
export type RequestFault = (typeof REQUEST_FAULTS)[number]

/** A time in which a share of a platform's requests goes wrong in the same way. */
interface Spell {
  readonly from: number
  readonly to: number
  readonly kind: RequestFault
  readonly share: number
}

export interface Weather {
  /** What befalls a request to a platform that is made now. */
  on(slug: string, now: number): RequestFault | undefined
  /** Nothing leaves the server: no platform is to blame. */
  cut(now: number): boolean
}

/** What lasts for hours in reality: outages, then storms of too many requests. */
const OUTAGES = [
  'connection refused',
  '503',
  '500',
  'hang before taking',
  'reset after reading',
  '502 before taking',
] as const
const STORMS = [
  '429 without a word',
  '429 in seconds',
  '429 as a date',
  '429 in fractions',
  '503 with Retry-After',
] as const

/** Draws the weather of a day over each platform. */
export const drawWeather = (
  random: Random,
  slugs: readonly string[],
  { begin, end }: { readonly begin: number; readonly end: number },
): Weather => {
  const spells = new Map<string, readonly Spell[]>()
  const within = (): number => begin + Math.floor(random.next() * (end - begin))
  const spell = (kind: RequestFault, ms: number, share: number): Spell => {
    const from = within()
    return { from, to: Math.min(end, from + ms), kind, share }
  }
  for (const slug of slugs) {
    const drawn: Spell[] = []
    if (random.chance(0.7)) drawn.push(spell(random.pick(OUTAGES), random.between(5, 360) * MINUTE, 1))
    if (random.chance(0.5)) drawn.push(spell(random.pick(OUTAGES), random.between(1, 20) * MINUTE, 0.6))
    if (random.chance(0.7)) drawn.push(spell(random.pick(STORMS), random.between(1, 60) * MINUTE, 0.9))
    if (random.chance(0.3)) drawn.push(spell('slow answer', random.between(10, 120) * MINUTE, 0.7))
    if (random.chance(0.2)) drawn.push(spell('refused credentials', random.between(1, 9) * MINUTE, 1))
    spells.set(slug, drawn)
  }
  const cuts = random.chance(0.4) ? [spell('connection refused', random.between(2, 40) * MINUTE, 1)] : []
  // A tenth of the days has single faults in every sixth request, the others now and then.
  const single = random.chance(0.1) ? 0.17 : 0.03
  return {
    on: (slug, now) => {
      if (now >= end) return undefined
      for (const { from, to, kind, share } of spells.get(slug) ?? [])
        if (now >= from && now < to && random.chance(share)) return kind
      return random.chance(single) ? random.pick(REQUEST_FAULTS) : undefined
    },
    cut: (now) => cuts.some(({ from, to }) => now >= from && now < to),
  }
}

/** The headers of a 429, and how long it truly asks to wait (ms), where it says so in a form that counts. */
export const statedWait = (
  kind: RequestFault,
  now: number,
  random: Random,
): { readonly headers: Readonly<Record<string, string>>; readonly wait?: number } => {
  // Mostly short; now and then as long as a daily quota.
  const seconds = random.chance(0.03) ? random.between(HOUR / SECOND, (5 * HOUR) / SECOND) : random.between(1, 300)
  const wait = seconds * SECOND
  const date = new Date(now).toUTCString()
  // A date has whole seconds, and counts from the platform's own.
  const later = new Date(now + wait).toUTCString()
  switch (kind) {
    case '429 in seconds':
    case '503 with Retry-After':
      return { headers: { 'retry-after': String(seconds) }, wait }
    case '429 in fractions':
      return { headers: { 'retry-after': `${seconds}.500` }, wait: wait + SECOND / 2 }
    case '429 as a date':
      return { headers: { 'retry-after': later, date }, wait }
    case '429 as a date alone':
      return { headers: { 'retry-after': later } }
    case '429 negative':
      return { headers: { 'retry-after': '-5' } }
    case '429 ten years':
      return { headers: { 'retry-after': String(10 * 365 * 24 * 3600) }, wait: 6 * HOUR * 0.9 }
    case '429 as a reset header':
      return { headers: { 'x-ratelimit-reset': String(seconds) }, wait }
    default:
      return { headers: {} }
  }
}
