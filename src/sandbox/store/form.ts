import type { Context } from 'hono'
import type { Visited } from './show.ts'

/** Reads a field of a posted form: trimmed, at most 200 characters, empty when absent. */
export type Field = (name: string) => string

export const readForm = async (c: Context<Visited>): Promise<Field> => {
  const fields = await c.req.parseBody()
  return (name) => {
    const value = fields[name]
    return typeof value === 'string' ? value.trim().slice(0, 200) : ''
  }
}
