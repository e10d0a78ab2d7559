import { describe, expect, test } from 'vitest'
import type { Given } from './given.ts'

export const describeSettings = (given: Given): void => {
  describe('settings of the installation', () => {
    test('are nothing until they are saved, and then what was saved last', async () => {
      expect(await given.store.setting('retention')).toBeUndefined()
      await given.store.saveSetting('retention', { attempts: 30, orders: 396 })
      await given.store.saveSetting('retention', { attempts: 14 })
      await given.store.saveSetting('other', ['a'])
      expect(await given.store.setting('retention')).toEqual({ attempts: 14 })
      expect(await given.store.setting('other')).toEqual(['a'])
    })

    test('are taken away by saving nothing', async () => {
      await given.store.saveSetting('retention', { attempts: 14 })
      await given.store.saveSetting('retention', undefined)
      await given.store.saveSetting('never-there', undefined)
      expect(await given.store.setting('retention')).toBeUndefined()
    })
  })
}
