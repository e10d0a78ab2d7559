import { MINUTE } from '../lib/duration.ts'
import type { Outlet } from './outlet.ts'
import { verify } from './verify.ts'

/** How long credentials have to be refused before the connection is set aside. */
const PATIENCE = 10 * MINUTE

/**
 * After requests that were refused for the credentials' sake: asks the platform about these credentials. Refused twice,
 * ten minutes apart, the connection waits for a person, who is told; its events wait with it. A single refusal may come
 * from the platform's own trouble.
 */
export const checkCredentials = async ({ runtime, shop, connection, destination, settings }: Outlet): Promise<void> => {
  const { clock, store } = runtime
  const { refusedSince } = connection
  if (refusedSince !== undefined && clock.now() < refusedSince + PATIENCE) return
  // A verification that the platform would record says no more than the refusal itself.
  const { counts } = destination.verify(settings, new Date(clock.now()))
  const verified = counts ? undefined : await verify(runtime, destination, settings)
  if (verified !== undefined && verified.outcome !== 'failed') {
    if (refusedSince !== undefined) await store.updateConnection(shop.shop, connection.id, { refusedSince: null })
  } else if (refusedSince === undefined)
    await store.updateConnection(shop.shop, connection.id, { refusedSince: clock.now() })
  else
    await store.updateConnection(shop.shop, connection.id, {
      state: 'needs_auth',
      trouble:
        verified?.message ??
        `${destination.name} has refused this connection’s requests for 10 minutes. Check its settings.`,
    })
}
