import { describe, expect, it } from 'vitest'
import type { CommonSettings } from './common-settings.ts'
import { ODD_ANSWERS } from './contract-cases.ts'
import { type Destination, isSkip, type Testing } from './destination.ts'
import { type Examples, exampleAnswer } from './examples.ts'
import { planRequests } from './plan.ts'
import { settingsSchema } from './settings-schema.ts'
import { testingOf } from './testing.ts'

const NOW = new Date('2026-11-22T10:01:00Z')

/** What a destination promises of its test mode: nothing that leaves in it counts. */
export const describeTesting = (destination: Destination, testing: Testing, examples: Examples): void => {
  const { setting } = testing
  const isSwitch = settingsSchema(destination.settings).fields[setting]?.type === 'boolean'
  const settingsWith = (change: Readonly<Record<string, unknown>> = {}): CommonSettings =>
    destination.settings.parse({ ...examples.settings, ...change })
  const off = settingsWith({ [setting]: isSwitch ? false : undefined })
  const on = settingsWith({ [setting]: isSwitch ? true : 'TEST12345' })
  const items = examples.events.flatMap(({ event }) => {
    const how = { limited: false, backfill: false, test: true, now: NOW }
    const mapped = destination.toItems(event, on, how)
    return isSkip(mapped) ? [] : mapped
  })
  const requests = (settings: CommonSettings, test: boolean) =>
    planRequests(
      destination,
      settings,
      items.map((item, index) => ({ index, items: [item] })),
      { singly: false, test, now: NOW },
    )

  describe('in test mode', () => {
    it('is switched by a setting of its form, and says what the platform does meanwhile', () => {
      expect(settingsSchema(destination.settings).fields[setting]).toBeDefined()
      expect(testingOf({ destination, settings: on })).toBe(testing)
      expect(testingOf({ destination, settings: off })).toBeUndefined()
      expect(testing.told).toMatch(/^[A-Z].*\.$/s)
    })

    it('marks every request, and still sends every item in exactly one, within its limits', () => {
      const live = new Set(requests(off, false).map(({ request }) => JSON.stringify(request)))
      const tests = requests(on, true)
      for (const { request, items: own } of tests) {
        expect(live).not.toContain(JSON.stringify(request))
        expect(own.length).toBeLessThanOrEqual(destination.limits.batch)
        expect(Buffer.byteLength(request.body ?? '')).toBeLessThanOrEqual(destination.limits.bytes)
      }
      expect(new Set(tests.flatMap(({ items: own }) => own))).toEqual(new Set(items))
      expect(tests.flatMap(({ items: own }) => own)).toHaveLength(items.length)
    })

    it.each([...ODD_ANSWERS, ['200 with a job', exampleAnswer(200, { requestId: 'job-1' })] as const])(
      'gives one verdict for each item and no job to be asked about: %s',
      (_, answer) => {
        const { readResponse } = testing
        for (const count of readResponse ? [1, 2, 7] : []) {
          const verdicts = readResponse?.(answer, new Array(count).fill(undefined)) ?? []
          expect(verdicts).toHaveLength(count)
          for (const verdict of verdicts) expect(verdict).not.toHaveProperty('poll')
        }
      },
    )
  })
}
