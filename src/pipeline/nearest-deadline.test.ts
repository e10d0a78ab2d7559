import { describe, expect, it } from 'vitest'
import { meta } from '../destinations/meta/meta.ts'
import { DAY, HOUR } from '../lib/duration.ts'
import type { ConnectionId, Lane } from '../store/store.ts'
import { NOW, order, seenByPixel } from './double.ts'
import { nearestDeadline } from './nearest-deadline.ts'
import type { Feed } from './view.ts'

const lane = (position: number): Lane => ({
  connection: 1 as ConnectionId,
  lane: position,
  kind: 'backlog',
  from: 1,
  to: 99,
  position,
  due: 0,
  tries: 0,
})

/** A log whose events happened so long ago, by their number; undefined: the body is gone. */
const feedOf = (events: Readonly<Record<number, ReturnType<typeof order> | undefined>>): Pick<Feed, 'after'> => ({
  after: async (after) => {
    const event = events[after + 1]
    const { name = 'page_viewed' } = event ?? {}
    return [{ seq: after + 1, name, receivedAt: NOW, subject: 's', event, visitKnown: true, sentBefore: false }]
  },
})
const ago = (ms: number) => ({ occurredAt: new Date(NOW - ms).toISOString() })
const first = async (events: Parameters<typeof feedOf>[0]) =>
  (
    await nearestDeadline(
      { destination: meta },
      Object.keys(events).map((seq) => lane(Number(seq) - 1)),
      feedOf(events),
    )
  )?.position

const unread: Pick<Feed, 'after'> = { after: () => expect.fail('read for nothing') }

describe('of the lanes that catch up goes first', () => {
  it('the one whose next event the platform is the first to refuse for its age', async () => {
    expect(await first({ 10: seenByPixel(ago(HOUR)), 50: seenByPixel(ago(6 * DAY)) })).toBe(49)
  })

  it('which is not the oldest, where some may be older than others', async () => {
    const till = order({ ...ago(20 * DAY), commerce: { channel: 'pos' } })
    expect(await first({ 10: till, 50: seenByPixel(ago(DAY)) })).toBe(49)
  })

  it('one that has nothing to send, because that is soon done', async () => {
    expect(await first({ 10: seenByPixel(ago(DAY)), 50: undefined })).toBe(49)
  })

  it('the only one', async () => {
    expect(await nearestDeadline({ destination: meta }, [lane(3)], unread)).toMatchObject({
      position: 3,
    })
    expect(await nearestDeadline({ destination: meta }, [], unread)).toBeUndefined()
  })
})
