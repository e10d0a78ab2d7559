import { expect, test } from 'vitest'
import { MINUTE } from '../lib/duration.ts'
import { handClock, SHOP } from '../pipeline/double.ts'
import { storeAlone } from '../sandbox/shopify/admin/alone.ts'
import { wayTo } from './double.ts'
import { ensurePixel } from './pixel-record.ts'

test('a Shopify that does not answer for a moment says nothing of the pixel: what was known stays', async () => {
  const clock = handClock()
  const shopify = wayTo(storeAlone(SHOP), clock)
  shopify.instead = () => ({ status: 0, headers: {}, body: '', problem: 'the connection was refused' })
  const looked = ensurePixel(shopify.admin, SHOP, 'https://converlay.example.com/b/1')
  await clock.turn(MINUTE)
  expect(await looked).toBeUndefined()
})
