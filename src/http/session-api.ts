import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import { SECOND } from '../lib/duration.ts'
import type { Log } from '../lib/log.ts'
import type { OfShop } from './embedded.ts'
import { isHttps } from './guard.ts'
import { LONGEST_PASSPHRASE, type Owners, SHORTEST_PASSPHRASE } from './owner.ts'
import { SESSION_LIFE, type Sessions, type Throttle } from './sessions.ts'

export interface SessionDeps {
  readonly owners: Owners
  readonly sessions: Sessions
  readonly throttle: Throttle
  readonly now: () => number
  readonly log: Log
  /** The network address of whoever asks. */
  readonly addressOf: (c: Context) => string
}

/** `__Host-` ties the cookie to this very host, but browsers take it only over TLS. */
const cookieName = (c: Context): string => (isHttps(c) ? '__Host-converlay' : 'converlay')

const passphrase = z
  .string()
  .min(SHORTEST_PASSPHRASE, `Use at least ${SHORTEST_PASSPHRASE} characters.`)
  .max(LONGEST_PASSPHRASE, `Use at most ${LONGEST_PASSPHRASE} characters.`)

const sentence = <Schema extends z.ZodType>(schema: Schema) =>
  zValidator('json', schema, (result, c) =>
    result.success ? undefined : c.json({ error: result.error.issues[0]?.message ?? 'Cannot be read.' }, 400),
  )

/** Who is the owner, and is this browser the owner's: making the owner, signing in and out. */
export const sessionApi = ({ owners, sessions, throttle, now, log, addressOf }: SessionDeps) => {
  const signIn = (c: Context) =>
    setCookie(c, cookieName(c), sessions.open(now()), {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      secure: isHttps(c),
      maxAge: SESSION_LIFE / SECOND,
    })
  const wait = { error: 'Too many tries. Wait 15 minutes, then try again.' }

  return new Hono<OfShop>()
    .get('/', (c) => {
      // Whoever stands in Shopify's admin has signed in there.
      const embedded = c.get('onlyShop') !== undefined
      return c.json({
        owned: embedded || owners.exists(),
        signedIn: embedded || sessions.valid(getCookie(c, cookieName(c)), now()),
        https: isHttps(c),
        embedded,
      })
    })
    .post('/owner', sentence(z.object({ token: z.string().max(200), passphrase })), async (c) => {
      if (!throttle.admit(addressOf(c), now())) return c.json(wait, 429)
      const body = c.req.valid('json')
      const made = await owners.create(body.token, body.passphrase, now())
      if (made === 'exists') return c.json({ error: 'There is an owner already. Sign in with the passphrase.' }, 409)
      if (made === 'bad_token')
        return c.json(
          { error: 'This link was used or is older than 30 minutes. Restart Converlay for a new one.' },
          403,
        )
      throttle.clear(addressOf(c))
      log.info('owner created')
      signIn(c)
      return c.json({ signedIn: true }, 201)
    })
    .post('/', sentence(z.object({ passphrase: z.string().max(LONGEST_PASSPHRASE) })), async (c) => {
      if (!throttle.admit(addressOf(c), now())) {
        log.warn('sign-in throttled')
        return c.json(wait, 429)
      }
      if (!(await owners.matches(c.req.valid('json').passphrase))) {
        log.warn('sign-in refused')
        return c.json({ error: 'This is not the passphrase.' }, 403)
      }
      throttle.clear(addressOf(c))
      signIn(c)
      return c.json({ signedIn: true }, 200)
    })
    .delete('/', (c) => {
      sessions.end(getCookie(c, cookieName(c)))
      deleteCookie(c, cookieName(c), { path: '/', secure: isHttps(c) })
      return c.json({ signedIn: false }, 200)
    })
}

/** What the dashboard's client knows of signing in. */
export type SessionApi = ReturnType<typeof sessionApi>

/** Once there is an owner, only the owner's browsers are answered. */
export const signedIn = ({ owners, sessions, now }: Pick<SessionDeps, 'owners' | 'sessions' | 'now'>) =>
  createMiddleware(async (c, next) => {
    if (!owners.exists() || sessions.valid(getCookie(c, cookieName(c)), now())) return next()
    return c.json({ error: 'Sign in first.' }, 401)
  })
