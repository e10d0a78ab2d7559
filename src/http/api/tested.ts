import type { Destination } from '../../destinations/destination.ts'
import { testingOf } from '../../destinations/testing.ts'
import type { Connection } from '../../store/store.ts'

/** What the platform does with events while the connection is in test mode; undefined while they count. */
export const testedBy = (
  destination: Destination | undefined,
  { settings }: Pick<Connection, 'settings'>,
): string | undefined => {
  const parsed = destination?.settings.safeParse(settings)
  return destination && parsed?.success ? testingOf({ destination, settings: parsed.data })?.told : undefined
}
