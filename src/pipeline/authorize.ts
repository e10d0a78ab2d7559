import type { CommonSettings } from '../destinations/common-settings.ts'
import { type Destination, TOKEN, type TokenAnswer } from '../destinations/destination.ts'
import type { HttpRequest } from '../lib/http.ts'
import type { Runtime } from './runtime.ts'

/** Asks for an access token now; undefined where these settings need none. */
export const freshToken = async (
  { send, clock }: Pick<Runtime, 'send' | 'clock'>,
  { token }: Destination,
  settings: CommonSettings,
): Promise<TokenAnswer | undefined> => {
  const request = token?.request(settings, new Date(clock.now()))
  if (token === undefined || request === undefined) return undefined
  const response = await send(request)
  return token.read(response, new Date(clock.now()))
}

/** The request with the token where its headers have the place for one. */
export const withToken = (request: HttpRequest, token: string): HttpRequest => ({
  ...request,
  headers: Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, value.replace(TOKEN, token)]),
  ),
})
