import type { CommonSettings } from '../destinations/common-settings.ts'
import type { Destination } from '../destinations/destination.ts'
import { secretSettings } from '../destinations/settings-schema.ts'
import type { Send } from '../lib/http.ts'
import { isObject } from '../lib/json.ts'

/** Shorter texts are names of things, and would tear holes into every sentence. */
const SHORTEST = 8

const known = new WeakMap<CommonSettings, readonly string[]>()

/** The secret texts of a connection's settings, however deep they stand in a credential. */
export const secretsOf = (destination: Destination, settings: CommonSettings): readonly string[] => {
  let secrets = known.get(settings)
  if (secrets === undefined) {
    const entered: Readonly<Record<string, unknown>> = settings
    secrets = secretSettings(destination.settings)
      .flatMap((name) => textsIn(entered[name]))
      .filter((text) => text.length >= SHORTEST)
    known.set(settings, secrets)
  }
  return secrets
}

const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  return isObject(value) ? Object.values(value).flatMap(textsIn) : []
}

/** A text without them: platforms echo what they refuse. */
const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, '<secret>'), text)

/** Sends, and cuts the connection's secrets out of every answer before anybody reads it. */
export const quietSend =
  (send: Send, destination: Destination, settings: CommonSettings): Send =>
  async (request) => {
    const response = await send(request)
    // What stands in the request's own headers is secret as well: a token that was fetched for it.
    const tokens = Object.values(request.headers).flatMap((value) => /^Bearer (\S{8,})$/.exec(value)?.[1] ?? [])
    return { ...response, body: withoutSecrets(response.body, [...secretsOf(destination, settings), ...tokens]) }
  }
