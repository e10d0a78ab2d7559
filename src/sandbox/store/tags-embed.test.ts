import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { productOf } from '../shopify/catalogue.ts'
import { MARKETS } from '../shopify/markets.ts'
import { embedBlock, hundredths } from './tags-embed.ts'

const liquid = readFileSync(new URL('../../../extensions/tags/blocks/tags.liquid', import.meta.url), 'utf8')

const keysOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap(keysOf)
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)])
      : []

it('writes what the theme’s block writes, which only Shopify can render', () => {
  const product = productOf('trail-lantern') ?? expect.fail('no lantern')
  const account = { id: '1', catalog: '{variant}' }
  const installed = {
    accounts: { pinterest: account, meta: account, tiktok: account, snapchat: account, reddit: account, ga4: account },
    criteo: '678',
    assets: { embed: '', platforms: '' },
    customPixel: async () => '',
  }
  const { html } = embedBlock(installed, { type: 'product', product }, { market: MARKETS.US, cartCount: 1, via: 'x' })
  const facts = JSON.parse(/id="converlay-tags">(.*?)<\/script>/s.exec(html)?.[1] ?? '')
  const [, block = ''] = /id="converlay-tags">(.*?)<\/script>/s.exec(liquid) ?? []
  const written = new Set([...block.matchAll(/"([\w-]+)":/g)].map(([, key]) => key))
  // The way to the sandbox is the demo's own; Google's tags are off in it, and its shoppers have no accounts.
  const mine = new Set(keysOf(facts).filter((key) => key !== 'via'))
  expect([...mine].filter((key) => !written.has(key))).toEqual([])
  expect([...written].filter((key) => key !== undefined && !mine.has(key))).toEqual([
    'google-ads',
    'labels',
    'product_added',
    'email',
  ])
})

it('has prices in hundredths, also of currencies without any', () => {
  expect(hundredths(4900, MARKETS.US)).toBe(4900)
  expect(hundredths(4900, MARKETS.JP)).toBe(735_000)
})
