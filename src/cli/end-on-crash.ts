import { type Log, whatFailed } from '../lib/log.ts'

/**
 * Ends the process with status 1 when something of ours throws where nobody catches it: whatever supervises the process
 * starts it again, and nothing that was acknowledged is lost. Node itself would print the error with its message, which
 * may quote what a shopper sent.
 */
export const endOnCrash = (log: Log, exit: (status: number) => void = process.exit): void => {
  const end = (fault: unknown): void => {
    log.error('crashed', { fault: whatFailed(fault) })
    process.stderr.write('Converlay met a fault of its own and stops. Please report the line above.\n')
    exit(1)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}
