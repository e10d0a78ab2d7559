import { killRounds } from './kill.ts'
import { atLeast, none, type Suite } from './suite.ts'

const KILLS = { short: 15, full: 100, nightly: 300 }

/** kill -9 at random moments of the whole process under load. */
export const kills: Suite = {
  name: 'kills',
  run: async ({ goal }, size) => {
    const { kills, acknowledged, lost, undelivered, underSeveralIds, repeated, open } = await killRounds(KILLS[size])
    goal(atLeast('kill -9 under load', kills, KILLS[size], 'kills'))
    goal(atLeast('acknowledged', acknowledged, 20 * kills, 'events'))
    goal(none('acknowledged and lost', lost, 'events'))
    goal(none('acknowledged and not delivered', undelivered, 'events'))
    goal(none('sent under two ids', underSeveralIds, 'events'))
    goal(none('left without an outcome', open, 'events'))
    // Repeats under the same id are what the platform merges; how many there were is worth knowing.
    goal({ of: 'sent again, same id', value: repeated, unit: 'events', goal: 'merged by the platform', ok: true })
  },
}
