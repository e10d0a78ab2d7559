import { retiredNotice } from '../destinations/sunset.ts'
import type { Failure } from './failure.ts'
import { checkCredentials } from './needs-auth.ts'
import type { Outlet } from './outlet.ts'

/**
 * Keeps in plain words why a connection does not get through, and takes the words away when it does again. A round
 * without a request tells nothing either way.
 */
export const tellTrouble = async (outlet: Outlet, requests: number, failure: Failure | undefined): Promise<void> => {
  const { runtime, shop, connection, destination } = outlet
  if ((requests === 0 && !failure) || failure?.untold) return
  const trouble = failure?.isRetired
    ? retiredNotice(destination)
    : failure && words(destination.name, failure).slice(0, 500)
  if (trouble !== connection.trouble)
    await runtime.store.updateConnection(shop.shop, connection.id, { trouble: trouble ?? null })
  if (failure?.unauthorized && !failure.isRetired) await checkCredentials(outlet)
  else if (!failure && connection.refusedSince !== undefined)
    await runtime.store.updateConnection(shop.shop, connection.id, { refusedSince: null })
}

const words = (platform: string, { unauthorized, code, message }: Failure): string =>
  unauthorized
    ? `${platform} does not take this connection’s requests (${code}: ${message}). Events wait; check the credentials and settings.`
    : `${platform} did not answer as it should (${code}: ${message}). Events wait and are sent again.`
