import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../lib/duration.ts'
import type { Poll } from '../poll.ts'
import { NOW, OTHER, SHOP } from '../testing.ts'
import type { Given } from './given.ts'

const aPoll = (job: string, told: Partial<Poll> = {}): Poll => ({
  job,
  seqs: [1, 2],
  sentAt: NOW,
  due: NOW + 30 * MINUTE,
  tries: 0,
  sendings: 1,
  ...told,
})
const TOKEN = { token: 'ya29.secret', expiresAt: NOW + HOUR, settingsVersion: 1 }

export const describePolls = (given: Given): void => {
  describe('jobs and tokens', () => {
    const { connect, settle } = given

    test('jobs are kept with a settlement, nearest due first, and go when they are answered', async () => {
      const { id } = await connect()
      await settle(id, { polls: [aPoll('late', { due: NOW + HOUR }), aPoll('soon')] })
      expect(await given.store.polls(SHOP, id, 9)).toEqual([aPoll('soon'), aPoll('late', { due: NOW + HOUR })])
      expect(await given.store.polls(SHOP, id, 1)).toEqual([aPoll('soon')])
      await settle(id, { polled: ['late'], polls: [aPoll('soon', { tries: 1, due: NOW + 2 * HOUR })] })
      expect(await given.store.polls(SHOP, id, 9)).toEqual([aPoll('soon', { tries: 1, due: NOW + 2 * HOUR })])
    })

    test('a token is kept for its connection, the newest wins', async () => {
      const { id } = await connect()
      const other = await connect()
      expect(await given.store.token(SHOP, id)).toBeUndefined()
      await given.store.saveToken(SHOP, id, TOKEN)
      await given.store.saveToken(SHOP, id, { ...TOKEN, token: 'ya29.newer', settingsVersion: 2 })
      expect(await given.store.token(SHOP, id)).toEqual({ ...TOKEN, token: 'ya29.newer', settingsVersion: 2 })
      expect(await given.store.token(SHOP, other.id)).toBeUndefined()
    })

    test('both are the shop’s own and go with their connection', async () => {
      const { id } = await connect()
      await settle(id, { polls: [aPoll('job')] })
      await given.store.saveToken(SHOP, id, TOKEN)
      expect(await given.store.polls(OTHER, id, 9)).toEqual([])
      expect(await given.store.token(OTHER, id)).toBeUndefined()
      await given.store.removeConnection(SHOP, id)
      expect(await given.store.polls(SHOP, id, 9)).toEqual([])
      expect(await given.store.token(SHOP, id)).toBeUndefined()
      await given.store.saveToken(SHOP, id, TOKEN)
      expect(await given.store.token(SHOP, id)).toBeUndefined()
    })
  })
}
