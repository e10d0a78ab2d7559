import { describe, expect, test } from 'vitest'
import { NOW, SHOP } from '../testing.ts'
import type { Given } from './given.ts'

export const describeIdentities = (given: Given): void => {
  describe('identities', () => {
    test('are kept by key, newest wins, and count arrivals', async () => {
      const save = (epik: string) =>
        given.store.saveProjection({
          changes: [{ shop: SHOP, key: 'client:c1', record: { ids: { epik }, ip: '203.0.113.7', seenAt: NOW } }],
          links: [],
          arrivals: [{ shop: SHOP, bucket: NOW, name: 'page_viewed', count: 2 }],
          projected: [],
        })
      await save('first')
      await save('second')
      expect(await given.store.identities(SHOP, ['client:c1', 'cart:none'])).toEqual(
        new Map([['client:c1', { ids: { epik: 'second' }, ip: '203.0.113.7', seenAt: NOW }]]),
      )
      expect(await given.store.rollups(SHOP, NOW)).toEqual([
        { bucket: NOW, name: 'page_viewed', outcome: 0, count: 4, value: 0 },
      ])
    })
  })
}
