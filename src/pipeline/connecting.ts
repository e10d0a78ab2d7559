import type { CommonSettings } from '../destinations/common-settings.ts'
import type { Destination, Verified } from '../destinations/destination.ts'
import { isObject } from '../lib/json.ts'
import type { Connection } from '../store/store.ts'

/**
 * The account that settings name, when another connection of the shop goes to it already: both would tell the platform
 * of every event, and it would count twice.
 */
export const accountTaken = (
  destination: Destination,
  settings: CommonSettings,
  connections: readonly Connection[],
  except?: Connection,
): string | undefined => {
  const account = destination.account(settings)
  const taken = connections.some((other) => {
    if (other.destination !== destination.slug || other.id === except?.id) return false
    const known = destination.settings.safeParse(other.settings)
    return known.success && destination.account(known.data) === account
  })
  return taken ? account : undefined
}

/** What is said to whoever wants a second connection to an account. */
export const takenMessage = (destination: Destination, account: string): string =>
  `This shop is connected to ${destination.name} ${account} already. Change that connection, or use another account.`

/** Settings with what the platform told of itself laid over the defaults; what somebody wrote down stays. */
export const withSuggested = (
  destination: Destination,
  settings: CommonSettings,
  written: unknown,
  verified: Verified,
): CommonSettings => {
  if (verified.outcome !== 'ok' || verified.suggests === undefined) return settings
  const chosen = isObject(written) ? written : {}
  const open = Object.entries(verified.suggests).filter(([name]) => !(name in chosen))
  const parsed = destination.settings.safeParse({ ...settings, ...Object.fromEntries(open) })
  return parsed.success ? parsed.data : settings
}
