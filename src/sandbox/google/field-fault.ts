/** What is wrong with a field of an event; `field` in snake case, below the event. */
export interface FieldFault {
  readonly field: string
  readonly reason: string
  readonly description: string
}

export const fault = (field: string, reason: string, description: string): FieldFault => ({
  field,
  reason,
  description,
})
export const missing = (field: string, why: string): FieldFault => fault(field, 'REQUIRED_FIELD_MISSING', why)
