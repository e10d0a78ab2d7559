import { type Answer, isOfTag, type Platform, type PlatformRequest } from '../platform.ts'
import type { Account, ReadAccount } from './accounts.ts'
import { adsManager } from './ads-manager.ts'
import { createConversions, type MatchedConversion, type MergeRule } from './conversions.ts'
import { createNewest } from './newest.ts'
import { createPeople, type Recognises } from './people.ts'
import type { Known, Reading, Refusal, SeenRequest, TagReading, TestedEvent } from './reading.ts'

/** What makes a platform: its addresses, its rules, and how it words its answers. */
export interface Described<A extends Account>
  extends Pick<Platform, 'slug' | 'name' | 'hosts' | 'browserPaths' | 'largestBody' | 'failing' | 'refuseAll'> {
  /** Those it has from the start, and after a reset. */
  readonly accounts: readonly A[]
  /** Reads an account told at /control/{slug}/accounts; one of a known id replaces it. */
  readonly readAccount: ReadAccount<A>
  readonly merging: MergeRule
  /** Its name of a purchase. */
  readonly purchase: string
  /** Fields of identifiers in the order of the page, with words for people. */
  readonly identifiers: readonly (readonly [field: string, label: string])[]
  readonly recognises: Recognises
  /** Reads a server's request and records nothing itself; undefined for a path the platform does not have. */
  readonly server: (request: PlatformRequest, known: Known<A>) => Reading | undefined
  /** The same for a request at one of the `browserPaths`. */
  readonly tag: (request: PlatformRequest, known: Known<A>) => TagReading | undefined
  /** For a path that it does not have. */
  readonly notFound: Answer
  /** Takes POST /control/{slug}/settings: a problem in words, or undefined. */
  readonly settings?: (body: unknown) => string | undefined
  /** Forgets what the platform's own functions remember: budgets, settings. */
  readonly reset?: () => void
  /** How many conversions are kept before the oldest are forgotten; 200,000 unless told. */
  readonly remember?: number | undefined
}

/** Of the raw requests the newest are kept, at most so many characters in all. */
const KEPT_REQUESTS = 64 * 1024 * 1024
const KEPT_NOTES = 1000

/** A platform of the sandbox: keeps what its readings say, and shows it. */
export const createPlatform = <A extends Account>(described: Described<A>): Platform => {
  let { accounts } = described
  const conversions = createConversions(described.merging, described.remember ?? 200_000)
  const people = createPeople(described.recognises)
  const requests = createNewest<SeenRequest>(KEPT_REQUESTS, ({ body, answer }) => body.length + answer.length)
  const refusals = createNewest<Refusal>(KEPT_NOTES)
  const tested = createNewest<TestedEvent>(KEPT_NOTES)
  let unknownTags = 0

  const known = (): Known<A> => ({ accounts, conversions: conversions.of })

  const answerServer = (request: PlatformRequest): Answer => {
    const reading = described.server(request, known())
    if (!reading) return described.notFound
    const { answer, account } = reading
    const at = new Date(request.now).toISOString()
    const query = request.query.toString()
    requests.add({
      at,
      account,
      method: request.method,
      url: query === '' ? request.path : `${request.path}?${query}`,
      body: request.body,
      status: answer.status,
      answer: String(answer.body),
    })
    for (const refused of reading.refused ?? []) refusals.add({ at, account, status: answer.status, ...refused })
    for (const one of reading.tested ?? []) tested.add({ at, account, ...one })
    for (const sighted of reading.sighted ?? [])
      conversions.record({ account, ...sighted, source: 'server', receivedAt: request.now })
    return answer
  }

  const answerTag = (request: PlatformRequest): Answer => {
    const reading = described.tag(request, known())
    if (!reading) return described.notFound
    for (const { tagId, sighted } of reading.hits ?? []) {
      const owner = accounts.find((account) => (account.tagId ?? account.id) === tagId)
      if (!owner) unknownTags++
      else if (sighted) conversions.record({ account: owner.id, ...sighted, source: 'tag', receivedAt: request.now })
    }
    return reading.answer
  }

  const ofAccount =
    <T extends { readonly account: string }>(entries: () => readonly T[]) =>
    (account?: string): readonly T[] =>
      entries().filter((entry) => account === undefined || entry.account === account)

  const matched = (account?: string): readonly MatchedConversion[] =>
    conversions.of(account).map((conversion) => ({ ...conversion, matched: people.matches(conversion) }))

  const requestsOf = ofAccount(requests.all)

  const queries: Readonly<Record<string, (account?: string) => unknown>> = {
    events: matched,
    requests: requestsOf,
    refusals: ofAccount(refusals.all),
    'test-events': ofAccount(tested.all),
    accounts: () => accounts.map(({ tokens, ...shown }) => shown),
  }

  const register = (body: unknown): string | undefined => {
    const account = described.readAccount(body, accounts)
    if (typeof account === 'string') return account
    accounts = [...accounts.filter(({ id }) => id !== account.id), account]
    return undefined
  }

  const { slug, name, hosts, browserPaths, largestBody, failing, refuseAll } = described
  return {
    slug,
    name,
    hosts,
    browserPaths,
    largestBody,
    failing,
    refuseAll,
    answer: (request) => (isOfTag(described, request) ? answerTag(request) : answerServer(request)),
    conversions: matched,
    requests: requestsOf,
    query: (list, params) => queries[list]?.(params.get('account') ?? undefined),
    tell: (what, body) => {
      if (what === 'people') return people.add(body)
      if (what === 'accounts') return register(body)
      if (what === 'settings' && described.settings) return described.settings(body)
      return `known names: people, accounts${described.settings ? ', settings' : ''}`
    },
    adsManager: (now) =>
      adsManager({
        platform: name,
        accounts,
        conversions: matched(),
        tested: tested.all(),
        refusals: refusals.all(),
        unknownTags,
        purchase: described.purchase,
        identifiers: described.identifiers,
        people: people.size,
        now,
      }),
    reset: () => {
      accounts = described.accounts
      conversions.reset()
      people.clear()
      requests.clear()
      refusals.clear()
      tested.clear()
      unknownTags = 0
      described.reset?.()
    },
  }
}
