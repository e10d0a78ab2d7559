import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { missingScopes, SCOPES, scopesFrom } from './app.ts'

it('asks by authorization for what shopify.app.toml asks for in a managed installation', () => {
  const toml = readFileSync(new URL('../../shopify.app.toml', import.meta.url), 'utf8')
  const [, scopes = ''] = /^scopes = "([^"]*)"/m.exec(toml) ?? []
  expect(scopesFrom(scopes)).toEqual(SCOPES)
})

it('a permission to write includes the one to read', () => {
  expect(missingScopes(['read_pixels', 'write_pixels', 'read_orders'], ['write_pixels'])).toEqual(['read_orders'])
  expect(missingScopes(['write_pixels'], ['read_pixels'])).toEqual(['write_pixels'])
})
