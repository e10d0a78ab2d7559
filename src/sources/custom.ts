import type { Event } from '../event/event.ts'
import { isObject } from '../lib/json.ts'

const MOST_FIELDS = 30
const FIELD = /^[A-Za-z_][\w.-]{0,59}$/
const LONGEST_VALUE = 500

/**
 * An event that the theme or an app published itself: its name and the flat part of its data. Nested values, long
 * texts and fields beyond the thirtieth are left out and flagged.
 */
export const customOf = (name: string, data: unknown, flags: Set<string>): NonNullable<Event['custom']> => {
  const kept: Record<string, string | number | boolean> = {}
  let fields = 0
  if (isObject(data))
    for (const field in data) {
      const value = flat(data[field])
      if (value === undefined) continue
      // `name` is the event's own.
      if (value === null || field === 'name' || !FIELD.test(field) || ++fields > MOST_FIELDS)
        flags.add('custom_data_cut')
      else kept[field] = value
      if (fields > MOST_FIELDS) break
    }
  return { name, ...kept }
}

/** undefined for what says nothing, null for what says too much. */
const flat = (value: unknown): string | number | boolean | null | undefined => {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text === '' ? undefined : text.length > LONGEST_VALUE ? null : text
}
