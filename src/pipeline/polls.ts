import type { Verdict } from '../destinations/destination.ts'
import { OUTCOMES } from '../destinations/outcomes.ts'
import { together } from '../destinations/plan.ts'
import type { Poll } from '../store/store.ts'
import { authorizedSend } from './authorize.ts'
import { eventWait } from './backoff.ts'
import type { Outlet } from './outlet.ts'
import { type Prepared, prepare } from './prepare.ts'
import { type Result, settle } from './settle.ts'

/** Most jobs asked about in one pass. */
const LOOK = 20

/**
 * Asks what became of requests whose outcome the platform tells later, and settles what it says: what was `sent`
 * becomes delivered, rejected, or is sent again.
 */
export const deliverPolls = async (outlet: Outlet): Promise<void> => {
  const { runtime, shop, connection, destination } = outlet
  if (destination.poll === undefined) return
  const known = await runtime.store.polls(shop.shop, connection.id, LOOK)
  const due = known.filter((poll) => poll.due <= runtime.clock.now())
  for (const poll of due) await ask(outlet, poll)
  if (due.length > 0) runtime.wake.settled(shop.shop)
}

/** When the next job is to be asked about, ms since 1970. */
export const nextPoll = async ({ runtime, shop, connection, destination }: Outlet): Promise<number | undefined> =>
  destination.poll === undefined ? undefined : (await runtime.store.polls(shop.shop, connection.id, 1))[0]?.due

const ask = async (outlet: Outlet, poll: Poll): Promise<void> => {
  const { runtime, shop, connection, destination, settings } = outlet
  const polling = destination.poll
  if (polling === undefined) return
  const response = await authorizedSend(outlet)(polling.request(poll.job, settings))
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
    return
  }
  // What is wrong with the account is said where a person looks; the events stay sent.
  const account = told.find((verdict) => verdict?.outcome === 'unauthorized')
  if (account)
    await runtime.store.updateConnection(shop.shop, connection.id, {
      trouble: `${destination.name}: ${account.message}`,
    })
  const { outcomes: _, ...rest } = settle(await results(outlet, poll, told), [], [], now)
  await runtime.store.settle({ ...nothing, ...rest, polled: [poll.job] })
}

/** What the answer says of each event that is still counted as sent; one of several items speaks for its event. */
const results = async (
  { runtime, shop, connection }: Outlet,
  { seqs }: Poll,
  told: readonly (Verdict | undefined)[],
): Promise<readonly Result[]> => {
  const verdicts = new Map<number, Verdict>()
  for (const [place, seq] of seqs.entries()) {
    const verdict = told[place]
    const known = verdicts.get(seq)
    if (verdict) verdicts.set(seq, known ? together(known, verdict) : verdict)
  }
  const stored = await runtime.store.readSeqs(shop.shop, [...verdicts.keys()])
  const prepared = await prepare(runtime.store, shop, stored, runtime.clock.now())
  const made: Result[] = []
  for (const one of prepared) {
    const verdict = verdicts.get(one.seq)
    const [byte] = await runtime.store.ledger(shop.shop, connection.id, one.seq, one.seq)
    if (verdict && byte === SENT) made.push(...resultOf(one, verdict, runtime.clock))
  }
  return made
}

const SENT = OUTCOMES.sent

const resultOf = (
  { seq, name, receivedAt, event }: Prepared,
  verdict: Verdict,
  clock: Outlet['runtime']['clock'],
): readonly Result[] => {
  const base = { seq, name, receivedAt, event, was: 'sent' } as const
  switch (verdict.outcome) {
    case 'accepted':
      return [
        { ...base, outcome: 'delivered', ...(verdict.note === undefined ? {} : { note: verdict.note.slice(0, 200) }) },
      ]
    case 'rejected':
      return [{ ...base, outcome: 'rejected', code: verdict.code, message: verdict.message }]
    case 'retry':
    case 'singly': {
      const parked = { kind: 'retry', due: clock.now() + eventWait(1, undefined, clock.random()), tries: 1 } as const
      return [{ ...base, outcome: 'parked', parked, code: verdict.code }]
    }
    // The question was refused, not the event.
    case 'unauthorized':
      return []
  }
}
