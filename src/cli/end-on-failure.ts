import { SECOND } from '../lib/duration.ts'
import type { StoreFault } from '../store/store.ts'

/** A stop that a broken disk may hold up gets this long: senders repeat what was not acknowledged, so nobody waits. */
const LONGEST_STOP = 1.5 * SECOND

/**
 * Ends the process with status 1 when its store is broken for good: only a start finds out what is on the disk, and
 * whatever supervises the process can do that by itself. Until then everything would be refused, and requests to
 * platforms would go out whose answers cannot be written down.
 */
export const endOnFailure = async (
  failed: Promise<StoreFault>,
  stop: () => Promise<void>,
  exit: (status: number) => void = process.exit,
): Promise<void> => {
  const fault = await failed
  process.stderr.write(
    `The store is failing: ${fault.message} Converlay stops so that it can be started again; nothing that was acknowledged is lost.\n`,
  )
  const waited = new Promise((resolve) => setTimeout(resolve, LONGEST_STOP))
  await Promise.race([stop().catch(() => {}), waited])
  exit(1)
}
