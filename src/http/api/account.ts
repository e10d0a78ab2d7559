import type { Destination } from '../../destinations/destination.ts'
import type { Connection } from '../../store/store.ts'

/**
 * Which of the platform's accounts a connection goes to: it tells two connections of one platform apart. Undefined while
 * the stored settings do not fit the destination, or this version does not know it.
 */
export const accountOf = (
  destination: Destination | undefined,
  { settings }: Pick<Connection, 'settings'>,
): string | undefined => {
  const known = destination?.settings.safeParse(settings)
  return known?.success ? destination?.account(known.data) : undefined
}
