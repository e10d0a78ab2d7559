import type { Account } from '../kit/accounts.ts'
import type { Known, Reading } from '../kit/reading.ts'
import { json, type PlatformRequest } from '../platform.ts'
import { type Fault, NEWEST, noSuchObject, refuseWhole } from './errors.ts'

const parameter = (message: string): Fault => ({ status: 400, code: 100, message: `(#100) ${message}` })

/**
 * GET dataset_quality: the cheap read with which a token of the Events Manager can be checked. Of what the real one
 * tells, here are the names of the events that came.
 */
export const readQuality = (
  request: PlatformRequest,
  known: Known<Account>,
  mayRead: (dataset: string) => boolean,
): Reading => {
  const dataset = request.query.get('dataset_id') ?? ''
  const fields = request.query.get('fields') ?? ''
  if (request.method !== 'GET') return refuseWhole(noSuchObject(request.method, 'dataset_quality'), dataset)
  if (dataset === '') return refuseWhole(parameter('The parameter dataset_id is required'), dataset)
  if (!mayRead(dataset)) return refuseWhole(noSuchObject('get', dataset), dataset)
  // The documentation spells it both ways, one reader found it gone since 2026-04-18: nobody may count on it.
  const gone = /dedupe?_key_feedback/.exec(fields)?.[0]
  if (gone) return refuseWhole(parameter(`Tried accessing nonexisting field (${gone})`), dataset)
  const names = new Set(known.conversions(dataset).map(({ name }) => name))
  return {
    answer: json(200, fields.startsWith('web') ? { web: [...names].map((event_name) => ({ event_name })) } : {}, {
      'facebook-api-version': NEWEST,
    }),
    account: dataset,
  }
}
