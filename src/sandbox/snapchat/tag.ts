import { arrayAt, isObject, type Json, objectAt, parseJson, textAt } from '../../lib/json.ts'
import { hitFields, imageAnswer, visitorIp } from '../kit/browser-hit.ts'
import { identifiersIn } from '../kit/conversions.ts'
import type { Hit, TagReading } from '../kit/reading.ts'
import { tagScript } from '../kit/tag-script.ts'
import type { PlatformRequest } from '../platform.ts'

/**
 * The pixel asks /p for an image or posts to it: a form, or JSON with a list `req` of which the entries with `t` are
 * tracked events. The form is not documented; it is that of recorded hits, which shorten the names of snaptr
 * (e_pr: price). The short name of client_dedup_id was not seen, so `cdid` is assumed beside the long ones.
 */
export const readTag = (request: PlatformRequest): TagReading | undefined => {
  if (request.host === 'sc-static.net' && request.path === '/scevent.min.js')
    return { answer: tagScript(new URL('./scevent.js', import.meta.url)) }
  return request.path === '/p'
    ? { answer: imageAnswer(), hits: tracked(request).flatMap((hit) => readHit(request, hit)) }
    : undefined
}

type Fields = { readonly [key: string]: Json }

const tracked = (request: PlatformRequest): readonly Fields[] => {
  const parsed = request.body.startsWith('{') ? parseJson(request.body, { depth: 8, values: 10_000 }) : undefined
  if (!parsed?.ok) return [Object.fromEntries(hitFields(request))]
  if (!isObject(parsed.value)) return []
  const { req } = parsed.value
  return Array.isArray(req) ? req.map((entry) => objectAt(entry, 't')) : [parsed.value]
}

/** The first of the names that tells something; an absent value is written as `undefined`. */
const told = (fields: Fields, ...names: readonly string[]): string | undefined =>
  names.map((name) => textAt(fields, name)).find((text) => text !== undefined && text !== 'undefined')

/** A list, or a text of several separated by commas or semicolons. */
const idsIn = (fields: Fields): readonly string[] => {
  const list = arrayAt(fields, 'item_ids')
  if (list.length > 0) return list.map(String)
  return (told(fields, 'e_iids', 'item_ids') ?? '').split(/[,;]/).filter((id) => id !== '')
}

/** The click id in the page's address, whose name may have any case. */
const clickIdIn = (page: string | undefined): string | undefined =>
  page !== undefined && URL.canParse(page)
    ? [...new URL(page).searchParams].find(([name]) => name.toLowerCase() === 'sccid')?.[1]
    : undefined

const readHit = (request: PlatformRequest, fields: Fields): readonly Hit[] => {
  const tagId = told(fields, 'pid')
  const name = told(fields, 'ev')
  if (!tagId || !name) return []
  return [
    {
      tagId,
      sighted: {
        name,
        eventId: told(fields, 'cdid', 'e_cdid', 'client_dedup_id'),
        orderId: told(fields, 'e_tid', 'transaction_id'),
        value: told(fields, 'e_pr', 'price'),
        currency: told(fields, 'e_cur', 'currency'),
        contentIds: idsIn(fields),
        occurredAt: request.now,
        identifiers: identifiersIn(
          {
            em: told(fields, 'u_hem'),
            ph: told(fields, 'u_hpn'),
            sc_click_id: clickIdIn(told(fields, 'pl')),
            sc_cookie1: told(fields, 'u_c1'),
            client_ip_address: visitorIp(request),
            client_user_agent: request.headers['user-agent'],
          },
          ['em', 'ph', 'sc_click_id', 'sc_cookie1', 'client_ip_address', 'client_user_agent'],
        ),
      },
    },
  ]
}
