import { expect, it } from 'vitest'
import { killRounds } from './faults/kill.ts'

it('kill -9 at 10 random moments under load: every acknowledged event is stored and delivered, none under two ids', async () => {
  const { kills, acknowledged, lost, undelivered, underSeveralIds, open } = await killRounds(10)
  expect(acknowledged).toBeGreaterThan(200)
  expect({ kills, lost, undelivered, underSeveralIds, open }).toEqual({
    kills: 10,
    lost: [],
    undelivered: [],
    underSeveralIds: [],
    open: 0,
  })
}, 180_000)
