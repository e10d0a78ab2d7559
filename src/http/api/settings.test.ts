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
        file: z.string().optional().meta({ label: 'Key file', secret: true, long: true }),
        actions: z
          .object({ bought: z.string().optional().meta({ label: 'Purchase', placeholder: '123' }), seen: z.string() })
          .optional(),
        nested: z.object({ deeper: z.object({ not: z.string() }) }).optional(),
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
      { name: 'file', kind: 'secret', label: 'Key file', required: false, advanced: false, long: true },
      {
        name: 'actions',
        kind: 'record',
        label: 'actions',
        required: false,
        advanced: false,
        choices: [
          { value: 'bought', label: 'Purchase', placeholder: '123' },
          { value: 'seen', label: 'seen' },
        ],
      },
    ])
  })

  it.each([...destinations.values()])('of $name has every setting, with a label', (destination) => {
    const fields = fieldsOf(destination)
    expect(fields.filter(({ name, label }) => label === name)).toEqual([])
    const { properties } = z.toJSONSchema(destination.settings, { io: 'input' })
    expect(fields.map(({ name }) => name)).toEqual(Object.keys(properties ?? {}))
  })

  it('keeps stored settings that it has no field for', () => {
    const partly = { settings: z.object({ name: z.string(), nested: z.object({ deep: z.array(z.number()) }) }) }
    const old = { name: 'old', nested: { deep: [1] } }
    expect(readSettings(partly, { name: 'new' }, old)).toEqual({
      ok: true,
      settings: { name: 'new', nested: { deep: [1] } },
    })
    expect(shownSettings(partly, old)).toEqual({ values: { name: 'old' }, secretsKept: [] })
  })

  it('says that a credential of several parts is kept, and reads values by name without the empty ones', () => {
    const google = {
      settings: z.object({
        credentials: z.object({ id: z.string() }).meta({ secret: true }),
        actions: z.object({ bought: z.string().optional(), seen: z.string().optional() }),
      }),
    }
    const old = { credentials: { id: 'x' }, actions: { bought: '1' } }
    expect(shownSettings(google, old)).toEqual({ values: { actions: { bought: '1' } }, secretsKept: ['credentials'] })
    expect(readSettings(google, { credentials: '', actions: { bought: '', seen: '2' } }, old)).toEqual({
      ok: true,
      settings: { credentials: { id: 'x' }, actions: { seen: '2' } },
    })
  })

  it('says of values by name which is wrong, and in the schema’s own words that one is needed', () => {
    const number = z.string().regex(/^\d+$/, 'Digits only.').optional()
    const needy = {
      settings: z.object({
        actions: z
          .object({ bought: number, seen: number })
          .refine((given) => Object.values(given).some((id) => id !== undefined), 'Enter at least one ID.'),
      }),
    }
    expect(fieldsOf(needy)[0]).toMatchObject({ required: true, atLeast: 'Enter at least one ID.' })
    const lacking = { ok: false, problems: [{ field: 'actions', message: 'Enter at least one ID.' }] }
    expect(readSettings(needy, {})).toEqual(lacking)
    expect(readSettings(needy, { actions: { bought: ' ', seen: '' } })).toEqual(lacking)
    expect(readSettings(needy, { actions: { bought: '1', seen: 'AW-1' } })).toEqual({
      ok: false,
      problems: [{ field: 'actions', part: 'seen', message: 'Digits only.' }],
    })
    const every = { settings: z.object({ actions: z.object({ bought: z.string(), seen: z.string() }) }) }
    expect(readSettings(every, { actions: { bought: '1' } })).toEqual({
      ok: false,
      problems: [{ field: 'actions', part: 'seen', message: 'Please fill this in.' }],
    })
  })

  it('takes an optional value away when its field is emptied', () => {
    const optional = { settings: z.object({ country: z.string().optional() }) }
    expect(readSettings(optional, { country: '' }, { country: 'CH' })).toEqual({ ok: true, settings: {} })
  })
})
