import { hash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { pinterest } from '../destinations/pinterest/pinterest.ts'
import { judged, NOW, order, reply, type SentEvent, type Small, seenByPixel, smallWorld } from './double.ts'
import { exchange, type Sendable } from './exchange.ts'

let world: Small
beforeEach(async () => {
  world = await smallWorld()
})

/** Page views numbered from 1, as the lane would send them. */
const sendables = (count: number): Sendable[] =>
  Array.from({ length: count }, (_, place) => {
    const seq = place + 1
    const event = seenByPixel({ id: `sh-${String(seq).padStart(6, '0')}` })
    const how = { limited: false, backfill: false, test: false, now: new Date(NOW) }
    const items = pinterest.toItems(event, world.settings, how)
    if ('skip' in items) throw new Error(items.skip)
    const prepared = {
      seq,
      name: event.name,
      receivedAt: NOW,
      subject: 'phone',
      event,
      visitKnown: true,
      sentBefore: false,
    }
    return { index: seq, items, prepared }
  })

const send = (entries: readonly Sendable[], singly = false) => exchange(world.outlet, entries, { singly, retry: false })

const outcomes = ({ fates }: Awaited<ReturnType<typeof exchange>>) => {
  const counted: Record<string, number> = {}
  for (const { outcome } of fates.values()) counted[outcome] = (counted[outcome] ?? 0) + 1
  return counted
}
const idOf = (seq: number) => `sh-${String(seq).padStart(6, '0')}`
const refusing =
  (...seqs: readonly number[]) =>
  (events: readonly SentEvent[]) =>
    events.some((one) => seqs.some((seq) => one.event_id === idOf(seq)))
      ? reply(400, { code: 4196, message: 'Invalid request: bad' })
      : judged(events)

describe('a batch that is refused without saying who is to blame', () => {
  it.each([1, 2, 500, 501, 999, 1000])(
    'event %i of 1,000 is found within 21 requests and the 999 others are delivered',
    async (bad) => {
      world.platform.answer = refusing(bad)
      const round = await send(sendables(1000))
      expect(outcomes(round)).toEqual({ accepted: 999, rejected: 1 })
      expect(round.fates.get(bad)).toEqual({
        outcome: 'rejected',
        code: '4196',
        message: 'Invalid request: bad',
      })
      expect(world.platform.requests.length).toBeLessThanOrEqual(21)
    },
  )

  it('two bad events are found as well', async () => {
    world.platform.answer = refusing(10, 990)
    expect(outcomes(await send(sendables(1000)))).toEqual({ accepted: 998, rejected: 2 })
  })

  it('where many are bad the search ends after 64 further requests; the rest is left, to be sent singly', async () => {
    world.platform.answer = refusing(...Array.from({ length: 40 }, (_, place) => place * 25 + 1))
    const round = await send(sendables(1000))
    expect(world.platform.requests).toHaveLength(65)
    expect(Object.keys(outcomes(round)).sort()).toEqual(['accepted', 'left', 'rejected'])
    expect(round.fates.size).toBe(1000)
  })

  it('where more than a tenth are bad the search ends at once', async () => {
    world.platform.answer = refusing(1, 3, 5, 7, 9, 11, 13)
    expect(outcomes(await send(sendables(40)))).toEqual({ accepted: 5, left: 29, rejected: 6 })
  })

  it('where all are bad it is no event’s fault: five are blamed, and the others of their kind wait', async () => {
    world.platform.answer = () => reply(400, { code: 4196, message: 'bad' })
    const round = await send(sendables(1000))
    expect(outcomes(round)).toEqual({ rejected: 5, retry: 995 })
    expect(world.platform.requests.length).toBeLessThanOrEqual(21)
    expect([...round.fates.values()].find(({ outcome }) => outcome === 'retry')).toMatchObject({ code: '4196' })
  })

  it('and so are those that travel singly', async () => {
    world.platform.answer = () => reply(400, { code: 4196, message: 'bad' })
    const { rejected = 0, retry = 0 } = outcomes(await send(sendables(40), true))
    // Two are under way at once.
    expect(rejected).toBeLessThanOrEqual(6)
    expect(rejected + retry).toBe(40)
  })

  it('an event that is larger than a request may be is not sent, and costs the others nothing', async () => {
    const [first, second, third] = sendables(3)
    if (!first || !second || !third) expect.fail('no events')
    const large = { ...(second.items[0] as object), padding: 'x'.repeat(pinterest.limits.bytes) }
    const round = await send([first, { ...second, items: [large] }, third])
    expect(outcomes(round)).toEqual({ accepted: 2, too_large: 1 })
    expect(world.platform.requests.map(({ events }) => events.length)).toEqual([1, 1])
  })

  it('singly, every event has a request of its own', async () => {
    world.platform.answer = refusing(2)
    expect(outcomes(await send(sendables(3), true))).toEqual({ accepted: 2, rejected: 1 })
    expect(world.platform.requests.map(({ events }) => events.length)).toEqual([1, 1, 1])
  })
})

describe('an answer for the whole request', () => {
  it.each([
    [
      'no answer',
      { status: 0, headers: {}, body: '', problem: 'the connection was refused', ambiguous: false },
      { code: 'no_answer', message: 'the connection was refused', unauthorized: false, ambiguous: false },
    ],
    [
      'a broken connection',
      { status: 0, headers: {}, body: '', problem: 'it broke', ambiguous: true },
      { code: 'no_answer', message: 'it broke', unauthorized: false, ambiguous: true },
    ],
    [
      '429 with Retry-After',
      reply(429, { code: 7, message: 'slow down' }, { 'retry-after': '7' }),
      { code: '7', message: 'slow down', unauthorized: false, ambiguous: false, after: 7000 },
    ],
    ['503', reply(503, 'busy'), { code: 'http_503', message: 'answered 503', unauthorized: false, ambiguous: false }],
    [
      '200 with a page for people',
      reply(200, '<html>sign in</html>'),
      { code: 'unreadable_answer', unauthorized: false, ambiguous: true },
    ],
    [
      '401',
      reply(401, { code: 2, message: 'Authentication failed.' }),
      { code: '2', message: 'Authentication failed.', unauthorized: true, ambiguous: false },
    ],
  ])('%s blames no event', async (_, answer, told) => {
    world.platform.answer = () => answer
    const round = await send(sendables(3))
    expect(round.fates.size).toBe(3)
    for (const fate of round.fates.values()) expect(fate).toMatchObject({ outcome: 'failed', ...told })
  })

  it('stops further requests: what was not sent has no fate', async () => {
    world.platform.answer = () => reply(500, 'down')
    const round = await send(sendables(5000))
    expect(world.platform.requests.length).toBeLessThanOrEqual(pinterest.limits.inFlight)
    expect(round.fates.size).toBe(world.platform.requests.length * 1000)
  })

  it('in the middle of a search stops the search: nobody is blamed for it', async () => {
    world.platform.answer = (events) => (events.length > 100 ? refusing(7)(events) : reply(503, 'down'))
    const round = await send(sendables(400))
    expect(outcomes(round)).toEqual({ failed: 100 })
    expect(world.platform.requests.map(({ events }) => events.length)).toEqual([400, 200, 100])
  })
})

describe('an answer for each event', () => {
  const old = 'Invalid event_timestamp: 1 is more than 7 days ago'
  const second = (one: SentEvent) => (one.event_id === idOf(2) ? old : undefined)

  it('200 with good and bad: each has its own fate, in one request', async () => {
    world.platform.answer = (events) => judged(events, second)
    const round = await send(sendables(3))
    expect([...round.fates]).toEqual([
      [1, { outcome: 'accepted' }],
      [2, { outcome: 'rejected', code: 'event_failed', message: old }],
      [3, { outcome: 'accepted' }],
    ])
    expect(world.platform.requests).toHaveLength(1)
  })

  it('422 with details: the same, with the platform’s code', async () => {
    world.platform.answer = (events) =>
      reply(422, { code: 953, message: 'Invalid event data.', details: JSON.parse(judged(events, second).body) })
    const round = await send(sendables(3))
    expect(round.fates.get(1)).toEqual({ outcome: 'accepted' })
    expect(round.fates.get(2)).toEqual({ outcome: 'rejected', code: '953', message: old })
    expect(world.platform.requests).toHaveLength(1)
  })

  it('422 without details: the event is searched for', async () => {
    world.platform.answer = (events) =>
      events.some((one) => second(one)) ? reply(422, { code: 953, message: 'Invalid event data.' }) : judged(events)
    expect(outcomes(await send(sendables(4)))).toEqual({ accepted: 3, rejected: 1 })
  })

  it('an event whose items travelled in several requests is delivered when all of them are', async () => {
    const [first, other] = sendables(2)
    if (!first || !other) expect.fail('no events')
    world.platform.answer = (events) => judged(events, second)
    const round = await send([{ ...first, items: [...first.items, ...other.items] }], true)
    expect(world.platform.requests).toHaveLength(2)
    expect(round.fates.get(1)?.outcome).toBe('rejected')
  })
})

describe('an attempt', () => {
  it('holds which numbers went, how many were taken, the body’s hash and size, and the answer without secrets', async () => {
    const refusal = 'Invalid em of maya@example.com for Bearer pina_test_token'
    world.platform.answer = (events) => judged(events, (one) => (one.event_id === idOf(2) ? refusal : undefined))
    const { attempts } = await send(sendables(3))
    const body = world.platform.requests[0]?.request.body ?? ''
    expect(attempts).toHaveLength(1)
    expect(attempts[0]).toMatchObject({
      at: NOW,
      ms: 0,
      from: 1,
      to: 3,
      seqs: [1, 2, 3],
      accepted: 2,
      refused: 1,
      status: 200,
      bodyHash: hash('sha256', body, 'hex'),
      bytes: Buffer.byteLength(body),
      carriesOrder: false,
      settingsVersion: 1,
      revision: pinterest.revision,
    })
    expect(attempts[0]?.answer).toContain('Invalid em of <email> for Bearer <secret>')
  })

  it('is kept for every request of a search, and says in words when no answer came', async () => {
    world.platform.answer = refusing(1)
    expect((await send(sendables(2))).attempts.map(({ seqs, status }) => [seqs, status])).toEqual([
      [[1, 2], 400],
      [[1], 400],
      [[2], 200],
    ])
    world.platform.answer = () => ({ status: 0, headers: {}, body: '', problem: 'the connection was refused' })
    expect((await send(sendables(1))).attempts[0]).toMatchObject({ status: 0, answer: 'the connection was refused' })
  })

  it('says whether it carried an order', async () => {
    const [one] = sendables(1)
    if (!one) expect.fail('no event')
    const { attempts } = await send([{ ...one, prepared: { ...one.prepared, event: order() } }])
    expect(attempts[0]?.carriesOrder).toBe(true)
  })
})
