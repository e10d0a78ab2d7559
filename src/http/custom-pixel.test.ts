import { expect, it } from 'vitest'
import type { Shop } from '../event/event.ts'
import type { Connection, ConnectionState } from '../store/store.ts'
import { customPixelOf } from './custom-pixel.ts'
import { tagAccountsOf } from './tag-accounts.ts'

const shop = 'demo.myshopify.com' as Shop
const connected = (destination: string, settings: object, state: ConnectionState = 'active'): Connection =>
  ({ id: 1, shop, destination, settings, state, settingsVersion: 1, createdAt: 0 }) as unknown as Connection
const META = { pixelId: '1234567890123456', accessToken: 'EAAtoken' }

it('fires the tags of the connected platforms and holds no secret of theirs', async () => {
  const { text, fires, leftOut } = await customPixelOf(
    { shop, facts: { country: 'US' } },
    [connected('meta', META), connected('klaviyo', { apiKey: 'pk_0123456789abcdef' })],
    { beaconUrl: 'https://converlay.example.com/b/1' },
  )
  expect(fires).toEqual(['meta'])
  expect(leftOut).toEqual([])
  expect(text).toContain('"shop": "demo.myshopify.com"')
  expect(text).toContain('"id": "1234567890123456"')
  expect(text).toContain('custom app')
  for (const secret of ['EAAtoken', 'pk_0123456789abcdef']) expect(text).not.toContain(secret)
})

it('tells what the server tells: its value, its catalogue’s ids, its name of a purchase', () => {
  const tiktok = { pixelCode: 'C4A1B2C3D4E5F6G7H8I9', accessToken: 'token', purchase: 'CompletePayment' }
  expect(tagAccountsOf([connected('tiktok', { ...tiktok, value: 'subtotal', catalogId: '{sku}' })]).accounts).toEqual({
    tiktok: {
      id: 'C4A1B2C3D4E5F6G7H8I9',
      catalog: '{sku}',
      value: 'subtotal',
      names: { order_placed: 'CompletePayment' },
    },
  })
})

const ANALYTICS = { measurementId: 'G-TEST123456', apiSecret: 'secret-of-8' }

it.each([
  ['Pinterest without the tag’s id', 'pinterest', { adAccountId: '1', conversionToken: 'pina_x' }],
  ['profit, which must not stand in a page', 'meta', { ...META, value: 'profit' }],
  ['Google Analytics where the server tells everything', 'ga4', { ...ANALYTICS, googleTag: false }],
  ['Google Analytics by order names', 'ga4', { ...ANALYTICS, googleTag: true, transactionId: '{orderName}' }],
])('leaves out, and says why: %s', (_, destination, settings) => {
  const { accounts, leftOut } = tagAccountsOf([connected(destination, settings)])
  expect(accounts).toEqual({})
  expect(leftOut).toEqual([{ destination, why: expect.stringMatching(/\.$/) }])
})

it('fires nothing for a paused connection', () => {
  expect(tagAccountsOf([connected('meta', META, 'paused')])).toEqual({ accounts: {}, leftOut: [] })
})
