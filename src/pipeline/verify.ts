import type { Destination, Verified } from '../destinations/destination.ts'
import { freshToken, withToken } from './authorize.ts'
import { redactAnswer } from './mask.ts'
import type { Runtime } from './runtime.ts'
import { quietSend } from './secrets.ts'

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
      message: `Check ${issue?.path.join('.') || 'the settings'}: ${(issue?.message ?? 'not valid').replace(/\.$/, '')}.`,
    }
  }
  const now = new Date(runtime.clock.now())
  // A token of its own: what is tried are these settings, not those with which an earlier token was had.
  const token = await freshToken(runtime, destination, parsed.data)
  if (token !== undefined && token.outcome !== 'granted') return token
  const { requests } = destination.verify(parsed.data, now)
  const send = quietSend(runtime.send, destination, parsed.data)
  const [first, ...others] = requests.map((request) =>
    send(token === undefined ? request : withToken(request, token.token)),
  )
  if (first === undefined) throw new Error('a verification without a request')
  const verified = destination.readVerify([await first, ...(await Promise.all(others))])
  return { ...verified, message: redactAnswer(verified.message) }
}
