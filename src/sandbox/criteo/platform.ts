import { hash } from 'node:crypto'
import { isObject, textAt } from '../../lib/json.ts'
import { createPlatform } from '../kit/create-platform.ts'
import { sha256 } from '../kit/people.ts'
import type { Known, Reading } from '../kit/reading.ts'
import type { Platform, PlatformRequest } from '../platform.ts'
import { DEFAULT_ACCOUNT, type Partner, readAccount } from './accounts.ts'
import { nothing, objectOf, readEvents } from './endpoint.ts'
import { readSync } from './gum.ts'
import { readMapped } from './mapped.ts'
import { isRedirect, REGIONAL, type Redirect, redirected } from './redirect.ts'
import { readTag } from './tag.ts'

export interface CriteoOptions {
  readonly accounts?: readonly Partner[]
  /** How many conversions are kept before the oldest are forgotten. */
  readonly remember?: number
}

/** Where browsers ask who they are. */
const GUM = 'gum.criteo.com'

type Read = (request: PlatformRequest, known: Known<Partner>) => Reading

const readOf = ({ host, path }: PlatformRequest): Read | undefined => {
  const isSecure = host.startsWith('sslwidget.')
  if (!isSecure && path === '/m/event') return readEvents
  return isSecure && (path === '/gtm/event' || path === '/fpm/event') ? readMapped : undefined
}

/** Whom a request that was sent on speaks for; it is not looked at otherwise. */
const accountOf = ({ method, query, body }: PlatformRequest): string => {
  const told = objectOf(method === 'GET' ? (query.get('data') ?? '') : body)
  return textAt(told, 'account') ?? textAt(told, 'partner_id') ?? ''
}

const normal = (email: string): string => email.trim().toLowerCase()
const md5 = (text: string): string => hash('md5', text, 'hex')

/**
 * Criteo: the Events API and the two paths of its tag manager templates, without authentication and without a word
 * about what came of an event. What the real platform would drop is answered 2xx here too, and kept among the refusals.
 */
export const createCriteo = (options: CriteoOptions = {}): Platform => {
  let redirect: Redirect = false
  return createPlatform<Partner>({
    slug: 'criteo',
    name: 'Criteo',
    hosts: [...[...REGIONAL].flat(), GUM],
    browserPaths: ['widget.criteo.com/event', 'sslwidget.criteo.com/event', `${GUM}/`],
    // None documented; the largest basket stays below it.
    largestBody: 1024 * 1024,
    accounts: options.accounts ?? [DEFAULT_ACCOUNT],
    readAccount,
    // A page-view id is said to merge server and OneTag, and an order id might; neither has a rule that one could count
    // on, so every repeat counts.
    merging: { key: () => undefined },
    purchase: 'trackTransaction',
    identifiers: [
      ['mapped_user_id', 'GUM id'],
      ['first_party_id', 'First-party id'],
      ['md5', 'Email (MD5)'],
      ['sha256', 'Email (SHA-256)'],
      ['sha256_md5', 'Email (SHA-256 of MD5)'],
      ['customer_id', 'Customer id'],
      ['retailer_visitor_id', 'Visitor id'],
      ['ip', 'IP address'],
      ['useragent', 'User agent'],
    ],
    recognises: {
      md5: ({ email }) => email && md5(normal(email)),
      sha256: ({ email }) => email && sha256(normal(email)),
      sha256_md5: ({ email }) => email && sha256(md5(normal(email))),
    },
    server: (request, known) => {
      const read = readOf(request)
      if (!read) return undefined
      const away = redirected(request, redirect)
      return away ? { answer: away, account: accountOf(request) } : read(request, known)
    },
    tag: (request) => (request.host === GUM ? readSync(request) : readTag(request)),
    notFound: nothing(404),
    failing: (status) => nothing(status),
    refuseAll: () => nothing(200),
    settings: (body) => {
      const told = isObject(body) ? body.redirect : undefined
      if (!isRedirect(told)) return 'redirect must be true, false, "elsewhere" or "loop"'
      redirect = told
      return undefined
    },
    reset: () => {
      redirect = false
    },
    remember: options.remember,
  })
}
