import { MINUTE } from '../../lib/duration.ts'
import type { Known, Reading } from '../kit/reading.ts'
import { json, type PlatformRequest } from '../platform.ts'
import type { GoogleAccount } from './accounts.ts'
import { invalidArgument, permissionDenied, refuseWhole, requestIdBy } from './errors.ts'
import type { Destination } from './schema.ts'

/**
 * How requests end. later: after 30 minutes, by what is really wrong with their records; now: the same at once;
 * partial and failed: at once, and besides the first record or every record of each destination failed.
 */
export const FINISHES = ['later', 'now', 'partial', 'failed'] as const
export type Finish = (typeof FINISHES)[number]

export interface Ending {
  readonly finish: Finish
  /** What records that were told to fail failed for. */
  readonly reason: string
}

export const USUAL_ENDING: Ending = { finish: 'later', reason: 'PROCESSING_ERROR_REASON_INTERNAL_ERROR' }

/** One record: an event at one destination. */
export interface ProcessedRecord {
  /** Of the event in its request. */
  readonly index: number
  readonly error?: string | undefined
}

export interface Processed {
  readonly destination: Destination
  readonly records: readonly ProcessedRecord[]
}

interface Kept {
  readonly at: number
  readonly processed: readonly Processed[]
}

/** How long processing takes. */
const TAKES = 30 * MINUTE
const MOST_KEPT = 20_000

/** The requests that were taken, by the ids that were told. */
export const createRequestStatus = () => {
  const kept = new Map<string, Kept>()
  return {
    /** The id under which the outcome can be asked for. */
    keep: (processed: readonly Processed[], at: number): string => {
      const id = requestIdBy()
      kept.set(id, { at, processed })
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEPT) break
        kept.delete(oldest)
      }
      return id
    },
    /** GET requestStatus:retrieve?requestId=… of somebody who may write to all accounts of the request. */
    read: (request: PlatformRequest, principal: string, known: Known<GoogleAccount>, ending: Ending): Reading => {
      const found = kept.get(request.query.get('requestId') ?? '')
      // That of a request that was only validated is unknown too.
      if (!found) {
        const unknown = { field: 'request_id', reason: 'INVALID_REQUEST_ID', description: 'The request id is unknown.' }
        return refuseWhole(invalidArgument([unknown]), '', unknown.reason)
      }
      const accounts = found.processed.map(({ destination }) => destination.operatingAccount.accountId)
      const account = accounts[0] ?? ''
      const mayRead = (id: string) => known.accounts.some((one) => one.id === id && one.tokens.includes(principal))
      if (!accounts.every(mayRead)) {
        const reason = 'USER_PERMISSION_DENIED'
        return refuseWhole(permissionDenied(reason, 'The caller does not have permission.'), account, reason)
      }
      const isDone = ending.finish !== 'later' || request.now - found.at >= TAKES
      return {
        answer: json(200, {
          requestStatusPerDestination: found.processed.map((one) => ({
            destination: one.destination,
            ...(isDone ? outcomeOf(one.records, ending) : { requestStatus: 'PROCESSING' }),
          })),
        }),
        account,
      }
    },
    clear: () => kept.clear(),
  }
}

const outcomeOf = (records: readonly ProcessedRecord[], { finish, reason }: Ending) => {
  const failed = new Map<string, number[]>()
  records.forEach(({ index, error }, place) => {
    const toldToFail = finish === 'failed' || (finish === 'partial' && place === 0)
    const why = error ?? (toldToFail ? reason : undefined)
    if (why !== undefined) failed.set(why, [...(failed.get(why) ?? []), index])
  })
  const failures = [...failed.values()].flat().length
  return {
    requestStatus: failures === 0 ? 'SUCCESS' : failures === records.length ? 'FAILED' : 'PARTIAL_SUCCESS',
    // 64-bit integers are text in the JSON of Google’s APIs.
    errorInfo: {
      errorCounts: [...failed].map(([why, recordIndices]) => ({
        reason: why,
        recordCount: String(recordIndices.length),
        recordIndices,
      })),
    },
    warningInfo: { warningCounts: [] },
    eventsIngestionStatus: { recordCount: String(records.length) },
  }
}
