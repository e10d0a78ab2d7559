/** What may not be, with the number of the invariant that it breaks. */
export interface Violation {
  readonly invariant: string
  readonly what: string
}

export const iso = (at: number): string => new Date(at).toISOString()
