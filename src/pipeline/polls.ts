import type { Verdict } from '../destinations/destination.ts'
import { isSkip } from '../destinations/destination.ts'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { together } from '../destinations/plan.ts'
import type { Poll } from '../store/poll.ts'
import { authorizedSend } from './authorize.ts'
import { dueAt, eventWait } from './backoff.ts'
import { redacted } from './exchange.ts'
import { hearQuota, type Quota, quotaOf } from './limiter.ts'
import { countResults } from './metered.ts'
import type { Outlet } from './outlet.ts'
import { type Prepared, prepare } from './prepare.ts'
import { type Result, settle } from './settle.ts'

/** Most jobs asked about in one pass: the connection's events wait meanwhile. */
const LOOK = 5

/**
 * Asks what became of requests whose outcome the platform tells later, and settles what it says: what was `sent`
 * becomes delivered, rejected, or is sent again. Returns when to come again.
 */
export const askJobs = async (outlet: Outlet): Promise<number | undefined> => {
  const { runtime, shop, connection, destination } = outlet
  if (destination.poll === undefined) return undefined
  const known = await runtime.store.polls(shop.shop, connection.id, LOOK)
  const quota = quotaOf(outlet, destination.limits.rate)
  let asked = false
  let wait = 0
  for (const poll of known) {
    const now = runtime.clock.now()
    if (dueAt(poll.due, now) > now) break
    // A question is a request like any other.
    wait = await runtime.limiter.turn(quota)
    if (wait > 0) break
    asked = true
    // Who does not answer about one job will not about the next; it is asked about again at its time.
    if (!(await ask(outlet, poll, quota))) break
  }
  if (!asked) return wait > 0 ? runtime.clock.now() + wait : known[0]?.due
  runtime.wake.settled(shop.shop)
  // What is to be sent again was parked just now.
  return runtime.clock.now() + 1
}

/** Whether there was an answer. */
const ask = async (outlet: Outlet, poll: Poll, quota: Quota): Promise<boolean> => {
  const { runtime, shop, connection, destination, settings } = outlet
  const polling = destination.poll
  if (polling === undefined) return false
  const response = await authorizedSend(outlet)(polling.request(poll.job, settings))
  if (response.withheld) return false
  hearQuota(outlet, quota, response)
  const now = runtime.clock.now()
  const told = polling.read(response, poll.seqs.length)
  const nothing = {
    shop: shop.shop,
    connection: connection.id,
    park: [],
    overwrite: [],
    attempts: [],
    rollups: [],
    joined: [],
  }
  if (told === 'pending') {
    const tries = poll.tries + 1
    const over = now >= poll.sentAt + polling.stop
    const due = now + Math.min(polling.longest, polling.first * polling.factor ** tries)
    await runtime.store.settle(
      over ? { ...nothing, polled: [poll.job] } : { ...nothing, polls: [{ ...poll, due, tries }] },
    )
    return response.status !== 0
  }
  const verdicts = told.map((verdict) => verdict && redacted(verdict))
  // What is wrong with the account is said where a person looks, beside the events that it cost.
  const account = verdicts.find((verdict) => verdict?.outcome === 'unauthorized')
  if (account)
    await runtime.store.updateConnection(shop.shop, connection.id, {
      trouble: `${destination.name}: ${account.message}`,
    })
  const made = await results(outlet, poll, verdicts)
  const rest = settle(made, [], [], now, destination.slug)
  await runtime.store.settle({ ...nothing, ...rest, polled: [poll.job] })
  countResults(outlet, made, undefined)
  return true
}

/** What the answer says of each event that is still counted as sent; one of several items speaks for its event. */
const results = async (
  outlet: Outlet,
  poll: Poll,
  told: readonly (Verdict | undefined)[],
): Promise<readonly Result[]> => {
  const { runtime, shop, connection } = outlet
  const verdicts = new Map<number, Verdict>()
  for (const [place, seq] of poll.seqs.entries()) {
    const verdict = told[place]
    const known = verdicts.get(seq)
    if (verdict && seq > 0) verdicts.set(seq, known ? together(known, verdict) : verdict)
  }
  const stored = await runtime.store.readSeqs(shop.shop, [...verdicts.keys()])
  const prepared = await prepare(runtime.store, shop, stored, runtime.clock.now(), runtime.catalogue)
  const made: Result[] = []
  for (const one of prepared) {
    const verdict = verdicts.get(one.seq)
    const [byte] = await runtime.store.ledger(shop.shop, connection.id, one.seq, one.seq)
    if (verdict && byte === SENT) made.push(resultOf(outlet, poll, one, verdict))
  }
  return made
}

const SENT = OUTCOMES.sent

const resultOf = (outlet: Outlet, poll: Poll, prepared: Prepared, verdict: Verdict): Result => {
  const { clock } = outlet.runtime
  const { seq, name, receivedAt, event } = prepared
  const base = { seq, name, receivedAt, event, was: 'sent' } as const
  switch (verdict.outcome) {
    case 'accepted':
      return {
        ...base,
        outcome: 'delivered',
        // Counted now, where it is known that it arrived, with the moment at which it was taken.
        takenAt: poll.sentAt,
        carried: carriedBy(outlet, prepared),
        ...(verdict.note === undefined ? {} : { note: verdict.note.slice(0, 200) }),
      }
    case 'rejected':
    case 'unauthorized':
      return { ...base, outcome: 'rejected', code: verdict.code, message: verdict.message }
    case 'retry':
    case 'singly': {
      const tries = poll.sendings
      const parked = { kind: 'retry', due: clock.now() + eventWait(tries, undefined, clock.random()), tries } as const
      return { ...base, outcome: 'parked', parked, code: verdict.code }
    }
  }
}

/** The identifiers that its items carry, made once more. */
const carriedBy = ({ runtime, destination, settings }: Outlet, { event }: Prepared): readonly string[] => {
  if (!event) return []
  const now = new Date(runtime.clock.now())
  const items = destination.toItems(event, settings, { limited: false, backfill: false, test: false, now })
  return isSkip(items) ? [] : [...new Set(items.flatMap((item) => destination.carries(item)))]
}
