import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../event/event.ts'
import { IDENTITY_FIELDS, type Identity } from '../event/identity.ts'
import { EVENT_NAMES } from '../event/names.ts'
import { MINUTE } from '../lib/duration.ts'
import type { HttpRequest } from '../lib/http.ts'
import { anyEvent } from './any-event.ts'
import type { CommonSettings } from './common-settings.ts'
import { astray, canary, deepFrozen, emptyPlaces, leaves, NOT_THE_EVENTS_FAULT, ODD_ANSWERS } from './contract-cases.ts'
import { formOf, isSentInClear } from './contract-forms.ts'
import { describeTesting } from './contract-testing.ts'
import type { Destination, How } from './destination.ts'
import { isSkip, type Packing, TOKEN } from './destination.ts'
import { type EventExample, type Examples, exampleAnswer } from './examples.ts'
import { mapEvent, planRequests } from './plan.ts'
import { secretSettings, settingsSchema } from './settings-schema.ts'
import { toldId } from './told.ts'
import { transactionIdOf } from './transaction-id.ts'

const LATEST = Date.parse('2026-11-22T10:00:00Z')
const live: How = { limited: false, backfill: false, test: false, now: new Date(LATEST) }
const together = { singly: false, test: false, now: live.now }

/** The promises that every destination keeps, checked over its own examples, over invented events and over odd answers. */
export const describeDestination = (destination: Destination, examples: Examples): void => {
  const settingsWith = (change: Readonly<Record<string, unknown>> = {}): CommonSettings =>
    destination.settings.parse({ ...examples.settings, ...change })
  const settings = settingsWith()
  const howOf = ({ event, how }: EventExample): How => ({
    ...live,
    now: new Date(Date.parse(event.occurredAt) + MINUTE),
    ...how,
  })
  const map = (event: Event, how: How = live): readonly unknown[] => {
    const mapped = mapEvent(destination, settings, event, how)
    return 'skip' in mapped ? [] : mapped.items
  }
  const exampleItems = examples.events.flatMap((example) => {
    const items = destination.toItems(example.event, settingsWith(example.settings), howOf(example))
    return isSkip(items) ? [] : items
  })
  const requestsOf = (items: readonly unknown[], how: Packing = together) =>
    planRequests(
      destination,
      settings,
      items.map((item, index) => ({ index, items: [item] })),
      how,
    )
  const answerTo = (count: number, response: Parameters<Destination['readResponse']>[0]) =>
    destination.readResponse(response, new Array(count).fill(undefined))
  /** Every request there is but the one for a token, whose body holds the credentials. */
  const allRequests = (): readonly HttpRequest[] => [
    ...requestsOf(exampleItems).map(({ request }) => request),
    ...destination.verify(settings, live.now).requests,
    ...(destination.poll ? [destination.poll.request('job-1', settings)] : []),
  ]
  const secrets = secretSettings(destination.settings).flatMap((field) => leaves(examples.settings[field]))
  const { bulk } = destination.limits
  const packings: readonly Packing[] = [together, ...(bulk ? [{ ...together, bulk: true }] : [])]

  describe(`${destination.name} (${destination.slug})`, () => {
    describe('by example', () => {
      it.each(examples.events.map((example) => [example.title, example] as const))('%s', (_, example) => {
        const items = destination.toItems(example.event, settingsWith(example.settings), howOf(example))
        expect(items).toEqual(example.gives)
      })
      it.each(examples.answers.map((answer) => [answer.title, answer] as const))('%s', (_, { response, verdicts }) => {
        expect(answerTo(verdicts.length, response)).toEqual(verdicts)
      })
      it.each(examples.verifications.map((one) => [one.title, one] as const))(
        'verify: %s',
        (_, { responses, outcome }) => {
          const read = destination.readVerify(responses)
          expect(read.outcome).toBe(outcome)
          expect(read.message).toMatch(/^[A-Z].*\.$/s)
        },
      )
      it.each((examples.tokens ?? []).map((one) => [one.title, one] as const))(
        'token: %s',
        (_, { response, gives }) => {
          expect(destination.token?.read(response, live.now)).toMatchObject(gives)
        },
      )
      it.each((examples.polls ?? []).map((one) => [one.title, one] as const))(
        'later: %s',
        (_, { response, items, gives }) => {
          expect(destination.poll?.read(response, items)).toEqual(gives)
        },
      )
    })

    it('answers for every event name, with a name or with null and the reason', () => {
      expect(Object.keys(destination.accepts).sort()).toEqual([...EVENT_NAMES].sort())
      for (const name of EVENT_NAMES) {
        if (destination.accepts[name] === null) expect(destination.declines[name], name).toMatch(/^[A-Z].*\.$/s)
        else expect(destination.declines[name], name).toBeUndefined()
      }
    })

    it('skips what it does not accept as not_accepted and maps at least one example of everything else', () => {
      const shown = new Set(examples.events.filter(({ gives }) => Array.isArray(gives)).map(({ event }) => event.name))
      for (const name of EVENT_NAMES) {
        if (destination.accepts[name] !== null) expect(shown, `an example of ${name}`).toContain(name)
      }
      fc.assert(
        fc.property(anyEvent, (event) => {
          if (destination.accepts[event.name] !== null) return
          expect(mapEvent(destination, settings, event, live)).toEqual({ skip: 'not_accepted' })
        }),
      )
    })

    it('refuses empty settings, and draws a form in which every field has a label and every credential is a secret', () => {
      expect(destination.settings.safeParse({}).success).toBe(false)
      for (const [name, field] of Object.entries(settingsSchema(destination.settings).fields)) {
        expect(field, name).toMatchObject({ label: expect.stringMatching(/\S/) })
        if (/token|secret|password|key$|credential/i.test(name)) expect(field, name).toMatchObject({ secret: true })
      }
    })

    it('maps any event without throwing, without null, NaN, undefined or empty text, and never the hash of nothing', () => {
      fc.assert(
        fc.property(anyEvent, fc.boolean(), (event, limited) => {
          const items = map(event, { ...live, limited })
          for (const item of items) expect(emptyPlaces(item)).toEqual([])
          expect(JSON.stringify(items)).not.toContain(
            'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
          )
        }),
        { numRuns: 500 },
      )
    })

    it('leaves the event as it was', () => {
      fc.assert(
        fc.property(anyEvent, (event) => {
          map(deepFrozen(event))
        }),
      )
    })

    it('gives the same item a year later: nothing in it but the event, the settings and the mode', () => {
      const later = { ...live, now: new Date(LATEST + 365 * 24 * 60 * MINUTE) }
      fc.assert(
        fc.property(anyEvent, (event) => {
          expect(map(event, later)).toEqual(map(event))
        }),
      )
    })

    it('sends the id by which the platform merges repeats', () => {
      for (const example of examples.events) {
        const { event, gives } = example
        const merging = destination.dedup(event.name)
        if (!Array.isArray(gives) || merging === undefined) continue
        // In the body or a header; a value of either begins with it.
        const requests = requestsOf([...gives]).map(({ request }) => JSON.stringify([request.headers, request.body]))
        const id =
          merging.by === 'event' ? toldId(event) : transactionIdOf(event.commerce, settingsWith(example.settings))
        expect(id, example.title).toBeDefined()
        for (const request of requests) expect(request, example.title).toContain(`"${id}`)
      }
    })

    it('sends no identifier in clear that it says it hashes', () => {
      for (const { event, settings: changed, how } of examples.events) {
        const person = { ...event.identity, ...canary } as Identity
        const items = destination.toItems({ ...event, identity: person }, settingsWith(changed), { ...live, ...how })
        if (isSkip(items)) continue
        const body = JSON.stringify(items).toLowerCase()
        for (const [field, value] of Object.entries(canary)) {
          if (isSentInClear(destination, field as keyof Identity)) continue
          expect(body, field).not.toContain(value.toLowerCase())
        }
      }
    })

    it('tells no platform the address of a proxy in a private network as the shopper’s', () => {
      if (destination.hosts === 'public') return // A server of the merchant’s own is told the event as it is.
      for (const { event, settings: changed, how } of examples.events) {
        const identity = { ...event.identity, ip: '192.168.7.7' } as Identity
        const items = destination.toItems({ ...event, identity }, settingsWith(changed), { ...live, ...how })
        if (!isSkip(items)) expect(JSON.stringify(items)).not.toContain('192.168.7.7')
      }
    })

    it('sends each identifier in the form of its normalizers', () => {
      for (const example of examples.events) {
        const items = destination.toItems(example.event, settingsWith(example.settings), howOf(example))
        if (isSkip(items)) continue
        const body = JSON.stringify(items)
        for (const field of IDENTITY_FIELDS) {
          const form = formOf(destination, field, example.event.identity)
          if (form !== undefined) expect(body, `${example.title}: ${field}`).toContain(JSON.stringify(form))
        }
      }
    })

    it('marks an event for limited use, where it says it can', () => {
      if (destination.consent.limitedUse === undefined) return
      fc.assert(
        fc.property(anyEvent, (event) => {
          const free = map(event)
          if (free.length > 0) expect(map(event, { ...live, limited: true })).not.toEqual(free)
        }),
      )
    })

    it('speaks of the identifiers it carries in the words of matchesOn', () => {
      const { strong, good, weak } = destination.matchesOn
      const words = [...strong, ...good, ...weak]
      expect(new Set(words).size).toBe(words.length)
      for (const item of exampleItems) {
        expect(destination.carries(item).length).toBeGreaterThan(0)
        for (const word of destination.carries(item)) expect(words).toContain(word)
      }
    })

    it('asks only its own hosts, over https', () => {
      for (const request of allRequests()) expectOwnHost(destination, request)
    })

    it('takes no address but a public one, where the merchant names it', () => {
      if (destination.hosts !== 'public') return
      expect(destination.redirects).toBeUndefined()
      expect(astray(examples.settings)).not.toEqual([])
      for (const changed of astray(examples.settings))
        expect(destination.settings.safeParse(changed).success, JSON.stringify(changed)).toBe(false)
    })

    it('keeps secrets out of bodies', () => {
      for (const { body } of allRequests()) for (const secret of secrets) expect(body ?? '').not.toContain(secret)
    })

    it('writes header names in lower case', () => {
      for (const { headers } of allRequests()) for (const name in headers) expect(name).toBe(name.toLowerCase())
    })

    it.each(packings)('puts every item into exactly one request, in order, within its limits: %o', (how) => {
      const limits = { ...destination.limits, ...(how.bulk ? bulk : {}) }
      const many = Array.from({ length: Math.ceil((limits.batch * 2.5) / exampleItems.length) }).flatMap(
        () => exampleItems,
      )
      const requests = requestsOf(many, how)
      for (const { request, items } of requests) {
        expect(items.length).toBeLessThanOrEqual(limits.batch)
        expect(Buffer.byteLength(request.body ?? '')).toBeLessThanOrEqual(limits.bytes)
        const groups = new Set(items.map((item) => destination.groupOf(item)))
        expect(groups.size).toBe(1)
      }
      for (const group of new Set(many.map((item) => destination.groupOf(item)))) {
        const inGroup = (item: unknown) => destination.groupOf(item) === group
        const sent = requests.flatMap(({ items }) => items).filter(inGroup)
        const wanted = many.filter(inGroup)
        expect(sent.length).toBe(wanted.length)
        expect(sent.every((item, place) => item === wanted[place])).toBe(true)
      }
    })

    it.each(packings)('splits by bytes too: %o', (how) => {
      const limits = { ...destination.limits, ...(how.bulk ? bulk : {}) }
      const [item] = exampleItems
      const heavy = Array.from({ length: Math.min(limits.batch, 100) }, () => ({
        ...(item as object),
        padding: 'ü'.repeat(Math.ceil(limits.bytes / 40)),
      }))
      for (const { request } of requestsOf(heavy, how))
        expect(Buffer.byteLength(request.body ?? '')).toBeLessThanOrEqual(limits.bytes)
    })

    it('sends each item alone when asked to', () => {
      const requests = requestsOf(exampleItems, { ...together, singly: true })
      expect(requests.map(({ items }) => items.length)).toEqual(exampleItems.map(() => 1))
    })

    it.each(ODD_ANSWERS)('gives one verdict for each item: %s', (_, answer) => {
      for (const count of [1, 2, 7]) expect(answerTo(count, answer)).toHaveLength(count)
    })

    it.each(NOT_THE_EVENTS_FAULT)('ends no event for what is not its fault: %s', (_, answer) => {
      // A platform that confirms nothing answers 2xx to everything that it read, a merchant's own server in any words.
      const isFree = destination.proof === 'none' || destination.hosts === 'public'
      const expected = isFree && answer.status === 200 ? /^(?:accepted|retry)$/ : /^(?:retry|unauthorized)$/
      for (const count of [1, 5])
        for (const verdict of answerTo(count, answer)) expect(verdict.outcome).toMatch(expected)
    })

    it('waits as long as it is told, in every form of Retry-After', () => {
      const date = 'Sun, 22 Nov 2026 10:00:00 GMT'
      const forms = [
        ['120', 120_000],
        ['0.5', 500],
        ['Sun, 22 Nov 2026 10:01:30 GMT', 90_000],
      ] as const
      for (const status of [429, 503])
        for (const [text, after] of forms) {
          const [verdict] = answerTo(1, exampleAnswer(status, 'slow down', { 'retry-after': text, date }))
          expect(verdict).toMatchObject({ outcome: 'retry', after })
        }
    })

    it('never asks for an event to be sent alone that was alone, nor blames one of several for a bare refusal', () => {
      for (const status of [400, 413, 422]) {
        expect(answerTo(1, exampleAnswer(status, 'no'))[0]?.outcome).toBe('rejected')
        for (const verdict of answerTo(3, exampleAnswer(status, 'no'))) expect(verdict.outcome).toBe('singly')
      }
    })

    it('takes refused credentials for the connection’s matter', () => {
      for (const status of [401, 403])
        for (const verdict of answerTo(3, exampleAnswer(status))) expect(verdict.outcome).toBe('unauthorized')
    })

    it('verifies with the current time', () => {
      const now = new Date('2031-05-06T07:08:09Z')
      const later = destination.verify(settings, new Date(now.getTime() + 60 * MINUTE)).requests
      for (const [place, { body }] of destination.verify(settings, now).requests.entries())
        if (body !== undefined) expect(later[place]?.body).not.toBe(body)
    })

    it('never takes a broken verification for a good one', () => {
      for (const answer of [
        exampleAnswer(0),
        exampleAnswer(200, '<html></html>'),
        exampleAnswer(502),
        exampleAnswer(401),
      ])
        expect(destination.readVerify([answer, answer]).outcome).not.toBe('ok')
    })

    it('asks for a token where it needs one, and reads no token out of a broken answer', () => {
      const { token } = destination
      if (token === undefined) {
        for (const { headers } of allRequests()) expect(Object.values(headers).join()).not.toContain(TOKEN)
        return
      }
      const request = token.request(settings, live.now)
      if (request !== undefined) {
        expectOwnHost(destination, request)
        for (const { headers } of allRequests()) expect(Object.values(headers).join()).toContain(TOKEN)
      }
      for (const answer of [
        exampleAnswer(0),
        exampleAnswer(200, '<html></html>'),
        exampleAnswer(200, {}),
        exampleAnswer(502),
      ])
        expect(token.read(answer, live.now).outcome).toBe('unknown')
      expect(token.read(exampleAnswer(401, { error: 'invalid_client' }), live.now).outcome).toBe('failed')
    })

    it('asks again later for a job of which it cannot read what became', () => {
      for (const answer of [
        exampleAnswer(0),
        exampleAnswer(200, '<html></html>'),
        exampleAnswer(502),
        exampleAnswer(429),
      ])
        for (const count of [1, 3]) expect(destination.poll?.read(answer, count) ?? 'pending').toBe('pending')
      // Without proof there may still be a way of asking, for some settings.
      if (destination.poll === undefined) expect(destination.proof).not.toBe('later')
      else expect(destination.proof).toMatch(/^(?:later|none)$/)
    })

    if (destination.testing) describeTesting(destination, destination.testing, examples)

    it('says what it was written from, and when that was checked', () => {
      expect(destination.docs.url).toMatch(/^https:\/\//)
      expect(destination.docs.checked).toMatch(/^\d{4}-\d\d-\d\d$/)
      expect(destination.revision).toBeGreaterThan(0)
      for (const { source } of [...examples.events, ...examples.answers, ...examples.verifications])
        expect(source).not.toBe('')
    })
  })
}

const expectOwnHost = ({ hosts }: Destination, { url, to }: HttpRequest): void => {
  expect(new URL(url).protocol).toBe('https:')
  expect(to).toBe(hosts === 'public' ? 'public' : undefined)
  if (hosts !== 'public') expect(hosts).toContain(new URL(url).host)
}
