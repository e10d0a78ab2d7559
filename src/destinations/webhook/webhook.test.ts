import { expect, it } from 'vitest'
import { describeDestination } from '../contract.ts'
import { examples } from './examples.ts'
import { settings as form } from './settings.ts'
import { signed, webhook } from './webhook.ts'

describeDestination(webhook, examples)

const settings = form.parse(examples.settings)
const now = new Date(1614265330_000)

it('signs as the specification’s own libraries do', () => {
  const { headers } = signed('msg_p5jXN8AQM9LWM0D4loKWxJek', '{"test": 2432232314}', settings, now)
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

it('posts each item as it is, with the time of the attempt', () => {
  const [planned] = webhook.toRequests([{ data: { id: 'a' } }], settings, { singly: false, test: false, now })
  expect(planned?.request.body).toBe('{"data":{"id":"a"}}')
  expect(planned?.request.headers['webhook-timestamp']).toBe('1614265330')
})

it('refuses a secret that is none', () => {
  for (const secret of ['', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_MfKQ', `whsec_${'AAAA'.repeat(22)}`, 'whsec_!'])
    expect(form.safeParse({ ...settings, secret }).success, secret).toBe(false)
})
