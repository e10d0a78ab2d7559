import type { Report, Size, Suite } from '../suite.ts'
import type { Day } from './day.ts'
import { runDays, runSome } from './days.ts'
import { busyShop, hungPlatform } from './neighbours.ts'
import { backlogBehindOutage, outageOfAll } from './outage.ts'
import { huntBugs } from './plant.ts'
import { PLANTED_BUGS } from './planted.ts'
import { threeProcesses } from './processes.ts'
import { REQUEST_FAULTS } from './weather.ts'

const DAYS: Readonly<Record<Size, number>> = { short: 60, full: 1000, nightly: 10_000 }

/** What befalls the server, its clock and what comes in, beside what befalls single requests. */
const OTHER_FAULTS = [
  'egress cut',
  'disk full',
  'killed',
  'stopped and started',
  'clock set back an hour',
  'clock set forward a day',
  'webhook that was taken, repeated',
  'webhook repeated because nobody took it',
  'webhook late',
  'beacon repeated',
  'beacon late',
  'pixel before the order',
  'pixel after the order',
  'order of long ago',
  'consent withdrawn',
  'shopper erased',
  'connection paused',
  'connection resumed',
  'connection removed',
  'secret replaced at the platform',
  'settings changed',
] as const

/** Days of a whole installation in virtual time, each drawn from its seed, with the invariants checked after each. */
export const simulation: Suite = {
  name: 'simulation',
  run: async ({ goal }: Report, size: Size) => {
    const days: Day[] = []
    const fired = new Map<string, number>()
    await runDays(DAYS[size], (day) => {
      days.push(day)
      for (const [kind, times] of day.fired) fired.set(kind, (fired.get(kind) ?? 0) + times)
      if (day.violations.length === 0) return
      console.log(`seed ${day.seed} fails: node test/faults/simulation/day.ts --seed ${day.seed}`)
      for (const { invariant, what } of day.violations.slice(0, 5)) console.log(`  ${invariant} ${what}`)
    })
    const broken = days.filter(({ violations }) => violations.length > 0).length
    goal({
      of: 'days of 24 h',
      value: days.length,
      unit: 'seeds',
      goal: `${DAYS[size]}`,
      ok: days.length >= DAYS[size],
    })
    goal({ of: 'days that break an invariant', value: broken, unit: 'seeds', goal: '0', ok: broken === 0 })
    // The day in which the most went on stands for all of them.
    const busiest = days.reduce((a, b) => (b.requests > a.requests ? b : a))
    const prints: string[] = []
    for (let time = 0; time < 3; time++) await runSome(busiest.seed, 1, (day) => prints.push(day.fingerprint))
    const same = prints.filter((print) => print === busiest.fingerprint).length
    goal({ of: `seed ${busiest.seed} again`, value: same, unit: 'of 3 alike', goal: '3', ok: same === 3 })
    const least = size === 'short' ? 1 : 100
    for (const kind of [...REQUEST_FAULTS, ...OTHER_FAULTS]) {
      const times = fired.get(kind) ?? 0
      goal({ of: `fired: ${kind}`, value: times, unit: 'times', goal: `>= ${least}`, ok: times >= least })
    }
  },
}

/** Faults of our own, each of which the simulation has to notice. */
export const plantedBugs: Suite = {
  name: 'planted bugs',
  run: async ({ goal }: Report, size: Size) => {
    const hunts = await huntBugs(PLANTED_BUGS, size === 'short' ? 60 : 200, ({ bug, caught, said }) => {
      console.log(`planted bugs: ${bug.name}: ${caught ? 'caught by' : 'NOT CAUGHT,'} ${said}`)
    })
    const caught = hunts.filter((hunt) => hunt.caught).length
    const all = PLANTED_BUGS.length
    goal({ of: 'caught', value: caught, unit: `of ${all}`, goal: `${all}`, ok: caught === all })
  },
}

/** Outages and neighbours in virtual time, where they do not depend on the machine. */
export const outages: Suite = {
  name: 'outages and neighbours',
  run: async ({ goal }: Report, size: Size) => {
    for (const run of [outageOfAll, backlogBehindOutage, hungPlatform, busyShop, threeProcesses]) await run(goal, size)
  },
}
