import type { Event } from '../../event/event.ts'
import { EVENT_NAMES } from '../../event/names.ts'
import { type EventExample, type Examples, exampleAnswer, exampleEvent } from '../examples.ts'

const specified = { evidence: 'documented', source: 'Standard Webhooks 1.0.0' } as const
const eventOf = (name: Event['name'], id = `sh-${name}`) =>
  exampleEvent({ id, name, identity: { email: 'jane.doe@example.com' }, commerce: { orderId: '6001234567890' } })
const dotted = eventOf('page_viewed', 'sh.1795341600')

const shown = (title: string, event: Event, limited = false): EventExample => {
  const message = { type: event.name, timestamp: event.occurredAt, limitedUse: limited, data: event }
  return { title, ...specified, event, how: { limited }, gives: [message] }
}

const conflict = 'Your server answered with status 409. Check the address and the secret.'
const busy = { outcome: 'retry', code: 'http_409', message: conflict } as const
const gone = { outcome: 'unauthorized', code: 'http_410', message: 'Your server wants no more events.' } as const

export const examples: Examples = {
  settings: { url: 'https://hooks.example.com/converlay', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  events: [
    ...EVENT_NAMES.filter((name) => name !== 'cart_updated').map((name) => shown(`${name} is itself`, eventOf(name))),
    shown('after an opt-out of sale the body says so', eventOf('order_placed'), true),
    { title: 'an id with a full stop', ...specified, event: dotted, gives: { skip: 'invalid_field', field: 'id' } },
  ],
  answers: [
    { title: 'any 2xx is a success', ...specified, response: exampleAnswer(204), verdicts: [{ outcome: 'accepted' }] },
    { title: '409 goes again, as all but 2xx', ...specified, response: exampleAnswer(409), verdicts: [busy] },
    { title: '410: no more events', ...specified, response: exampleAnswer(410), verdicts: [gone] },
  ],
  verifications: [
    { title: 'taken', ...specified, responses: [exampleAnswer(200, 'OK')], outcome: 'ok' },
    { title: 'refused', ...specified, responses: [exampleAnswer(401)], outcome: 'failed' },
  ],
}
