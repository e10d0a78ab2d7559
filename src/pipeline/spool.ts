import { SECOND } from '../lib/duration.ts'
import { whatFailed } from '../lib/log.ts'
import type { SpoolFile } from '../store/spool/spool.ts'
import { StoreFault } from '../store/store.ts'
import { type Incoming, type Intake, take } from './intake.ts'

/** What came in while the store was away, on a disk of this process's own. */
export interface Spool {
  /** Resolves after the flush: then the sender may be answered. */
  keep(incoming: Incoming): Promise<void>
  /** Takes what is kept as soon as the store is back, until it is stopped. */
  forward(intake: Intake): { stop(): Promise<void> }
  close(): void
}

/** Messages that are on their way to the store at the same time; they share its commits. */
const AT_ONCE = 64
/** How often it is looked whether something waits, or whether the store is back. */
const LOOK = SECOND

/**
 * Forwards in order, and forgets a message when the store has it. A kill in between has it forwarded twice, which the
 * store notices: a message keeps its ids and the moment at which it came.
 */
export const spoolIn = (file: SpoolFile): Spool => ({
  keep: (incoming) => file.keep(packed(incoming)),
  forward: (intake) => {
    const { clock, log } = intake.runtime
    const stopping = new AbortController()

    /** Whether the store has them all. */
    const forwarded = async (): Promise<boolean> => {
      const waiting = file.next(AT_ONCE)
      if (waiting.length === 0) return false
      const outcomes = await Promise.allSettled(waiting.map(({ content }) => take(intake, unpacked(content))))
      const taken: number[] = []
      let away = false
      for (const [place, outcome] of outcomes.entries()) {
        const id = waiting[place]?.id ?? 0
        // A refusal (an unknown shop, no JSON) is final, as it is for the sender who gets it as an answer.
        if (outcome.status === 'fulfilled' && outcome.value.status !== 503) taken.push(id)
        else if (outcome.status === 'fulfilled' || outcome.reason instanceof StoreFault) away = true
        else {
          // A bug of ours must not hold up the others.
          log.error('a message of the spool could not be taken and was set aside', { id })
          file.setAside(id)
        }
      }
      file.drop(taken)
      if (taken.length > 0) log.info('messages of the spool were taken', { messages: taken.length })
      return !away
    }

    const run = async () => {
      while (!stopping.signal.aborted) {
        const more = await forwarded().catch((fault: unknown) => {
          log.error('the spool cannot be read', { fault: whatFailed(fault) })
          return false
        })
        if (!more) await clock.sleep(LOOK, stopping.signal)
      }
    }
    const running = run()
    return {
      stop: async () => {
        stopping.abort()
        await running
      },
    }
  },
  close: () => file.close(),
})

/** What is known of a message as one line of JSON, then its body as it came. */
const packed = ({ body, ...about }: Incoming): Buffer =>
  Buffer.concat([Buffer.from(`${JSON.stringify(about)}\n`), body])

const unpacked = (content: Buffer): Incoming => {
  const end = content.indexOf('\n')
  // Only this file writes them, which is why the fields need no checks.
  const about = JSON.parse(content.toString('utf8', 0, end)) as Omit<Incoming, 'body'>
  return { ...about, body: content.subarray(end + 1) } as Incoming
}
