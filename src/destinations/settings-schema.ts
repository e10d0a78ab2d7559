import { z } from 'zod'
import { isObject, type Json, objectAt } from '../lib/json.ts'

/** A settings schema as JSON Schema of what somebody enters, with the words of each field's meta. */
export interface SettingsSchema {
  /** By name: type, choices, default, and label, help, placeholder, secret, advanced … of the meta. */
  readonly fields: Readonly<Record<string, { readonly [key: string]: Json }>>
  readonly required: readonly string[]
}

const known = new WeakMap<z.ZodType, SettingsSchema>()

/** Read once for each schema: forms, documentation and the search for secrets all go by it. */
export const settingsSchema = (settings: z.ZodType): SettingsSchema => {
  let schema = known.get(settings)
  if (schema === undefined) {
    const json: unknown = z.toJSONSchema(settings, { io: 'input' })
    const properties = objectAt(json, 'properties')
    schema = {
      fields: Object.fromEntries(Object.keys(properties).map((name) => [name, objectAt(properties, name)])),
      required: isObject(json) && Array.isArray(json.required) ? json.required.map(String) : [],
    }
    known.set(settings, schema)
  }
  return schema
}

/** The names of the settings that are secret. */
export const secretSettings = (settings: z.ZodType): readonly string[] =>
  Object.entries(settingsSchema(settings).fields).flatMap(([name, field]) => (field.secret === true ? [name] : []))
