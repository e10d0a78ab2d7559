import { describe, expect, it } from 'vitest'
import { DAY } from '../../lib/duration.ts'
import { ask } from '../kit/asking.ts'
import { PLACED_ORDER } from './examples.ts'
import { createKlaviyo } from './platform.ts'
import { browser, codes, EMAIL, event, klaviyo, NOW, named, OTHER, OTHER_KEY, profile, send } from './sending.ts'

const bought = (over: Readonly<Record<string, unknown>> = {}) =>
  event({ ...named('Placed Order'), value: 84.9, ...over })

describe('the browser’s call', () => {
  it('tells the same as a server’s, with the public site id instead of a key', () => {
    const sandbox = klaviyo()
    const answer = browser(sandbox, PLACED_ORDER)
    expect([answer.status, answer.body, answer.headers['access-control-allow-origin']]).toEqual([202, '', '*'])
    expect(sandbox.conversions()).toMatchObject([
      { account: 'NrthFn', name: 'Placed Order', value: '84.9', sources: { tag: 1, server: 0 } },
    ])
  })

  it('is asked for by a browser first', () => {
    const url = 'https://a.klaviyo.com/client/events?company_id=NrthFn'
    const answer = ask(klaviyo(), { method: 'OPTIONS', url, at: NOW })
    expect([answer.status, answer.headers['access-control-allow-headers']]).toEqual([
      204,
      'content-type, accept, revision',
    ])
  })

  it.each<[string, unknown, Parameters<typeof browser>[2], readonly unknown[]]>([
    ['an unknown site id', event(), { siteId: 'Nobody' }, [400, 'invalid', 'company_id']],
    ['no revision', event(), { over: { revision: '' } }, [400, 'invalid', undefined]],
    [
      'plain JSON',
      event(),
      { over: { 'content-type': 'application/json' } },
      [415, 'unsupported_media_type', undefined],
    ],
    ['a bad time', event({ time: 'now' }), {}, [400, 'invalid', '/data/attributes/time']],
    ['a backfill', event({ backfill: true }), {}, [400, 'invalid', '/data/attributes']],
    ['nothing', undefined, {}, [405, 'method_not_allowed', undefined]],
  ])('refused: %s', (_, body, over, expected) => {
    const sandbox = klaviyo()
    expect(codes(browser(sandbox, body, over))).toEqual(expected)
    expect(sandbox.conversions()).toEqual([])
  })

  it('names a site nobody has, another path, a junk profile: none of them counts', () => {
    const sandbox = klaviyo()
    browser(sandbox, event(), { siteId: 'Nobody' })
    browser(sandbox, event({ profile: profile({ email: `${'a'.repeat(64)}@example.com` }) }))
    expect(ask(sandbox, { url: 'https://a.klaviyo.com/client/profiles', body: {}, at: NOW }).status).toBe(404)
    expect(sandbox.conversions()).toEqual([])
    expect(sandbox.adsManager(NOW)).toContain('1 tag hit named a tag that no account owns')
  })

  it('is throttled, too', () => {
    const sandbox = createKlaviyo({ rates: { client: { burst: 1, steady: 5 } } })
    expect([browser(sandbox, event()).status, browser(sandbox, event()).status]).toEqual([202, 429])
    expect(sandbox.conversions()).toMatchObject([{ count: 1 }])
  })
})

describe('one event of profile, metric and unique_id', () => {
  it('first browser, then server: the first processed one wins', () => {
    const sandbox = klaviyo()
    browser(sandbox, bought())
    expect(send(sandbox, { body: bought({ value: 90 }), at: NOW + 30 * DAY }).status).toBe(202)
    expect(sandbox.conversions()).toMatchObject([{ value: '84.9', sources: { tag: 1, server: 1 }, merged: true }])
  })

  it('first server, then browser', () => {
    const sandbox = klaviyo()
    send(sandbox, { body: bought() })
    browser(sandbox, bought({ value: 90 }))
    expect(sandbox.conversions()).toMatchObject([{ value: '84.9', merged: true }])
  })

  it('a replay of the placed order is accepted and remains one event', () => {
    const sandbox = klaviyo()
    const answers = [NOW, NOW + 365 * DAY].map((at) => send(sandbox, { body: PLACED_ORDER, at }).status)
    expect(answers).toEqual([202, 202])
    expect(sandbox.conversions()).toMatchObject([{ sources: { tag: 0, server: 2 }, count: 2 }])
  })

  it('the same address in capitals', () => {
    const sandbox = klaviyo()
    send(sandbox, { body: bought() })
    send(sandbox, { body: bought({ profile: profile({ email: EMAIL.toUpperCase() }) }) })
    expect(sandbox.conversions()).toHaveLength(1)
  })

  it('several lines of an order in one second need ids of their own', () => {
    const sandbox = klaviyo()
    for (let line = 0; line < 5; line++)
      send(sandbox, { body: event({ ...named('Ordered Product'), unique_id: undefined }) })
    for (let line = 0; line < 5; line++)
      send(sandbox, { body: event({ ...named('Ordered Product'), unique_id: `o:${line}` }) })
    expect(sandbox.conversions().map(({ count }) => count)).toEqual([5, 1, 1, 1, 1, 1])
  })

  it.each<[string, object]>([
    ['another unique_id', bought({ unique_id: 'evt_2' })],
    ['another metric', bought(named('Ordered Product'))],
    ['another profile', bought({ profile: profile({ email: 'jane@example.com' }) })],
    ['an external id alone', bought({ profile: profile({ external_id: '7654321' }) })],
    ['$event_id instead of unique_id', bought({ unique_id: undefined, properties: { $event_id: 'evt_1' } })],
  ])('counts twice: %s', (_, second) => {
    const sandbox = klaviyo()
    send(sandbox, { body: bought() })
    expect(browser(sandbox, second).status).toBe(202)
    expect(sandbox.conversions()).toHaveLength(2)
  })

  it('never merges without unique_id from one second to the next', () => {
    const sandbox = klaviyo()
    const body = event({ unique_id: undefined, time: undefined })
    for (const later of [0, 999, 1000]) send(sandbox, { body, at: NOW + later })
    expect(sandbox.conversions()).toMatchObject([{ count: 2 }, { count: 1 }])
  })

  it('never merges what another account received', () => {
    const sandbox = klaviyo()
    send(sandbox, { body: bought() })
    send(sandbox, { body: bought(), headers: { authorization: `Klaviyo-API-Key ${OTHER_KEY}` } })
    expect(sandbox.conversions()).toHaveLength(2)
    expect(sandbox.conversions(OTHER)).toHaveLength(1)
  })
})
