import type { Destination, Verified } from '../destinations/destination.ts'
import type { Runtime } from './runtime.ts'

/** Asks the platform whether the credentials work, and says in words what it answered. */
export const verify = async (
  runtime: Pick<Runtime, 'send' | 'clock'>,
  destination: Destination,
  settings: unknown,
): Promise<Verified> => {
  const parsed = destination.settings.safeParse(settings)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return {
      outcome: 'failed',
      message: `Check ${issue?.path.join('.') || 'the settings'}: ${issue?.message ?? 'not valid'}.`,
    }
  }
  const { request } = destination.verify(parsed.data, new Date(runtime.clock.now()))
  return destination.readVerify(await runtime.send(request))
}
