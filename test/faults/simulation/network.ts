import { MINUTE, SECOND } from '../../../src/lib/duration.ts'
import type { HttpRequest, HttpResponse, Send } from '../../../src/lib/http.ts'
import { type Random, seededRandom } from '../../../src/sandbox/random.ts'
import { type Asked, answered, MODELS, type PlatformModel, type Told } from './platforms.ts'
import { type Life, never, type VirtualTime } from './virtual-time.ts'
import { type RequestFault, statedWait, type Weather } from './weather.ts'

/** One request, as seen from outside. */
export interface Seen {
  /** The process that sent it. */
  readonly by: Life
  /** When it left, and when its answer was there (absent: it never was), on the world's clock. */
  readonly at: number
  answeredAt?: number
  readonly slug: string
  readonly account: string
  readonly what: Asked['what']
  readonly told: readonly Told[]
  readonly fault: RequestFault | 'egress cut' | undefined
  /** What the platform counts it for. */
  took: readonly Told[]
  /** What the platform said is wrong with it. */
  refused: readonly Told[]
  status: number
  /** The sender could not know what became of it. */
  unclear: boolean
  /** Before this moment nobody of this account may come again. */
  retryAt?: number
}

export interface Network {
  readonly seen: readonly Seen[]
  /** The way out of one process. */
  sendOf(life: Life): Send
  /** Resolves when the next request with events leaves. */
  nextSending(): Promise<void>
  /** The secret that the platform takes from now on. */
  allow(slug: string, account: string, secret: string): void
}

/** A request's way, and the platform's work. */
const WAY = [5, 60] as const
const WORK = [30, 400] as const
const PATIENCE = 30 * SECOND
/** An access token ends after an hour. */
const TOKEN_SECONDS = 3600
/** One event in so many is one that the platform does not like. */
const DISLIKED = 0.015

export const createNetwork = (
  time: VirtualTime,
  random: Random,
  seed: string,
  weather: Weather,
  fired: (kind: string) => void,
): Network => {
  const seen: Seen[] = []
  const secrets = new Map<string, string>()
  const tokens = new Map<string, { readonly account: string; readonly until: number }>()
  const jobs = new Map<string, { readonly told: readonly Told[]; readonly ready: number }>()
  const dislikes = new Map<string, boolean>()

  const disliked = (slug: string, key: string): boolean => {
    const name = `${slug} ${key}`
    const known = dislikes.get(name) ?? seededRandom(`${seed} ${name}`).chance(DISLIKED)
    dislikes.set(name, known)
    return known
  }
  const inTime = ([low, high]: readonly [number, number]): Promise<void> => time.wait(random.between(low, high))

  const isAllowed = (slug: string, model: PlatformModel, asked: Asked, request: HttpRequest): boolean => {
    if (!model.secretOf) return true
    const shown = model.secretOf(request) ?? ''
    const token = tokens.get(shown)
    if (token) return token.until > time.now()
    return asked.what !== 'job' && (slug !== 'google-ads' || asked.what === 'token')
      ? secrets.get(`${slug} ${asked.account}`) === shown
      : false
  }

  /** The platform looks at a request, and keeps what it takes. */
  const work = (slug: string, model: PlatformModel, asked: Asked, request: HttpRequest, one: Seen): HttpResponse => {
    if (!isAllowed(slug, model, asked, request))
      return asked.what === 'token' ? answered(400, { error: 'invalid_grant' }) : model.unauthorized
    switch (asked.what) {
      case 'verify':
        return model.verified
      case 'token': {
        const token = `ya29.${random.hex(24)}`
        tokens.set(token, { account: asked.account, until: time.now() + TOKEN_SECONDS * SECOND })
        return answered(200, { access_token: token, expires_in: TOKEN_SECONDS, token_type: 'Bearer' })
      }
      case 'job':
        return jobStatus(asked.job)
      case 'events': {
        // What this platform dislikes it says of half of them now and of the others when it is asked later.
        const late = slug === 'google-ads'
        const refused = new Set(
          asked.told.flatMap(({ key }, place) => (disliked(slug, key) && !(late && isOdd(key)) ? [place] : [])),
        )
        one.refused = asked.told.filter((_, place) => refused.has(place))
        one.took = model.allOrNothing && refused.size > 0 ? [] : asked.told.filter((_, place) => !refused.has(place))
        const job = `job-${jobs.size}`
        if (late && one.took.length > 0)
          jobs.set(job, { told: one.took, ready: time.now() + random.between(10, 100) * MINUTE })
        return model.answer(asked.told, refused, job)
      }
    }
  }

  const jobStatus = (name: string): HttpResponse => {
    const job = jobs.get(name)
    if (!job) return answered(404, { error: { code: 404, status: 'NOT_FOUND', message: 'No such request.' } })
    if (job.ready > time.now()) return answered(200, { requestStatusPerDestination: [{ requestStatus: 'PROCESSING' }] })
    const rows = job.told.flatMap(({ key }, place) => (disliked('google-ads', key) ? [place] : []))
    if (rows.length > 0)
      for (const one of seen)
        if (one.took === job.told) one.refused = job.told.filter((_, place) => rows.includes(place))
    const errorInfo = {
      errorCounts: [{ reason: 'PROCESSING_ERROR_REASON_INVALID_EVENT', recordCount: rows.length, recordIndices: rows }],
    }
    return answered(200, {
      requestStatusPerDestination: [
        rows.length === 0 ? { requestStatus: 'SUCCESS' } : { requestStatus: 'PARTIAL_SUCCESS', errorInfo },
      ],
    })
  }

  /** The request meets its fate; undefined when no answer comes in the sender's patience. */
  const meet = async (
    slug: string,
    model: PlatformModel,
    asked: Asked,
    request: HttpRequest,
    one: Seen,
  ): Promise<HttpResponse> => {
    const done = (): HttpResponse => work(slug, model, asked, request, one)
    const broken = (ambiguous: boolean, problem: string): HttpResponse => ({
      status: 0,
      headers: {},
      body: '',
      problem,
      ambiguous,
    })
    const { fault } = one
    switch (fault) {
      case undefined:
        await inTime(WORK)
        return done()
      case 'egress cut':
        return broken(false, 'the host name could not be resolved')
      case 'connection refused':
        return broken(false, 'the connection was refused')
      case 'reset before reading':
      case 'reset after reading':
        return broken(true, 'the connection broke before an answer came')
      case 'reset after taking':
        done()
        return broken(true, 'the connection broke before an answer came')
      case 'hang before taking':
        await time.wait(PATIENCE)
        return broken(true, 'no answer came')
      case 'hang after taking':
        done()
        await time.wait(PATIENCE)
        return broken(true, 'no answer came')
      case 'answer cut off after taking': {
        await inTime(WORK)
        const { body, ...rest } = done()
        return { ...rest, body: body.slice(0, body.length >> 1) }
      }
      case '408':
      case '500':
      case '503':
        return answered(Number(fault))
      case '502 before taking':
        return answered(502, '<html>Bad gateway</html>')
      case '502 after taking':
      case '504 after taking':
        done()
        await inTime(WORK)
        return answered(Number(fault.slice(0, 3)), '<html>Bad gateway</html>')
      case '200 with a page':
        return answered(200, '<!doctype html><p>Please sign in to continue.</p>')
      case '200 with an error inside':
        return model.errorInside ?? answered(503)
      case 'redirect':
        return answered(302, '', { location: 'https://elsewhere.example/' })
      case 'slow answer':
        await time.wait(random.between(2 * SECOND, 25 * SECOND))
        return done()
      case 'refused credentials':
        return model.unauthorized
      default: {
        const { headers, wait } = statedWait(fault, time.now(), random)
        if (wait !== undefined) one.retryAt = time.now() + wait
        return answered(fault.startsWith('503') ? 503 : 429, '', headers)
      }
    }
  }

  let onSending: (() => void)[] = []
  return {
    seen,
    nextSending: () => new Promise((resolve) => onSending.push(resolve)),
    allow: (slug, account, secret) => void secrets.set(`${slug} ${account}`, secret),
    sendOf: (life) => async (request) => {
      if (!life.alive) return never()
      const { hostname } = new URL(request.url)
      const slug = [...MODELS].find(([, { host }]) => host === hostname)?.[0] ?? 'google-ads'
      const model = MODELS.get(slug)
      if (!model) throw new Error(`a request to ${hostname}, where nobody is`)
      const asked = model.read(request)
      const fault = weather.cut(time.now()) ? 'egress cut' : weather.on(slug, time.now())
      const one: Seen = {
        by: life,
        at: time.now(),
        slug,
        account: asked.what === 'job' ? '' : asked.account,
        what: asked.what,
        told: asked.what === 'events' ? asked.told : [],
        fault,
        took: [],
        refused: [],
        status: 0,
        unclear: true,
      }
      seen.push(one)
      if (fault) fired(fault)
      if (asked.what === 'events') {
        for (const ring of onSending) ring()
        onSending = []
      }
      await inTime(WAY)
      // Of a process that was killed, some requests are out already and others never leave.
      if (!life.alive && random.chance(0.5)) return never()
      const response = await meet(slug, model, asked, request, one)
      await inTime(WAY)
      one.status = response.status
      if (!life.alive) return never()
      one.answeredAt = time.now()
      // A platform that has no such answer says 503 instead, which is clear.
      one.unclear = fault !== undefined && UNCLEAR.has(fault) && response.status !== 503
      return response
    },
  }
}

const isOdd = (key: string): boolean => key.charCodeAt(key.length - 1) % 2 === 1

/** After these nobody can know whether the events were taken. */
const UNCLEAR: ReadonlySet<string> = new Set<RequestFault>([
  'reset before reading',
  'reset after reading',
  'reset after taking',
  'hang before taking',
  'hang after taking',
  'answer cut off after taking',
  '502 before taking',
  '502 after taking',
  '504 after taking',
  '200 with a page',
  '200 with an error inside',
])
