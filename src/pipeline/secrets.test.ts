import { expect, it } from 'vitest'
import { pinterest } from '../destinations/pinterest/pinterest.ts'
import { secretsOf, withoutSecrets } from './secrets.ts'

const settings = pinterest.settings.parse({ adAccountId: '549755885175', conversionToken: 'pina_test_token' })

it('are what the settings’ schema marks as secret, and nothing else', () => {
  expect(secretsOf(pinterest, settings)).toEqual(['pina_test_token'])
})

it('are taken out of what a platform echoes', () => {
  expect(withoutSecrets('Malformed access token pina_test_token', secretsOf(pinterest, settings))).toBe(
    'Malformed access token <secret>',
  )
})
