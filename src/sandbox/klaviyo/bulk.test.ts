import { describe, expect, it } from 'vitest'
import { told } from '../kit/asking.ts'
import { ORDERED_PRODUCTS } from './examples.ts'
import {
  BULK,
  codes,
  EMAIL,
  event,
  expectRefused,
  group,
  job,
  klaviyo,
  NOW,
  named,
  refusalsOf,
  send,
} from './sending.ts'

const LIST = '/data/attributes/events-bulk-create/data'
const WHO = { email: EMAIL }
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => group(WHO, { unique_id: `a${n}` }, { unique_id: `b${n}` }))

describe('a bulk job that is refused with 400', () => {
  const inner = '/attributes/events/data'
  const ofGroup = (attributes: object) => job({ type: 'event-bulk-create', attributes })
  it.each<[string, unknown, string, string]>([
    ['no JSON', 'job', '', 'no JSON:API document'],
    ['a single event', event(), '/data/type', "'event' is not one of"],
    [
      'no job',
      { data: { type: 'event-bulk-create-job', attributes: {} } },
      '/data/attributes',
      "'events-bulk-create' is a",
    ],
    ['no group', job(), LIST, 'is too short'],
    ['a group without events', job(group(WHO)), `${LIST}/0/attributes/events/data`, 'is too short'],
    ['a group of another type', job({ ...group(WHO, {}), type: 'event' }), `${LIST}/0/type`, 'is not one of'],
    [
      'a group without a profile',
      ofGroup({ events: { data: [{}] } }),
      `${LIST}/0/attributes`,
      "'profile' is a required",
    ],
    ['an unknown key of a group', ofGroup({ ...group(WHO, {}).attributes, x: 1 }), `${LIST}/0/attributes`, "('x' was"],
    ['1,001 events', job(...many(500), group(WHO, { unique_id: 'one more' })), LIST, 'More than 1000 events'],
    [
      'a profile in an event',
      job(group(WHO, { profile: {} })),
      `${LIST}/0${inner}/0/attributes`,
      "('profile' was unexpected)",
    ],
    [
      'a profile with meta',
      job(group({ ...WHO, meta: {} }, {})),
      `${LIST}/0/attributes/profile/data/attributes`,
      "('meta' was unexpected)",
    ],
    ['nobody', job(group({}, {})), `${LIST}/0/attributes/profile/data/attributes`, 'A profile needs'],
    [
      'a national number in the fourth group',
      job(...many(3), group({ phone_number: '020 7946' }, {})),
      `${LIST}/3/attributes/profile/data/attributes/phone_number`,
      'E.164',
    ],
    [
      'a time that is none',
      job(group(WHO, {}, { unique_id: 'evt_2', time: 'now' })),
      `${LIST}/0${inner}/1/attributes/time`,
      'RFC 3339',
    ],
    [
      'a repeated unique_id',
      job(group(WHO, {}), group(WHO, {})),
      `${LIST}/1${inner}/0/attributes/unique_id`,
      'used before',
    ],
    [
      'a repeated unique_id of the same address in capitals',
      job(group(WHO, {}, { unique_id: 'evt_2' }), group({ email: EMAIL.toUpperCase(), external_id: '1' }, {})),
      `${LIST}/1${inner}/0/attributes/unique_id`,
      'used before',
    ],
  ])('%s', (_, body, pointer, words) => {
    const sandbox = klaviyo()
    expectRefused(send(sandbox, { path: BULK, body }), pointer, words)
    expect(sandbox.conversions()).toEqual([])
    expect(refusalsOf(sandbox)).toEqual([expect.objectContaining({ status: 400 })])
  })

  it('for every event that is to blame, each with its pointer; nothing of the others is taken', () => {
    const sandbox = klaviyo()
    const body = job(
      group(WHO, {}, { unique_id: 'evt_2', value: -1 }),
      group({ email: 'nobody' }, { unique_id: 'evt_3' }),
      group({ email: 'jane@example.com' }, { unique_id: 'evt_4' }),
    )
    const answer = send(sandbox, { path: BULK, body })
    expect(told(answer).errors.map(({ source }: { source: { pointer: string } }) => source.pointer)).toEqual([
      `${LIST}/0/attributes/events/data/1/attributes/value`,
      `${LIST}/1/attributes/profile/data/attributes/email`,
    ])
    expect(sandbox.conversions()).toEqual([])
    expect(refusalsOf(sandbox)).toMatchObject([{ eventId: 'evt_2' }, { eventId: 'evt_3' }])
  })

  it('when an earlier call brought one of its events, as after a timeout; one by one they are taken', () => {
    const sandbox = klaviyo()
    expect(send(sandbox, { path: BULK, body: ORDERED_PRODUCTS }).status).toBe(202)
    const again = send(sandbox, { path: BULK, body: ORDERED_PRODUCTS, at: NOW + 1000 })
    expect(codes(again)).toEqual([400, 'duplicate', `${LIST}/0/attributes/events/data/0/attributes/unique_id`])
    expect(sandbox.conversions()).toMatchObject([{ count: 1 }, { count: 1 }])

    send(sandbox, { body: event({ unique_id: 'single' }) })
    const body = job(group(WHO, { unique_id: 'fresh' }, { unique_id: 'single' }))
    expect(send(sandbox, { path: BULK, body, at: NOW + 1000 }).status).toBe(400)
    expect(send(sandbox, { body: event({ unique_id: 'fresh' }) }).status).toBe(202)
  })
})

describe('a bulk job that is accepted', () => {
  it('has 1,000 events', () => {
    const sandbox = klaviyo()
    expect(send(sandbox, { path: BULK, body: job(...many(500)) }).status).toBe(202)
    expect(sandbox.conversions()).toHaveLength(1000)
  })

  it('may repeat a unique_id for another profile or metric', () => {
    const sandbox = klaviyo()
    const body = job(group(WHO, {}, named('Created Account')), group({ email: 'jane@example.com' }, {}))
    expect(send(sandbox, { path: BULK, body }).status).toBe(202)
    expect(sandbox.conversions()).toHaveLength(3)
  })

  it('loses all but one event of a profile, metric and second without unique_id', () => {
    const sandbox = klaviyo()
    const own = { unique_id: undefined }
    const body = job(group(WHO, own, own, { ...own, time: '2026-11-22T11:58:00Z' }))
    expect(send(sandbox, { path: BULK, body }).status).toBe(202)
    expect(sandbox.conversions()).toMatchObject([{ count: 2 }, { count: 1 }])
  })

  it('may be a backfill as a whole or in part', () => {
    const sandbox = klaviyo()
    const { type, attributes } = group(WHO, {}, { unique_id: 'evt_2', backfill: false })
    send(sandbox, { path: BULK, body: job({ type, attributes: { ...attributes, backfill: true } }) })
    expect(sandbox.conversions()).toMatchObject([{ marks: ['backfill'] }, { marks: [] }])
  })
})
