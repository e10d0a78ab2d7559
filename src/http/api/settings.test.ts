import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { destinations } from '../../destinations/all.ts'
import { fieldsOf, readSettings, shownSettings } from './settings.ts'

describe('the form of a destination', () => {
  it('is drawn from its settings schema', () => {
    const unheardOf = {
      settings: z.object({
        key: z.string().min(1).meta({ label: 'API key', help: 'Under Settings.', secret: true }),
        region: z
          .enum(['eu', 'us'])
          .default('eu')
          .meta({ labels: { eu: 'Europe' }, placeholder: 'Europe' }),
        events: z.array(z.enum(['a', 'b'])).optional(),
        strict: z.boolean().default(false).meta({ label: 'Strict', advanced: true }),
        share: z.number().optional(),
        nested: z.object({ not: z.string() }).optional(),
      }),
    }
    expect(fieldsOf(unheardOf)).toEqual([
      { name: 'key', kind: 'secret', label: 'API key', help: 'Under Settings.', required: true, advanced: false },
      {
        name: 'region',
        kind: 'choice',
        label: 'region',
        placeholder: 'Europe',
        required: false,
        advanced: false,
        choices: [
          { value: 'eu', label: 'Europe' },
          { value: 'us', label: 'us' },
        ],
        initial: 'eu',
      },
      {
        name: 'events',
        kind: 'choices',
        label: 'events',
        required: false,
        advanced: false,
        choices: [
          { value: 'a', label: 'a' },
          { value: 'b', label: 'b' },
        ],
      },
      { name: 'strict', kind: 'switch', label: 'Strict', required: false, advanced: true, initial: false },
      { name: 'share', kind: 'number', label: 'share', required: false, advanced: false },
    ])
  })

  it.each([...destinations.values()])('of $name has every setting, with a label', (destination) => {
    const fields = fieldsOf(destination)
    expect(fields.filter(({ name, label }) => label === name)).toEqual([])
    const { properties } = z.toJSONSchema(destination.settings, { io: 'input' })
    expect(fields.map(({ name }) => name)).toEqual(Object.keys(properties ?? {}))
  })

  it('keeps stored settings that it has no field for', () => {
    const partly = { settings: z.object({ name: z.string(), nested: z.object({ deep: z.string() }) }) }
    const old = { name: 'old', nested: { deep: 'kept' } }
    expect(readSettings(partly, { name: 'new' }, old)).toEqual({
      ok: true,
      settings: { name: 'new', nested: { deep: 'kept' } },
    })
    expect(shownSettings(partly, old)).toEqual({ values: { name: 'old' }, secretsKept: [] })
  })

  it('takes an optional value away when its field is emptied', () => {
    const optional = { settings: z.object({ country: z.string().optional() }) }
    expect(readSettings(optional, { country: '' }, { country: 'CH' })).toEqual({ ok: true, settings: {} })
  })
})
