import type { Shop } from '../event/event.ts'
import { arrayAt, isObject, type Json, objectAt, parseJson, textAt } from '../lib/json.ts'
import type { PixelState } from '../pipeline/installation.ts'
import { type Admin, type AdminAnswer, askAdmin } from './admin.ts'

const LOOK = 'query pixel { webPixel { id settings } }'
const CREATE = `mutation createPixel($webPixel: WebPixelInput!) {
  webPixelCreate(webPixel: $webPixel) { webPixel { id } userErrors { code message } }
}`
const UPDATE = `mutation updatePixel($id: ID!, $webPixel: WebPixelInput!) {
  webPixelUpdate(id: $id, webPixel: $webPixel) { webPixel { id } userErrors { code message } }
}`

/** Others (a page loaded twice, the hourly look) may make or delete the record between our question and our answer to it. */
const ROUNDS = 3

/**
 * Makes sure that the store has a record of our pixel, with the address to which it sends. Without one Shopify shows
 * the pixel as disconnected and never runs it (platform sheet 3.5). Undefined when Shopify could not be asked just now:
 * then what was known stays true.
 */
export const ensurePixel = async (admin: Admin, shop: Shop, beaconUrl: string): Promise<PixelState | undefined> => {
  const webPixel = { settings: JSON.stringify({ beaconUrl }) }
  let last: PixelState = { ok: false, message: 'Shopify contradicts itself about the web pixel. It is tried again.' }
  for (let round = 0; round < ROUNDS; round++) {
    const looked = await askAdmin(admin, shop, LOOK)
    // That there is none may be told as an error beside null.
    if (isForNow(looked)) return undefined
    if (!looked.ok && looked.problem !== 'refused') return { ok: false, message: looked.message }
    const known = looked.ok ? objectAt(looked.data, 'webPixel') : {}
    const id = textAt(known, 'id')
    if (id !== undefined && addressIn(known.settings) === beaconUrl) return { ok: true, id }
    const answer =
      id === undefined
        ? await askAdmin(admin, shop, CREATE, { webPixel })
        : await askAdmin(admin, shop, UPDATE, { id, webPixel })
    if (isForNow(answer)) return undefined
    const changed = read(answer, id === undefined ? 'webPixelCreate' : 'webPixelUpdate')
    if (changed.state.ok || (changed.code !== 'TAKEN' && changed.code !== 'NOT_FOUND')) return changed.state
    last = changed.state
  }
  return last
}

const isForNow = (answer: AdminAnswer): boolean =>
  !answer.ok && (answer.problem === 'unreachable' || answer.problem === 'throttled')

/** Settings come as an object or as its text. */
const addressIn = (settings: Json | undefined): string | undefined => {
  if (typeof settings !== 'string') return textAt(settings, 'beaconUrl')
  const parsed = parseJson(settings, { depth: 4, values: 50 })
  return parsed.ok ? textAt(parsed.value, 'beaconUrl') : undefined
}

const read = (answer: AdminAnswer, field: string): { readonly state: PixelState; readonly code?: string } => {
  if (!answer.ok) return { state: { ok: false, message: answer.message } }
  const payload = objectAt(answer.data, field)
  const [error] = arrayAt(payload, 'userErrors')
  const id = textAt(objectAt(payload, 'webPixel'), 'id')
  if (error === undefined && id !== undefined) return { state: { ok: true, id } }
  const code = isObject(error) ? textAt(error, 'code') : undefined
  const message = (code === undefined ? undefined : WORDS[code]) ?? textAt(error, 'message')
  return {
    state: { ok: false, message: message ?? 'Shopify did not take the web pixel.' },
    ...(code === undefined ? {} : { code }),
  }
}

const DEPLOY = 'Run `shopify app deploy` so that Shopify has the pixel of this version, then open the app again.'

const WORDS: Readonly<Record<string, string>> = {
  INVALID_SETTINGS: `Shopify’s copy of the web pixel does not know the setting for our address. ${DEPLOY}`,
  INVALID_SETTINGS_DEFINITION: `Shopify’s copy of the web pixel describes its settings wrongly. ${DEPLOY}`,
  INVALID_RUNTIME_CONTEXT: `Shopify’s copy of the web pixel asks for a wrong place to run. ${DEPLOY}`,
  NO_EXTENSION: `Shopify has no web pixel of this app yet. ${DEPLOY}`,
}
