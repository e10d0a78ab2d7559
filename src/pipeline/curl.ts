import type { Event, Shop } from '../event/event.ts'
import { identityFrom } from '../event/identity.ts'
import type { HttpRequest } from '../lib/http.ts'
import type { ConnectionId } from '../store/store.ts'
import { mask } from './mask.ts'
import type { Outlet } from './outlet.ts'
import { prepare } from './prepare.ts'
import { requestsFor } from './rendered.ts'
import type { Runtime } from './runtime.ts'

/** A sandbox of the platforms, with the settings of its accounts by destination. */
export interface SandboxAccounts {
  readonly url: string
  readonly settings: Readonly<Record<string, unknown>>
}

/**
 * The request for an event as a command for a terminal: sent to the sandbox, with the sandbox's own credentials and an
 * invented shopper in place of the real one. Undefined where the event is not sent there, or the sandbox has no account.
 */
export const curlFor = async (
  runtime: Runtime,
  name: Shop,
  { seq, connection: id }: { readonly seq: number; readonly connection: ConnectionId },
  sandbox: SandboxAccounts,
): Promise<string | undefined> => {
  const { store, destinations, clock } = runtime
  const [shop, connections, [stored]] = await Promise.all([
    store.shop(name),
    store.connections(name),
    store.readSeqs(name, [seq]),
  ])
  const connection = connections.find((one) => one.id === id)
  const destination = connection && destinations.get(connection.destination)
  const settings = destination?.settings.safeParse(sandbox.settings[destination.slug])
  if (!shop || !stored || !connection || !destination || !settings?.success) return undefined
  const lanes = (await store.lanes(name)).filter((lane) => lane.connection === id)
  const outlet: Outlet = { runtime, shop, connection, destination, settings: settings.data, lanes }
  const [prepared] = await prepare(store, shop, [stored], clock.now())
  if (!prepared?.event) return undefined
  const [request] = requestsFor(outlet, [{ ...prepared, event: ofNobody(prepared.event) }], clock.now())
  return request && curl(request, sandbox.url)
}

/** Somebody who does not exist. */
const INVENTED = identityFrom({
  email: 'alex@example.com',
  phone: '+12025550123',
  firstName: 'Alex',
  lastName: 'Example',
  street: '1 Example Street',
  city: 'Springfield',
  region: 'IL',
  postalCode: '62701',
  country: 'US',
  customerId: '1000000000001',
  clientId: '00000000-0000-4000-8000-000000000001',
  ip: '203.0.113.7',
  userAgent: 'Mozilla/5.0 (Example)',
})

/** The event with everything personal masked, and an invented shopper who has what the real one has. */
const ofNobody = (event: Event): Event => {
  // What is masked keeps its form.
  const masked = mask(event) as Event
  const has = new Set(['email', 'clientId', 'ip', 'userAgent', ...Object.keys(event.identity ?? {})])
  const identity = Object.fromEntries(Object.entries(INVENTED ?? {}).filter(([field]) => has.has(field)))
  const { gaClientId } = event.ids ?? {}
  return { ...masked, identity, ids: gaClientId === undefined ? {} : { gaClientId: '1234567890.1700000000' } }
}

const curl = ({ method, url, headers, body }: HttpRequest, sandbox: string): string => {
  const { hostname, pathname, search } = new URL(url)
  return [
    `curl -X ${method} ${quoted(`${sandbox}/${hostname}${pathname}${search}`)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
  ].join(' \\\n  ')
}

/** As one word for a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
