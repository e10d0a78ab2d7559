/**
 * What a pure command leaves: lines for standard output and the exit status. 0 done; 1 something was refused, the rest
 * went on; 2 wrong usage, and then the lines are for standard error.
 */
export interface CommandResult {
  readonly lines: readonly string[]
  readonly status: 0 | 1 | 2
}

export const wrongUsage = (message: string): CommandResult => ({ lines: [message], status: 2 })
