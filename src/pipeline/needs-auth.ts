import { DAY, MINUTE } from '../lib/duration.ts'
import type { Outlet } from './outlet.ts'
import { verify } from './verify.ts'

/** How long credentials have to be refused before the connection is set aside. */
const PATIENCE = 10 * MINUTE
/** How long, where nobody can be asked about them. */
const LONG_PATIENCE = DAY

/**
 * After requests that were refused for the credentials' sake: asks the platform about these credentials. Refused twice,
 * ten minutes apart, the connection waits for a person, who is told; its events wait with it. A single refusal may come
 * from the platform's own trouble.
 */
export const checkCredentials = async ({ runtime, shop, connection, destination, settings }: Outlet): Promise<void> => {
  const { clock, store } = runtime
  const { refusedSince } = connection
  // A verification that the platform would record is not asked for; the refusals themselves have to go on for a day.
  const { counts } = destination.verify(settings, new Date(clock.now()))
  if (refusedSince !== undefined && clock.now() < refusedSince + (counts ? LONG_PATIENCE : PATIENCE)) return
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
        `${destination.name} has refused this connection’s requests for a day. Check its settings.`,
    })
}
