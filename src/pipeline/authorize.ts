import type { CommonSettings } from '../destinations/common-settings.ts'
import { type Destination, TOKEN, type TokenAnswer } from '../destinations/destination.ts'
import { type HttpRequest, type HttpResponse, LONGEST_REQUEST, type Send } from '../lib/http.ts'
import { StoreFault } from '../store/store.ts'
import { countedSend } from './metered.ts'
import type { Outlet } from './outlet.ts'
import type { Runtime } from './runtime.ts'
import { quietSend } from './secrets.ts'

/** Asks for an access token now; undefined where these settings need none. */
export const freshToken = async (
  { send, clock }: Pick<Runtime, 'send' | 'clock'>,
  destination: Destination,
  settings: CommonSettings,
): Promise<TokenAnswer | undefined> => {
  const { token } = destination
  const request = token?.request(settings, new Date(clock.now()))
  if (token === undefined || request === undefined) return undefined
  const response = await quietSend(send, destination, settings)(request)
  return token.read(response, new Date(clock.now()))
}

/** The request with the token where its headers have the place for one. */
export const withToken = (request: HttpRequest, token: string): HttpRequest => ({
  ...request,
  headers: Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, value.replace(TOKEN, token)]),
  ),
})

const wantsToken = ({ headers }: HttpRequest): boolean => Object.values(headers).some((value) => value.includes(TOKEN))

type Connected = Pick<Outlet, 'runtime' | 'shop' | 'connection' | 'destination' | 'settings'>

/**
 * Sends a connection's requests with its access token, where its platform wants one. The token is kept in the store and
 * fetched once for however many requests wait for it; one that is refused is fetched anew, once. A connection is sent by
 * one worker at a time, so nobody else fetches meanwhile.
 */
export const authorizedSend = (outlet: Connected): Send => {
  const { runtime, destination, settings } = outlet
  const send = countedSend(outlet, quietSend(runtime.send, destination, settings))
  if (destination.token === undefined) return send
  let current: Promise<TokenAnswer | undefined> | undefined
  return async (request) => {
    if (!wantsToken(request)) return send(request)
    current ??= keptToken(outlet)
    const used = current
    const answer = await used
    if (answer === undefined) return send(request)
    if (answer.outcome !== 'granted') return withoutToken(answer)
    const response = await send(withToken(request, answer.token))
    if (response.status !== 401) return response
    // Whoever is first fetches another one; a token that came fresh and is refused is refused.
    if (current === used) current = fetched(outlet)
    const again = await current
    if (again?.outcome !== 'granted') return again === undefined ? response : withoutToken(again)
    return again.token === answer.token ? response : send(withToken(request, again.token))
  }
}

const keptToken = async (outlet: Connected): Promise<TokenAnswer | undefined> => {
  const { runtime, shop, connection } = outlet
  const kept = await runtime.store.token(shop.shop, connection.id)
  // One that ends sooner than a request may take could end on the way.
  return kept?.settingsVersion === connection.settingsVersion && kept.expiresAt > runtime.clock.now() + LONGEST_REQUEST
    ? { outcome: 'granted', ...kept }
    : fetched(outlet)
}

const fetched = async ({ runtime, shop, connection, destination, settings }: Connected) => {
  const answer = await freshToken(runtime, destination, settings)
  if (answer?.outcome !== 'granted') return answer
  const { token, expiresAt } = answer
  try {
    await runtime.store.saveToken(shop.shop, connection.id, {
      token,
      expiresAt,
      settingsVersion: connection.settingsVersion,
    })
  } catch (fault) {
    // It is good for this round all the same, whose other requests are out already; the next one fetches another.
    if (!(fault instanceof StoreFault)) throw fault
  }
  return answer
}

/** Without a token nothing left us: the credentials were refused (as 401 says), or the moment is to blame. */
const withoutToken = ({ outcome, message }: Exclude<TokenAnswer, { outcome: 'granted' }>): HttpResponse => ({
  status: outcome === 'failed' ? 401 : 0,
  headers: {},
  body: '',
  problem: message,
  ambiguous: false,
  unsent: true,
})
