import { expect, it } from 'vitest'
import { pinterest } from '../destinations/pinterest/pinterest.ts'
import type { HttpResponse } from '../lib/http.ts'
import { quietSend, secretsOf } from './secrets.ts'

const settings = pinterest.settings.parse({ adAccountId: '549755885175', conversionToken: 'pina_test_token' })

it('are what the settings’ schema marks as secret, and nothing else', () => {
  expect(secretsOf(pinterest, settings)).toEqual(['pina_test_token'])
})

it('are taken out of what a platform echoes, and so is a token that was fetched', async () => {
  const echo = (): Promise<HttpResponse> =>
    Promise.resolve({ status: 400, headers: {}, body: 'Malformed access token pina_test_token, or ya29.fetched-token' })
  const request = {
    method: 'GET',
    url: 'https://example.com',
    headers: { authorization: 'Bearer ya29.fetched-token' },
  } as const
  expect(await quietSend(echo, pinterest, settings)(request)).toMatchObject({
    body: 'Malformed access token <secret>, or <secret>',
  })
})
